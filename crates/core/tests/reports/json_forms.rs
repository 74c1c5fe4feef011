//! SARIF, ASFF, OCSF and OSCAL, read back by `serde_json`.

use std::collections::BTreeSet;

use optout_core::report::{Format, Report};
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use serde_json::Value;

use super::{accepted, acme, cases, hides, origin, rendered, reported};

fn read(report: &Report<'_>, format: Format) -> Value {
    serde_json::from_str(&rendered(report, format)).unwrap()
}

fn texts(value: &Value) -> Vec<&str> {
    match value {
        Value::String(text) => vec![text],
        Value::Array(list) => list.iter().flat_map(texts).collect(),
        Value::Object(map) => map.values().flat_map(texts).collect(),
        Value::Null | Value::Bool(_) | Value::Number(_) => Vec::new(),
    }
}

fn list<'v>(value: &'v Value, pointer: &str) -> &'v [Value] {
    value.pointer(pointer).unwrap().as_array().unwrap()
}

/// As many elements as the report has cases or causes, every text plain, the name of an account as it was.
pub(crate) fn check(report: &Report<'_>, account: Option<&str>) -> Result<(), TestCaseError> {
    let [sarif, asff, ocsf, oscal] =
        [Format::Sarif, Format::Asff, Format::Ocsf, Format::Oscal].map(|it| read(report, it));
    prop_assert_eq!(list(&asff, "").len(), cases(report));
    prop_assert_eq!(list(&ocsf, "").len(), cases(report));
    let causes: BTreeSet<_> = report
        .findings()
        .map(|it| (it.control, it.severity, report.accepted(it), it.message.as_ref().to_owned()))
        .collect();
    prop_assert_eq!(list(&sarif, "/runs/0/results").len(), causes.len());
    prop_assert_eq!(list(&oscal, "/assessment-results/results/0/observations").len(), causes.len());
    prop_assert_eq!(list(&oscal, "/assessment-results/results/0/findings").len(), report.outcomes.len());
    let related: usize = list(&sarif, "/runs/0/results").iter().map(|it| list(it, "/relatedLocations").len()).sum();
    prop_assert_eq!(related, report.findings().count());
    for form in [&sarif, &asff, &ocsf, &oscal] {
        prop_assert!(!texts(form).into_iter().any(|text| text.contains(hides)));
    }
    if let Some(account) = account {
        let resources = list(&ocsf, "").iter().filter(|it| it["resources"][0]["type"] == "account");
        prop_assert!(resources.into_iter().all(|it| it["resources"][0]["name"] == account));
        let details = list(&asff, "").iter().filter(|it| it["Resources"][0]["Type"] == "AwsAccount");
        prop_assert!(details.into_iter().all(|it| it["Resources"][0]["Details"]["Other"]["Name"] == account));
    }
    Ok(())
}

/// Ids that two elements must not share, and that the next report has again.
#[test]
fn ids_are_unique_and_the_same_on_the_next_day() {
    let ids = |format: Format, pointer: &str, at: &str| {
        let snapshot = acme();
        let assessment = optout_core::check::assess(&optout_core::check::Question {
            snapshot: &snapshot,
            catalogue: optout_core::catalogue::Catalogue::embedded(),
            exceptions: optout_core::check::Exceptions::none(),
            at: at.parse().unwrap(),
            evidence: None,
            only: None,
        });
        let accepted = accepted("a study");
        let report = Report::new(&assessment, optout_core::check::Severity::High, &accepted, origin());
        let value = read(&report, format);
        let elements = if format == Format::Sarif { list(&value, "/runs/0/results") } else { list(&value, "") };
        elements.iter().map(|it| it.pointer(pointer).unwrap().to_string()).collect::<Vec<String>>()
    };
    let forms = [
        (Format::Asff, "/Id"),
        (Format::Ocsf, "/finding_info/uid"),
        (Format::Sarif, "/partialFingerprints/primaryLocationLineHash"),
    ];
    for (format, pointer) in forms {
        let today = ids(format, pointer, "2026-11-24T12:00:00Z");
        assert_eq!(today.iter().collect::<BTreeSet<_>>().len(), today.len(), "{}", format.as_str());
        assert_eq!(today, ids(format, pointer, "2026-11-25T12:00:00Z"), "{}", format.as_str());
    }
}

/// Whatever refers to something in an OSCAL document refers to something that is there.
#[test]
fn every_reference_of_oscal_leads_somewhere() {
    let value = reported(&acme(), &accepted("a study"), origin(), |report| read(report, Format::Oscal));
    let mut ids = BTreeSet::new();
    let mut references = BTreeSet::new();
    walk(&value, &mut |key, text| match key {
        "uuid" => assert!(ids.insert(text.to_owned()), "{text} is there twice"),
        key if key.ends_with("-uuid") => drop(references.insert(text.to_owned())),
        "href" => references.extend(text.strip_prefix('#').map(str::to_owned)),
        _ => {}
    });
    assert!(references.is_subset(&ids) && references.len() > 10, "{:?}", references.difference(&ids));
    let objectives: BTreeSet<&str> = list(&value, "/assessment-results/local-definitions/objectives-and-methods")
        .iter()
        .map(|it| it["parts"][0]["id"].as_str().unwrap())
        .collect();
    let targets = list(&value, "/assessment-results/results/0/findings").iter();
    assert!(targets.clone().all(|it| objectives.contains(it["target"]["target-id"].as_str().unwrap())));
    assert_eq!(targets.len(), objectives.len());
}

fn walk(value: &Value, see: &mut impl FnMut(&str, &str)) {
    match value {
        Value::Array(list) => list.iter().for_each(|it| walk(it, see)),
        Value::Object(map) => {
            for (key, value) in map {
                if let Some(text) = value.as_str() {
                    see(key, text);
                }
                walk(value, see);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
}
