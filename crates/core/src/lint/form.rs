//! The machine form of lint results: `optout.lint/1`, its own structs, schema in `docs/schemas/lint-1.json`.

use serde::Serialize;

use super::Checked;

/// The version of the form.
pub const FORMAT: &str = "optout.lint/1";

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Form<'a> {
    /// Always `optout.lint/1`.
    format: &'a str,
    /// Each file with a policy, or with something to say about: those of a repository in the order of their paths.
    documents: Vec<Document<'a>>,
    /// What was not looked at, and why.
    #[serde(skip_serializing_if = "<[Note]>::is_empty")]
    notes: &'a [Note],
}

/// A file that was not looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Note {
    /// The path.
    pub path: String,
    /// Why it was not looked at.
    pub why: String,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Document<'a> {
    /// The path as it was given.
    path: &'a str,
    /// What it is: `document` (a policy), `terraform`, `terraform-values`, `json`, `yaml`, `shell`, `python`, `javascript`,
    /// `robots`.
    kind: &'a str,
    /// Whether AWS's CreatePolicy would accept it, as far as the catalogue knows the services.
    admissible: bool,
    /// What was found, in the order of the text.
    findings: Vec<Finding<'a>>,
    /// What a comment suppresses, with its reason.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    suppressed: Vec<Suppressed<'a>>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Suppressed<'a> {
    /// The rule.
    rule: &'a str,
    /// The line, from 1.
    line: usize,
    /// The reason that the comment gives.
    reason: &'a str,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Finding<'a> {
    /// The rule, in kebab-case.
    rule: &'a str,
    /// `info`, `low`, `medium`, `high` or `critical`.
    severity: &'a str,
    /// The line, from 1.
    line: usize,
    /// The column in characters, from 1.
    column: usize,
    /// What is wrong.
    message: &'a str,
    /// What to do about it.
    help: Option<&'a str>,
    /// Whether `--fix` mends it.
    fixable: bool,
}

/// The results as JSON, pretty-printed, with a line feed at the end.
#[must_use]
pub fn json(documents: &[Checked], notes: &[Note]) -> String {
    let form = Form { format: FORMAT, documents: documents.iter().map(document).collect(), notes };
    let text = serde_json::to_string_pretty(&form).unwrap_or_default();
    format!("{text}\n")
}

fn document(checked: &Checked) -> Document<'_> {
    let lines = checked.lines();
    let finding = |finding: &'_ super::Finding| lines.position(finding);
    let findings = checked.findings.iter().map(|found| (found, finding(found))).map(|(found, at)| Finding {
        rule: found.rule,
        severity: found.severity.as_str(),
        line: at.line,
        column: at.column,
        message: &found.message,
        help: found.help.as_deref(),
        fixable: !found.edits.is_empty(),
    });
    let suppressed = checked.suppressed.iter().map(|it| Suppressed {
        rule: it.finding.rule,
        line: lines.position(&it.finding).line,
        reason: &it.reason,
    });
    Document {
        path: &checked.source.name,
        kind: checked.kind.as_str(),
        admissible: checked.admissible,
        findings: findings.collect(),
        suppressed: suppressed.collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::source::Source;

    #[test]
    fn a_finding_has_its_place_and_remedy() {
        let source = Source::new("p.json", "{\n \"service\": {}\n}");
        let text = json(&[super::super::lint(&source, Catalogue::embedded())], &[]);
        let value: serde_json::Value = serde_json::from_str(&text).unwrap();
        let finding = &value["documents"][0]["findings"][1];
        assert_eq!(value["format"], "optout.lint/1");
        assert_eq!(
            (&finding["rule"], &finding["line"], &finding["column"]),
            (&"policy-unknown-key".into(), &2.into(), &2.into())
        );
    }

    #[test]
    fn the_published_schema_is_as_new_as_the_form() {
        crate::published::check("lint-1.json", &crate::published::written::<Form<'_>>());
    }
}
