//! `tests/data/lint/rules/RULE.txt`: cases of a rule. A case is `@case KIND what it is`, then files as `@file PATH` and text.
//!
//! KIND is `wrong` or `variant` (the rule finds it), `near` (it does not) or `right` (no rule finds anything).

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

use optout_core::lint::rule;

use crate::rules;

struct Case {
    kind: String,
    name: String,
    files: Vec<(String, String)>,
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/lint").join(name)
}

fn texts(name: &str) -> BTreeMap<String, String> {
    let files = std::fs::read_dir(folder(name)).unwrap().map(|file| file.unwrap().path());
    files
        .map(|path| (path.file_stem().unwrap().to_string_lossy().into_owned(), std::fs::read_to_string(path).unwrap()))
        .collect()
}

fn cases(text: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    for line in text.split_inclusive('\n') {
        if let Some(head) = line.strip_prefix("@case ") {
            let (kind, name) = head.trim().split_once(' ').unwrap();
            cases.push(Case { kind: kind.to_owned(), name: name.to_owned(), files: Vec::new() });
        } else if let Some(path) = line.strip_prefix("@file ") {
            cases.last_mut().unwrap().files.push((path.trim().to_owned(), String::new()));
        } else if let Some((_, text)) = cases.last_mut().and_then(|case| case.files.last_mut()) {
            text.push_str(line);
        }
    }
    cases
}

fn found(case: &Case) -> BTreeSet<&'static str> {
    let files: Vec<(&str, &str)> = case.files.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    rules(&files)
}

#[test]
fn every_rule_finds_its_mistake_in_two_styles_and_spares_a_near_miss() {
    let mut wrong = Vec::new();
    for (id, text) in texts("rules") {
        let cases = cases(&text);
        for case in &cases {
            let found = found(case);
            let as_said = match case.kind.as_str() {
                "wrong" | "variant" => found.contains(id.as_str()),
                "near" => !found.contains(id.as_str()),
                "right" => found.is_empty(),
                other => panic!("{id}: {other} is no kind of case"),
            };
            if !as_said {
                wrong.push(format!("{id}, {} `{}`: found {found:?}", case.kind, case.name));
            }
        }
        for kinds in [&["wrong"][..], &["variant"], &["near", "right"]] {
            assert!(cases.iter().any(|case| kinds.contains(&case.kind.as_str())), "{id} has no case {kinds:?}");
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_cases() {
    // Of a text that cannot be read at all there is nothing to show here; it has tests of its own.
    let elsewhere = ["not-utf-8", "more-problems"];
    let known = texts("rules");
    let missing: Vec<&str> =
        rule::ALL.iter().map(|rule| rule.id).filter(|id| !known.contains_key(*id) && !elsewhere.contains(id)).collect();
    assert!(missing.is_empty(), "no cases of {missing:?}");
    let unknown: Vec<&String> = known.keys().filter(|id| rule::find(id).is_none()).collect();
    assert!(unknown.is_empty(), "no rules {unknown:?}");
}

#[test]
fn what_is_right_has_no_finding() {
    let mut wrong = Vec::new();
    for (name, text) in texts("right") {
        for case in cases(&text) {
            let found = found(&case);
            if !found.is_empty() {
                wrong.push(format!("{name}, `{}`: found {found:?}", case.name));
            }
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_page_of_rules_is_as_new_as_the_table() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/lint.md");
    let page = optout_core::lint::page();
    if std::env::var_os("UPDATE_GENERATED").is_some_and(|value| value == "1") {
        std::fs::write(&path, &page).unwrap();
    }
    let published = std::fs::read_to_string(&path).unwrap_or_default().replace("\r\n", "\n");
    assert!(published == page, "docs/lint.md is stale: run the tests with UPDATE_GENERATED=1");
}
