//! SARIF 2.1.0: one result per cause, its subjects as related locations.
//!
//! Field meanings: the standard, <https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>; what code scanning
//! makes of them: <https://docs.github.com/en/code-security/reference/code-scanning/sarif-files/sarif-support> (both
//! read 2026-11-24). Code scanning wants a file of the repository for every result: it is the intent, where such things
//! are mended; without one, `optout.toml`. It shows every result as an alert whatever its `kind`, so that only what
//! does not hold is a result; what could not be determined is a notification of the invocation.

use serde::Serialize;
use serde_json::{Value, json};

use super::case::{Cause, causes};
use super::subject::{About, Subjects};
use super::{Report, Unknown, answer, json as form, stable};
use crate::check::{Control, Severity, Subject};
use crate::source::{shown, shown_json};

/// Code scanning refuses a file with more than 1,000 locations of one result, its own among them:
/// <https://docs.github.com/en/code-security/code-scanning/troubleshooting-sarif-uploads/results-exceed-limit> (read
/// 2026-11-24).
const MOST_LOCATIONS: usize = 999;

/// The report as SARIF.
pub(super) fn render(report: &Report<'_>) -> String {
    let organization = Subjects::of(report).organization().id;
    log(vec![run(report, &organization)])
}

/// The run of a report; `category` tells it from the runs about others.
pub(super) fn run(report: &Report<'_>, category: &str) -> Value {
    let subjects = Subjects::of(report);
    let uri = artifact(report);
    let results: Vec<Value> = causes(report).iter().map(|cause| result(cause, &subjects, &uri)).collect();
    json!({
        "tool": {"driver": driver(report)},
        "automationDetails": {"id": format!("optout/{category}/")},
        "invocations": [invocation(report)],
        "columnKind": "unicodeCodePoints",
        "results": results,
    })
}

/// Runs as a document.
pub(super) fn log(runs: Vec<Value>) -> String {
    let log = Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs,
    };
    // INVARIANT: every map key is a string, which is all that could make this fail.
    let text = serde_json::to_string_pretty(&log).unwrap_or_default() + "\n";
    shown_json(&text).into_owned()
}

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: Vec<Value>,
}

fn driver(report: &Report<'_>) -> Value {
    let rules: Vec<Value> = report.outcomes.iter().map(|(control, _)| rule(control)).collect();
    json!({"name": "optout", "semanticVersion": report.origin.tool_version, "rules": rules})
}

fn rule(control: &Control) -> Value {
    let mut rule = json!({
        "id": control.id,
        "shortDescription": {"text": control.title},
        "fullDescription": {"text": control.why},
        "help": {"text": format!("{}\n\nMend: {}", control.why, control.remedy)},
        "defaultConfiguration": {"level": level(control.severity)},
        "properties": {"tags": ["security"], "precision": "very-high"},
    });
    let address = control.sources.iter().find_map(|source| address(source));
    if let (Some(address), Some(rule)) = (address, rule.as_object_mut()) {
        rule.insert("helpUri".to_owned(), address.into());
    }
    if let (Some(score), Some(properties)) = (score(control.severity), rule.pointer_mut("/properties")) {
        properties["security-severity"] = score.into();
    }
    rule
}

/// The address at the start of a source.
pub(super) fn address(source: &'static str) -> Option<&'static str> {
    source.split(' ').next().filter(|first| first.starts_with("https://"))
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// What code scanning translates back to the same word: over 9.0 critical, 7.0 to 8.9 high, 4.0 to 6.9 medium, 0.1 to
/// 3.9 low.
const fn score(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.0"),
        Severity::Low => Some("2.0"),
        Severity::Info => None,
    }
}

fn result(cause: &Cause<'_>, subjects: &Subjects<'_>, uri: &str) -> Value {
    let (control, message) = (cause.control, shown(cause.message));
    let related: Vec<Value> =
        cause.subjects.iter().take(MOST_LOCATIONS).map(|subject| location(&subjects.about(subject))).collect();
    let organization = subjects.organization().id;
    let accepted = cause.accepted.as_deref().unwrap_or_default();
    let same = ["sarif", &organization, control.id, cause.severity.as_str(), accepted, cause.message];
    let fingerprint = stable::id(&same).simple();
    let suppressions: Vec<Value> = cause
        .accepted
        .iter()
        .map(|reason| json!({"kind": "external", "status": "accepted", "justification": shown(reason)}))
        .collect();
    json!({
        "ruleId": control.id,
        "level": level(cause.severity),
        "message": {"text": format!("{}: {message}", named(&cause.subjects, subjects))},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": 1}}}],
        "relatedLocations": related,
        "occurrenceCount": cause.subjects.len(),
        "partialFingerprints": {"primaryLocationLineHash": format!("{fingerprint}:1")},
        "suppressions": suppressions,
        "properties": {"severity": cause.severity.as_str()},
    })
}

/// The first few subjects, then how many more.
fn named(list: &[&Subject], subjects: &Subjects<'_>) -> String {
    const SHOWN: usize = 3;
    let first: Vec<String> = list.iter().take(SHOWN).map(|subject| subjects.about(subject).label()).collect();
    match list.len().saturating_sub(SHOWN) {
        0 => first.join(", "),
        more => format!("{} and {more} more", first.join(", ")),
    }
}

/// A subject as a logical location; kinds other than those of programming languages are allowed ("should be one of").
fn location(about: &About) -> Value {
    let mut logical = json!({"name": about.id, "kind": about.kind});
    if let Some(logical) = logical.as_object_mut() {
        logical.extend(about.arn.iter().map(|arn| ("decoratedName".to_owned(), arn.as_str().into())));
        logical.extend(full_name(about).map(|name| ("fullyQualifiedName".to_owned(), name.into())));
    }
    json!({"logicalLocations": [logical]})
}

/// The names from the root down to the subject, its own last.
fn full_name(about: &About) -> Option<String> {
    match (about.path.as_deref(), about.name.as_deref()) {
        (Some(path), Some(name)) if about.account.is_some() => Some(format!("{}/{name}", path.trim_end_matches('/'))),
        (Some(path), _) => Some(path.to_owned()),
        (None, name) => name.map(str::to_owned),
    }
}

fn invocation(report: &Report<'_>) -> Value {
    let assessment = report.assessment;
    let notifications: Vec<Value> = report.unknowns.iter().map(notification).collect();
    json!({
        "executionSuccessful": true,
        "endTimeUtc": assessment.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        "toolExecutionNotifications": notifications,
        "properties": {
            "verdict": assessment.verdict.as_str(),
            "decision": form::decision(report.decision),
            "answer": shown(&answer::sentence(assessment)),
            "basis": answer::basis(assessment),
        },
    })
}

fn notification(unknown: &Unknown) -> Value {
    json!({"level": "warning", "message": {"text": shown(&format!("unknown: {}: {}", unknown.what, unknown.reason))}})
}

/// The path of the intent as a relative URI.
fn artifact(report: &Report<'_>) -> String {
    let path = report.origin.intent.as_ref().map_or("optout.toml", |(path, _)| path.as_str());
    let path = path.replace('\\', "/");
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte);
    let part = |byte: u8| if allowed(byte) { char::from(byte).to_string() } else { format!("%{byte:02X}") };
    path.trim_start_matches("./").bytes().map(part).collect()
}
