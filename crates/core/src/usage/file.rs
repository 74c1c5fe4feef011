//! `optout.usage/1`: usage as a file, so that it can be judged again without credentials and without another bill.
//!
//! Reading is strict: a key that is not known, a wrong date or an amount that is none are told with line and column.

use std::fmt::Display;
use std::marker::PhantomData;
use std::str::FromStr;

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::{Amount, Coverage, Granularity, Missing, Period, Requests, Row, Series, Usage, UsageSource};
use crate::org::AccountId;
use crate::source::{Problem, Rejected, Source, Span, json_problem};

/// The name of the form.
pub const FORMAT: &str = "optout.usage/1";
const FAMILY: &str = "optout.usage/";
/// What a bill of fewer than ten thousand days has.
const LONGEST_DAYS: i64 = 10_000;

/// Reads a file.
///
/// # Errors
/// Everything that is wrong with it, with line and column.
pub fn read(source: &Source) -> Result<Usage, Rejected> {
    let text = source.text.strip_prefix('\u{feff}').unwrap_or(&source.text);
    let reject = |problem: Problem| Rejected::new(source.clone(), vec![problem]);
    let help = "expected the form in docs/schemas/usage-1.json";
    let wrong = |error| reject(json_problem("usage-json", &source.text, &error).help(help));
    let Named { format } = serde_json::from_str(text).map_err(wrong)?;
    if format.as_deref() != Some(FORMAT) {
        return Err(reject(other_form(format.as_deref())));
    }
    let file: FileV1 = serde_json::from_str(text).map_err(wrong)?;
    let usage = file.usage();
    let series = usage.whole.iter().chain(&usage.daily);
    let problems: Vec<Problem> = series.filter_map(series_problem).collect();
    if problems.is_empty() { Ok(usage) } else { Err(Rejected::new(source.clone(), problems)) }
}

/// Writes a file: equal bytes for equal usage.
#[must_use]
pub fn write(usage: &Usage) -> String {
    // INVARIANT: every key is a text, which is all that could make this fail.
    serde_json::to_string_pretty(&FileV1::of(usage)).unwrap_or_default() + "\n"
}

#[derive(Deserialize)]
struct Named {
    format: Option<String>,
}

fn other_form(format: Option<&str>) -> Problem {
    let newer =
        format.and_then(|it| it.strip_prefix(FAMILY)).is_some_and(|it| it.parse::<u32>().is_ok_and(|it| it > 1));
    let found: String = format.unwrap_or_default().chars().take(60).collect();
    let problem = match (format, newer) {
        (None, _) => Problem::new("usage-format", "the text has no `format`: it is no saved usage"),
        (Some(_), true) => Problem::new("usage-newer", format!("the form `{found}` is newer than this program knows")),
        (Some(_), false) => Problem::new("usage-format", format!("`{found}` is no form of usage")),
    };
    problem.help(format!("expected `{FORMAT}`, as `optout usage --save FILE` writes it")).at(Span::new(0, 0))
}

/// What no reader of AWS would write.
fn series_problem(series: &Series) -> Option<Problem> {
    let Period { from, to } = series.period;
    let problem = |message: String| Some(Problem::new("usage-period", message).at(Span::new(0, 0)));
    if from > to || series.period.days() > LONGEST_DAYS {
        return problem(format!("a period cannot be from {from} to {to}"));
    }
    let outside = series.rows.iter().find(|row| !series.period.has(row.start));
    outside.and_then(|row| problem(format!("a row of {} is outside of the period from {from} to {to}", row.start)))
}

/// A value that is written as a text.
#[derive(Debug, Clone, Copy)]
struct Text<T>(T);

impl<T: Display> Serialize for Text<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(&self.0)
    }
}

impl<'de, T: FromStr> Deserialize<'de> for Text<T>
where
    T::Err: Display,
{
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor(PhantomData))
    }
}

struct TextVisitor<T>(PhantomData<T>);

impl<T: FromStr> de::Visitor<'_> for TextVisitor<T>
where
    T::Err: Display,
{
    type Value = Text<T>;

    fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
        text.parse().map(Text).map_err(E::custom)
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileV1 {
    /// Always `optout.usage/1`.
    format: String,
    /// When it was read (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    taken: Text<Timestamp>,
    /// The account whose credentials were used.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    caller: Option<Text<AccountId>>,
    source: SourceV1,
    /// The Region whose metrics were read; bills know none.
    region: Option<String>,
    /// The accounts it speaks of; `null` for every account of the organization.
    #[cfg_attr(test, schemars(with = "Option<Vec<String>>"))]
    accounts: Option<Vec<Text<AccountId>>>,
    requests: RequestsV1,
    /// The day of the opt-out that was asked about.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    since: Option<Text<Date>>,
    /// The whole period, by month.
    whole: Option<SeriesV1>,
    /// The days around an opt-out.
    daily: Option<SeriesV1>,
    /// What could not be read.
    missing: Vec<MissingV1>,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum SourceV1 {
    /// Cost Explorer.
    CostExplorer,
    /// Metrics of CloudWatch.
    #[serde(rename = "cloudwatch")]
    CloudWatch,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
enum GranularityV1 {
    Monthly,
    Daily,
}

#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct RequestsV1 {
    /// Those that were sent, repeated ones included: each is billed.
    sent: u64,
    /// How many at most were to be sent.
    most: u64,
    /// What one costs in US dollars, a decimal number.
    #[cfg_attr(test, schemars(with = "String"))]
    price: Text<Amount>,
}

#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct SeriesV1 {
    granularity: GranularityV1,
    /// The first day (UTC).
    #[cfg_attr(test, schemars(with = "String"))]
    from: Text<Date>,
    /// The last day, included.
    #[cfg_attr(test, schemars(with = "String"))]
    to: Text<Date>,
    /// Whether every page was read.
    complete: bool,
    /// Whether AWS calls a part of it estimated.
    estimated: bool,
    rows: Vec<RowV1>,
}

#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct RowV1 {
    #[cfg_attr(test, schemars(with = "String"))]
    account: Text<AccountId>,
    /// The name in bills, or the namespace of metrics.
    service: String,
    #[cfg_attr(test, schemars(with = "String"))]
    start: Text<Date>,
    /// The usage quantity, a decimal number. Units of different kinds are added: it says whether there was use, not how much.
    #[cfg_attr(test, schemars(with = "String"))]
    quantity: Text<Amount>,
    /// The unblended cost, a decimal number.
    #[cfg_attr(test, schemars(with = "String"))]
    cost: Text<Amount>,
    /// The currency.
    unit: String,
}

#[derive(Debug, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct MissingV1 {
    what: String,
    reason: String,
    /// The permission that is missing.
    permission: Option<String>,
}

impl FileV1 {
    fn of(usage: &Usage) -> Self {
        let accounts = match &usage.coverage {
            Coverage::Organization => None,
            Coverage::Accounts(accounts) => Some(accounts.iter().copied().map(Text).collect()),
        };
        let source = match usage.source {
            UsageSource::CostExplorer => SourceV1::CostExplorer,
            UsageSource::CloudWatch => SourceV1::CloudWatch,
        };
        let Requests { sent, most, price } = usage.requests;
        let missing = |it: &Missing| MissingV1 {
            what: it.what.clone(),
            reason: it.reason.clone(),
            permission: it.permission.clone(),
        };
        Self {
            format: FORMAT.to_owned(),
            taken: Text(usage.taken),
            caller: usage.caller.map(Text),
            source,
            region: usage.region.clone(),
            accounts,
            requests: RequestsV1 { sent, most, price: Text(price) },
            since: usage.since.map(Text),
            whole: usage.whole.as_ref().map(SeriesV1::of),
            daily: usage.daily.as_ref().map(SeriesV1::of),
            missing: usage.missing.iter().map(missing).collect(),
        }
    }

    fn usage(self) -> Usage {
        let missing = |it: MissingV1| Missing { what: it.what, reason: it.reason, permission: it.permission };
        Usage {
            taken: self.taken.0,
            caller: self.caller.map(|it| it.0),
            source: match self.source {
                SourceV1::CostExplorer => UsageSource::CostExplorer,
                SourceV1::CloudWatch => UsageSource::CloudWatch,
            },
            region: self.region,
            coverage: self.accounts.map_or(Coverage::Organization, |accounts| {
                Coverage::Accounts(accounts.into_iter().map(|it| it.0).collect())
            }),
            requests: Requests { sent: self.requests.sent, most: self.requests.most, price: self.requests.price.0 },
            since: self.since.map(|it| it.0),
            whole: self.whole.map(SeriesV1::series),
            daily: self.daily.map(SeriesV1::series),
            missing: self.missing.into_iter().map(missing).collect(),
        }
    }
}

impl SeriesV1 {
    fn of(series: &Series) -> Self {
        let row = |it: &Row| RowV1 {
            account: Text(it.account),
            service: it.service.clone(),
            start: Text(it.start),
            quantity: Text(it.quantity),
            cost: Text(it.cost),
            unit: it.unit.clone(),
        };
        Self {
            granularity: match series.granularity {
                Granularity::Monthly => GranularityV1::Monthly,
                Granularity::Daily => GranularityV1::Daily,
            },
            from: Text(series.period.from),
            to: Text(series.period.to),
            complete: series.complete,
            estimated: series.estimated,
            rows: series.rows.iter().map(row).collect(),
        }
    }

    fn series(self) -> Series {
        let row = |it: RowV1| Row {
            account: it.account.0,
            service: it.service,
            start: it.start.0,
            quantity: it.quantity.0,
            cost: it.cost.0,
            unit: it.unit,
        };
        Series {
            granularity: match self.granularity {
                GranularityV1::Monthly => Granularity::Monthly,
                GranularityV1::Daily => Granularity::Daily,
            },
            period: Period { from: self.from.0, to: self.to.0 },
            complete: self.complete,
            estimated: self.estimated,
            rows: self.rows.into_iter().map(row).collect(),
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const WHOLE: &str = include_str!("../../tests/data/usage-1.json");

    fn rejection(text: &str) -> String {
        read(&Source::new("u.json", text)).unwrap_err().to_string()
    }

    #[test]
    fn a_file_of_version_1_is_read_and_written_back_the_same() {
        assert_eq!(write(&read(&Source::new("u.json", WHOLE)).unwrap()), WHOLE);
    }

    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        let schema = schemars::schema_for!(FileV1);
        crate::published::check("usage-1.json", &schema);
        crate::published::check_fits(&schema, &serde_json::from_str(WHOLE).unwrap());
    }

    #[test]
    fn what_is_wrong_is_told_with_line_and_column() {
        let cases = [
            ("\"quantity\": \"1250\"", "\"quantity\": \"many\"", "this is no amount"),
            ("\"taken\": \"2026-11-24T09:00:00Z\"", "\"taken\": \"today\"", "u.json:3:"),
            ("\"missing\": []", "\"missing\": [], \"more\": 1", "unknown field `more`"),
            ("\"granularity\": \"monthly\"", "\"granularity\": \"weekly\"", "unknown variant `weekly`"),
            ("\"from\": \"2026-07-01\"", "\"from\": \"2026-13-01\"", "u.json:"),
            ("\"to\": \"2026-09-30\"", "\"to\": \"2026-06-30\"", "a period cannot be"),
            ("\"start\": \"2026-09-01\"", "\"start\": \"2027-09-01\"", "outside of the period"),
            ("\"account\": \"222222222222\"", "\"account\": \"2222\"", "u.json:"),
        ];
        for (old, new, expected) in cases {
            let text = WHOLE.replacen(old, new, 1);
            assert_ne!(text, WHOLE, "{old}");
            let found = rejection(&text);
            assert!(found.contains(expected) && found.starts_with("u.json:"), "{new}: {found}");
        }
    }

    #[test]
    fn other_files_and_newer_forms_are_refused_by_name() {
        assert!(rejection("{}").contains("no saved usage"));
        assert!(rejection("{\"format\": \"optout.usage/2\"}").contains("newer than this program knows"));
        assert!(rejection("{\"format\": \"optout.snapshot/1\"}").contains("no form of usage"));
        assert!(rejection("").starts_with("u.json:1:"));
    }

    proptest! {
        #[test]
        fn no_text_ends_it(text in ".{0,200}") {
            let _ = read(&Source::new("u.json", text));
        }

        #[test]
        fn a_file_that_is_cut_or_changed_anywhere_is_told_or_read(at in 0..WHOLE.len(), byte in any::<u8>()) {
            let mut bytes = WHOLE.as_bytes().to_vec();
            bytes[at] = byte;
            if let Ok(text) = String::from_utf8(bytes) {
                let _ = read(&Source::new("u.json", text));
            }
            let _ = read(&Source::new("u.json", WHOLE.get(..at).unwrap_or_default()));
        }
    }
}
