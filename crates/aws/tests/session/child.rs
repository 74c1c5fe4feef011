//! The other process: opens a session as its environment says, and prints what came of it.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use optout_aws::cancel::Cancel;
use optout_aws::read::{ReadOptions, read};
use optout_aws::session::{Patience, Session, SessionOptions};
use serde_json::{Value, json};

const MARK: &str = "OUTCOME ";

/// A process with a home directory and an environment of its own, and nothing else of ours.
pub(crate) struct Child {
    pub(crate) home: tempfile::TempDir,
    environment: BTreeMap<String, String>,
}

impl Child {
    pub(crate) fn new() -> Self {
        let child = Self { home: tempfile::tempdir().unwrap(), environment: BTreeMap::new() };
        let home = child.home.path().display().to_string();
        child.with("HOME", &home).with("PATH", "/usr/bin:/bin").with("AWS_EC2_METADATA_DISABLED", "true")
    }

    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    /// An option of the session, like `profile`.
    pub(crate) fn option(self, name: &str, value: &str) -> Self {
        self.with(&format!("TEST_{name}"), value)
    }

    pub(crate) fn file(self, path: &str, content: &str) -> Self {
        let path = self.path(path);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
        self
    }

    pub(crate) fn config(self, content: &str) -> Self {
        self.file(".aws/config", content)
    }

    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.home.path().join(path)
    }

    /// What came of it: `snapshot` (its file form), `session` or `read` (an error) and `help`.
    pub(crate) async fn run(self) -> Value {
        tokio::task::spawn_blocking(move || self.run_now()).await.unwrap()
    }

    fn run_now(self) -> Value {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["child::child", "--exact", "--ignored", "--nocapture"]).env_clear().envs(&self.environment);
        let output = command.output().unwrap();
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let line = text.lines().find_map(|line| line.split_once(MARK).map(|(_, outcome)| outcome));
        let line = line.unwrap_or_else(|| panic!("no outcome: {text}{}", String::from_utf8_lossy(&output.stderr)));
        serde_json::from_str(line).unwrap()
    }
}

fn options() -> SessionOptions {
    let option = |name: &str| std::env::var(format!("TEST_{name}")).ok();
    let second = Duration::from_secs(1);
    SessionOptions {
        profile: option("profile"),
        region: option("region"),
        role_arn: option("role_arn"),
        external_id: option("external_id"),
        role_session_name: option("role_session_name"),
        endpoint_url: option("endpoint_url"),
        ca_bundle: option("ca_bundle").as_deref().map(|path| Path::new(path).to_owned()),
        patience: Patience { connect: second, retries: 1, ..Patience::default() },
        ..SessionOptions::default()
    }
}

async fn outcome() -> Value {
    let session = match Session::open(&options()).await {
        Ok(session) => session,
        Err(error) => return json!({ "session": error.to_string(), "help": error.help() }),
    };
    match read(&session, &ReadOptions::default(), &|_| {}, &Cancel::new()).await {
        Ok(snapshot) => json!({ "snapshot": optout_core::org::write(&snapshot) }),
        Err(error) => json!({ "read": error.to_string(), "help": error.help() }),
    }
}

#[tokio::test]
#[ignore = "started by the other tests, in a process of its own"]
async fn child() {
    println!("\n{MARK}{}", outcome().await);
}
