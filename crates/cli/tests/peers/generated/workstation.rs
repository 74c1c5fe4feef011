//! Files that set many machines up, read by the tools they are for.

use std::process::{Command, Stdio};

use serde_json::Value;

use crate::environment::{Environment, sources};
use crate::node::program;
use crate::program::optout;

/// What `optout generate workstation --for TOOL` writes, in a folder.
fn generated(tool: &str) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().to_str().unwrap();
    let ended = optout("http://127.0.0.1:9", ["generate", "workstation", "--for", tool, "--out", out]);
    assert_eq!(ended.code, 0, "{ended:?}");
    folder
}

#[test]
fn a_dev_container_is_as_its_schema_says() {
    let Some(judge) = Environment::of("check-jsonschema") else { return };
    let folder = generated("devcontainer");
    let file = folder.path().join(".devcontainer/devcontainer.json");
    let judged = |file: &std::path::Path| {
        let mut script = judge.script("generated/configuration.py");
        script.arg(sources().join("generated/devcontainer.schema.json")).arg(file).output().unwrap()
    };
    let output = judged(&file);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let broken = folder.path().join("broken.json");
    std::fs::write(
        &broken,
        std::fs::read_to_string(&file).unwrap().replacen("\"1\"", "1", 1).replacen("\"0\"", "0", 1),
    )
    .unwrap();
    assert!(!judged(&broken).status.success(), "a variable that is a number is accepted");
}

/// The program of the dev container specification reads it and merges it with what an image says for itself.
#[cfg(unix)]
#[test]
fn the_dev_container_program_lets_the_generated_file_decide_over_the_image() {
    let Some(node) = Environment::node("devcontainer") else { return };
    let folder = generated("devcontainer");
    let file = folder.path().join(".devcontainer/devcontainer.json");
    let text = std::fs::read_to_string(&file).unwrap();
    let ours: Value = serde_json::from_str(&text).unwrap();
    let mut complete = ours.clone();
    complete["image"] = "example".into();
    std::fs::write(&file, complete.to_string()).unwrap();
    let read = read_configuration(&node, folder.path());
    let merged: Value = serde_json::from_slice(&read.stdout).unwrap_or_else(|error| panic!("{error}: {read:?}"));
    let merged = &merged["mergedConfiguration"];
    assert_eq!(merged["containerEnv"], ours["containerEnv"], "{merged}");
    let settings = merged["customizations"]["vscode"].as_array().unwrap().last().unwrap();
    assert_eq!(settings["settings"], ours["customizations"]["vscode"]["settings"], "{merged}");
    std::fs::write(&file, format!("{text}}}")).unwrap();
    assert!(!read_configuration(&node, folder.path()).status.success(), "a broken file is accepted");
}

/// What the program makes of a folder's file; in place of Docker it asks a script, whose image says the opposite.
#[cfg(unix)]
fn read_configuration(node: &Environment, folder: &std::path::Path) -> std::process::Output {
    use std::os::unix::fs::PermissionsExt;
    let docker = folder.join("docker");
    let label = r#"[{\"containerEnv\":{\"SAM_CLI_TELEMETRY\":\"1\"}}]"#;
    let image = format!(
        r#"[{{"Id":"sha256:0","Architecture":"amd64","Os":"linux","Config":{{"User":"root","Env":[],"Labels":{{"devcontainer.metadata":"{label}"}}}}}}]"#
    );
    std::fs::write(&docker, format!("#!/bin/sh\n[ \"$1\" = inspect ] && echo '{image}'\nexit 0\n")).unwrap();
    std::fs::set_permissions(&docker, std::fs::Permissions::from_mode(0o755)).unwrap();
    let mut command = node.program_with("devcontainer", &[]);
    command.args(["read-configuration", "--include-merged-configuration", "--workspace-folder"]).arg(folder);
    command.arg("--docker-path").arg(docker).stdin(Stdio::null()).output().unwrap()
}

#[test]
fn ansible_reads_the_playbook() {
    let Some(ansible) = Environment::of("ansible-core") else { return };
    let folder = generated("ansible");
    let checked = |name: &str| {
        let mut command = ansible.program("ansible-playbook");
        command.args(["--syntax-check", "-i", "localhost,", name]).current_dir(folder.path());
        command.env("ANSIBLE_LOCALHOST_WARNING", "False").env("LANG", "C.UTF-8").env("LC_ALL", "C.UTF-8");
        command.output().unwrap()
    };
    let output = checked("optout-workstation.yml");
    assert!(output.status.success(), "{output:?}");
    let text = std::fs::read_to_string(folder.path().join("optout-workstation.yml")).unwrap();
    let broken = text.replacen("ansible.builtin.lineinfile", "ansible.builtin.no_such_module", 1);
    std::fs::write(folder.path().join("broken.yml"), broken).unwrap();
    assert!(!checked("broken.yml").status.success(), "a module that is not there is accepted");
}

#[test]
fn a_shell_reads_the_dot_file_and_exports_what_opts_out() {
    let folder = generated("dotfiles");
    let file = folder.path().join(".config/optout/aws-data-sharing.sh");
    for shell in ["sh", "bash"] {
        let mut command = Command::new(shell);
        command.arg("-euc").arg(". \"$1\"; env").arg(shell).arg(&file).stdin(Stdio::null());
        let output = command.env_clear().env("PATH", "/usr/bin:/bin").output().unwrap();
        assert!(output.status.success(), "{output:?}");
        let said = String::from_utf8(output.stdout).unwrap();
        assert!(said.lines().any(|line| line == "SAM_CLI_TELEMETRY=0"), "{said}");
    }
    let Some(shellcheck) = program(&["shellcheck"]) else { return };
    let output = Command::new(shellcheck).args(["--shell", "sh"]).arg(&file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stdout));
}
