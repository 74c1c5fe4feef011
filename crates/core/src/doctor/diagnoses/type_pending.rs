//! `type-pending`: the policy type is being switched on or off, or has a status nobody knows.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom};
use crate::check::Subject;
use crate::org::{Part, PolicyTypeState, TargetId};

const NEXT: &[&str] = &["aws organizations list-roots", "optout doctor FROM"];
const CONCLUSION: &str = "Enabling and disabling are asynchronous. Until ListRoots says ENABLED nothing can be attached, and whether \
     policies are in force is not known. AWS was seen to be done at once; wait and look again.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "type-pending",
    symptom: Symptom::TypeNotEnabled,
    question: "Is the policy type still being switched on or off?",
    rests_on: "ListRoots: the status of the type is PENDING_ENABLE, PENDING_DISABLE, or one that is not known.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &["https://docs.aws.amazon.com/organizations/latest/APIReference/API_EnablePolicyType.html"],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let snapshot = patient.snapshot();
    let (Some(root), Some(state)) = (&snapshot.root, snapshot.policy_type_state()) else {
        return match patient.well() {
            Some(well) => Opinion::excluded(well),
            None => Opinion::unknown(patient.missing(&[Part::Root], "the policy types of the root are not known")),
        };
    };
    let status = match state {
        None => return Opinion::excluded("the type is off, and nothing says that it is changing"),
        Some(PolicyTypeState::Enabled) => return Opinion::excluded("ListRoots says ENABLED for the root"),
        Some(
            state @ (PolicyTypeState::PendingEnable | PolicyTypeState::PendingDisable | PolicyTypeState::Other(_)),
        ) => state.as_str(),
    };
    Opinion::applies(Case {
        subjects: vec![Subject::Target(TargetId::Root(root.id.clone()))],
        observation: format!("ListRoots says `{status}` for the root"),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[]),
        intent: None,
    })
}
