//! What was read of usage: rows of accounts and services, the time they are of, and what is missing.

use jiff::Timestamp;
use jiff::civil::Date;

use super::Amount;
use crate::org::AccountId;

/// Whole days, both ends included, in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Period {
    /// The first day.
    pub from: Date,
    /// The last day.
    pub to: Date,
}

impl Period {
    /// How many days it has; none where its end is before its beginning.
    #[must_use]
    pub fn days(self) -> i64 {
        (self.from.duration_until(self.to).as_hours() / 24 + 1).max(0)
    }

    /// Whether a day is in it.
    #[must_use]
    pub fn has(self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }

    /// The last whole quarter of the year before a day.
    #[must_use]
    pub fn last_quarter(today: Date) -> Self {
        let first_of = (today.month() - 1) / 3 * 3 + 1;
        let this = today.first_of_year().with().month(first_of).build().unwrap_or(today);
        let from = this.saturating_sub(jiff::Span::new().months(3));
        Self { from, to: this.saturating_sub(jiff::Span::new().days(1)) }
    }
}

/// How finely a series is divided.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Granularity {
    /// A row for each month.
    Monthly,
    /// A row for each day.
    Daily,
}

impl Granularity {
    /// The word of the file form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Monthly => "monthly",
            Self::Daily => "daily",
        }
    }
}

/// Who says what was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum UsageSource {
    /// Cost Explorer: what is billed, free use included.
    CostExplorer,
    /// Metrics of CloudWatch, of one Region: they can show use, and never that there was none.
    CloudWatch,
}

impl UsageSource {
    /// The word of the file form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::CostExplorer => "cost-explorer",
            Self::CloudWatch => "cloudwatch",
        }
    }

    /// The IAM actions that reading it needs: the only calls that a reader makes, and all that a generated policy grants for it. They
    /// name no resource.
    #[must_use]
    pub const fn actions(self) -> &'static [&'static str] {
        match self {
            Self::CostExplorer => &["ce:GetCostAndUsage"],
            Self::CloudWatch => &["cloudwatch:GetMetricData", "cloudwatch:ListMetrics"],
        }
    }
}

/// Of which accounts the source speaks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Coverage {
    /// Every account of the organization: the management account was asked.
    Organization,
    /// These alone.
    Accounts(Vec<AccountId>),
}

impl Coverage {
    /// Whether it speaks of an account.
    #[must_use]
    pub fn has(&self, account: AccountId) -> bool {
        match self {
            Self::Organization => true,
            Self::Accounts(accounts) => accounts.contains(&account),
        }
    }
}

/// What an account used of a service in a month or on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Row {
    /// The account.
    pub account: AccountId,
    /// The name as the source has it: of Cost Explorer's dimension SERVICE, or a namespace of metrics.
    pub service: String,
    /// The first day.
    pub start: Date,
    /// The usage quantity; units of different kinds are added, so it only says whether there was any.
    pub quantity: Amount,
    /// The unblended cost, in `unit`; nothing where only metrics were read.
    pub cost: Amount,
    /// The currency.
    pub unit: String,
}

/// Rows of one granularity.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Series {
    /// How finely it is divided.
    pub granularity: Granularity,
    /// The days it is of.
    pub period: Period,
    /// Whether every page was read.
    pub complete: bool,
    /// Whether AWS calls a part of it estimated.
    pub estimated: bool,
    /// The rows.
    pub rows: Vec<Row>,
}

/// What could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// What, in words.
    pub what: String,
    /// Why.
    pub reason: String,
    /// The permission that is missing.
    pub permission: Option<String>,
}

/// The requests that were sent, each of which is billed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Requests {
    /// How many, those that were repeated included.
    pub sent: u64,
    /// How many at most were to be sent.
    pub most: u64,
    /// What one costs in US dollars.
    pub price: Amount,
}

impl Requests {
    /// What they cost together, in US dollars.
    #[must_use]
    pub const fn cost(&self) -> Amount {
        self.price.times(self.sent)
    }
}

/// Everything that was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Usage {
    /// When.
    pub taken: Timestamp,
    /// Whose credentials were used, where known.
    pub caller: Option<AccountId>,
    /// Who says it.
    pub source: UsageSource,
    /// The Region whose metrics were read; bills know none.
    pub region: Option<String>,
    /// Of which accounts it speaks.
    pub coverage: Coverage,
    /// What it cost to ask.
    pub requests: Requests,
    /// The day of the opt-out that was asked about.
    pub since: Option<Date>,
    /// The whole period.
    pub whole: Option<Series>,
    /// Days around an opt-out.
    pub daily: Option<Series>,
    /// What is missing.
    pub missing: Vec<Missing>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_quarter_is_whole_and_over() {
        let quarter = |day: &str| {
            let Period { from, to } = Period::last_quarter(day.parse().unwrap());
            format!("{from}..{to}")
        };
        assert_eq!(quarter("2026-11-24"), "2026-07-01..2026-09-30");
        assert_eq!(quarter("2026-10-01"), "2026-07-01..2026-09-30");
        assert_eq!(quarter("2026-09-30"), "2026-04-01..2026-06-30");
        assert_eq!(quarter("2026-01-31"), "2025-10-01..2025-12-31");
        assert_eq!(quarter("2026-05-31"), "2026-01-01..2026-03-31");
    }

    #[test]
    fn days_are_counted_with_both_ends() {
        let period = |from: &str, to: &str| Period { from: from.parse().unwrap(), to: to.parse().unwrap() };
        assert_eq!(period("2026-07-01", "2026-09-30").days(), 92);
        assert_eq!(period("2026-07-01", "2026-07-01").days(), 1);
        assert_eq!(period("2026-07-02", "2026-07-01").days(), 0);
    }
}
