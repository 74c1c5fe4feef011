//! The day of the opt-out, where events of CloudTrail or records of evidence prove one; else why none, and which days are possible.
//!
//! It is the day (UTC) on which the worst verdict of the organization's counted accounts began to hold. Nothing is guessed: two such days, or
//! one that lies between two readings, are told as what they are.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::Offset;

use crate::check::AccountVerdict;
use crate::evidence::history::{OrganizationHistory, holds};
use crate::trail::{Effect, Timeline, Trust};

/// A day that is proven.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptOutDay {
    /// The day, in UTC.
    pub day: Date,
    /// By what, in words.
    pub proof: String,
}

/// Why no single day is proven.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum NoDayError {
    /// Nothing speaks of the organization.
    #[error("nothing in them changes or tells the verdict of the organization")]
    Silent,
    /// It was opted out before they begin.
    #[error("the organization was opted out already when they begin, on {0}")]
    AlreadyHeld(Date),
    /// It became opted out more than once.
    #[error("the organization became opted out {} times: on {}", .0.len(), listed(.0))]
    Several(Vec<Date>),
    /// Nobody looked between these days.
    #[error(
        "the organization was last seen not opted out on {0}, and first seen opted out on {1}: it may have been any day between"
    )]
    Between(Date, Date),
    /// What held before is not known.
    #[error("the organization is opted out since {0} at the latest; what held before is not known")]
    Unproven(Date),
    /// As a whole it is not opted out at the end; on these days so many accounts became so.
    #[error("that the organization as a whole is opted out at their end is not so, or not known{}", accounts(.0))]
    NotWhole(Vec<(Date, usize)>),
    /// Events are missing.
    #[error("events are missing among them, so that no day can be told: {0}")]
    Contradicted(String),
}

fn listed(days: &[Date]) -> String {
    days.iter().map(Date::to_string).collect::<Vec<_>>().join(", ")
}

fn accounts(days: &[(Date, usize)]) -> String {
    if days.is_empty() {
        return String::new();
    }
    let one = |(day, count): &(Date, usize)| format!("{count} on {day}");
    format!("; accounts became opted out: {}", days.iter().map(one).collect::<Vec<_>>().join(", "))
}

/// A change of the organization's verdict: when, whether it held before and after; `None` where that is not known.
type Turn = (Timestamp, Option<bool>, Option<bool>);

/// The day by the events of CloudTrail.
///
/// # Errors
/// Where they prove no single day.
pub fn by_events(timeline: &Timeline) -> Result<OptOutDay, NoDayError> {
    let condition = match &timeline.trust {
        Trust::Contradicted(why) => return Err(NoDayError::Contradicted(why.first().cloned().unwrap_or_default())),
        Trust::Proven => "",
        Trust::IfComplete | Trust::Nothing => ", if no event is missing",
    };
    let known = |verdict: Option<AccountVerdict>| verdict.and_then(|it| holds(it.as_str()));
    let turns: Vec<Turn> = timeline.turns.iter().map(|it| (it.time, known(it.before), known(it.after))).collect();
    let last = turns.last().ok_or(NoDayError::Silent)?;
    if last.2 != Some(true) {
        return Err(NoDayError::NotWhole(of_accounts(timeline)));
    }
    let begins: Vec<&Turn> = turns.iter().filter(|it| it.1 != Some(true) && it.2 == Some(true)).collect();
    let day = single(&begins, turns.first().map_or(last.0, |it| it.0))?;
    Ok(OptOutDay { day, proof: format!("by the events of CloudTrail{condition}") })
}

/// The only day among the times at which it began to hold.
fn single(begins: &[&Turn], first: Timestamp) -> Result<Date, NoDayError> {
    let mut days: Vec<Date> = begins.iter().map(|it| day(it.0)).collect();
    days.dedup();
    match (days.as_slice(), begins.first()) {
        ([], _) | (_, None) => Err(NoDayError::AlreadyHeld(day(first))),
        ([only], Some((_, before, _))) => match before {
            Some(_) => Ok(*only),
            None => Err(NoDayError::Unproven(*only)),
        },
        ([..], Some(_)) => Err(NoDayError::Several(days)),
    }
}

/// How many accounts became opted out, by day. Events of one second share what they did.
fn of_accounts(timeline: &Timeline) -> Vec<(Date, usize)> {
    let (mut days, mut last) = (BTreeMap::<Date, usize>::new(), None);
    for entry in &timeline.entries {
        let Effect::Known { changes, .. } = &entry.effect else { continue };
        if last.replace(entry.event.time.as_second()) == Some(entry.event.time.as_second()) {
            continue;
        }
        let began = |verdict: Option<AccountVerdict>| verdict.and_then(|it| holds(it.as_str()));
        let begun = changes.iter().filter(|it| began(it.before) == Some(false) && began(it.after) == Some(true));
        let count: usize = begun.map(|it| it.accounts.len()).sum();
        if count > 0 {
            *days.entry(day(entry.event.time)).or_default() += count;
        }
    }
    days.into_iter().collect()
}

/// The day by the records of evidence: proven only where somebody looked before and after on that day.
///
/// # Errors
/// Where they prove no single day.
pub fn by_records(history: &OrganizationHistory) -> Result<OptOutDay, NoDayError> {
    let periods = &history.periods;
    let (first, last) = (periods.first().ok_or(NoDayError::Silent)?, periods.last().ok_or(NoDayError::Silent)?);
    if last.holds != Some(true) {
        return Err(NoDayError::NotWhole(Vec::new()));
    }
    let pairs = periods.iter().zip(periods.iter().skip(1));
    let begins: Vec<_> = pairs.filter(|(one, next)| one.holds != Some(true) && next.holds == Some(true)).collect();
    match begins.as_slice() {
        [] => Err(NoDayError::AlreadyHeld(day(first.from))),
        [(before, after)] => match (before.holds, day(before.to), day(after.from)) {
            (None, _, to) => Err(NoDayError::Unproven(to)),
            (Some(_), from, to) if from != to => Err(NoDayError::Between(from, to)),
            (Some(_), _, to) => {
                let proof = format!("by the records {} and {} of that day", before.last_record, after.first_record);
                Ok(OptOutDay { day: to, proof })
            }
        },
        [..] => Err(NoDayError::Several(begins.iter().map(|(_, after)| day(after.from)).collect())),
    }
}

fn day(time: Timestamp) -> Date {
    Offset::UTC.to_datetime(time).date()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::evidence::history::Period;
    use crate::trail::Turn;

    fn timeline(trust: Trust, turns: &[(&str, Option<AccountVerdict>, Option<AccountVerdict>)]) -> Timeline {
        let turn = |(time, before, after): &(&str, _, _)| Turn {
            time: format!("{time}T10:00:00Z").parse().unwrap(),
            before: *before,
            after: *after,
        };
        Timeline { entries: Vec::new(), turns: turns.iter().map(turn).collect(), others: 0, trust }
    }

    const OPEN: Option<AccountVerdict> = Some(AccountVerdict::NotOptedOut);
    const DONE: Option<AccountVerdict> = Some(AccountVerdict::OptedOut);
    const TODAY: Option<AccountVerdict> = Some(AccountVerdict::OptedOutToday);
    const UNKNOWN: Option<AccountVerdict> = Some(AccountVerdict::Unknown);

    #[test]
    fn one_turn_is_the_day_and_says_whether_an_event_could_be_missing() {
        let turns = [("2026-10-05", OPEN, TODAY), ("2026-10-07", TODAY, DONE)];
        let found = by_events(&timeline(Trust::Proven, &turns)).unwrap();
        assert_eq!(
            (found.day.to_string().as_str(), found.proof.as_str()),
            ("2026-10-05", "by the events of CloudTrail")
        );
        let found = by_events(&timeline(Trust::IfComplete, &turns)).unwrap();
        assert!(found.proof.ends_with("if no event is missing"), "{}", found.proof);
    }

    #[test]
    fn what_events_do_not_prove_is_said_in_place_of_a_day() {
        let told = |trust, turns: &[_]| by_events(&timeline(trust, turns)).unwrap_err().to_string();
        let twice = [("2026-10-05", OPEN, DONE), ("2026-10-06", DONE, OPEN), ("2026-10-09", OPEN, DONE)];
        assert_eq!(told(Trust::Proven, &twice), "the organization became opted out 2 times: on 2026-10-05, 2026-10-09");
        assert!(told(Trust::Proven, &twice[..2]).contains("as a whole is opted out at their end is not so"));
        assert!(told(Trust::Proven, &[("2026-10-05", UNKNOWN, DONE)]).contains("what held before is not known"));
        assert!(told(Trust::Proven, &[("2026-10-05", TODAY, DONE)]).contains("already when they begin, on 2026-10-05"));
        assert!(told(Trust::Proven, &[]).contains("nothing in them"));
        let why = Trust::Contradicted(vec!["e-1: it was not attached".to_owned()]);
        assert!(told(why, &twice[..1]).ends_with("e-1: it was not attached"));
    }

    fn period(verdict: &str, from: &str, to: &str) -> Period {
        let time = |text: &str| text.parse().unwrap();
        let (from, to, bases) = (time(from), time(to), BTreeSet::new());
        let verdict = verdict.to_owned();
        Period { holds: holds(&verdict), verdict, from, to, first_record: 1, last_record: 2, records: 2, bases }
    }

    fn records(periods: Vec<Period>) -> Result<OptOutDay, NoDayError> {
        let (id, now, since, gaps, records) = (None, None, None, Vec::new(), Vec::new());
        by_records(&OrganizationHistory { id, now, since, periods, gaps, records })
    }

    #[test]
    fn records_prove_a_day_only_where_somebody_looked_before_and_after_on_it() {
        let before = |to: &str| period("not-opted-out", "2026-10-01T08:00:00Z", to);
        let after = period("opted-out", "2026-10-05T17:00:00Z", "2026-11-01T08:00:00Z");
        let found = records(vec![before("2026-10-05T09:00:00Z"), after.clone()]).unwrap();
        assert_eq!(found.day.to_string(), "2026-10-05");
        let told = |periods| records(periods).unwrap_err();
        let days = ("2026-10-04".parse().unwrap(), "2026-10-05".parse().unwrap());
        assert_eq!(told(vec![before("2026-10-04T09:00:00Z"), after.clone()]), NoDayError::Between(days.0, days.1));
        assert_eq!(told(vec![after.clone()]), NoDayError::AlreadyHeld(days.1));
        let unknown = period("unknown", "2026-10-01T08:00:00Z", "2026-10-05T09:00:00Z");
        assert_eq!(told(vec![unknown, after.clone()]), NoDayError::Unproven(days.1));
        assert_eq!(told(vec![after, before("2026-11-02T09:00:00Z")]), NoDayError::NotWhole(Vec::new()));
        assert_eq!(told(Vec::new()), NoDayError::Silent);
    }
}
