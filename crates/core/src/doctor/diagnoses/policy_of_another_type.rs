//! `policy-of-another-type`: a policy that speaks of opting out and cannot.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, no_list};
use crate::check::Subject;
use crate::org::{Policy, PolicyType};
use crate::source::shown;

const NEXT: &[&str] = &["aws organizations describe-policy --policy-id POLICY", "optout plan INTENT FROM"];
const CONCLUSION: &str = "A control policy says who may do what; it opts out of nothing, whatever it is called. The use of content is \
     decided by policies of the type AISERVICES_OPT_OUT_POLICY alone. A service control policy never binds the management \
     account either.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "policy-of-another-type",
    symptom: Symptom::NoEffect,
    question: "Is the policy of another type?",
    rests_on: "ListPolicies: service and resource control policies whose name or description speaks of opting out of AI services.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html"],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let Some(policies) = &patient.snapshot().policies else { return no_list(patient) };
    if let Some(decided) = patient.misses_nothing() {
        return Opinion::excluded(decided);
    }
    let others = policies.iter().filter(|policy| policy.policy_type != PolicyType::AiOptOut);
    let cases = others.map(|policy| case(patient, policy)).collect();
    Opinion::of(cases, Vec::new(), "no policy of another type was found that speaks of opting out")
}

fn case(patient: &Patient<'_>, policy: &Policy) -> Case {
    Case {
        subjects: vec![Subject::Policy(policy.id.clone())],
        observation: format!("`{}` ({}) has the type {}", policy.id, shown(&policy.name), policy.policy_type),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[("POLICY", policy.id.as_str())]),
        intent: None,
    }
}
