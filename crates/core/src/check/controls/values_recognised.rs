//! `values-recognised`: effective policies hold nothing but values that this program knows.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{Severity, named};
use crate::check::{AccountResult, Assessment, Control, Finding, Outcome, Setting, Subject};

const ID: &str = "values-recognised";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "Every value of an effective policy is recognised",
    severity: Severity::Medium,
    why: "A value that is neither optOut nor optIn says nothing that can be relied on: the verdict is then unknown, never opted \
          out.",
    remedy: "Look at the effective policy of the account (aws organizations describe-effective-policy) and at the policies \
             that set the value; update optout if AWS has introduced a new one.",
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html",
    ],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    let mut messages: BTreeMap<usize, Option<Arc<str>>> = BTreeMap::new();
    let finding = |account: &AccountResult| {
        let message = messages.entry(account.reading_number()).or_insert_with(|| message(assessment, account));
        let message = message.as_ref().map(Arc::clone)?;
        Some(Finding::new(ID, Severity::Medium, Subject::Account(account.id), message))
    };
    Outcome::fails(assessment.counted().filter_map(finding).collect())
}

fn message(assessment: &Assessment<'_>, account: &AccountResult) -> Option<Arc<str>> {
    let reading = assessment.reading(account)?;
    if let Some(why) = reading.why_malformed() {
        return Some(why.into());
    }
    let own = reading.iter().filter(|(_, said)| said.own && said.setting == Some(Setting::Unrecognised));
    let names: Vec<&str> = own.map(|(key, _)| assessment.keys.name(key)).collect();
    (!names.is_empty())
        .then(|| format!("the effective policy has a value that is not recognised for {}", named(names)).into())
}
