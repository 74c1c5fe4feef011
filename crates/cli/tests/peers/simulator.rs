//! Clients that nobody here wrote drive the simulator: an answer of another form than AWS's ends them.

use std::fs;
use std::process::Command;
use std::sync::Arc;
use std::time::Duration;

use optout_core::org::{self, PolicyType};
use optout_core::source::Source;
use optout_simulator::{Options, Rules, Running, Simulator};
use serde_json::Value;
use tokio::runtime::Runtime;

use crate::environment::{Environment, aws, sources};
use crate::naive;

/// The `aws` command line takes about a second a call.
const PATIENCE: Duration = Duration::from_mins(10);

/// Serves `tests/peers/organization.json`, freshly loaded, with the resolver of the tests.
fn serve(runtime: &Runtime) -> Running {
    let text = fs::read_to_string(sources().join("organization.json")).unwrap();
    serve_text(runtime, &text, Options::default())
}

/// Serves the organization of a snapshot's text.
pub(crate) fn serve_text(runtime: &Runtime, text: &str, options: Options) -> Running {
    let snapshot = org::read(&Source::new("organization.json", text)).unwrap();
    runtime.block_on(Simulator::start(&snapshot, Rules { admit, resolve }, options)).unwrap()
}

/// Whether there is a list of services: these tests are about the form of answers.
fn admit(_: &PolicyType, text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|document| document["services"].is_object())
}

fn resolve(policy_type: &PolicyType, levels: &[Vec<Arc<str>>]) -> Value {
    let parse = |text: &Arc<str>| serde_json::from_str(text).unwrap_or_default();
    let levels: Vec<Vec<Value>> = levels.iter().map(|level| level.iter().map(parse).collect()).collect();
    naive::resolve(policy_type.as_str(), &levels).document
}

/// Runs a script against a simulator of its own.
fn drive(mut script: Command) {
    let runtime = Runtime::new().unwrap();
    let running = serve(&runtime);
    aws(&mut script, &running.url).args(["--endpoint", &running.url]);
    let output = assert_cmd::Command::from_std(script).timeout(PATIENCE).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}

#[test]
fn boto3_drives_every_operation() {
    let Some(boto3) = Environment::of("boto3") else { return };
    drive(boto3.script("simulator_boto3.py"));
}

#[test]
fn the_aws_command_line_leads_from_nothing_to_opted_out() {
    let Some(aws) = Environment::of("awscli") else { return };
    drive(aws.shell_script("simulator_awscli.sh"));
}

/// `apply` and then boto3, which reads the result with no line of ours.
#[test]
fn boto3_agrees_with_what_apply_says_it_did() {
    let Some(boto3) = Environment::of("boto3") else { return };
    let runtime = Runtime::new().unwrap();
    let running = serve(&runtime);
    let folder = tempfile::tempdir().unwrap();
    let intent = folder.path().join("optout.toml");
    let snapshot = runtime.block_on(async { running.simulator.snapshot() });
    let organization = snapshot.organization().unwrap().id.to_string();
    fs::write(&intent, format!("organization = \"{organization}\"\n")).unwrap();
    let intent = intent.to_str().unwrap();
    let arguments = ["apply", "--yes", "--time-scale", "100", "--accept-data-loss", "all", "--intent", intent];
    let applied = crate::program::optout(&running.url, arguments);
    assert!(applied.stdout.contains("DONE  AWS's own answers confirm it"), "{applied:?}");
    let mut script = boto3.script("applied_boto3.py");
    aws(&mut script, &running.url).args(["--endpoint", &running.url]);
    let output = assert_cmd::Command::from_std(script).timeout(PATIENCE).output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&said));
}
