//! Histories of an organization, an account, a service: since when, on whose answer, and what is missing.

use jiff::SignedDuration;
use optout_core::check::Decision;
use optout_core::evidence::Rows;
use optout_core::evidence::history::{Asked, History, history, render};

use crate::{Stored, acme, documents, judged, time};

const SHOP: &str = "210000000001";

/// A reading every day; on the 26th all opt-outs are gone, on the 28th they are back, on the 1st the account has left.
fn month() -> Stored {
    let mut stored = Stored::default();
    for (day, policies, there) in [
        ("2026-11-24", true, true),
        ("2026-11-25", true, true),
        ("2026-11-26", false, true),
        ("2026-11-28", true, true),
        ("2026-11-29", true, true),
        ("2026-12-01", true, false),
    ] {
        let mut snapshot = acme();
        snapshot.taken = time(&format!("{day}T06:00:00Z"));
        if !policies {
            documents(&mut snapshot).into_values().for_each(|document| *document = "{\"services\":{}}".into());
        }
        if !there {
            snapshot.accounts.as_mut().unwrap().retain(|account| account.id.to_string() != SHOP);
            snapshot.attachments.as_mut().unwrap().retain(|target, _| target.to_string() != SHOP);
        }
        stored.record(&judged(&snapshot));
    }
    stored
}

fn asked(account: Option<&str>, service: Option<&str>) -> Asked {
    Asked {
        organization: None,
        account: account.map(|id| id.parse().unwrap()),
        service: service.map(str::to_owned),
        longer_than: SignedDuration::from_hours(36),
        now: time("2026-12-01T12:00:00Z"),
    }
}

fn told(stored: &Stored, asked: &Asked) -> History {
    let lookup = |hash: &_| stored.part(hash);
    history(&stored.records(), &Rows::new(&lookup), asked).unwrap()
}

fn periods(history: &History) -> Vec<(String, u64, u64)> {
    let periods = history.organizations[0].periods.iter();
    periods.map(|it| (it.verdict.clone(), it.first_record, it.last_record)).collect()
}

#[test]
fn an_account_was_opted_out_interrupted_and_left() {
    let history = told(&month(), &asked(Some(SHOP), None));
    let expected = [("opted-out", 1, 2), ("not-opted-out", 3, 3), ("opted-out", 4, 5), ("absent", 6, 6)];
    assert_eq!(periods(&history), expected.map(|(verdict, from, to)| (verdict.to_owned(), from, to)));
    let organization = &history.organizations[0];
    assert_eq!((organization.since, organization.now.as_deref()), (None, Some("absent")));
    assert!(organization.periods[0].bases.contains("computed"));
}

#[test]
fn since_begins_after_the_last_interruption() {
    let mut stored = month();
    stored.records.pop();
    let history = told(&stored, &asked(Some(SHOP), Some("lex")));
    assert_eq!(history.organizations[0].since, Some(time("2026-11-28T06:00:00Z")));
    let text = render(&history, false).to_string();
    assert!(
        text.starts_with("OPTED-OUT  lex at account 210000000001 of o-acmeexample: since 2026-11-28 06:00 UTC"),
        "{text}"
    );
}

#[test]
fn gaps_are_times_without_a_record_and_records_without_the_opt_out() {
    let history = told(&month(), &asked(None, None));
    let gaps: Vec<_> = history.organizations[0].gaps.iter().map(|gap| (gap.after_record, gap.before_record)).collect();
    assert_eq!(gaps, [(3, Some(4)), (5, Some(6))]);
    assert_eq!(history.decision(), Decision::Fails);
    let text = render(&history, true).to_string();
    assert!(
        text.contains("nobody looked from 2026-11-26 06:00 UTC (record 3) to 2026-11-28 06:00 UTC (record 4)"),
        "{text}"
    );
    let late = told(&month(), &Asked { now: time("2026-12-09T00:00:00Z"), ..asked(None, None) });
    assert_eq!(late.organizations[0].gaps.last().unwrap().before_record, None);
}

#[test]
fn a_service_over_all_accounts_is_as_bad_as_its_worst() {
    let history = told(&month(), &asked(None, Some("lex")));
    assert_eq!(periods(&history)[0].0, "opted-in", "research opts lex in");
    assert!(periods(&told(&month(), &asked(None, Some("no-such-service")))).is_empty());
}

#[test]
fn a_changed_part_is_never_told_as_history() {
    let mut stored = month();
    for (_, text) in &mut stored.parts {
        *text = text.replace("not-opted-out", "opted-out");
    }
    let lookup = |hash: &_| stored.part(hash);
    assert!(history(&stored.records(), &Rows::new(&lookup), &asked(Some(SHOP), None)).is_err());
}
