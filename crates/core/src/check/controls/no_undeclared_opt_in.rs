//! `no-undeclared-opt-in`: nobody is opted in unless the intent says so.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Severity, named};
use crate::check::{AccountResult, Assessment, Control, Finding, Key, Outcome, ServiceVerdict, Standing, Subject};

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
    let mut messages: BTreeMap<(usize, Option<usize>, Vec<Key>), Arc<str>> = BTreeMap::new();
    let finding = |account: &AccountResult| {
        let keys: Vec<Key> = opted_in(assessment, account).collect();
        if keys.is_empty() {
            return None;
        }
        let cause = (account.reading_number(), assessment.computed.number(account.id), keys);
        let message =
            messages.entry(cause).or_insert_with_key(|(_, _, keys)| message(assessment, account, keys).into());
        Some(Finding::new(ID, Severity::Critical, Subject::Account(account.id), Arc::clone(message)))
    };
    Outcome::fails(assessment.counted().filter_map(finding).collect())
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

/// The policies that say so, as far as our own answer knows.
fn deciders(assessment: &Assessment<'_>, account: &AccountResult, keys: &[Key]) -> String {
    let group = assessment.group(account);
    let decider = |key: &Key| group.and_then(|group| group.deciders.get(key.index())).and_then(Option::as_deref);
    let mut policies: Vec<&str> = keys.iter().filter_map(decider).collect();
    policies.sort_unstable();
    policies.dedup();
    match policies.as_slice() {
        [] => String::new(),
        [one] => format!(" by the policy `{one}`"),
        several => format!(" by the policies {}", named(several.iter().copied())),
    }
}
