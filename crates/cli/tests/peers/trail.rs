//! `optout trail` against a service that writes down what it is asked; botocore's own model judges the requests, and boto3
//! reads the same history.

use std::process::Stdio;

use optout_core::org;
use optout_core::source::Source;
use serde_json::{Value, json};

use crate::environment::{Environment, aws};
use crate::program::optout;

use crate::fake::{self, Entry, Fake};

const ACME: &str = include_str!("../../../../examples/acme/organization.json");
const TRAIL: &str = include_str!("../../../../examples/acme/trail.json");

/// The example's events, moved to the last days.
fn history() -> Vec<Entry> {
    let records: Value = serde_json::from_str(TRAIL).unwrap();
    let first = jiff::Timestamp::now().as_second() - 80 * 24 * 60 * 60;
    let entry = |(at, record): (usize, &Value)| {
        let time = first + i64::try_from(at).unwrap() * 3 * 24 * 60 * 60;
        let mut record = record.clone();
        record["eventTime"] = jiff::Timestamp::from_second(time).unwrap().to_string().into();
        Entry { time, name: record["eventName"].as_str().unwrap().to_owned(), record: Some(record.to_string()) }
    };
    records["Records"].as_array().unwrap().iter().enumerate().map(entry).collect()
}

#[test]
fn botocore_accepts_every_request_and_boto3_reads_the_same_events() {
    let Some(boto3) = Environment::of("boto3") else { return };
    let fake = Fake::start(history(), |_, _| None);
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("acme.json");
    assert!(org::read(&Source::new("acme", ACME)).is_ok());
    std::fs::write(&snapshot, ACME).unwrap();
    let saved = folder.path().join("saved.jsonl");
    let (snapshot, saved) = (snapshot.to_str().unwrap(), saved.to_str().unwrap());
    let arguments = ["trail", "--organization", snapshot, "--format", "json", "--time-scale", "100", "--save", saved];
    let ran = optout(&fake.url, arguments);
    assert_eq!(ran.code, 0, "{ran:?}");
    let report = ran.json();
    let events = report["events"].as_array().unwrap();
    assert_eq!((events.len(), &report["seen"]["coverage"][0]["account"]), (19, &"111111111111".into()));
    // What was saved is the same history, with whose it is.
    let again = optout(&fake.url, ["trail", "--organization", snapshot, "--format", "json", "--from", saved]).json();
    assert_eq!(again["events"].as_array().unwrap().len(), 19);
    assert_eq!(again["seen"]["coverage"], report["seen"]["coverage"]);

    let request =
        |asked: &fake::Asked| json!({"target": asked.target, "content_type": asked.content_type, "body": asked.body});
    let requests: Vec<Value> = fake.asked().iter().map(request).collect();
    let told = json!({"endpoint": fake.url, "requests": requests}).to_string();
    let mut script = boto3.script("lookup_boto3.py");
    aws(&mut script, &fake.url).stdin(Stdio::piped());
    let output = assert_cmd::Command::from_std(script).write_stdin(told).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let theirs: Vec<String> = serde_json::from_slice(&output.stdout).unwrap();
    let ours: Vec<&str> = events.iter().map(|event| event["id"].as_str().unwrap()).collect();
    // The oldest last, and with those that failed or do not touch the opt-out.
    assert_eq!(theirs.len(), 22);
    assert!(ours.iter().rev().all(|id| theirs.iter().any(|their| their == id)));
}

#[test]
fn a_denied_history_is_an_error_that_names_the_permission() {
    let fake = Fake::start(Vec::new(), |_, _| fake::error("AccessDeniedException"));
    let folder = tempfile::tempdir().unwrap();
    let snapshot = folder.path().join("acme.json");
    std::fs::write(&snapshot, ACME).unwrap();
    let ran = optout(&fake.url, ["trail", "--organization", snapshot.to_str().unwrap()]);
    assert_eq!(ran.code, 1, "{ran:?}");
    assert!(ran.stderr.contains("cloudtrail:LookupEvents"), "{ran:?}");
}
