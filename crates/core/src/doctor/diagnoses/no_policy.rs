//! `no-policy`: there is no opt-out policy at all.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, counted, no_list, organization};

const NEXT: &[&str] = &["optout init FROM", "optout plan INTENT FROM", "optout apply INTENT"];
const CONCLUSION: &str =
    "Enabling the type opts nobody out: it only lets policies be attached. There must be one, attached to the root.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "no-policy",
    symptom: Symptom::NoEffect,
    question: "Is there an opt-out policy at all?",
    rests_on: "ListPolicies with the filter AISERVICES_OPT_OUT_POLICY, read to its last page.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_create.html",
    ],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let Some(policies) = patient.policies() else { return no_list(patient) };
    if !policies.is_empty() {
        return Opinion::excluded(format!(
            "{} there",
            counted(policies.len(), "opt-out policy is", "opt-out policies are")
        ));
    }
    if !patient.unread(&[crate::org::Part::Policies]).is_empty() {
        return no_list(patient);
    }
    Opinion::applies(Case {
        subjects: organization(patient),
        observation: "ListPolicies lists no policy of the type AISERVICES_OPT_OUT_POLICY".to_owned(),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[]),
        intent: None,
    })
}
