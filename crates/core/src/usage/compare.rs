//! Days before and after an opt-out: is usage as it was?
//!
//! Windows of equal length in whole weeks, so that each has the same weekdays; the day of the opt-out is in neither. Nothing is
//! judged where the data do not bear it: fewer than two weeks on each side, weeks without any use before, pages that are missing.
//! A drop says that something was used less, not why.

use std::collections::BTreeMap;

use jiff::civil::{Date, Weekday};
use jiff::tz::Offset;
use jiff::{Span, ToSpan};

use super::{Amount, BillingNames, Period, Row, Usage};
use crate::org::AccountId;

/// The fewest weeks on each side.
const FEWEST_WEEKS: i64 = 2;
/// The latest days whose bills may still grow.
const UNSETTLED_DAYS: i64 = 2;
/// A week is as before from half of the smallest week before to one and a half of the largest.
const LEAST: u32 = 50;
const MOST: u32 = 150;

/// Why nothing is judged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Open {
    /// Fewer than two whole weeks on each side.
    TooShort,
    /// There was a week without any use before.
    TooSparse,
    /// Some weeks after are as before and some are not.
    Uneven,
}

impl Open {
    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::TooShort => "fewer than two whole weeks on each side",
            Self::TooSparse => "not used in every week before",
            Self::Uneven => "some weeks are as before, others are not",
        }
    }
}

/// How usage went on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Course {
    /// As before.
    Steady,
    /// Less than before.
    Fell,
    /// Not at all any more.
    Stopped,
    /// More than before.
    Rose,
    /// Not used before.
    Began,
    /// Nothing is judged.
    Open(Open),
}

impl Course {
    /// The word for machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Steady => "steady",
            Self::Fell => "fell",
            Self::Stopped => "stopped",
            Self::Rose => "rose",
            Self::Began => "began",
            Self::Open(_) => "not-judged",
        }
    }
}

/// The sums of the weeks, the first one first.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Weeks {
    /// Before.
    pub before: Vec<Amount>,
    /// After.
    pub after: Vec<Amount>,
}

/// A name of the bill in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pair {
    /// The account.
    pub account: AccountId,
    /// The name.
    pub service: String,
    /// Its quantities by week.
    pub weeks: Weeks,
    /// Whether it was used on working days only before.
    pub working_days_only: bool,
    /// What to make of it.
    pub course: Course,
}

/// The days before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// The day of the opt-out.
    pub since: Date,
    /// How many whole weeks are compared.
    pub weeks: i64,
    /// The days before.
    pub before: Period,
    /// The days after.
    pub after: Period,
    /// What was used in either, by account and name.
    pub pairs: Vec<Pair>,
}

impl Comparison {
    /// Compares; `None` where there are no days, or not every page of them was read.
    #[must_use]
    pub fn new(usage: &Usage, since: Date, names: &BillingNames) -> Option<Self> {
        let daily = usage.daily.as_ref().filter(|it| it.complete)?;
        let today = Offset::UTC.to_datetime(usage.taken).date();
        let settled = daily.period.to.min(today.saturating_sub(UNSETTLED_DAYS.days()));
        let weeks = days(daily.period.from, since).min(days(since, settled)).max(0) / 7;
        let span = |days: i64| Span::new().try_days(days).unwrap_or_default();
        let before = Period { from: since.saturating_sub(span(weeks * 7)), to: since.saturating_sub(1.day()) };
        let after = Period { from: since.saturating_add(1.day()), to: since.saturating_add(span(weeks * 7)) };
        let mut sums: BTreeMap<(AccountId, &str), Vec<&Row>> = BTreeMap::new();
        for row in daily.rows.iter().filter(|row| names.get(&row.service).is_some()) {
            sums.entry((row.account, row.service.as_str())).or_default().push(row);
        }
        let pairs = sums
            .into_iter()
            .filter_map(|((account, service), rows)| pair(account, service, &rows, before, after, weeks))
            .collect();
        Some(Self { since, weeks, before, after, pairs })
    }

    /// Those of one course.
    pub fn of(&self, course: Course) -> impl Iterator<Item = &Pair> {
        self.pairs.iter().filter(move |pair| pair.course == course)
    }
}

fn days(from: Date, to: Date) -> i64 {
    from.duration_until(to).as_hours() / 24
}

fn pair(account: AccountId, service: &str, rows: &[&Row], before: Period, after: Period, weeks: i64) -> Option<Pair> {
    let by_week = |period: Period| {
        let inside = |row: &&&Row, at: i64| period.has(row.start) && days(period.from, row.start) / 7 == at;
        let week = |at: i64| rows.iter().filter(|row| inside(row, at)).map(|row| row.quantity).sum();
        (0..weeks).map(week).collect::<Vec<Amount>>()
    };
    let used_before = || rows.iter().filter(|row| before.has(row.start) && !row.quantity.is_zero());
    let weekend = |row: &&Row| matches!(row.start.weekday(), Weekday::Saturday | Weekday::Sunday);
    let weeks_of = Weeks { before: by_week(before), after: by_week(after) };
    let any = weeks_of.before.iter().chain(&weeks_of.after).any(|sum| !sum.is_zero());
    (any || weeks < FEWEST_WEEKS).then(|| Pair {
        account,
        service: service.to_owned(),
        working_days_only: used_before().next().is_some() && !used_before().any(weekend),
        course: course(&weeks_of),
        weeks: weeks_of,
    })
}

fn course(weeks: &Weeks) -> Course {
    let Weeks { before, after } = weeks;
    let (Some(least), Some(most)) = (before.iter().min(), before.iter().max()) else {
        return Course::Open(Open::TooShort);
    };
    if before.len() < usize::try_from(FEWEST_WEEKS).unwrap_or(usize::MAX) {
        return Course::Open(Open::TooShort);
    }
    if most.is_zero() {
        return Course::Began;
    }
    if least.is_zero() {
        return Course::Open(Open::TooSparse);
    }
    if after.iter().all(|sum| sum.is_zero()) {
        return Course::Stopped;
    }
    let (low, high) = (least.percent(LEAST), most.percent(MOST));
    if after.iter().all(|sum| low <= *sum && *sum <= high) {
        Course::Steady
    } else if after.iter().all(|sum| *sum < low) {
        Course::Fell
    } else if after.iter().all(|sum| *sum > high) {
        Course::Rose
    } else {
        Course::Open(Open::Uneven)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn weeks(before: &[u64], after: &[u64]) -> Course {
        let amounts = |numbers: &[u64]| numbers.iter().map(|it| it.to_string().parse().unwrap()).collect();
        course(&Weeks { before: amounts(before), after: amounts(after) })
    }

    #[test]
    fn weeks_are_judged_by_the_range_of_those_before() {
        assert_eq!(weeks(&[100, 80], &[90, 110]), Course::Steady);
        assert_eq!(weeks(&[100, 80], &[40, 150]), Course::Steady);
        assert_eq!(weeks(&[100, 80], &[39, 10]), Course::Fell);
        assert_eq!(weeks(&[100, 80], &[0, 0]), Course::Stopped);
        assert_eq!(weeks(&[100, 80], &[151, 400]), Course::Rose);
        assert_eq!(weeks(&[0, 0], &[1, 0]), Course::Began);
    }

    #[test]
    fn nothing_is_judged_where_the_data_do_not_bear_it() {
        assert_eq!(weeks(&[], &[]), Course::Open(Open::TooShort));
        assert_eq!(weeks(&[100], &[0]), Course::Open(Open::TooShort));
        assert_eq!(weeks(&[100, 0], &[0, 0]), Course::Open(Open::TooSparse));
        assert_eq!(weeks(&[100, 80], &[90, 0]), Course::Open(Open::Uneven));
    }

    proptest! {
        #[test]
        fn the_same_weeks_again_are_steady(weeks_before in proptest::collection::vec(1u64..1_000_000, 2..20)) {
            prop_assert_eq!(weeks(&weeks_before, &weeks_before), Course::Steady);
        }

        #[test]
        fn a_stop_is_never_found_where_something_is_used_after(
            before in proptest::collection::vec(0u64..1_000, 0..6),
            after in proptest::collection::vec(1u64..1_000, 1..6),
        ) {
            prop_assert_ne!(weeks(&before, &after), Course::Stopped);
        }
    }
}
