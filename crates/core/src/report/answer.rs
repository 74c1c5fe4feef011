//! The answer in one sentence, and whose answer it is: the same words in every format for people.

use super::json::tally;
use super::text::tone;
use super::{Report, Tone};
use crate::check::AccountVerdict;
use crate::org::{Membership, Scope};

/// The answer in one sentence, without a full stop and without the organization's name.
pub(super) fn sentence(report: &Report<'_>) -> String {
    let assessment = report.assessment;
    let counted = assessment.counted().count();
    match (&assessment.snapshot.membership, assessment.verdict) {
        (Some(Membership::None), _) => "the account is in no organization: AWS may use its content".to_owned(),
        _ if counted == 0 => "no account could be read".to_owned(),
        (_, AccountVerdict::OptedOut) => format!("AWS may not use the content of {}", every(report, counted)),
        (_, AccountVerdict::OptedOutToday) => {
            let every = every(report, counted);
            format!("AWS may not use the content of {every} today; a future service would not be covered")
        }
        (_, AccountVerdict::Excepted) => format!("{} opted in as declared", every(report, counted)),
        (_, AccountVerdict::Unknown) => {
            let unknown = assessment.counted().filter(|it| it.verdict == AccountVerdict::Unknown).count();
            format!("it could not be determined for {unknown} of {}", accounts(counted))
        }
        (_, AccountVerdict::NotOptedOut | AccountVerdict::OptedIn) => failing(report, counted),
    }
}

fn failing(report: &Report<'_>, counted: usize) -> String {
    let failing = report.assessment.counted().filter(|it| tone(it.verdict) == Tone::Bad).count();
    match report.assessment.snapshot.scope {
        Scope::Account(id) => format!("AWS may use the content of account {id}"),
        Scope::Organization if failing == counted => {
            format!("AWS may use the content of {}", every(report, counted))
        }
        Scope::Organization => format!("AWS may use the content of {failing} of {}", accounts(counted)),
    }
}

/// `all 12 accounts`, or the one that the report speaks about.
fn every(report: &Report<'_>, counted: usize) -> String {
    match report.assessment.snapshot.scope {
        Scope::Account(id) => format!("account {id}"),
        Scope::Organization if counted == 1 => "the 1 account".to_owned(),
        Scope::Organization => format!("all {counted} accounts"),
    }
}

/// On whose answer the verdicts of the counted accounts rest, each in a few words.
pub(super) fn bases(report: &Report<'_>) -> Vec<String> {
    let bases = tally(report.assessment.counted().map(|account| account.basis.as_str()));
    let part = |(basis, count): (&&str, &usize)| match *basis {
        "aws" => format!("AWS's own answer for {}", accounts(*count)),
        "aws-chain" => format!("AWS's answer for another account with the same policies for {count}"),
        _ => format!("computed from the attached policies, not asked of AWS, for {count}"),
    };
    bases.iter().map(part).collect()
}

/// `1 account`, `2 accounts`.
pub(super) fn accounts(count: usize) -> String {
    if count == 1 { "1 account".to_owned() } else { format!("{count} accounts") }
}
