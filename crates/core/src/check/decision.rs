//! What a program should make of an assessment: it holds, it does not, or that could not be determined.

use std::collections::BTreeSet;

use super::{AccountResult, AccountVerdict, Assessment, Control, Finding, Outcome, Severity, Subject};
use crate::org::AccountId;

/// The decision: a known failure beats an unknown.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// It holds.
    Holds,
    /// It does not hold.
    Fails,
    /// It could not be determined.
    Undetermined,
}

/// Decides.
///
/// It fails where a counted account's verdict is a failure, or a finding is at or above `fail_on`; `accepted` says which
/// findings were accepted, and an account fails no more when all findings about it were. It is undetermined where not
/// every account is listed, a counted account's verdict is unknown, or only computed because AWS could not be asked, or a
/// control at or above `fail_on` could not be determined.
#[must_use]
pub fn decide(
    assessment: &Assessment<'_>,
    outcomes: &[(&'static Control, Outcome)],
    fail_on: Severity,
    accepted: &dyn Fn(&Finding) -> bool,
) -> Decision {
    let findings = || outcomes.iter().flat_map(|(_, outcome)| &outcome.findings);
    let open: Vec<&Finding> = findings().filter(|finding| !accepted(finding)).collect();
    let forgiven = forgiven(findings().filter(|finding| accepted(finding)), &open);
    let fails = |account: &AccountResult| is_failure(account.verdict) && !forgiven.contains(&account.id);
    if assessment.counted().any(fails) || open.iter().any(|finding| finding.severity >= fail_on) {
        return Decision::Fails;
    }
    let open_control =
        |(control, outcome): &(&Control, Outcome)| control.severity >= fail_on && outcome.unknown.is_some();
    let open_account = |account: &AccountResult| is_open(assessment, account);
    let nobody = assessment.counted().next().is_none();
    if nobody || !assessment.whole || assessment.counted().any(open_account) || outcomes.iter().any(open_control) {
        return Decision::Undetermined;
    }
    Decision::Holds
}

const fn is_failure(verdict: AccountVerdict) -> bool {
    match verdict {
        AccountVerdict::OptedIn | AccountVerdict::NotOptedOut => true,
        AccountVerdict::Excepted
        | AccountVerdict::OptedOut
        | AccountVerdict::OptedOutToday
        | AccountVerdict::Unknown => false,
    }
}

fn is_open(assessment: &Assessment<'_>, account: &AccountResult) -> bool {
    let computed = !account.basis.is_aws() && !assessment.computed_counts;
    !is_failure(account.verdict) && (account.verdict == AccountVerdict::Unknown || computed)
}

/// The controls whose findings are the reason of a failing verdict.
const VERDICT_CONTROLS: [&str; 2] = ["default-opted-out", "no-undeclared-opt-in"];

/// The accounts about whose verdict every finding was accepted.
fn forgiven<'f>(accepted: impl Iterator<Item = &'f Finding>, open: &[&Finding]) -> BTreeSet<AccountId> {
    let about = |finding: &Finding| match finding.subject {
        Subject::Account(id) if VERDICT_CONTROLS.contains(&finding.control) => Some(id),
        _ => None,
    };
    let still_open: BTreeSet<AccountId> = open.iter().filter_map(|finding| about(finding)).collect();
    accepted.filter_map(about).filter(|id| !still_open.contains(id)).collect()
}
