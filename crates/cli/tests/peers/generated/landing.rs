//! What landing zones are given: the schemas of their own configuration, the linter of templates, the reader of pages.

use serde_json::Value;

use super::stacks::opts_out_at;
use super::{EXCEPTION, Generated, PLAIN, json_of, said};
use crate::environment::{Environment, sources};

/// A file of configuration, after its schema accepted it.
fn accepted(judge: &Environment, schema: &str, file: &std::path::Path) -> Value {
    let mut script = judge.script("generated/configuration.py");
    script.arg(sources().join("generated").join(schema)).arg(file);
    json_of(script)
}

/// The template that a configuration names is there, and has nothing that a linter would say.
fn assert_template(generated: &Generated, path: &str) {
    let Some(lint) = Environment::of("cfn-lint") else { return };
    let mut command = lint.program_with("cfn-lint", &[]);
    command.args(["--include-checks", "I", "--format", "parseable"]).arg(generated.path(path));
    assert_eq!(said(command), "");
}

fn assert_page(generated: &Generated) {
    let Some(reader) = Environment::of("compliance-trestle") else { return };
    let mut script = reader.script("generated/runbook_markdown.py");
    script.arg(generated.path("out/README.md"));
    said(script);
}

#[test]
fn landing_zone_accelerator_takes_the_stack_to_one_account_in_one_region() {
    let Some(judge) = Environment::of("check-jsonschema") else { return };
    for intent in [PLAIN, EXCEPTION] {
        let generated = Generated::new("lza --region eu-west-1", intent);
        let config =
            accepted(&judge, "lza_customizations.schema.json", &generated.path("out/customizations-config.yaml"));
        let stack = &config["customizations"]["cloudFormationStacks"][0];
        assert_eq!((&stack["regions"][0], &stack["parameters"][0]["value"]), (&"eu-west-1".into(), &"r-exam".into()));
        let template = format!("out/{}", stack["template"].as_str().unwrap());
        assert_template(&generated, &template);
        assert_eq!(stack["deploymentTargets"], serde_json::json!({ "accounts": ["Management"] }));
        opts_out_at(&generated, &generated.text(&template), stack["parameters"][0]["value"].as_str().unwrap());
        assert_page(&generated);
    }
}

#[test]
fn customizations_for_control_tower_take_the_stack_to_the_management_account() {
    let Some(judge) = Environment::of("check-jsonschema") else { return };
    for intent in [PLAIN, EXCEPTION] {
        let generated = Generated::new("control-tower --region eu-west-1", intent);
        let manifest =
            accepted(&judge, "cfct_manifest.schema.json", &generated.path("out/customizations/manifest.yaml"));
        let resource = &manifest["resources"][0];
        assert_eq!(resource["deployment_targets"]["accounts"][0], "111111111111");
        assert_eq!((&manifest["region"], &resource["regions"][0]), (&"eu-west-1".into(), &"eu-west-1".into()));
        let template = format!("out/customizations/{}", resource["resource_file"].as_str().unwrap());
        assert_template(&generated, &template);
        assert_eq!(resource["deployment_targets"], serde_json::json!({ "accounts": ["111111111111"] }));
        opts_out_at(
            &generated,
            &generated.text(&template),
            resource["parameters"][0]["parameter_value"].as_str().unwrap(),
        );
        assert_page(&generated);
    }
}
