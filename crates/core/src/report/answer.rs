//! The answer in one sentence, and whose answer it is: the same words in every format for people.

use super::json;
use crate::check::{AccountResult, AccountVerdict, Assessment};
use crate::org::{Membership, Scope};

/// How many accounts, in words.
pub(super) fn accounts(count: usize) -> String {
    if count == 1 { "1 account".to_owned() } else { format!("{count} accounts") }
}

/// The answer with the organization that it is about, without a full stop.
pub(crate) fn sentence(assessment: &Assessment<'_>) -> String {
    let organization = assessment.snapshot.organization().map(|it| format!(" of {}", it.id)).unwrap_or_default();
    without_organization(assessment) + &organization
}

/// The answer alone, without a full stop.
pub(super) fn without_organization(assessment: &Assessment<'_>) -> String {
    let counted = assessment.counted().count();
    let every = || every(assessment, counted);
    match (&assessment.snapshot.membership, assessment.verdict) {
        (Some(Membership::None), _) => "the account is in no organization: AWS may use its content".to_owned(),
        _ if counted == 0 => "no account could be read".to_owned(),
        (_, AccountVerdict::OptedOut) => format!("AWS may not use the content of {}", every()),
        (_, AccountVerdict::OptedOutToday) => {
            format!("AWS may not use the content of {} today; a future service would not be covered", every())
        }
        (_, AccountVerdict::Excepted) => format!("{} opted in as declared", every()),
        (_, AccountVerdict::Unknown) => unknown(assessment, counted),
        (_, AccountVerdict::NotOptedOut | AccountVerdict::OptedIn) => failing(assessment, counted),
    }
}

fn every(assessment: &Assessment<'_>, counted: usize) -> String {
    match assessment.snapshot.scope {
        Scope::Account(id) => format!("account {id}"),
        Scope::Organization if counted == 1 => "the 1 account".to_owned(),
        Scope::Organization => format!("all {counted} accounts"),
    }
}

fn unknown(assessment: &Assessment<'_>, counted: usize) -> String {
    let unknown = assessment.counted().filter(|it| it.verdict == AccountVerdict::Unknown).count();
    format!("it could not be determined for {unknown} of {}", accounts(counted))
}

fn failing(assessment: &Assessment<'_>, counted: usize) -> String {
    let failing = assessment.counted().filter(|it| may_be_used(it)).count();
    match assessment.snapshot.scope {
        Scope::Account(id) => format!("AWS may use the content of account {id}"),
        Scope::Organization if failing == counted => {
            format!("AWS may use the content of {}", every(assessment, counted))
        }
        Scope::Organization => format!("AWS may use the content of {failing} of {}", accounts(counted)),
    }
}

/// Whether AWS may use some content of the account against the organization's will.
fn may_be_used(account: &AccountResult) -> bool {
    match account.verdict {
        AccountVerdict::NotOptedOut | AccountVerdict::OptedIn => true,
        AccountVerdict::Excepted
        | AccountVerdict::OptedOut
        | AccountVerdict::OptedOutToday
        | AccountVerdict::Unknown => false,
    }
}

/// Whose answers the verdicts of the counted accounts rest on; empty where none is counted.
pub(super) fn basis(assessment: &Assessment<'_>) -> String {
    bases(assessment).join("; ")
}

/// The same, each basis by itself.
pub(super) fn bases(assessment: &Assessment<'_>) -> Vec<String> {
    let bases = json::tally(assessment.counted().map(|account| account.basis.as_str()));
    let part = |(basis, count): (&&str, &usize)| match *basis {
        "aws" => format!("AWS's own answer for {}", accounts(*count)),
        "aws-chain" => format!("AWS's answer for another account with the same policies for {count}"),
        _ => format!("computed from the attached policies, not asked of AWS, for {count}"),
    };
    bases.iter().map(part).collect()
}
