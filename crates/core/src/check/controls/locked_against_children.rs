//! `locked-against-children`: no policy further down can opt back in.

use std::collections::BTreeMap;

use super::{Severity, about_accounts, named, without_policies};
use crate::check::{AccountLock, AccountResult, Assessment, Control, Hole, Lock, Outcome, ServiceVerdict, writers};

const ID: &str = "locked-against-children";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "Policies further down cannot change the opt-out",
    severity: Severity::Medium,
    why: "Without @@operators_allowed_for_child_policies any policy attached to a unit or an account can opt back in. A lock on \
          `default` alone is not enough: as long as `services` is open a child can name a service.",
    remedy: "Put [\"@@none\"] at `services`, at `default` and at `opt_out_policy` of the policy at the root.",
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html example 1",
    ],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    if without_policies(assessment) {
        return Outcome::holds();
    }
    let severity = match writers(assessment.snapshot) {
        Some(writers) if !writers.is_empty() => Severity::High,
        _ => Severity::Medium,
    };
    let look = |account: &AccountResult| Some((severity, message(assessment, account)?));
    let is_open =
        |account: &&AccountResult| assessment.group(account).is_none_or(|group| group.lock == AccountLock::Unknown);
    let open = assessment.counted().filter(is_open).count();
    let unknown = (open > 0).then(|| format!("the lock of {open} accounts could not be determined"));
    Outcome { findings: about_accounts(ID, assessment.counted(), look), unknown }
}

/// The holes of an account, each with the services that it opens; exceptions that are allowed are no hole.
fn message(assessment: &Assessment<'_>, account: &AccountResult) -> Option<String> {
    let mut holes: BTreeMap<&Hole, Vec<&str>> = BTreeMap::new();
    for (key, name) in assessment.keys.iter().filter(|(key, _)| assessment.keys.is_known(*key)) {
        match assessment.lock(account, key) {
            Lock::None(hole) if assessment.service(account, key) != ServiceVerdict::Excepted => {
                holes.entry(hole).or_default().push(name);
            }
            Lock::None(_) | Lock::Full | Lock::Unknown => {}
        }
    }
    let whole = assessment.keys.iter().filter(|(key, _)| assessment.keys.is_known(*key)).count();
    let parts: Vec<String> = holes.iter().map(|(hole, names)| part(hole, names, whole)).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

fn part(hole: &Hole, names: &[&str], whole: usize) -> String {
    let services = names.iter().filter(|name| **name != "default").count();
    match names.len() {
        all if all == whole => format!("{hole} (everything)"),
        _ if services + 1 == whole => format!("{hole} (every service)"),
        _ => format!("{hole} ({})", named(names.iter().copied())),
    }
}
