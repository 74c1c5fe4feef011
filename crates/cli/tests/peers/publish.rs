//! What `optout publish` sends to moto, read back by boto3 from Security Hub, from queues behind the bus and the topic, and
//! from the bucket.

use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdout, Stdio};

use optout_core::evidence::check_lines;
use serde_json::Value;

use crate::environment::{Environment, aws};
use crate::program::{Ended, optout};

/// The services, and somebody who reads what arrives.
pub(crate) struct Receiver {
    server: Child,
    answers: BufReader<ChildStdout>,
    made: Value,
}

impl Receiver {
    pub(crate) fn start() -> Option<Self> {
        let environment = Environment::of("moto")?;
        let mut command = environment.script("publish_moto.py");
        aws(&mut command, "").env_remove("AWS_ENDPOINT_URL");
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut server = command.spawn().unwrap();
        let mut answers = BufReader::new(server.stdout.take().unwrap());
        let made = line(&mut answers);
        Some(Self { server, answers, made })
    }

    pub(crate) fn name(&self, of: &str) -> &str {
        self.made[of].as_str().unwrap()
    }

    /// Publishes an organization everywhere.
    fn publish(&self, organization: &Path, at: &str, more: &[&str]) -> Ended {
        let mut arguments = vec!["publish", "--organization", organization.to_str().unwrap(), "--at", at];
        arguments.extend(["--security-hub", "--event-bus", self.name("bus"), "--topic", self.name("topic")]);
        arguments.extend(["--bucket", self.name("bucket"), "--retain", "governance:30d"]);
        arguments.extend(more);
        optout(self.name("endpoint"), arguments)
    }

    /// What arrived since the last time, and what is kept.
    pub(crate) fn read(&mut self) -> Value {
        self.server.stdin.as_mut().unwrap().write_all(b"read\n").unwrap();
        line(&mut self.answers)
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        drop(self.server.stdin.take());
        self.server.kill().unwrap();
        self.server.wait().unwrap();
    }
}

fn line(answers: &mut BufReader<ChildStdout>) -> Value {
    let mut line = String::new();
    answers.read_line(&mut line).unwrap();
    serde_json::from_str(&line).unwrap()
}

fn acme() -> std::path::PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/acme/organization.json")
}

fn count(value: &Value) -> usize {
    value.as_array().unwrap().len()
}

#[test]
fn everything_arrives_and_a_second_run_tells_nothing_twice() {
    let Some(mut receiver) = Receiver::start() else { return };
    let first = receiver.publish(&acme(), "2026-11-24", &[]);
    assert_eq!(first.code, 2, "{first:?}");
    let got = receiver.read();
    let findings = count(&got["findings"]);
    assert!(findings > 10);
    assert_eq!((count(&got["events"]), count(&got["notices"]), count(&got["objects"])), (findings + 1, 1, 1));
    let notice = &got["notices"][0];
    assert_eq!(notice["Subject"], format!("optout: {findings} new in o-acmeexample"));
    assert!(!notice["Message"].as_str().unwrap().contains('\u{1b}'), "{notice:#}");
    let object = &got["objects"][0];
    assert_eq!((&object["mode"], &object["until"]), (&"GOVERNANCE".into(), &"2026-12-24 00:00:00+00:00".into()));
    assert_eq!(object["checksum"], object["sha256_base64"]);
    assert!(object["key"].as_str().unwrap().contains(object["sha256"].as_str().unwrap()));
    let checked = check_lines(object["text"].as_str().unwrap(), &[]);
    assert!(checked.records == 1 && checked.problems.is_empty(), "{checked:?}");
    let second = receiver.publish(&acme(), "2026-11-24", &[]);
    assert_eq!(second.code, 2, "{second:?}");
    let got = receiver.read();
    let counts = ["findings", "events", "notices", "objects"].map(|what| count(&got[what]));
    assert_eq!(counts, [findings, 1, 0, 1], "the same findings, a summary, no notice, no second object");
}

#[test]
fn what_healed_is_archived_with_the_time_it_was_first_seen() {
    let Some(mut receiver) = Receiver::start() else { return };
    receiver.publish(&acme(), "2026-11-24", &[]);
    let before = count(&receiver.read()["findings"]);
    let mut organization: Value = serde_json::from_str(&fs::read_to_string(acme()).unwrap()).unwrap();
    let gone = "240000000001";
    organization["accounts"].as_array_mut().unwrap().retain(|account| account["id"] != gone);
    for map in ["answers", "invalid"] {
        organization[map].as_object_mut().unwrap().remove(gone);
    }
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("organization.json");
    fs::write(&path, organization.to_string()).unwrap();
    let ended = receiver.publish(&path, "2026-11-25", &[]);
    let got = receiver.read();
    let findings = got["findings"].as_array().unwrap();
    assert_eq!(findings.len(), before, "{ended:?}");
    let healed: Vec<&Value> = findings.iter().filter(|it| it["Id"].as_str().unwrap().ends_with(gone)).collect();
    assert!(healed.len() >= 3, "{healed:#?}");
    for finding in healed {
        assert_eq!((&finding["Compliance"]["Status"], &finding["RecordState"]), (&"PASSED".into(), &"ARCHIVED".into()));
        assert_eq!(finding["CreatedAt"], "2026-11-24T00:00:00Z");
        assert_eq!(finding["UpdatedAt"], "2026-11-25T00:00:00Z");
    }
}

#[test]
fn what_did_not_arrive_is_told_by_the_next_run() {
    let Some(mut receiver) = Receiver::start() else { return };
    let folder = tempfile::tempdir().unwrap();
    let (acme, state) = (acme(), folder.path().join("state.json"));
    let run = |receiver: &Receiver, bus: &str| {
        let (organization, state) = (acme.to_str().unwrap(), state.to_str().unwrap());
        let arguments =
            ["publish", "--organization", organization, "--at", "2026-11-24", "--state", state, "--event-bus", bus];
        optout(receiver.name("endpoint"), arguments)
    };
    let failed = run(&receiver, "no-such-bus");
    assert_eq!(failed.code, 1);
    assert!(failed.stderr.contains("name an event bus that exists"), "{}", failed.stderr);
    let bus = receiver.name("bus").to_owned();
    assert_eq!(run(&receiver, &bus).code, 2);
    let told = count(&receiver.read()["events"]);
    assert!(told > 10, "{told}");
    run(&receiver, &bus);
    assert_eq!(count(&receiver.read()["events"]), 1);
}

#[test]
fn a_dry_run_sends_nothing_and_shows_what_it_would() {
    let Some(mut receiver) = Receiver::start() else { return };
    let shown = receiver.publish(&acme(), "2026-11-24", &["--metrics", "--dry-run"]).json();
    assert!(count(&shown["security_hub"]) > 10 && shown["topic"]["subject"].is_string(), "{shown:#}");
    assert_eq!(shown["metrics"]["OrganizationId"], "o-acmeexample");
    let got = receiver.read();
    for what in ["findings", "events", "notices", "objects"] {
        assert_eq!(count(&got[what]), 0, "{what}");
    }
}

#[test]
fn what_is_imported_is_what_botocore_sends() {
    let (Some(receiver), Some(environment)) = (Receiver::start(), Environment::of("boto3")) else { return };
    let shown = receiver.publish(&acme(), "2026-11-24", &["--dry-run"]).json();
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("findings.json");
    fs::write(&path, shown["security_hub"].to_string()).unwrap();
    let judged = environment.script("report_asff.py").arg(&path).output().unwrap();
    assert!(judged.status.success(), "{}", String::from_utf8_lossy(&judged.stderr));
    assert_eq!(String::from_utf8_lossy(&judged.stdout).trim(), count(&shown["security_hub"]).to_string());
}
