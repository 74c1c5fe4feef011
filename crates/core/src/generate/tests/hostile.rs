//! Properties over names, descriptions and tags of any characters.

use std::collections::{BTreeMap, BTreeSet};

use proptest::prelude::*;
use serde_json::{Value, json};

use super::design;
use super::read::{hcl, shell};
use crate::generate::{
    Declared, Design, Labelled, Output, cdk, cloudformation, landing, policy, runbook, script, terraform,
};
use crate::org::TargetId;
use crate::plan::Wanted;
use crate::source::shown_lines;

#[path = "../../../../../tests/hostile/mod.rs"]
mod pieces;

use pieces::PIECES;

/// Texts in which every language between an intent and AWS has something to act on.
fn text() -> impl Strategy<Value = String> {
    let pieces = prop::sample::select(PIECES.iter().copied().chain(["\u{0}"]).collect::<Vec<_>>());
    prop::collection::vec(
        prop_oneof![9 => pieces.prop_map(str::to_owned), 1 => any::<char>().prop_map(String::from)],
        0..12,
    )
    .prop_map(|pieces| pieces.concat().replace("{{resolve:", "").replace("${Token[", ""))
}

fn wanted(is_main: bool, name: String, description: String, tags: BTreeMap<String, String>) -> Wanted {
    let content = json!({"services": {"connecthealth::training": {"opt_out_policy": {"@@assign": "optOut"}}}});
    let targets: Vec<TargetId> = vec!["111111111111".parse().unwrap(), "r-exam".parse().unwrap()];
    let content = content.to_string();
    Wanted { id: None, is_main, name, description, content, tags, targets, attached: BTreeSet::new() }
}

fn design() -> impl Strategy<Value = Design> {
    let tags = prop::collection::btree_map(text(), text(), 0..4);
    (text(), text(), text(), text(), tags).prop_map(|(name, other, description, intent, tags)| {
        let policies = vec![
            Labelled { label: "main".into(), policy: wanted(true, name, description.clone(), tags.clone()) },
            Labelled { label: "other".into(), policy: wanted(false, other, description.clone(), tags) },
        ];
        let reason = crate::source::shown(&description).into_owned();
        Design {
            provenance: design::provenance(&intent),
            resource_policy: Some(None),
            declared: vec![Declared { rules: &["service-opted-in"], reason, service: Some("lex".into()) }],
            ..design::design(policies)
        }
    })
}

fn file<'o>(output: &'o Output, path: &str) -> &'o str {
    &output.files.iter().find(|it| it.path == path).unwrap().text
}

fn assigned<'t>(text: &'t str, name: &str) -> Vec<&'t str> {
    let lines = text
        .lines()
        .map(str::trim_start)
        .filter(|line| line.strip_prefix(name).is_some_and(|it| it.trim_start().starts_with("= ")));
    lines.map(|line| line.split_once("= ").unwrap().1).collect()
}

proptest! {
    #[test]
    fn terraform_reads_back_what_was_meant(design in design()) {
        let output = terraform::generate(&design).unwrap();
        let values = file(&output, "ai_opt_out/policies.tf");
        let read = |name: &str| assigned(values, name).into_iter().map(|it| hcl(it).unwrap()).collect::<Vec<_>>();
        let names: Vec<String> = design.policies.iter().map(|it| it.policy.name.clone()).collect();
        let descriptions: Vec<String> = design.policies.iter().map(|it| it.policy.description.clone()).collect();
        // Tags may have these keys too: they come last.
        prop_assert_eq!(&read("name")[..2], &names[..]);
        prop_assert_eq!(&read("description")[..2], &descriptions[..]);
    }

    #[test]
    fn the_template_reads_back_what_was_meant(design in design()) {
        let output = cloudformation::generate(&design).unwrap();
        let template: Value = serde_json::from_str(file(&output, "template.json")).unwrap();
        for (id, it) in [("Main", &design.policies[0]), ("Other", &design.policies[1])] {
            let properties = &template["Resources"][id]["Properties"];
            prop_assert_eq!(properties["Name"].as_str(), Some(it.policy.name.as_str()));
            prop_assert_eq!(properties["Description"].as_str(), Some(it.policy.description.as_str()));
            let tags: BTreeMap<String, String> = properties["Tags"].as_array().unwrap().iter()
                .map(|it| (it["Key"].as_str().unwrap().to_owned(), it["Value"].as_str().unwrap().to_owned())).collect();
            prop_assert_eq!(&tags, &it.policy.tags);
        }
    }

    #[test]
    fn the_shell_reads_back_what_was_meant(design in design()) {
        let output = script::generate(&design).unwrap();
        let text = file(&output, "opt-out.sh");
        let created: Vec<Value> = text.lines().filter(|line| line.starts_with("    create=")).map(|line| {
            serde_json::from_str(shell(line, "create").unwrap()).unwrap()
        }).collect();
        prop_assert_eq!(created.len(), 2);
        for (created, it) in created.iter().zip(&design.policies) {
            prop_assert_eq!(created["Name"].as_str(), Some(it.policy.name.as_str()));
            prop_assert_eq!(created["Description"].as_str(), Some(it.policy.description.as_str()));
        }
        for name in ["named", "update", "right", "tags", "tagged"] {
            let start = format!("    {name}=");
            prop_assert_eq!(text.lines().filter(|line| line.starts_with(&start) && shell(line, name).is_some()).count(), 2);
        }
        // Every other line is the same whatever the names are: nothing of them stands there.
        let calm = Design { policies: design.policies.iter().map(|it| Labelled {
            label: it.label.clone(),
            policy: wanted(it.policy.is_main, "n".into(), "d".into(), it.policy.tags.clone()),
        }).collect(), ..design.clone() };
        let calm = script::generate(&calm).unwrap();
        let others = |text: &str| text.lines().filter(|line| !line.starts_with("    ") || !line.ends_with('\'')).map(str::to_owned).collect::<Vec<_>>();
        prop_assert_eq!(others(text), others(file(&calm, "opt-out.sh")));
    }

    #[test]
    fn nothing_generated_can_steer_a_terminal_or_adds_a_line_to_a_header(design in design()) {
        let region = "us-east-1".parse().unwrap();
        let all = [
            landing::lza::generate(&design, &region), landing::control_tower::generate(&design, &region),
            terraform::generate(&design), cloudformation::generate(&design), script::generate(&design),
            cdk::python(&design), cdk::typescript(&design), policy::generate(&design), runbook::generate(&design),
        ];
        for output in all {
            let output = output.unwrap();
            for file in &output.files {
                prop_assert!(matches!(shown_lines(&file.text), std::borrow::Cow::Borrowed(_)), "{}", file.path);
                prop_assert!(!file.text.contains('\t') && !file.text.contains('\r'), "{}", file.path);
            }
        }
    }
}
