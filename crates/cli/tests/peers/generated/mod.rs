//! What `optout generate` writes, before the tools it is for; and what these tools would make of it, before the simulator.

mod access;
mod hostile;
mod landing;
mod monitor;
mod organization;
mod pipeline;
mod runbook;
mod script;
mod stacks;
mod terraform;
mod workstation;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use serde_json::Value;
use tempfile::TempDir;

use crate::program::optout;
use organization::ORGANIZATION;

/// No exception, and a name that everything between an intent and AWS could trip over.
pub(crate) const PLAIN: &str = "\
organization = \"o-exampleorgid\"
[policy]
name = '''It's \"quoted\" ${x} %{y} $(z) `w` \\ #é日'''
description = \"file:///etc/passwd\"
[policy.tags]
\"cost center é\" = \"pri/vacy @x=1\"
";

/// An account below a unit may share what it does with one service.
pub(crate) const EXCEPTION: &str = "\
organization = \"o-exampleorgid\"
[policy]
name = \"opt-out\"
[[exceptions]]
service = \"lex\"
target = \"222222222222\"
reason = \"pilot\"
approver = \"Jo Doe\"
until = 2999-12-31
";

/// A folder with an intent, an organization, and what was generated from them.
pub(crate) struct Generated {
    folder: TempDir,
}

impl Generated {
    /// Files of `what`, the words after `optout generate`.
    pub(crate) fn new(what: &str, intent: &str) -> Self {
        Self::of(what, intent, ORGANIZATION)
    }

    pub(crate) fn of(what: &str, intent: &str, organization: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        std::fs::write(folder.path().join("optout.toml"), intent).unwrap();
        std::fs::write(folder.path().join("org.json"), organization).unwrap();
        let generated = Self { folder };
        let (intent, saved) = (generated.text("optout.toml"), generated.text("org.json"));
        let words = what.split(' ').map(str::to_owned);
        let files = ["--intent", &intent, "--organization", &saved, "--out", &generated.text("out")].map(str::to_owned);
        let ended = optout("http://127.0.0.1:9", ["generate".to_owned()].into_iter().chain(words).chain(files));
        assert_eq!(ended.code, 0, "{ended:?}");
        generated
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).to_str().unwrap().to_owned()
    }

    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }
}

/// What a command said; it must end well.
pub(crate) fn said(command: Command) -> String {
    let output = assert_cmd::Command::from_std(command).timeout(Duration::from_mins(10)).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{}\n{}{}", output.status, text(&output.stdout), text(&output.stderr));
    text(&output.stdout)
}

/// What a command printed, as JSON.
pub(crate) fn json_of(command: Command) -> Value {
    let text = said(command);
    serde_json::from_str(text.lines().last().unwrap_or_default()).unwrap_or_else(|error| panic!("{error}: {text}"))
}

/// Replays policies call by call, then asks `optout verify`: every account is opted out with a full lock, but for what
/// an exception needs.
pub(crate) fn assert_opts_out(policies: &Value, intent: &Generated, url: &str) {
    let Some(boto3) = crate::environment::Environment::of("boto3") else { return };
    let file = intent.path("policies.json");
    std::fs::write(&file, policies.to_string()).unwrap();
    let mut replay = boto3.script("generated/replay_boto3.py");
    crate::environment::aws(&mut replay, url).args(["--endpoint", url, "--policies"]).arg(&file);
    said(replay);
    assert_verified(&intent.path("optout.toml"), url);
}

/// What `optout verify` must say, asking AWS's answer of every account.
pub(crate) fn assert_verified(intent: &Path, url: &str) {
    let intent_text = std::fs::read_to_string(intent).unwrap();
    let intent = intent.to_str().unwrap();
    let arguments = ["verify", "--format", "json", "--evidence", "all", "--time-scale", "100", "--intent", intent];
    let ended = optout(url, arguments);
    assert_eq!(ended.code, 0, "{ended:?}");
    let report = ended.json();
    let counted: Vec<&Value> =
        report["accounts"].as_array().unwrap().iter().filter(|it| it["counted"] == true).collect();
    assert_eq!(counted.len(), 3, "{report}");
    for account in counted {
        let excepted = intent_text.contains("[[exceptions]]") && account["id"] == "222222222222";
        let (verdict, basis) = (account["verdict"].as_str().unwrap(), account["basis"].as_str().unwrap());
        assert_eq!(basis, "aws", "{account}");
        if excepted {
            assert_eq!(account["services"]["lex"]["verdict"], "excepted", "{account}");
            assert_eq!(account["services"]["polly"]["verdict"], "opted-out", "{account}");
        } else {
            // A policy on the account itself could be detached there: so it is for accounts beside the way to an exception.
            let guarded = intent_text.contains("[[exceptions]]") && account["id"] == "111111111111";
            let lock = if guarded { "partial" } else { "full" };
            assert_eq!((verdict, account["lock"].as_str().unwrap()), ("opted-out", lock), "{account}");
        }
    }
}
