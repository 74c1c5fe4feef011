//! The real clients that run here: what they write is understood, and what a fix wrote is obeyed by them.

use std::path::Path;
use std::process::Command;

use crate::environment::Environment;
use crate::program::optout;

/// Ends what the tools in this home directory share.
fn fix(home: &Path) {
    let arguments = ["workstation", "fix", "--telemetry", "--yes", "--os", "linux", "--user-home"];
    let ended = optout("http://127.0.0.1:9", arguments.into_iter().chain([home.to_str().unwrap()]));
    assert_eq!(ended.code, 0, "{ended:?}");
}

fn verdict(home: &Path, tool: &str) -> String {
    let arguments = ["workstation", "check", "--format", "json", "--os", "linux", "--user-home"];
    let report = optout("http://127.0.0.1:9", arguments.into_iter().chain([home.to_str().unwrap()])).json();
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
