//! `no-organization`: the account is in no organization.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, organization};
use crate::org::{Membership, Part};

const NEXT: &[&str] = &["optout init FROM", "optout apply --create-organization INTENT"];
const CONCLUSION: &str = "Without an organization there is no opt-out policy, and AWS's default applies: it may use content. \
     An organization of one account is enough; the account becomes its management account for ever.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "no-organization",
    symptom: Symptom::TypeNotEnabled,
    question: "Is the account in an organization at all?",
    rests_on: "DescribeOrganization: AWSOrganizationsNotInUseException, or an organization.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeOrganization.html",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html",
    ],
    ground: Ground::Nothing,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    match &patient.snapshot().membership {
        None => {
            Opinion::unknown(patient.missing(&[Part::Organization], "whether there is an organization is not known"))
        }
        Some(Membership::Member(organization)) => {
            Opinion::excluded(format!("DescribeOrganization answers with {}", organization.id))
        }
        Some(Membership::None) => Opinion::applies(Case {
            subjects: organization(patient),
            observation: "DescribeOrganization answers that the account is in no organization".to_owned(),
            conclusion: CONCLUSION.to_owned(),
            confidence: Confidence::Certain,
            next: patient.next(NEXT, &[]),
            intent: Some("organization = \"new\"\n".to_owned()),
        }),
    }
}
