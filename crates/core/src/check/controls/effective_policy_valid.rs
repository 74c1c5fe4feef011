//! `effective-policy-valid`: AWS lists no effective policy as invalid.

use super::{Severity, without_policies};
use crate::check::{Assessment, Control, Finding, Outcome, Subject};
use crate::org::{InvalidPolicy, PolicyTypeState};

const ID: &str = "effective-policy-valid";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "AWS holds every effective policy valid",
    severity: Severity::High,
    why: "An account whose effective policy is invalid gets no updates: it keeps the last valid one, so that a policy that looks \
          right may not be in force.",
    remedy: "Mend the policies that AWS names for the account (aws organizations list-effective-policy-validation-errors), then \
             verify again.",
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html"],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    let Some(invalid) = &assessment.snapshot.invalid else { return unlisted(assessment) };
    let seen = |id| assessment.result(id).map_or(!assessment.partial, |account| account.counted);
    let counted = invalid.iter().filter(|(id, _)| seen(**id));
    let finding = |(id, errors): (_, &Vec<InvalidPolicy>)| {
        Finding::new(ID, Severity::High, Subject::Account(id), message(errors))
    };
    Outcome::fails(counted.map(|(id, errors)| finding((*id, errors))).collect())
}

/// Without the list: where AWS answered for every account itself, what is in force is known, and an update that is held
/// back shows as a difference from what is attached.
fn unlisted(assessment: &Assessment<'_>) -> Outcome {
    let off = assessment.snapshot.policy_type_state().is_some_and(|state| state != Some(&PolicyTypeState::Enabled));
    let answered = assessment.counted().all(|account| account.basis.is_aws());
    match without_policies(assessment) || off || answered {
        true => Outcome::holds(),
        false => Outcome::unknown("the accounts with an invalid effective policy could not be listed"),
    }
}

fn message(errors: &[InvalidPolicy]) -> String {
    let mut codes: Vec<&str> = errors.iter().map(|error| error.code.as_str()).collect();
    codes.sort_unstable();
    codes.dedup();
    let codes = if codes.is_empty() { String::new() } else { format!(" ({})", codes.join(", ")) };
    format!("AWS lists the effective policy as invalid{codes}: the last valid one stays in force")
}
