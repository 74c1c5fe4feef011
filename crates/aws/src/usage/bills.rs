//! Cost Explorer: what each account used of each service, page by page.
//!
//! Source: botocore 1.44.5, ce model, `GetCostAndUsage`, read 2026-11-24 (the end of a period is not part of it; quantities are
//! added without regard to units).

use aws_sdk_costexplorer::types::{
    DateInterval, Dimension, DimensionValues, Expression, Granularity as Fineness, GroupDefinition,
    GroupDefinitionType, ResultByTime,
};
use jiff::ToSpan;
use jiff::civil::Date;
use optout_core::usage::{Amount, BillingNames, Granularity, Period, Row, Series};

use super::budget::Budget;
use crate::pace::Operation;
use crate::request::{Failure, FailureKind, Purpose, Requests};

const COST: &str = "UnblendedCost";
const QUANTITY: &str = "UsageQuantity";

/// What was read of a period; rows that were read stay when it fails.
pub(super) struct Read {
    pub(super) series: Series,
    pub(super) failure: Option<Failure>,
}

/// Reads a period to its end, or as far as the budget goes.
pub(super) async fn read(
    requests: &Requests<'_>,
    budget: &Budget,
    period: Period,
    granularity: Granularity,
    only: Option<&BillingNames>,
) -> Read {
    let client = requests.session().costexplorer();
    let send = |token: Option<String>| {
        let call = client
            .get_cost_and_usage()
            .set_time_period(interval(period))
            .granularity(match granularity {
                Granularity::Monthly => Fineness::Monthly,
                Granularity::Daily => Fineness::Daily,
            })
            .metrics(COST)
            .metrics(QUANTITY)
            .group_by(group("LINKED_ACCOUNT"))
            .group_by(group("SERVICE"))
            .set_filter(only.map(filter))
            .set_next_page_token(token);
        async move {
            budget.take()?;
            call.send().await
        }
    };
    requests.expect(Operation::GetCostAndUsage, 1);
    let listing = requests
        .pages(Operation::GetCostAndUsage, Purpose::Main, send, |page| {
            (page.results_by_time.unwrap_or_default(), page.next_page_token)
        })
        .await;
    let complete = listing.failure.is_none();
    let series = Series { granularity, period, complete, estimated: false, rows: Vec::new() };
    filled(series, &listing.items, listing.failure)
}

/// A series with the rows of its answers. One that cannot be understood leaves it incomplete.
fn filled(mut series: Series, answers: &[ResultByTime], mut failure: Option<Failure>) -> Read {
    for result in answers {
        series.estimated |= result.estimated();
        match rows(result, series.period) {
            Ok(rows) => series.rows.extend(rows),
            Err(why) => {
                series.complete = false;
                failure.get_or_insert_with(|| Failure::new(Operation::GetCostAndUsage, FailureKind::Malformed, why));
            }
        }
    }
    series.rows.sort_by(|one, other| {
        (one.account, &one.service, one.start).cmp(&(other.account, &other.service, other.start))
    });
    Read { series, failure }
}

/// AWS's end is the day after the last one.
fn interval(period: Period) -> Option<DateInterval> {
    let end = period.to.saturating_add(1.day());
    // INVARIANT: both members that AWS requires are set.
    DateInterval::builder().start(period.from.to_string()).end(end.to_string()).build().ok()
}

fn group(key: &str) -> GroupDefinition {
    GroupDefinition::builder().r#type(GroupDefinitionType::Dimension).key(key).build()
}

/// Only the names that are known: days around an opt-out are many, and each page costs.
fn filter(names: &BillingNames) -> Expression {
    let values = names.names().map(|it| it.service.clone()).collect();
    let values = DimensionValues::builder().key(Dimension::Service).set_values(Some(values)).build();
    Expression::builder().dimensions(values).build()
}

/// The rows of one month or day.
fn rows(result: &ResultByTime, period: Period) -> Result<Vec<Row>, String> {
    let start = result.time_period().map(DateInterval::start).unwrap_or_default();
    let start: Date = start.parse().map_err(|_| format!("`{}` is no date", brief(start)))?;
    // The first month of a period that begins within it starts with the period.
    let start = start.max(period.from);
    result
        .groups()
        .iter()
        .map(|group| {
            let [account, service] = group.keys() else {
                return Err(format!("a group has {} keys in place of account and service", group.keys().len()));
            };
            let (quantity, _) = amount(group, QUANTITY)?;
            let (cost, unit) = amount(group, COST)?;
            let id = account.parse().map_err(|_| format!("`{}` is no account id", brief(account)))?;
            Ok(Row { account: id, service: service.clone(), start, quantity, cost, unit })
        })
        .collect()
}

fn amount(group: &aws_sdk_costexplorer::types::Group, metric: &str) -> Result<(Amount, String), String> {
    let value = group.metrics().and_then(|metrics| metrics.get(metric));
    let value = value.ok_or_else(|| format!("a group has no {metric}"))?;
    let text = value.amount().unwrap_or_default();
    let amount = text.parse().map_err(|_| format!("`{}` is no amount", brief(text)))?;
    Ok((amount, value.unit().unwrap_or_default().to_owned()))
}

fn brief(text: &str) -> String {
    text.chars().take(40).collect()
}
