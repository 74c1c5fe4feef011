//! The SARIF of `optout lint` is judged by the official schema, which rejects a broken one.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::environment::{Environment, npm_file};
use crate::program::optout;

/// A module with an unattached, open policy, in a file whose name is hostile.
const MODULE: &str = r#"# optout:ignore no-default-lock AWS's example has it, ours does not
resource "aws_organizations_policy" "ai" {
  name    = "ai-${timestamp()}"
  type    = "SERVICE_CONTROL_POLICY"
  content = jsonencode({ services = { default = { opt_out_policy = "optout" } } })
}
"#;

#[test]
fn sarif_of_lint_is_valid_by_its_schema() {
    let schema = npm_file(
        "@microsoft/sarif-multitool-linux",
        "5.7.0",
        "sarif-2.1.0.json",
        "1c49a0f2b60444c71bb14878e21e0d882198eff4c539861b133093ad89ed798c",
    );
    let (Some(environment), Some(schema)) = (Environment::of("check-jsonschema"), schema) else { return };
    let judge = |path: &Path| {
        let mut command: Command = environment.program("check-jsonschema");
        command.arg("--schemafile").arg(&schema).arg(path);
        command.output().unwrap()
    };
    let folder = tempfile::tempdir().unwrap();
    let tree = folder.path().join("tree");
    std::fs::create_dir(&tree).unwrap();
    std::fs::write(tree.join("m%41 é\u{202e}#?.tf"), MODULE).unwrap();
    std::fs::write(tree.join("broken.json"), "{\"services\": {\"default\": {\"opt_out_policy\": {,}}}}").unwrap();
    let path = folder.path().join("log.sarif");
    let arguments = ["lint", "--format", "sarif", "--output", path.to_str().unwrap(), tree.to_str().unwrap()];
    let ended = optout("http://127.0.0.1:9", arguments);
    assert_eq!(ended.code, 2, "{ended:?}");
    let said = judge(&path);
    assert!(said.status.success(), "{}", String::from_utf8_lossy(&said.stdout));
    let mut log: Value = serde_json::from_str(&std::fs::read_to_string(&path).unwrap()).unwrap();
    assert!(log["runs"][0]["results"].as_array().unwrap().len() >= 4, "{log}");
    log["runs"][0]["results"][0]["level"] = "grave".into();
    std::fs::write(&path, log.to_string()).unwrap();
    assert!(!judge(&path).status.success(), "a wrong level is accepted");
}
