//! Visual Studio Code's own code writes settings files that a check reads as the editor does, and reads what a fix wrote.

use std::fs;
use std::path::{Path, PathBuf};

use serde_json::{Value, json};

use crate::clients::{fix, report};
use crate::environment::{Environment, sources};
use crate::session::Session;

const PACKAGES: &str = "../core/tests/data/workstation/packages.json";
const USER: &str = ".config/Code/User/settings.json";
const PROFILE: &str = ".config/Code/User/profiles/-5b1d/settings.json";
const REMOTE: &str = ".vscode-server/data/Machine/settings.json";
const CONTENT: &str = "amazonQ.shareContentWithAWS";

fn editor() -> Option<Session> {
    let node = Environment::node("vscode")?;
    let mut command = node.program_with("node", &[]);
    command.arg(sources().join("settings_vscode.mjs"));
    command.arg(node.folder().join("node_modules/@codingame/monaco-vscode-api/vscode/src/vs"));
    command.arg(Path::new(env!("CARGO_MANIFEST_DIR")).join(PACKAGES));
    Some(Session::start(command))
}

/// The keys that the extensions declare.
fn keys() -> Vec<String> {
    let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(PACKAGES)).unwrap();
    let packages: Vec<Value> = serde_json::from_str(&text).unwrap();
    let keys = packages.iter().flat_map(|package| package["properties"].as_object().unwrap().keys().cloned());
    keys.collect()
}

/// A home directory in which both extensions are installed, here and on the remote side.
fn home() -> tempfile::TempDir {
    let home = tempfile::tempdir().unwrap();
    for place in [".vscode", ".vscode-server"] {
        for name in ["amazon-q-vscode-1.108.0", "aws-toolkit-vscode-3.28.0"] {
            put(home.path(), &format!("{place}/extensions/amazonwebservices.{name}/package.json"), "{}");
        }
    }
    home
}

fn put(home: &Path, name: &str, text: &str) -> PathBuf {
    let path = home.join(name);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(&path, text).unwrap();
    path
}

/// What a check says of a key in a file.
fn verdict(home: &Path, file: &str, key: &str) -> Option<String> {
    let report = report(home);
    let findings = report["products"].as_array().unwrap().iter().flat_map(|one| one["findings"].as_array().unwrap());
    let mut here = findings.filter(|one| {
        one["key"] == key && one["path"].as_str().is_some_and(|path| path == home.join(file).to_str().unwrap())
    });
    here.next().map(|one| one["verdict"].as_str().unwrap().to_owned())
}

#[test]
fn a_check_says_of_what_the_editor_wrote_what_the_editor_reads() {
    let Some(mut editor) = editor() else { return };
    let (home, mut seen) = (home(), 0);
    for text in ["", "{}", "{\n    // tabs\n    \"editor.tabSize\": 2,\n}\n", "{\r\n  \"a\": {\"b\": [1, 2]}\r\n}"] {
        for key in keys() {
            for value in [json!(true), json!(false), Value::Null] {
                let mut order = json!({ "text": text, "key": key, "value": value });
                if value.is_null() {
                    order["value"] = json!(true);
                    order["text"] = editor.ask(&order)["text"].take();
                    order.as_object_mut().unwrap().remove("value");
                }
                let written = editor.ask(&order)["text"].as_str().unwrap().to_owned();
                put(home.path(), USER, &written);
                let read = editor.ask(&json!({ "text": written, "file": "user" }))["value"][&key].clone();
                let expected = if read == json!(false) { "opted-out" } else { "sharing" };
                assert_eq!(verdict(home.path(), USER, &key).as_deref(), Some(expected), "{key} in {written}");
                seen += 1;
            }
        }
    }
    assert_eq!(seen, 36);
}

#[test]
fn the_editor_reads_what_a_fix_wrote() {
    let Some(mut editor) = editor() else { return };
    for text in ["", "{}", "{\n    // tabs\n    \"editor.tabSize\": 2,\n    \"amazonQ.telemetry\": true, // mine\n}\n"]
    {
        let home = home();
        let path = put(home.path(), USER, text);
        fix(home.path());
        let fixed = fs::read_to_string(path).unwrap();
        let read = editor.ask(&json!({ "text": fixed, "file": "user" }));
        assert_eq!(read["errors"], 0, "{fixed}");
        for key in keys() {
            assert_eq!(read["value"][&key], json!(false), "{key} in {fixed}");
        }
    }
}

/// A file in which the editor does not look for a key decides nothing, and one in which it does decides.
#[test]
fn a_check_reads_a_key_in_the_files_in_which_the_editor_reads_it() {
    let Some(mut editor) = editor() else { return };
    for (name, file) in [("profile", PROFILE), ("remote", REMOTE)] {
        for key in keys() {
            let home = home();
            put(home.path(), USER, "{}");
            let text = format!("{{\"{key}\": false}}");
            put(home.path(), file, &text);
            let counts = !editor.ask(&json!({ "text": text, "file": name }))["own"][&key].is_null();
            assert_eq!(counts, key != CONTENT, "{key} in {name}");
            let said = verdict(home.path(), file, &key);
            assert_eq!(said.as_deref() == Some("opted-out"), counts, "{key} in {name}: {said:?}");
        }
    }
}
