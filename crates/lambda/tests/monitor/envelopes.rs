//! Events as EventBridge delivers them: the recorded forms of `tests/data/organizations`, about the organization of the tests.

use std::sync::atomic::{AtomicU32, Ordering};

use jiff::{SignedDuration, Timestamp};
use optout_core::org::AccountId;
use serde_json::{Value, json};

/// Where the function's crate is, also for tests of the program.
pub(crate) const FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../lambda");

static NEXT: AtomicU32 = AtomicU32::new(1);

/// The recorded form of an event, with an id of its own and a time that is now.
pub(crate) fn recorded(name: &str) -> Value {
    let path = format!("{}/tests/data/organizations/{name}.json", FOLDER);
    let mut event: Value = serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    event["detail"]["eventID"] = json!(format!("20000000-0000-4000-8000-{number:012}"));
    at(event, Timestamp::now())
}

pub(crate) fn at(mut event: Value, time: Timestamp) -> Value {
    let whole = Timestamp::from_second(time.as_second()).unwrap();
    event["detail"]["eventTime"] = json!(whole.to_string());
    event
}

pub(crate) fn hours_ago(event: Value, hours: i64) -> Value {
    at(event, Timestamp::now().saturating_sub(SignedDuration::from_hours(hours)).unwrap())
}

fn with(name: &str, part: &str, value: Value) -> Value {
    let mut event = recorded(name);
    event["detail"][part] = value;
    event
}

pub(crate) fn called(name: &str, parameters: Value) -> Value {
    with(name, "requestParameters", parameters)
}

pub(crate) fn happened(name: &str, details: Value) -> Value {
    with(name, "serviceEventDetails", details)
}

pub(crate) fn attached(policy: &str, target: &str) -> Value {
    called("AttachPolicy", json!({"policyId": policy, "targetId": target}))
}

pub(crate) fn detached(policy: &str, target: &str) -> Value {
    called("DetachPolicy", json!({"policyId": policy, "targetId": target}))
}

pub(crate) fn moved(account: AccountId, from: &str, to: &str) -> Value {
    let parameters = json!({"accountId": account.to_string(), "sourceParentId": from, "destinationParentId": to});
    called("MoveAccount", parameters)
}

pub(crate) fn updated(policy: &str, content: &str) -> Value {
    let mut event = called("UpdatePolicy", json!({"policyId": policy, "content": content}));
    event["detail"]["responseElements"]["policy"]["policySummary"]["id"] = json!(policy);
    event
}

pub(crate) fn id(event: &Value) -> &str {
    event["detail"]["eventID"].as_str().unwrap()
}
