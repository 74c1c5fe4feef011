//! CloudWatch: use that metrics show, where bills may not be read.
//!
//! In a monitoring account of cross-account observability the metrics of linked accounts are there too, in others those of the
//! account alone; always of one Region. `ListMetrics` has metrics of the last two weeks only, so that what is not there proves
//! nothing. Source: botocore 1.44.5, cloudwatch model, `ListMetrics` and `GetMetricData`, read 2026-11-24.

use std::collections::BTreeMap;

use aws_sdk_cloudwatch::primitives::DateTime;
use aws_sdk_cloudwatch::types::{Metric, MetricDataQuery, MetricDataResult, MetricStat};
use jiff::ToSpan;
use jiff::civil::Date;
use jiff::tz::Offset;
use optout_core::org::AccountId;
use optout_core::usage::{Amount, Granularity, MetricCatalogue, Period, Row, Series};

use super::bills::Read;
use super::budget::Budget;
use crate::pace::Operation;
use crate::request::{Failure, Purpose, Requests};

/// The most queries of one request.
const QUERIES: usize = 500;
/// A day, in seconds.
const DAY: i32 = 86_400;

/// A metric and whose it is.
struct Found {
    account: AccountId,
    metric: Metric,
}

/// Reads which services show use.
pub(super) async fn read(
    requests: &Requests<'_>,
    budget: &Budget,
    period: Period,
    catalogue: &MetricCatalogue,
    own: AccountId,
) -> Read {
    let (found, mut failure) = list(requests, budget, catalogue, own).await;
    let mut sums: BTreeMap<(AccountId, String), f64> = BTreeMap::new();
    for part in found.chunks(QUERIES) {
        match data(requests, budget, period, part).await {
            Ok(results) => results.iter().for_each(|result| add(&mut sums, part, result)),
            Err(why) => failure = failure.or(Some(why)),
        }
    }
    let row = |((account, service), sum): ((AccountId, String), f64)| Row {
        account,
        service,
        start: period.from,
        quantity: sum.to_string().parse().unwrap_or(Amount::ZERO),
        cost: Amount::ZERO,
        unit: String::new(),
    };
    let rows = sums.into_iter().filter(|(_, sum)| *sum > 0.0).map(row).collect();
    let complete = failure.is_none();
    let series = Series { granularity: Granularity::Monthly, period, complete, estimated: false, rows };
    Read { series, failure }
}

/// Every metric that says of use, of every account that can be seen.
async fn list(
    requests: &Requests<'_>,
    budget: &Budget,
    catalogue: &MetricCatalogue,
    own: AccountId,
) -> (Vec<Found>, Option<Failure>) {
    let client = requests.session().cloudwatch();
    let (mut found, mut failure) = (Vec::new(), None);
    for publisher in catalogue.publishers() {
        // One metric that says of use is enough; others of the same service would count it twice.
        let Some(name) = publisher.metrics.iter().find(|it| it.uses).map(|it| it.name.as_str()) else { continue };
        let send = |token: Option<String>| {
            let call = client
                .list_metrics()
                .namespace(&publisher.namespace)
                .metric_name(name)
                .include_linked_accounts(true)
                .set_next_token(token);
            async move {
                budget.take()?;
                call.send().await
            }
        };
        let listing = requests
            .pages(Operation::ListMetrics, Purpose::Main, send, |page| {
                let owners = page.owning_accounts.unwrap_or_default().into_iter().map(Some);
                let metrics = page.metrics.unwrap_or_default().into_iter();
                let items = metrics.zip(owners.chain(std::iter::repeat(None))).map(|(metric, owner)| {
                    let owner = owner.and_then(|owner| owner.parse().ok());
                    Found { account: owner.unwrap_or(own), metric }
                });
                (items.collect(), page.next_token)
            })
            .await;
        found.extend(listing.items);
        if listing.failure.is_some() {
            failure = listing.failure;
            break;
        }
    }
    (found, failure)
}

async fn data(
    requests: &Requests<'_>,
    budget: &Budget,
    period: Period,
    part: &[Found],
) -> Result<Vec<MetricDataResult>, Failure> {
    let client = requests.session().cloudwatch();
    let queries: Vec<MetricDataQuery> = part.iter().enumerate().map(|(at, found)| query(at, found)).collect();
    let send = |token: Option<String>| {
        let call = client
            .get_metric_data()
            .set_metric_data_queries(Some(queries.clone()))
            .start_time(midnight(period.from))
            .end_time(midnight(period.to.saturating_add(1.day())))
            .set_next_token(token);
        async move {
            budget.take()?;
            call.send().await
        }
    };
    let take = |page: aws_sdk_cloudwatch::operation::get_metric_data::GetMetricDataOutput| {
        (page.metric_data_results.unwrap_or_default(), page.next_token)
    };
    requests.pages(Operation::GetMetricData, Purpose::Main, send, take).await.complete()
}

fn query(at: usize, found: &Found) -> MetricDataQuery {
    let stat = MetricStat::builder().metric(found.metric.clone()).period(DAY).stat("Sum").build();
    MetricDataQuery::builder().id(format!("m{at}")).metric_stat(stat).account_id(found.account.to_string()).build()
}

fn midnight(day: Date) -> DateTime {
    let second = Offset::UTC.to_timestamp(day.at(0, 0, 0, 0)).map(|it| it.as_second());
    DateTime::from_secs(second.unwrap_or_default())
}

fn add(sums: &mut BTreeMap<(AccountId, String), f64>, part: &[Found], result: &MetricDataResult) {
    let at = result.id().and_then(|id| id.strip_prefix('m')).and_then(|at| at.parse::<usize>().ok());
    let Some(found) = at.and_then(|at| part.get(at)) else { return };
    let sum: f64 = result.values().iter().filter(|it| it.is_finite()).sum();
    let namespace = found.metric.namespace().unwrap_or_default().to_owned();
    *sums.entry((found.account, namespace)).or_default() += sum;
}
