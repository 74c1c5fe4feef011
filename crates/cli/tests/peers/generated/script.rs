//! The shell script with the real `aws` command line, twice from every state, against what `apply` does from there.

use std::process::Output;
use std::time::Duration;

use optout_simulator::Running;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use super::organization::{ORGANIZATION, organization, policy, serve, state};
use super::{EXCEPTION, Generated, PLAIN, assert_verified};
use crate::environment::{Environment, aws};
use crate::program::optout;

const NAME: &str = r#"It's "quoted" ${x} %{y} $(z) `w` \ #é日"#;
const OTHER: &str = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;
const ID: &str = "p-examplethere0";

/// Runs the script of an intent against a simulator.
fn run(cli: &Environment, generated: &Generated, running: &Running, arguments: &[&str]) -> Output {
    let mut script = cli.shell_script(&generated.text("out/opt-out.sh"));
    aws(&mut script, &running.url).args(arguments);
    assert_cmd::Command::from_std(script).timeout(Duration::from_mins(10)).output().unwrap()
}

fn text(output: &Output) -> String {
    String::from_utf8_lossy(&[output.stdout.as_slice(), &output.stderr].concat()).into_owned()
}

/// What `apply` makes of the organization.
fn applied(runtime: &Runtime, generated: &Generated, organization: &str, adopt: &[&str]) -> Value {
    let running = serve(runtime, organization);
    let intent = generated.text("optout.toml");
    let arguments = ["apply", "--yes", "--time-scale", "100", "--accept-data-loss", "all", "--intent", &intent];
    let ended = optout(&running.url, arguments.iter().chain(adopt));
    assert_eq!(ended.code, 0, "{ended:?}");
    state(&running.simulator.snapshot())
}

/// The script ends in the state that `apply` produces; a second run changes nothing.
fn assert_like_apply(intent: &str, organization: &str, adopt: bool) {
    let Some(cli) = Environment::of("awscli") else { return };
    let generated = Generated::new("script", intent);
    let runtime = Runtime::new().unwrap();
    let running = serve(&runtime, organization);
    let arguments: &[&str] = if adopt { &["--adopt"] } else { &[] };
    let first = run(&cli, &generated, &running, arguments);
    assert!(first.status.success(), "{}", text(&first));
    let after = state(&running.simulator.snapshot());
    let expected = applied(&runtime, &generated, organization, if adopt { &["--adopt", ID] } else { &[] });
    assert_eq!(after, expected, "{}", text(&first));
    let second = run(&cli, &generated, &running, &[]);
    assert_eq!(text(&second), "done: `optout verify` checks every account\n");
    assert_eq!(state(&running.simulator.snapshot()), after);
    assert_verified(&generated.path("optout.toml"), &running.url);
}

fn there(content: &str, tags: &Value, attached: &Value) -> String {
    organization(true, &[policy(ID, NAME, content, tags)], attached)
}

fn managed() -> Value {
    json!({"optout:managed": "true"})
}

#[test]
fn from_an_organization_that_has_never_seen_such_a_policy() {
    assert_like_apply(PLAIN, ORGANIZATION, false);
}

#[test]
fn with_the_type_on_and_no_policy() {
    assert_like_apply(PLAIN, &organization(true, &[], &json!({})), false);
}

#[test]
fn with_a_policy_of_other_content_attached() {
    assert_like_apply(PLAIN, &there(OTHER, &managed(), &json!({"r-exam": [{"policy": ID}]})), false);
}

#[test]
fn with_a_policy_that_is_not_attached_and_the_type_off() {
    assert_like_apply(PLAIN, &organization(false, &[policy(ID, NAME, OTHER, &managed())], &json!({})), false);
}

#[test]
fn with_a_policy_at_the_wrong_place() {
    let right = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;
    assert_like_apply(PLAIN, &there(right, &managed(), &json!({"222222222222": [{"policy": ID}]})), false);
}

#[test]
fn with_exceptions() {
    assert_like_apply(EXCEPTION, ORGANIZATION, false);
}

#[test]
fn a_policy_of_somebody_else_is_left_alone_unless_it_is_to_be_adopted() {
    let Some(cli) = Environment::of("awscli") else { return };
    let organization = there(OTHER, &json!({"owner": "x"}), &json!({"r-exam": [{"policy": ID}]}));
    let generated = Generated::new("script", PLAIN);
    let runtime = Runtime::new().unwrap();
    let running = serve(&runtime, &organization);
    let before = state(&running.simulator.snapshot());
    let refused = run(&cli, &generated, &running, &[]);
    assert_eq!(refused.status.code(), Some(1), "{}", text(&refused));
    assert!(text(&refused).contains("pass --adopt"), "{}", text(&refused));
    assert_eq!(state(&running.simulator.snapshot()), before);
    assert_like_apply(PLAIN, &organization, true);
}

#[test]
fn another_organization_is_refused_and_so_is_a_word_it_does_not_know() {
    let Some(cli) = Environment::of("awscli") else { return };
    let generated = Generated::new("script", PLAIN);
    let runtime = Runtime::new().unwrap();
    let running = serve(&runtime, &ORGANIZATION.replace("o-exampleorgid", "o-someothersid"));
    let refused = run(&cli, &generated, &running, &[]);
    assert_eq!(refused.status.code(), Some(1));
    assert!(text(&refused).contains("nothing was done"), "{}", text(&refused));
    assert_eq!(run(&cli, &generated, &running, &["--yes"]).status.code(), Some(64));
    assert!(running.simulator.counts().keys().all(|it| it.starts_with("Describe") || it.starts_with("List")));
}

/// `shellcheck` reads the rendered scripts, hostile names included.
#[test]
fn shellcheck_has_nothing_to_say() {
    let Ok(found) = std::process::Command::new("shellcheck").arg("--version").output() else {
        assert!(std::env::var_os("CI").is_none_or(|ci| ci != "true"), "needs shellcheck");
        return;
    };
    assert!(found.status.success());
    for intent in [PLAIN, EXCEPTION] {
        let (script, stack) = (Generated::new("script", intent), Generated::new("cloudformation", intent));
        let mut command = std::process::Command::new("shellcheck");
        command.args([script.path("out/opt-out.sh"), stack.path("out/before.sh")]);
        assert_eq!(super::said(command), "");
    }
}
