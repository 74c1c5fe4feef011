//! `no-undeclared-opt-in`: nobody is opted in unless the intent says so.

use std::collections::BTreeSet;

use super::{Severity, about_accounts, named, open_accounts};
use crate::check::{AccountResult, Assessment, Control, Key, Outcome, ServiceVerdict, Setting, Standing};

const ID: &str = "no-undeclared-opt-in";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "No account is opted in to a service without a declared exception",
    severity: Severity::Critical,
    why: "An opt-in lets AWS use and store the content of that service to improve it, possibly in other Regions.",
    remedy: "Remove the opt-in from the policy that sets it, or declare it as an exception with a reason, an approver and an \
             end date.",
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html",
    ],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    let look = |account: &AccountResult| {
        let keys: Vec<Key> = opted_in(assessment, account).collect();
        (!keys.is_empty()).then(|| (Severity::Critical, message(assessment, account, &keys)))
    };
    Outcome { findings: about_accounts(ID, assessment.counted(), look), unknown: open_accounts(assessment) }
}

/// The keys that are opted in by themselves; those that inherit it from `default` are covered by naming `default`.
fn opted_in<'a>(assessment: &'a Assessment<'_>, account: &'a AccountResult) -> impl Iterator<Item = Key> + 'a {
    let reading = assessment.reading(account);
    let own = move |key: Key| key == Key::DEFAULT || reading.is_some_and(|reading| reading.get(key).own);
    let keys = assessment.keys.iter().map(|(key, _)| key);
    keys.filter(move |key| own(*key) && assessment.service(account, *key) == ServiceVerdict::OptedIn)
}

fn message(assessment: &Assessment<'_>, account: &AccountResult, keys: &[Key]) -> String {
    let names = named(keys.iter().map(|key| assessment.keys.name(*key)));
    let expired = keys.iter().any(|key| assessment.standing(account, *key) == Standing::Expired);
    let expired = if expired { "; an exception for it has ended" } else { "" };
    format!("opted in to {names}{}{expired}", deciders(assessment, account, keys))
}

/// The policies that say so, as far as our own answer knows: one that says otherwise is not blamed.
fn deciders(assessment: &Assessment<'_>, account: &AccountResult, keys: &[Key]) -> String {
    let group = assessment.group(account);
    let deciders = keys.iter().filter_map(|key| group?.deciders.get(key)).flatten();
    let opting_in = deciders.filter(|decider| decider.setting == Setting::OptIn);
    let policies: BTreeSet<&str> = opting_in.map(|decider| decider.policy.as_ref()).collect();
    match policies.len() {
        0 => String::new(),
        1 => format!(" by the policy {}", named(policies)),
        _ => format!(" by the policies {}", named(policies)),
    }
}
