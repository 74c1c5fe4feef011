//! Metrics in the embedded metric format: a line of JSON on standard output that CloudWatch Logs turns into metrics.
//!
//! Form and limits: <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>
//! (read 2026-11-24): at most 100 metrics a directive, names of 1 to 255 characters, dimensions are texts beside them.

use serde_json::{Map, Value, json};

use super::Publication;
use super::event::by_severity;
use crate::check::{AccountVerdict, Severity};

/// The namespace, where no other is asked for. Those that begin with `AWS/` are AWS's.
pub const NAMESPACE: &str = "OptOut";
/// The one dimension of every metric: the organization's id, or `none`.
pub const DIMENSION: &str = "OrganizationId";
/// How many seconds ago the last full reading began; not there before the first one.
pub const AGE: &str = "LastFullReadAge";

/// How many things could not be determined.
pub const UNKNOWNS: &str = "Unknowns";

/// The metric of how many accounts have a verdict.
#[must_use]
pub const fn verdict_metric(verdict: AccountVerdict) -> &'static str {
    match verdict {
        AccountVerdict::Excepted => "AccountsExcepted",
        AccountVerdict::OptedOut => "AccountsOptedOut",
        AccountVerdict::OptedOutToday => "AccountsOptedOutToday",
        AccountVerdict::Unknown => "AccountsUnknown",
        AccountVerdict::NotOptedOut => "AccountsNotOptedOut",
        AccountVerdict::OptedIn => "AccountsOptedIn",
    }
}

/// The metric of how many findings of a severity do not hold and were not accepted.
#[must_use]
pub const fn finding_metric(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "FindingsInfo",
        Severity::Low => "FindingsLow",
        Severity::Medium => "FindingsMedium",
        Severity::High => "FindingsHigh",
        Severity::Critical => "FindingsCritical",
    }
}

/// Whether CloudWatch takes a text as a namespace of ours.
///
/// Source: botocore 1.44.5, cloudwatch model, `Namespace`, read 2026-11-24 (length, no `:` first, not AWS's). The characters are
/// fewer than the ASCII that it allows: those of older descriptions.
#[must_use]
pub fn is_namespace(text: &str) -> bool {
    let allowed = |character: char| character.is_ascii_alphanumeric() || ".-_/#: ".contains(character);
    (1..=255).contains(&text.len())
        && text.chars().all(allowed)
        && !text.trim().is_empty()
        && !text.starts_with(':')
        && !text.starts_with("AWS/")
}

/// The metrics of a publication as one line, with its end. The counts: accounts by verdict, `AccountsCounted`, `Unknowns`,
/// findings by severity; the age in seconds.
#[must_use]
pub fn metrics_line(publication: &Publication, namespace: &str) -> String {
    let values = values(publication);
    let definitions: Vec<Value> = values.iter().map(|(name, unit, _)| json!({ "Name": name, "Unit": unit })).collect();
    let mut line: Map<String, Value> =
        values.iter().map(|(name, _, value)| ((*name).to_owned(), json!(value))).collect();
    let organization = publication.summary.organization.as_deref().unwrap_or("none");
    line.insert(DIMENSION.to_owned(), json!(organization));
    let directive = json!({ "Namespace": namespace, "Dimensions": [[DIMENSION]], "Metrics": definitions });
    let about = json!({ "Timestamp": publication.at.as_millisecond(), "CloudWatchMetrics": [directive] });
    line.insert("_aws".to_owned(), about);
    Value::Object(line).to_string() + "\n"
}

fn values(publication: &Publication) -> Vec<(&'static str, &'static str, i64)> {
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let summary = &publication.summary;
    let mut values =
        vec![("AccountsCounted", "Count", count(summary.counted)), (UNKNOWNS, "Count", count(summary.unknowns))];
    values.extend(summary.verdicts.iter().map(|(verdict, it)| (verdict_metric(*verdict), "Count", count(*it))));
    let findings = by_severity(publication);
    values.extend(findings.into_iter().map(|(severity, it)| (finding_metric(severity), "Count", count(it))));
    values.extend(publication.age_seconds().map(|age| (AGE, "Seconds", age)));
    values
}
