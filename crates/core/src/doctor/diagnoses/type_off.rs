//! `type-off`: the policy type was not enabled for the root.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, counted, organization};
use crate::check::Subject;
use crate::org::{Part, Root, TargetId};

const NEXT: &[&str] = &[
    "aws organizations enable-policy-type --root-id ROOT --policy-type AISERVICES_OPT_OUT_POLICY",
    "aws organizations list-roots",
    "optout plan INTENT FROM",
];
const CONCLUSION: &str = "While the type is off no opt-out policy is in force. Policies can be created, but attaching one is refused. \
     Enabling the type leaves the other types as they are, and attaches nothing by itself.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "type-off",
    symptom: Symptom::TypeNotEnabled,
    question: "Is the policy type AISERVICES_OPT_OUT_POLICY enabled for the root?",
    rests_on: "ListRoots: PolicyTypes of the root; a type that is off is absent. Where that may not be read: \
               DescribeEffectivePolicy, which answers EffectivePolicyNotFoundException while the type is off. \
               DescribeOrganization.AvailablePolicyTypes is deprecated and never lists it.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListRoots.html",
        "https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html",
    ],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    match (&patient.snapshot().root, patient.snapshot().policy_type_state()) {
        (_, Some(Some(state))) => Opinion::excluded(format!("ListRoots says {} for the root", state.as_str())),
        (Some(root), Some(None)) => Opinion::applies(off(patient, root)),
        (_, _) => by_answers(patient),
    }
}

fn off(patient: &Patient<'_>, root: &Root) -> Case {
    let others = counted(root.policy_types.len(), "policy type", "policy types");
    let waiting = patient.policies().unwrap_or_default().len();
    let waiting = match waiting {
        0 => String::new(),
        some => {
            format!("; {} there and cannot be in force", counted(some, "opt-out policy is", "opt-out policies are"))
        }
    };
    Case {
        subjects: vec![Subject::Target(TargetId::Root(root.id.clone()))],
        observation: format!("ListRoots lists {others} for the root, and this one is not among them{waiting}"),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[]),
        intent: None,
    }
}

/// Without ListRoots: effective policies are given only while the type is on.
fn by_answers(patient: &Patient<'_>) -> Opinion {
    if patient.aws_gave_a_document() {
        return Opinion::excluded("AWS gave an effective policy, which it does only while the type is on");
    }
    let none = patient.not_found();
    if none == 0 {
        return Opinion::unknown(patient.missing(&[Part::Root], "the policy types of the root are not known"));
    }
    let whose = counted(none, "account", "accounts");
    Opinion::applies(Case {
        subjects: organization(patient),
        observation: format!("DescribeEffectivePolicy finds no effective policy for {whose}"),
        conclusion: format!("AWS was seen to answer so only while the type is off. {CONCLUSION}"),
        confidence: Confidence::Likely,
        next: patient.next(NEXT, &[]),
        intent: None,
    })
}
