//! `optout.exposure/1`: the review for machines. The structs are its form, apart from what the program works with.

use serde::Serialize;

use super::{
    AccountExposure, Comparison, Entry, Exposure, Missing, Pair, Requests, Review, Standing, Stranger, Unplaced,
};
use crate::check::Assessment;

/// The name of the form.
pub const FORMAT: &str = "optout.exposure/1";

impl Review {
    /// The review as JSON text, equal bytes for equal reviews.
    #[must_use]
    pub fn json(&self, assessment: &Assessment<'_>, tool_version: &str) -> String {
        // INVARIANT: every key is a text, which is all that could make this fail.
        serde_json::to_string_pretty(&FileV1::of(self, assessment, tool_version)).unwrap_or_default() + "\n"
    }
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FileV1<'a> {
    /// Always `optout.exposure/1`.
    format: &'static str,
    /// The version of optout.
    tool_version: &'a str,
    /// The time by which verdicts were judged (RFC 3339).
    at: String,
    /// Where usage comes from, in words.
    origin: &'a str,
    /// `cost-explorer` or `cloudwatch`.
    source: &'static str,
    /// When usage was read.
    taken: String,
    /// The first day; `null` where nothing was read.
    from: Option<String>,
    /// The last day, included.
    to: Option<String>,
    /// The requests that were sent, and what they cost in US dollars.
    requests: RequestsV1,
    /// Services in accounts that count, by standing.
    summary: Vec<CountV1>,
    /// The gravest first.
    accounts: Vec<AccountV1<'a>>,
    /// Accounts in the bill that are none of the organization as it was read.
    strangers: Vec<StrangerV1<'a>>,
    /// Names in the bill that look like affected services and are not known.
    unknown_names: Vec<NameV1<'a>>,
    /// The days before and after an opt-out; `null` where none was asked about or nothing can be said.
    comparison: Option<ComparisonV1<'a>>,
    missing: Vec<MissingV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct RequestsV1 {
    sent: u64,
    most: u64,
    /// A decimal number.
    cost_usd: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CountV1 {
    standing: &'static str,
    services: usize,
    accounts: usize,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct AccountV1<'a> {
    id: String,
    name: &'a str,
    counted: bool,
    verdict: &'static str,
    services: Vec<ServiceV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ServiceV1<'a> {
    key: &'a str,
    verdict: &'static str,
    /// `used`, `used-or-a-service-billed-with-it`, `not-used`, `unknown`.
    usage: &'static str,
    /// Why usage is not known.
    unknown_because: Option<&'static str>,
    standing: &'static str,
    /// The names in the bill, or namespaces, under which use was seen.
    names: &'a [String],
    /// Decimal numbers.
    quantity: String,
    cost: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct StrangerV1<'a> {
    id: String,
    names: &'a [String],
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct NameV1<'a> {
    name: &'a str,
    looks_like: &'a [String],
    accounts: Vec<String>,
    cost: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ComparisonV1<'a> {
    since: String,
    /// Whole weeks on each side.
    weeks: i64,
    before_from: String,
    before_to: String,
    after_from: String,
    after_to: String,
    pairs: Vec<PairV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct PairV1<'a> {
    account: String,
    service: &'a str,
    /// `steady`, `fell`, `stopped`, `rose`, `began`, `not-judged`.
    course: &'static str,
    /// In words; the reason where nothing is judged.
    words: &'static str,
    working_days_only_before: bool,
    weeks_before: Vec<String>,
    weeks_after: Vec<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct MissingV1<'a> {
    what: &'a str,
    reason: &'a str,
    permission: Option<&'a str>,
}

impl<'a> FileV1<'a> {
    fn of(review: &'a Review, assessment: &Assessment<'_>, tool_version: &'a str) -> Self {
        let (usage, exposure) = (&review.usage, &review.exposure);
        let period = usage.whole.as_ref().map(|it| it.period);
        Self {
            format: FORMAT,
            tool_version,
            at: assessment.at.to_string(),
            origin: &review.origin,
            source: usage.source.as_str(),
            taken: usage.taken.to_string(),
            from: period.map(|it| it.from.to_string()),
            to: period.map(|it| it.to.to_string()),
            requests: requests(usage.requests),
            summary: Standing::ALL.iter().map(|standing| count(exposure, *standing)).collect(),
            accounts: exposure.accounts.iter().map(account).collect(),
            strangers: exposure.strangers.iter().map(stranger).collect(),
            unknown_names: exposure.unplaced.iter().map(unplaced).collect(),
            comparison: review.comparison.as_ref().map(comparison),
            missing: usage.missing.iter().map(missing).collect(),
        }
    }
}

fn requests(it: Requests) -> RequestsV1 {
    RequestsV1 { sent: it.sent, most: it.most, cost_usd: it.cost().to_string() }
}

fn count(exposure: &Exposure, standing: Standing) -> CountV1 {
    CountV1 {
        standing: standing.as_str(),
        services: exposure.services_with(standing),
        accounts: exposure.accounts_with(standing),
    }
}

fn stranger(it: &Stranger) -> StrangerV1<'_> {
    StrangerV1 { id: it.id.to_string(), names: &it.names }
}

fn unplaced(it: &Unplaced) -> NameV1<'_> {
    NameV1 {
        name: &it.service,
        looks_like: &it.keys,
        accounts: it.accounts.iter().map(ToString::to_string).collect(),
        cost: it.cost.to_string(),
    }
}

fn comparison(it: &Comparison) -> ComparisonV1<'_> {
    ComparisonV1 {
        since: it.since.to_string(),
        weeks: it.weeks,
        before_from: it.before.from.to_string(),
        before_to: it.before.to.to_string(),
        after_from: it.after.from.to_string(),
        after_to: it.after.to.to_string(),
        pairs: it.pairs.iter().map(pair).collect(),
    }
}

fn missing(it: &Missing) -> MissingV1<'_> {
    MissingV1 { what: &it.what, reason: &it.reason, permission: it.permission.as_deref() }
}

fn account(it: &AccountExposure) -> AccountV1<'_> {
    AccountV1 {
        id: it.id.to_string(),
        name: &it.name,
        counted: it.counted,
        verdict: it.verdict.as_str(),
        services: it.entries.iter().map(service).collect(),
    }
}

fn service(it: &Entry) -> ServiceV1<'_> {
    ServiceV1 {
        key: &it.key,
        verdict: it.verdict.as_str(),
        usage: it.observed.state.as_str(),
        unknown_because: it.observed.state.why_unknown(),
        standing: it.standing.as_str(),
        names: &it.observed.names,
        quantity: it.observed.quantity.to_string(),
        cost: it.observed.cost.to_string(),
    }
}

fn pair(it: &Pair) -> PairV1<'_> {
    PairV1 {
        account: it.account.to_string(),
        service: &it.service,
        course: it.course.as_str(),
        words: super::words::course(it.course),
        working_days_only_before: it.working_days_only,
        weeks_before: it.weeks.before.iter().map(ToString::to_string).collect(),
        weeks_after: it.weeks.after.iter().map(ToString::to_string).collect(),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("exposure-1.json", &crate::published::written::<super::FileV1<'static>>());
    }
}
