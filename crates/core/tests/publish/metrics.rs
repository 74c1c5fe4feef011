//! Metrics in the embedded metric format, by the rules of its documentation.

use optout_core::check::AccountVerdict;
use optout_core::publish::{
    AGE, DIMENSION, NAMESPACE, Publication, Standing, is_namespace, metrics_line, verdict_metric,
};
use serde_json::Value;

use super::{acme, published};

/// What the documentation asks of a line, as far as it can be seen: members, names, references, numbers, units.
/// <https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html>,
/// read 2026-11-24.
fn problems(line: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut must = |holds: bool, what: String| {
        if !holds {
            found.push(what)
        }
    };
    must(line.ends_with('\n') && line.matches('\n').count() == 1, "one line".to_owned());
    must(line.len() < 262_144, "size".to_owned());
    let root: Value = serde_json::from_str(line).unwrap();
    let about = &root["_aws"];
    must(about["Timestamp"].is_i64(), "time stamp in whole milliseconds".to_owned());
    for directive in about["CloudWatchMetrics"].as_array().unwrap() {
        must(is_name(&directive["Namespace"]), "namespace".to_owned());
        for set in directive["Dimensions"].as_array().unwrap() {
            let keys = set.as_array().unwrap();
            must(keys.len() <= 30, "dimensions of a set".to_owned());
            for key in keys {
                let value = root[key.as_str().unwrap()].as_str();
                must(value.is_some_and(|it| (1..=1_024).contains(&it.len())), format!("dimension {key}"));
            }
        }
        let metrics = directive["Metrics"].as_array().unwrap();
        must(metrics.len() <= 100, "number of metrics".to_owned());
        for metric in metrics {
            must(is_name(&metric["Name"]), format!("name {metric}"));
            must(root[metric["Name"].as_str().unwrap()].is_number(), format!("value of {metric}"));
            must(["Count", "Seconds"].contains(&metric["Unit"].as_str().unwrap()), format!("unit of {metric}"));
        }
    }
    found
}

fn is_name(value: &Value) -> bool {
    value.as_str().is_some_and(|name| (1..=255).contains(&name.len()))
}

fn line(publication: &Publication) -> Value {
    let line = metrics_line(publication, NAMESPACE);
    assert_eq!(problems(&line), Vec::<String>::new(), "{line}");
    serde_json::from_str(&line).unwrap()
}

#[test]
fn every_verdict_and_severity_has_a_metric_and_they_add_up() {
    let publication = published(&acme(), Standing::default());
    let root = line(&publication);
    let of = |verdict: &AccountVerdict| root[verdict_metric(*verdict)].as_u64().unwrap();
    let sum: u64 = AccountVerdict::ALL.iter().map(of).sum();
    assert_eq!(root["AccountsCounted"], sum);
    assert_eq!(root[DIMENSION], publication.summary.organization.unwrap());
    let severities = ["FindingsInfo", "FindingsLow", "FindingsMedium", "FindingsHigh", "FindingsCritical"];
    assert!(severities.iter().all(|name| root[*name].is_u64()));
    assert_eq!(root[AGE], 6 * 3_600, "it was read at six and is published at twelve");
}

#[test]
fn before_the_first_full_reading_there_is_no_age() {
    let mut publication = published(&acme(), Standing::default());
    publication.summary.last_full_read = None;
    publication.summary.organization = None;
    let root = line(&publication);
    assert!(root.get(AGE).is_none());
    assert!(!root["_aws"].to_string().contains(AGE));
    assert_eq!(root[DIMENSION], "none");
}

#[test]
fn a_broken_line_is_seen() {
    let line = metrics_line(&published(&acme(), Standing::default()), NAMESPACE);
    assert!(!problems(&line.replace("\"Unknowns\":", "\"Unknown\":")).is_empty());
    assert!(!problems(&line.replace("\"Seconds\"", "\"Hours\"")).is_empty());
}

#[test]
fn namespaces_are_those_that_cloudwatch_takes() {
    assert!(["OptOut", "my/team", "a b"].iter().all(|text| is_namespace(text)));
    assert!(!["", " ", ":x", "AWS/EC2", "ü", "a\nb", &"x".repeat(256)].iter().any(|text| is_namespace(text)));
}
