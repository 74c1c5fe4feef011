//! The program under test, run as anybody would, in an environment that holds nothing else.

use std::ffi::OsStr;
use std::process::Command;
use std::time::Duration;

use serde_json::Value;

use crate::environment::aws;

/// Longer than any test takes, shorter than whoever waits for all of them.
const PATIENCE: Duration = Duration::from_secs(120);

/// How the program ended, and what it said.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// What it printed, as JSON.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("no JSON: {error}\n{self:?}"))
    }
}

/// Runs `optout` with arguments against an endpoint on loopback.
pub(crate) fn optout<I: AsRef<OsStr>>(endpoint: &str, arguments: impl IntoIterator<Item = I>) -> Ended {
    let home = tempfile::tempdir().unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_optout"));
    command.args(arguments).env_clear().env("HOME", home.path()).current_dir(home.path());
    aws(&mut command, endpoint);
    let output = assert_cmd::Command::from_std(command).timeout(PATIENCE).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    let code = output.status.code().unwrap_or(-1);
    Ended { code, stdout: text(output.stdout), stderr: text(output.stderr) }
}
