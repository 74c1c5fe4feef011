//! What an annotation says: counts of accounts, the services of one, what could not be read. No names: they are other
//! people's text, and AWS Config shows annotations to whoever may read its results.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use optout_core::check::{AccountResult, AccountVerdict, Assessment, Decision, Finding, ServiceVerdict};
use optout_core::org::{AccountId, Snapshot};

use super::Annotation;

/// The annotation of a whole organization; `open` are the findings that fail it.
pub(super) fn of_organization(assessment: &Assessment<'_>, decision: Decision, open: &[&Finding]) -> String {
    let counted: Vec<&AccountResult> = assessment.counted().collect();
    let of = counted.len();
    let those = |is: fn(&AccountResult) -> bool| counted.iter().copied().filter(|it| is(it)).collect::<Vec<_>>();
    let (failing, unsure) = (those(fails), those(|account| !fails(account) && is_unsure(account)));
    let text = match decision {
        Decision::Holds => Annotation::new(&format!("{of} of {of} counted accounts are opted out")),
        Decision::Fails => {
            let failing_text = format!("{} of {of} counted accounts are not opted out", failing.len());
            let begun = Annotation::new(&failing_text).and(&by_verdict(&failing));
            let begun = match unsure.len() {
                0 => begun,
                unsure => begun.and(&format!("; {unsure} unknown")),
            };
            begun.listing("; controls that do not hold: ", &controls(open)).listing("; ", &ids(&failing))
        }
        Decision::Undetermined => {
            let begun = format!("unknown: {} of {of} counted accounts could not be determined", unsure.len());
            Annotation::new(&begun).listing("; not read: ", &not_read(assessment.snapshot)).listing("; ", &ids(&unsure))
        }
    };
    text.and(&as_of(assessment.snapshot)).text()
}

/// The annotation of one account.
pub(super) fn of_account(assessment: &Assessment<'_>, account: AccountId, decision: Decision) -> String {
    let Some(result) = assessment.result(account) else {
        return Annotation::new(&format!("unknown: account {account} is not in the organization")).text();
    };
    let verdict = result.verdict.as_str();
    let text = match decision {
        Decision::Holds => Annotation::new(verdict),
        Decision::Fails => {
            let services =
                [ServiceVerdict::OptedIn, ServiceVerdict::NotOptedOut].map(|it| services(assessment, result, it));
            let [opted_in, not_opted_out] = services;
            Annotation::new(verdict)
                .listing(": opted in ", &opted_in)
                .listing(if opted_in.is_empty() { ": no setting for " } else { "; no setting for " }, &not_opted_out)
        }
        Decision::Undetermined => {
            let services = services(assessment, result, ServiceVerdict::Unknown);
            let said = match (result.counted, result.basis.is_aws()) {
                (false, _) => "the account does not count",
                (true, false) if result.verdict != AccountVerdict::Unknown => "AWS could not be asked",
                (true, _) => "it could not be determined",
            };
            let text = Annotation::new(&format!("unknown: {said}"));
            text.listing("; not read: ", &not_read(assessment.snapshot)).listing("; unclear: ", &services)
        }
    };
    text.and(&as_of(assessment.snapshot)).text()
}

const fn fails(account: &AccountResult) -> bool {
    matches!(account.verdict, AccountVerdict::OptedIn | AccountVerdict::NotOptedOut)
}

const fn is_unsure(account: &AccountResult) -> bool {
    matches!(account.verdict, AccountVerdict::Unknown) || !account.basis.is_aws()
}

fn by_verdict(accounts: &[&AccountResult]) -> String {
    let mut counts: BTreeMap<AccountVerdict, usize> = BTreeMap::new();
    accounts.iter().for_each(|account| *counts.entry(account.verdict).or_default() += 1);
    let parts: Vec<String> = counts.iter().rev().map(|(verdict, count)| format!("{count} {verdict}")).collect();
    if parts.is_empty() { String::new() } else { format!(" ({})", parts.join(", ")) }
}

fn ids(accounts: &[&AccountResult]) -> Vec<String> {
    accounts.iter().map(|account| account.id.to_string()).collect()
}

fn controls(open: &[&Finding]) -> Vec<String> {
    let names: BTreeSet<&str> = open.iter().map(|finding| finding.control).collect();
    names.into_iter().map(str::to_owned).collect()
}

fn services(assessment: &Assessment<'_>, result: &AccountResult, verdict: ServiceVerdict) -> Vec<String> {
    let keys = assessment.keys.iter().filter(|(key, _)| assessment.service(result, *key) == verdict);
    keys.map(|(_, name)| optout_core::source::shown(name).into_owned()).collect()
}

/// What could not be read, by operation and reason, each once.
fn not_read(snapshot: &Snapshot) -> Vec<String> {
    let told = |entry: &optout_core::org::Unread| format!("{} ({})", entry.operation, entry.reason.as_str());
    let all: BTreeSet<String> = snapshot.unread.iter().map(told).collect();
    all.into_iter().collect()
}

/// Seconds are enough, and shorter.
fn as_of(snapshot: &Snapshot) -> String {
    let taken = Timestamp::from_second(snapshot.taken.as_second()).unwrap_or(snapshot.taken);
    format!("; as of {taken}")
}
