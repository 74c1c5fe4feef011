//! What holds for the lint of any file: every finding has its place, what is mended is read again, and a second mending changes nothing.

use std::collections::BTreeMap;

use optout_core::catalogue::Catalogue;
use optout_core::lint::{Input, fixed, json, lint_repository, sarif};
use optout_core::source::Source;

use super::reader;

const DOCUMENT: &str = "document.json";

/// Terraform.
pub(crate) fn terraform(bytes: &[u8]) {
    holds("main.tf", bytes);
}

/// CloudFormation and other YAML.
pub(crate) fn cloudformation(bytes: &[u8]) {
    holds("template.yaml", bytes);
}

/// JSON: documents, templates, plans of Terraform, `cdk.out`.
pub(crate) fn documents(bytes: &[u8]) {
    holds(DOCUMENT, bytes);
}

/// Programs: shell, Python, TypeScript.
pub(crate) fn scripts(bytes: &[u8]) {
    ["apply.sh", "apply.py", "stack.ts"].into_iter().for_each(|name| holds(name, bytes));
}

fn holds(name: &str, bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    placed(name, &source.text);
    mended_once(name, &source.text, |inputs| fixed(inputs, Catalogue::embedded()));
}

/// `text` as the only file of a repository; a document is named, so that it is judged whatever it holds.
fn repository(name: &str, text: &str) -> [Input; 1] {
    [Input { source: Source::new(name, text), named: name == DOCUMENT }]
}

fn placed(name: &str, text: &str) {
    let checked = lint_repository(&repository(name, text), Catalogue::embedded());
    for checked in &checked {
        let lines = checked.lines();
        for finding in &checked.findings {
            let text = &checked.source.text;
            assert!(text.get(finding.span.start..finding.span.end).is_some(), "{finding:?}");
            let (from, to) = (lines.position(finding), lines.end(finding));
            assert!((from.line, from.column) <= (to.line, to.column), "{from:?} {to:?}");
            let _ = lines.excerpt(finding);
        }
    }
    for shown in [json(&checked, &[]), sarif(&checked, "0")] {
        assert!(serde_json::from_str::<serde_json::Value>(&shown).is_ok(), "{shown}");
    }
}

/// What is mended is not mended again.
pub(crate) fn mended_once(name: &str, text: &str, fixed: impl Fn(&[Input]) -> BTreeMap<usize, String>) {
    for mended in fixed(&repository(name, text)).into_values() {
        for twice in fixed(&repository(name, &mended)).into_values() {
            assert_eq!(twice, mended, "a second mending changes more");
        }
    }
}
