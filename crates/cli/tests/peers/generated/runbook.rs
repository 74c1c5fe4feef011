//! The walk through the console, as GitHub shows it.

use serde_json::Value;

use super::{EXCEPTION, Generated, PLAIN, json_of};
use crate::environment::Environment;

/// What is to be copied from the page.
fn blocks(reader: &Environment, path: &std::path::Path) -> Vec<String> {
    let mut script = reader.script("generated/runbook_markdown.py");
    script.arg(path);
    let Value::Array(blocks) = json_of(script) else { panic!("no list") };
    blocks.iter().map(|it| it.as_str().unwrap().trim_end_matches('\n').to_owned()).collect()
}

#[test]
fn what_is_to_be_pasted_is_what_the_other_targets_create() {
    let Some(reader) = Environment::of("compliance-trestle") else { return };
    for intent in [PLAIN, EXCEPTION] {
        let generated = Generated::new("runbook", intent);
        let found = blocks(&reader, &generated.path("out/runbook.md"));
        let template: Value =
            serde_json::from_str(&Generated::new("cloudformation", intent).read("out/template.json")).unwrap();
        let resources = template["Resources"].as_object().unwrap().values();
        let policies: Vec<&Value> =
            resources.filter(|it| it["Type"] == "AWS::Organizations::Policy").map(|it| &it["Properties"]).collect();
        let documents: Vec<Value> = found
            .iter()
            .filter(|it| it.starts_with("{\"services\""))
            .map(|it| serde_json::from_str(it).unwrap())
            .collect();
        assert_eq!(documents.len(), policies.len());
        for policy in policies {
            assert!(documents.contains(&policy["Content"]), "{policy}");
            let texts = [&policy["Name"], &policy["Description"]].map(|it| it.as_str().unwrap().to_owned());
            let tags = policy["Tags"].as_array().unwrap().iter().map(|it| it["Key"].as_str().unwrap().to_owned());
            for text in texts.into_iter().chain(tags) {
                assert!(found.contains(&text), "{text}: {found:?}");
            }
        }
    }
}
