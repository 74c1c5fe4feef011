//! `values-recognised`: effective policies hold nothing but values that this program knows.

use super::{Severity, about_accounts, named};
use crate::check::{AccountResult, Assessment, Control, Outcome, Setting};

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
    let look = |account: &AccountResult| Some((Severity::Medium, message(assessment, account)?));
    Outcome::fails(about_accounts(ID, assessment.counted(), look))
}

fn message(assessment: &Assessment<'_>, account: &AccountResult) -> Option<String> {
    let reading = assessment.reading(account)?;
    if let Some(why) = reading.why_malformed() {
        return Some(why.to_owned());
    }
    let own = reading.iter().filter(|(_, said)| said.own && said.setting == Some(Setting::Unrecognised));
    let names: Vec<&str> = own.map(|(key, _)| assessment.keys.name(key)).collect();
    (!names.is_empty()).then(|| format!("the effective policy has a value that is not recognised for {}", named(names)))
}
