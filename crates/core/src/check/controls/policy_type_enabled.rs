//! `policy-type-enabled`: the policy type is on for the root.

use super::{Severity, about_organization, without_policies};
use crate::check::{AccountResult, Assessment, Control, Outcome};
use crate::org::{AnswerContent, PolicyTypeState};

const ID: &str = "policy-type-enabled";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "The policy type AISERVICES_OPT_OUT_POLICY is enabled for the root",
    severity: Severity::Critical,
    why: "While the type is off no opt-out policy is in force. Switching it off detaches every policy of the type, and \
          switching it on again does not bring the attachments back.",
    remedy: "Enable the policy type: aws organizations enable-policy-type --root-id ROOT --policy-type \
             AISERVICES_OPT_OUT_POLICY, and wait until ListRoots says ENABLED.",
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListRoots.html",
        "https://docs.aws.amazon.com/organizations/latest/userguide/disable-policy-type.html",
    ],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    if without_policies(assessment) {
        return Outcome::holds();
    }
    let message = match assessment.snapshot.policy_type_state() {
        None if aws_gave_one(assessment) => return Outcome::holds(),
        None => return Outcome::unknown("the policy types of the root could not be read"),
        Some(Some(PolicyTypeState::Enabled)) => return Outcome::holds(),
        Some(None) => "the policy type is off: no opt-out policy is in force".to_owned(),
        Some(Some(PolicyTypeState::PendingEnable)) => "the policy type is still being switched on".to_owned(),
        Some(Some(PolicyTypeState::PendingDisable)) => "the policy type is being switched off".to_owned(),
        Some(Some(PolicyTypeState::Other(other))) => format!("the policy type has the status `{other}`"),
    };
    Outcome::fails(vec![about_organization(assessment, ID, Severity::Critical, message)])
}

/// AWS gives effective policies only while the type is on (recorded: otherwise EffectivePolicyNotFoundException).
fn aws_gave_one(assessment: &Assessment<'_>) -> bool {
    let document = |account: &AccountResult| {
        let answer = assessment.snapshot.answers.get(&account.id);
        account.basis.is_aws() && answer.is_some_and(|it| matches!(it.content, AnswerContent::Document(_)))
    };
    assessment.counted().any(document)
}
