//! Sentences that several forms of a review have in common.

use super::{Comparison, Course, Open, Review, Series, Standing, UsageSource};

/// What the review is of: days, source, accounts.
pub(crate) fn scope(review: &Review) -> String {
    let usage = &review.usage;
    let days = match &usage.whole {
        Some(Series { period, .. }) => format!("from {} to {} (UTC, both included)", period.from, period.to),
        None => "of no period: nothing could be read".to_owned(),
    };
    let source = match (usage.source, &usage.region) {
        (UsageSource::CostExplorer, _) => "by the bills that Cost Explorer shows".to_owned(),
        (UsageSource::CloudWatch, Some(region)) => format!("by CloudWatch metrics of the Region {region} alone"),
        (UsageSource::CloudWatch, None) => "by CloudWatch metrics of one Region".to_owned(),
    };
    format!("Usage {days}, {source}; it speaks of {}.", usage.coverage.words())
}

/// What it cost to ask.
pub(crate) fn price(review: &Review) -> String {
    let requests = &review.usage.requests;
    let plural = if requests.sent == 1 { "request was" } else { "requests were" };
    match review.usage.source {
        UsageSource::CostExplorer => format!(
            "{} {plural} sent to Cost Explorer, of at most {}; at {} US dollars a request, as AWS documents it, that is {} US dollars.",
            requests.sent,
            requests.most,
            requests.price,
            requests.cost()
        ),
        UsageSource::CloudWatch => format!("{} {plural} sent; GetMetricData is billed by the metric.", requests.sent),
    }
}

/// What it means that nothing at all was seen; `None` where something was.
pub(crate) fn empty(review: &Review) -> Option<&'static str> {
    let is_empty = review.usage.whole.as_ref().is_some_and(|it| it.complete && it.rows.is_empty());
    is_empty.then_some(match review.usage.source {
        UsageSource::CostExplorer => {
            "The bill of these days names no service at all. Look whether --from and --to are the days that are meant, and whether \
             the console's Cost Explorer shows anything for them."
        }
        UsageSource::CloudWatch => {
            "No metric of these services was published here within the last two weeks: look in the Regions where they are used (--region)."
        }
    })
}

/// What a reader might take it for.
pub(crate) const LIMITS: [&str; 4] = [
    "Bills name services, not features: where several keys share a name they cannot be told apart, and that a service was used \
     says nothing of what content it saw.",
    "Quantities of different units are added by AWS; they say whether there was use, free use included, and not how much.",
    "What is not billed at all is not seen: that nothing was billed is shown as not used only under names that are proven.",
    "AWS applies the opt-out without a trace in usage. A change of usage after it has its own reasons.",
];

/// How many accounts and services have a standing.
pub(crate) fn count(review: &Review, standing: Standing) -> String {
    let (accounts, services) = (review.exposure.accounts_with(standing), review.exposure.services_with(standing));
    let words = |count: usize, one: &str, many: &str| format!("{count} {}", if count == 1 { one } else { many });
    format!("{} in {}", words(services, "service", "services"), words(accounts, "account", "accounts"))
}

/// The days that are compared, or why none are.
pub(crate) fn window(review: &Review) -> Option<String> {
    let since = review.usage.since?;
    let Some(comparison) = &review.comparison else {
        return Some(format!(
            "Before and after {since}: not judged, since the days around it were not read to the end."
        ));
    };
    let Comparison { weeks, before, after, .. } = comparison;
    Some(if *weeks < 2 {
        format!("Before and after {since}: not judged, {} have bills that are settled.", Open::TooShort.words())
    } else {
        format!(
            "Before and after {since}: {weeks} whole weeks each, {} to {} and {} to {}; the same weekdays on both sides, the day \
             itself in neither.",
            before.from, before.to, after.from, after.to
        )
    })
}

/// A course in words.
pub(crate) const fn course(course: Course) -> &'static str {
    match course {
        Course::Steady => "as before",
        Course::Fell => "less than before",
        Course::Stopped => "not used any more",
        Course::Rose => "more than before",
        Course::Began => "not used before",
        Course::Open(open) => open.words(),
    }
}
