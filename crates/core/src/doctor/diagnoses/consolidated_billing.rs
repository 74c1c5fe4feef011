//! `consolidated-billing`: the organization has no policies at all.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, organization};
use crate::org::Part;

const NEXT: &[&str] = &["aws organizations enable-all-features", "optout doctor FROM"];
const CONCLUSION: &str = "Without all features an organization has no policies. Enabling them cannot be taken back; every account \
     that was invited must agree first, within 90 days.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "consolidated-billing",
    symptom: Symptom::TypeNotEnabled,
    question: "Does the organization have all features, or consolidated billing only?",
    rests_on: "DescribeOrganization: FeatureSet.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html"],
    ground: Ground::Nothing,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    match patient.snapshot().organization() {
        None if patient.snapshot().membership.is_some() => Opinion::excluded("there is no organization"),
        None => Opinion::unknown(patient.missing(&[Part::Organization], "the feature set is not known")),
        Some(organization) if organization.all_features => Opinion::excluded("the feature set is ALL"),
        Some(_) => Opinion::applies(Case {
            subjects: organization(patient),
            observation: "DescribeOrganization says the feature set is not ALL".to_owned(),
            conclusion: CONCLUSION.to_owned(),
            confidence: Confidence::Certain,
            next: patient.next(NEXT, &[]),
            intent: None,
        }),
    }
}
