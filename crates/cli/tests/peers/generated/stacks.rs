//! CloudFormation and the CDK: `cfn-lint`, `cdk synth`, and what a stack would create.

use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use tokio::runtime::Runtime;

use super::organization::{ORGANIZATION, serve};
use super::{EXCEPTION, Generated, PLAIN, assert_opts_out, json_of, said};
use crate::environment::{Environment, aws};

/// The policies that CloudFormation would create of a rendered template.
fn resources(lint: &Environment, template: &str) -> Value {
    resources_at(lint, template, "r-exam")
}

/// The same, where the parameter `RootId` gets this value.
fn resources_at(lint: &Environment, template: &str, root: &str) -> Value {
    let mut script = lint.script("generated/cloudformation_resources.py");
    script.args([template, root]);
    json_of(script)
}

/// The step before the stack, by the real `aws` command line.
fn before(generated: &Generated, url: &str) -> bool {
    let Some(cli) = Environment::of("awscli") else { return false };
    let mut script = cli.shell_script(&generated.text("out/before.sh"));
    aws(&mut script, url);
    let text = said(script);
    assert!(text.ends_with("the policy type is enabled at r-exam\n"), "{text}");
    true
}

fn opts_out(generated: &Generated, template: &str) {
    opts_out_at(generated, template, "r-exam");
}

/// After the step before it, a stack of this template with this `RootId` opts every account out.
pub(super) fn opts_out_at(generated: &Generated, template: &str, root: &str) {
    let Some(lint) = Environment::of("cfn-lint") else { return };
    let runtime = Runtime::new().unwrap();
    let running = serve(&runtime, ORGANIZATION);
    if before(generated, &running.url) {
        assert_opts_out(&resources_at(&lint, template, root), generated, &running.url);
    }
}

#[test]
fn cfn_lint_has_nothing_to_say_about_either_form() {
    let Some(lint) = Environment::of("cfn-lint") else { return };
    for intent in [PLAIN, EXCEPTION] {
        let generated = Generated::new("cloudformation", intent);
        let mut command = lint.program_with("cfn-lint", &[]);
        command.arg("--include-checks").arg("I").args(["--format", "parseable"]);
        command.args([generated.text("out/template.yaml"), generated.text("out/template.json")]);
        assert_eq!(said(command), "");
        let [yaml, json] =
            ["yaml", "json"].map(|form| resources(&lint, &generated.text(&format!("out/template.{form}"))));
        assert_eq!(yaml, json);
    }
}

#[test]
fn a_stack_of_the_template_opts_every_account_out() {
    for intent in [PLAIN, EXCEPTION] {
        let generated = Generated::new("cloudformation", intent);
        opts_out(&generated, &generated.text("out/template.yaml"));
    }
}

/// The template without what says where it came from; one dependency alone is the same as a list of one.
pub(super) fn meaning(value: &Value) -> Value {
    match value {
        Value::Object(entries) => {
            let kept =
                entries.iter().filter(|(key, _)| !["Metadata", "AWSTemplateFormatVersion"].contains(&key.as_str()));
            kept.map(|(key, value)| (key.clone(), if key == "DependsOn" { one(value) } else { meaning(value) }))
                .collect()
        }
        Value::Array(values) => values.iter().map(meaning).collect(),
        other => other.clone(),
    }
}

fn one(value: &Value) -> Value {
    match value.as_array().map(Vec::as_slice) {
        Some([only]) => only.clone(),
        Some(_) | None => value.clone(),
    }
}

/// The folder of what `cdk synth` makes of the generated program.
pub(super) fn synthesized_into(generated: &Generated, mut cdk: Command) -> PathBuf {
    cdk.args(["--no-notices", "--no-version-reporting", "--no-path-metadata", "--no-asset-metadata", "synth"]);
    cdk.args(["--quiet", "--output"]).arg(generated.path("synthesized")).current_dir(generated.path("out"));
    cdk.env("JSII_SILENCE_WARNING_END_OF_LIFE_NODE_VERSION", "1").env("CDK_DISABLE_CLI_TELEMETRY", "true");
    let output = assert_cmd::Command::from_std(cdk).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{said}");
    assert!(!said.to_lowercase().contains("[warning]"), "{said}");
    generated.path("synthesized")
}

fn assert_means_the_template(what: &str, intent: &str, cdk: impl Fn(&Generated) -> Command) {
    let generated = Generated::new(what, intent);
    let template = Generated::new("cloudformation", intent).read("out/template.json");
    let path = synthesized_into(&generated, cdk(&generated)).join("AiOptOut.template.json");
    let read = |text: &str| -> Value { serde_json::from_str(text).unwrap() };
    let found = std::fs::read_to_string(&path).unwrap();
    assert_eq!(meaning(&read(&found)), meaning(&read(&template)));
    opts_out(&generated, path.to_str().unwrap());
}

#[test]
fn the_python_program_synthesizes_the_template() {
    let (Some(library), Some(node)) = (Environment::of("aws-cdk-lib"), Environment::node("cdk")) else { return };
    for intent in [PLAIN, EXCEPTION] {
        assert_means_the_template("cdk-python", intent, |_| node.program_with("cdk", &[&library]));
    }
}

#[test]
fn the_typescript_program_synthesizes_the_template() {
    let Some(node) = Environment::node("cdk") else { return };
    for intent in [PLAIN, EXCEPTION] {
        assert_means_the_template("cdk-typescript", intent, |generated| {
            // In place of `npm install`: the same modules, at the versions of its package.json.
            std::os::unix::fs::symlink(node.folder().join("node_modules"), generated.path("out/node_modules")).unwrap();
            node.program_with("cdk", &[])
        });
    }
}

#[test]
fn the_programs_pin_what_was_tested() {
    let requirements = include_str!("../../../../../tests/peers/requirements/aws-cdk-lib.txt");
    let python = Generated::new("cdk-python", EXCEPTION).read("out/requirements.txt");
    for pin in python.lines().filter(|line| !line.starts_with('#')) {
        assert!(requirements.lines().any(|line| line == pin), "{pin}");
    }
    let tested: Value = serde_json::from_str(include_str!("../../../../../tests/peers/npm/cdk/package.json")).unwrap();
    let typescript = Generated::new("cdk-typescript", EXCEPTION).read("out/package.json");
    let typescript: Value = serde_json::from_str(&typescript).unwrap();
    let pins = ["dependencies", "devDependencies"].into_iter().flat_map(|kind| typescript[kind].as_object().unwrap());
    for (name, version) in pins {
        assert_eq!(tested["dependencies"][name], *version, "{name}");
    }
}
