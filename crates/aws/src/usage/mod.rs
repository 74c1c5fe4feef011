//! Reading usage: from Cost Explorer, else from CloudWatch.
//!
//! It changes nothing, and costs: AWS bills each request of Cost Explorer, each page and each repetition, so that they are
//! counted, bounded and told. What was read stays when a later page fails.

mod bills;
mod budget;
mod observations;

use jiff::Timestamp;
use jiff::civil::Date;
use optout_core::org::AccountId;
use optout_core::usage::{
    BillingNames, Coverage, Granularity, MetricCatalogue, Missing, Period, Requests as Cost, Series, Usage, UsageSource,
};

use crate::cancel::Cancel;
use crate::pace::Operation;
use crate::progress::{OnProgress, Watch};
use crate::read::organization;
use crate::request::{Failure, FailureKind, Requests};
use crate::session::Session;
use bills::Read;
use budget::Budget;

/// What to read.
#[derive(Debug, Clone)]
pub struct UsageOptions {
    /// The days, by month.
    pub period: Period,
    /// The day of an opt-out, and the days around it that are read day by day.
    pub around: Option<(Date, Period)>,
    /// How many requests may be sent.
    pub most: u64,
    /// The management account, whose bills have every account; others see their own alone.
    pub management: Option<AccountId>,
    /// Whether metrics are read where bills may not be.
    pub fall_back: bool,
    /// The present time.
    pub now: Timestamp,
}

impl UsageOptions {
    /// The fewest requests that this takes; how many pages there are only AWS knows.
    #[must_use]
    pub const fn fewest(&self) -> u64 {
        if self.around.is_some() { 2 } else { 1 }
    }
}

/// Reads usage. `progress` is told of every call; once `cancel` is given, what was read so far is returned.
pub async fn read(session: &Session, options: &UsageOptions, progress: OnProgress<'_>, cancel: &Cancel) -> Usage {
    let requests = Requests::new(session, Watch::new(progress), cancel);
    let caller = organization::identity(&requests).await.ok().map(|identity| identity.account);
    let budget = Budget::new(options.most);
    let whole = bills::read(&requests, &budget, options.period, Granularity::Monthly, None).await;
    match (&whole.failure, caller) {
        (Some(failure), Some(own)) if options.fall_back && whole.series.rows.is_empty() && is_closed(failure) => {
            let seen = observations::read(&requests, &budget, options.period, MetricCatalogue::embedded(), own).await;
            let missing = missing("bills by Cost Explorer", failure);
            observed(session, options, &budget, own, seen, missing)
        }
        _ => {
            let daily = match options.around {
                Some((_, days)) if whole.failure.is_none() => Some(
                    bills::read(&requests, &budget, days, Granularity::Daily, Some(BillingNames::embedded())).await,
                ),
                Some(_) | None => None,
            };
            billed(options, &budget, caller, whole, daily)
        }
    }
}

/// Whether bills are closed to this principal, or not there at all; a bound or a broken connection is neither.
fn is_closed(failure: &Failure) -> bool {
    match failure.kind {
        FailureKind::Denied | FailureKind::NotImplemented => true,
        FailureKind::Answered => failure.is("DataUnavailableException"),
        FailureKind::Refused
        | FailureKind::Throttled
        | FailureKind::Unreachable
        | FailureKind::Failed
        | FailureKind::Malformed
        | FailureKind::Stopped => false,
    }
}

fn billed(
    options: &UsageOptions,
    budget: &Budget,
    caller: Option<AccountId>,
    whole: Read,
    daily: Option<Read>,
) -> Usage {
    let mut gaps: Vec<Missing> = whole.failure.iter().map(|it| missing("usage of the period", it)).collect();
    gaps.extend(daily.iter().filter_map(|it| it.failure.as_ref()).map(|it| missing("usage by day", it)));
    let is_payer = caller.is_some() && caller == options.management;
    let coverage = if is_payer { Coverage::Organization } else { Coverage::Accounts(accounts(caller, &whole.series)) };
    Usage {
        taken: options.now,
        caller,
        source: UsageSource::CostExplorer,
        region: None,
        coverage,
        requests: cost(budget),
        since: options.around.map(|(day, _)| day),
        whole: Some(whole.series),
        daily: daily.map(|it| it.series),
        missing: gaps,
    }
}

fn observed(
    session: &Session,
    options: &UsageOptions,
    budget: &Budget,
    own: AccountId,
    seen: Read,
    bills: Missing,
) -> Usage {
    let mut gaps = vec![bills];
    gaps.extend(seen.failure.iter().map(|it| missing("metrics of CloudWatch", it)));
    Usage {
        taken: options.now,
        caller: Some(own),
        source: UsageSource::CloudWatch,
        region: Some(session.region().to_owned()),
        coverage: Coverage::Accounts(accounts(Some(own), &seen.series)),
        requests: cost(budget),
        since: options.around.map(|(day, _)| day),
        whole: Some(seen.series),
        daily: None,
        missing: gaps,
    }
}

/// The caller's own account, and those that were seen.
fn accounts(caller: Option<AccountId>, series: &Series) -> Vec<AccountId> {
    let mut accounts: Vec<AccountId> = caller.into_iter().chain(series.rows.iter().map(|row| row.account)).collect();
    accounts.sort_unstable();
    accounts.dedup();
    accounts
}

fn cost(budget: &Budget) -> Cost {
    Cost { sent: budget.sent(), most: budget.most(), price: BillingNames::embedded().price().usd }
}

fn missing(what: &str, failure: &Failure) -> Missing {
    let denied = failure.kind == FailureKind::Denied;
    let reason = match (failure.operation, failure.code.as_deref()) {
        (Operation::GetCostAndUsage, Some("BillExpirationException")) => {
            format!("{failure}; the period is older than what Cost Explorer keeps")
        }
        (Operation::GetCostAndUsage, Some("DataUnavailableException")) => {
            format!(
                "{failure}; Cost Explorer was perhaps never opened in this account, or has no data of the period yet"
            )
        }
        _ => failure.to_string(),
    };
    Missing { what: what.to_owned(), reason, permission: denied.then(|| failure.operation.permission().to_owned()) }
}
