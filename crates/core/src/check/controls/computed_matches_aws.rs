//! `computed-matches-aws`: AWS's answers are the ones that the attached policies mean.

use super::{Severity, about_accounts, named};
use crate::check::{AccountResult, Assessment, Control, Key, Outcome, Setting};

const ID: &str = "computed-matches-aws";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "AWS's effective policies are the ones that the attached policies mean",
    severity: Severity::High,
    why: "AWS's own answer decides the verdict. Where it differs from what the attached policies mean, a change is still on its \
          way, the effective policy is stale or invalid, or this program misreads a rule: either way it may not stay as it is.",
    remedy: "Verify again after a minute. If the difference stays, see `optout explain ACCOUNT` for each step, and report it.",
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_effective.html"],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    let asked = assessment.counted().filter(|account| account.basis.is_aws());
    let look = |account: &AccountResult| Some((Severity::High, message(assessment, account)?));
    Outcome::fails(about_accounts(ID, asked, look))
}

fn message(assessment: &Assessment<'_>, account: &AccountResult) -> Option<String> {
    let group = assessment.group(account).filter(|group| group.uncomputed.is_none())?;
    let aws = assessment.reading(account)?;
    // What AWS says in a way that is not recognised is a finding of `values-recognised`, and cannot be compared.
    let differs = |(key, _): &(Key, &str)| match (group.reading.get(*key).setting, aws.get(*key).setting) {
        (None, _) | (_, None | Some(Setting::Unrecognised)) => false,
        (ours, theirs) => ours != theirs,
    };
    let differences: Vec<(Key, &str)> = assessment.keys.iter().filter(differs).collect();
    let (key, _) = differences.first()?;
    let word = |setting: Option<Setting>| setting.map_or("unknown", Setting::as_str);
    let (says, means) = (word(aws.get(*key).setting), word(group.reading.get(*key).setting));
    let names = named(differences.iter().map(|(_, name)| *name));
    Some(format!("AWS says {says} for {names}, the attached policies mean {means}"))
}
