//! The real clients that run here: what they write is understood, and what a fix wrote is obeyed by them.

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

use crate::environment::Environment;
use crate::program::optout;
use crate::session::Session;

/// Ends what the tools in this home directory share.
pub(crate) fn fix(home: &Path) {
    let arguments = ["workstation", "fix", "--telemetry", "--yes", "--os", "linux", "--user-home"];
    let ended = optout("http://127.0.0.1:9", arguments.into_iter().chain([home.to_str().unwrap()]));
    assert_eq!(ended.code, 0, "{ended:?}");
}

/// What a check says about this home directory.
pub(crate) fn report(home: &Path) -> Value {
    let arguments = ["workstation", "check", "--format", "json", "--os", "linux", "--user-home"];
    optout("http://127.0.0.1:9", arguments.into_iter().chain([home.to_str().unwrap()])).json()
}

fn verdict(home: &Path, tool: &str) -> String {
    let report = report(home);
    let products = report["products"].as_array().unwrap();
    products.iter().find(|product| product["id"] == tool).unwrap()["telemetry"].as_str().unwrap().to_owned()
}

fn said(mut command: Command) -> String {
    let output = command.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    // The CDK speaks on standard error, unless it takes itself to be in a pipeline.
    String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
}

#[test]
fn the_cdk_sends_no_usage_data_after_a_fix() {
    let Some(cdk) = Environment::node("cdk") else { return };
    let folder = tempfile::tempdir().unwrap();
    let (home, project) = (folder.path().join("home"), folder.path().join("project"));
    std::fs::create_dir_all(&home).unwrap();
    std::fs::create_dir_all(&project).unwrap();
    std::fs::write(project.join("cdk.json"), "{\"app\": \"true\"}").unwrap();
    std::fs::write(home.join(".cdk.json"), "{\n  \"context\": {\"acme\": 1}\n}\n").unwrap();
    let status = || {
        let mut command = cdk.program("cdk");
        // `--no-version-reporting` would itself switch it off. Nothing is sent: the proxy is a port where nobody listens.
        command.args(["--no-notices", "cli-telemetry", "--status"]);
        command.current_dir(&project).env("HOME", &home).env("HTTPS_PROXY", "http://127.0.0.1:9");
        said(command)
    };
    assert!(status().contains("Telemetry is enabled"), "{}", status());
    assert_eq!(verdict(&home, "aws-cdk-cli"), "sharing");
    fix(&home);
    assert!(status().contains("Telemetry is disabled"), "{}", status());
    assert_eq!(verdict(&home, "aws-cdk-cli"), "opted-out");
    let written: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(home.join(".cdk.json")).unwrap()).unwrap();
    assert_eq!(written["context"]["acme"], 1);
}

#[test]
fn sam_reads_what_a_fix_wrote_and_a_check_what_sam_wrote() {
    let Some(sam) = Environment::of("aws-sam-cli") else { return };
    let home = tempfile::tempdir().unwrap();
    let told = |arguments: &[&str]| {
        let mut command = sam.script("settings_sam.py");
        command.args(arguments).env("HOME", home.path());
        said(command).trim().to_owned()
    };
    assert_eq!(told(&["read"]), "null");
    for (value, verdict_then) in [("false", "opted-out"), ("true", "sharing")] {
        assert_eq!(told(&["write", value]), value);
        assert_eq!(verdict(home.path(), "aws-sam-cli"), verdict_then);
    }
    let file = home.path().join(".aws-sam/metadata.json");
    let mut before: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    fix(home.path());
    assert_eq!(told(&["read"]), "false");
    before["telemetryEnabled"] = json!(false);
    let after: Value = serde_json::from_str(&std::fs::read_to_string(&file).unwrap()).unwrap();
    assert_eq!(after, before);
}

/// The extensions for JupyterLab: the tool's id, and the package that its settings are named by.
const EXTENSIONS: [(&str, &str); 2] = [
    ("amazon-q-jupyterlab", "amazon-q-developer-jupyterlab-ext"),
    ("amazon-codewhisperer-jupyterlab", "amazon-codewhisperer-jupyterlab-ext"),
];

/// Their keys: what they send of content, and of usage.
const KEYS: [&str; 2] = ["shareCodeWhispererContentWithAWS", "codeWhispererTelemetry"];

/// The keys that a check finds of a tool.
fn keys_of(home: &Path, tool: &str) -> Vec<String> {
    let report = report(home);
    let product = report["products"].as_array().unwrap().iter().find(|product| product["id"] == tool).unwrap();
    let findings = product["findings"].as_array().unwrap().iter();
    findings.map(|finding| finding["key"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn jupyterlab_reads_what_a_fix_wrote_and_a_check_what_jupyterlab_wrote() {
    let Some(jupyter) = Environment::of("jupyterlab") else { return };
    let home = tempfile::tempdir().unwrap();
    let mut command = jupyter.script("settings_jupyterlab.py");
    command.env("HOME", home.path()).current_dir(home.path());
    let mut server = Session::start(command);
    for (tool, package) in EXTENSIONS {
        let plugin = format!("{package}:completer");
        let schema = server.ask(&json!({ "plugin": plugin }))["schema"].take();
        for key in KEYS {
            assert_eq!(schema["properties"][key]["default"], json!(true), "{tool}: {key}");
        }
        for (value, expected) in [("false", "opted-out"), ("true", "sharing")] {
            let raw = format!(
                "{{\n    // mine\n    \"codeWhispererTelemetry\": {value},\n    \"codeWhispererLogLevel\": \"WARN\"\n}}"
            );
            assert_eq!(server.ask(&json!({ "plugin": plugin, "raw": raw })), Value::Null);
            assert_eq!(verdict(home.path(), tool), expected);
        }
        assert_eq!(keys_of(home.path(), tool), KEYS);
        fix(home.path());
        let found = server.ask(&json!({ "plugin": plugin }));
        for key in KEYS {
            assert_eq!(found["settings"][key], json!(false), "{found}");
        }
        assert_eq!(found["settings"]["codeWhispererLogLevel"], "WARN");
        assert!(found["raw"].as_str().unwrap().contains("// mine"), "{found}");
    }
}
