//! A run for every organization in one log. One of which nothing is known is a run that did not succeed, with the reason.

use serde_json::{Value, json};

use crate::fleet::{Entry, FleetReport};
use crate::report::sarif::{log, run};
use crate::source::shown;

/// The report as SARIF.
pub(super) fn render(report: &FleetReport<'_>) -> String {
    log(report.entries.iter().map(|entry| of(report, entry)).collect())
}

fn of(report: &FleetReport<'_>, entry: &Entry<'_>) -> Value {
    if let Some(one) = entry.report() {
        return run(one, &entry.file_name);
    }
    let text = format!("{}: {}", shown(&entry.name), shown(&super::why(entry)));
    json!({
        "tool": {"driver": {"name": "optout", "semanticVersion": report.origin.tool_version}},
        "automationDetails": {"id": format!("optout/{}/", entry.file_name)},
        "invocations": [{
            "executionSuccessful": false,
            "endTimeUtc": report.origin.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
            "toolExecutionNotifications": [{"level": "error", "message": {"text": text}}],
        }],
        "columnKind": "unicodeCodePoints",
        "results": [],
    })
}
