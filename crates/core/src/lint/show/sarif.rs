//! SARIF 2.1.0: one run, every rule with its text, a result a finding; fixes as replacements, suppressions with their reason.
//!
//! <https://docs.oasis-open.org/sarif/sarif/v2.1.0/os/sarif-v2.1.0-os.html>, read 2026-11-24.

use serde_json::{Value, json};

use crate::check::Severity;
use crate::lint::rule::{ALL, Rule};
use crate::lint::{Checked, Finding, Lines};
use crate::source::Span;

/// The results as SARIF, pretty-printed, with a line feed at the end. `version` is that of the program.
#[must_use]
pub fn sarif(checked: &[Checked], version: &str) -> String {
    let driver = json!({
        "name": "optout",
        "semanticVersion": version,
        "rules": ALL.iter().map(rule).collect::<Vec<_>>(),
    });
    let run = json!({
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": checked.iter().flat_map(results).collect::<Vec<_>>(),
    });
    let log = json!({"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [run]});
    let text = serde_json::to_string_pretty(&log).unwrap_or_default();
    format!("{text}\n")
}

fn rule(rule: &Rule) -> Value {
    json!({
        "id": rule.id,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.why},
        "help": {"text": rule.remedy},
        "defaultConfiguration": {"level": level(rule.severity)},
        "properties": {"security-severity": score(rule.severity), "tags": ["security", "privacy"]},
    })
}

fn results(checked: &Checked) -> Vec<Value> {
    let lines = checked.lines();
    let open = checked.findings.iter().map(|finding| result(checked, &lines, finding));
    let suppressed = checked.suppressed.iter().map(|it| {
        let mut value = result(checked, &lines, &it.finding);
        if let Some(value) = value.as_object_mut() {
            value.insert("suppressions".into(), json!([{"kind": "inSource", "justification": it.reason}]));
        }
        value
    });
    open.chain(suppressed).collect()
}

fn result(checked: &Checked, lines: &Lines<'_>, finding: &Finding) -> Value {
    let artifact = json!({"uri": uri(&checked.source.name)});
    let region = region(lines, finding.span);
    let text = match &finding.help {
        Some(help) => format!("{}\n{help}", finding.message),
        None => finding.message.clone(),
    };
    let mut result = json!({
        "ruleId": finding.rule,
        "ruleIndex": ALL.iter().position(|rule| rule.id == finding.rule).map_or(-1, |at| i64::try_from(at).unwrap_or(-1)),
        "level": level(finding.severity),
        "message": {"text": text},
        "locations": [{"physicalLocation": {"artifactLocation": artifact, "region": region}}],
    });
    if let (Some(result), [_, ..]) = (result.as_object_mut(), finding.edits.as_slice()) {
        let replacements: Vec<Value> = finding
            .edits
            .iter()
            .map(
                |edit| json!({"deletedRegion": self::region(lines, edit.span), "insertedContent": {"text": edit.text}}),
            )
            .collect();
        let change = json!({"artifactLocation": {"uri": uri(&checked.source.name)}, "replacements": replacements});
        let description = json!({"text": finding.help.as_deref().unwrap_or("mend it")});
        result.insert("fixes".into(), json!([{"description": description, "artifactChanges": [change]}]));
    }
    result
}

fn region(lines: &Lines<'_>, span: Span) -> Value {
    let (start, end) = (lines.at(span.start), lines.at(span.end.max(span.start)));
    json!({"startLine": start.line, "startColumn": start.column, "endLine": end.line, "endColumn": end.column})
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// The number by which GitHub sorts alerts.
const fn score(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical => "9.0",
        Severity::High => "7.0",
        Severity::Medium => "5.0",
        Severity::Low => "3.0",
        Severity::Info => "0.0",
    }
}

/// A path as a relative reference: what has a meaning in addresses is written in hexadecimal.
fn uri(path: &str) -> String {
    let mut uri = String::new();
    for byte in path.replace('\\', "/").bytes() {
        if byte.is_ascii_alphanumeric() || b"/._-~".contains(&byte) {
            uri.push(char::from(byte));
        } else {
            uri.push_str(&format!("%{byte:02X}"));
        }
    }
    uri
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::source::Source;

    #[test]
    fn a_result_has_its_place_its_fix_and_its_rule() {
        let source = Source::new("a b.json", r#"{"services":{"default":{"opt_out_policy":"optOut"}}}"#);
        let text = sarif(&[crate::lint::lint(&source, Catalogue::embedded())], "0.1.0");
        let value: Value = serde_json::from_str(&text).unwrap();
        let result = &value["runs"][0]["results"][0];
        let place = &result["locations"][0]["physicalLocation"];
        assert_eq!(place["artifactLocation"]["uri"], "a%20b.json");
        assert_eq!(place["region"]["startColumn"], 42);
        assert_eq!(result["ruleId"], "policy-bare-value");
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(value["runs"][0]["tool"]["driver"]["rules"][index]["id"], "policy-bare-value");
        let replacement = &result["fixes"][0]["artifactChanges"][0]["replacements"][0];
        assert_eq!(replacement["insertedContent"]["text"], r#"{"@@assign": "optOut"}"#);
    }
}
