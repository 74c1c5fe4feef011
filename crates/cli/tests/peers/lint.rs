//! The SARIF of `optout lint` is judged by the official schema, which rejects a broken one.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::environment::{Environment, sarif_schema};
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
    let schema = sarif_schema();
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
