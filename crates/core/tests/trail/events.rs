//! Records for tests, a line each.

#![expect(clippy::needless_pass_by_value, reason = "`json!` makes values, and one at a time is easiest to read")]

use optout_core::trail::{Collector, Trail, Window};
use serde_json::{Value, json};

/// A record of the management account 000000000001.
pub(crate) fn record(id: usize, time: &str, name: &str, parameters: Value) -> String {
    with_answer(id, time, name, parameters, Value::Null)
}

pub(crate) fn with_answer(id: usize, time: &str, name: &str, parameters: Value, answer: Value) -> String {
    json!({
        "eventID": format!("e-{id:04}"),
        "eventTime": time,
        "eventSource": "organizations.amazonaws.com",
        "eventName": name,
        "awsRegion": "us-east-1",
        "sourceIPAddress": "192.0.2.1",
        "userAgent": "agent/1",
        "userIdentity": {"type": "Root", "arn": "arn:aws:iam::000000000001:root", "accountId": "000000000001"},
        "requestParameters": parameters,
        "responseElements": answer,
        "recipientAccountId": "000000000001",
    })
    .to_string()
}

/// An event of AWS itself.
pub(crate) fn service_event(id: usize, time: &str, name: &str, details: Value) -> String {
    let mut value: Value = serde_json::from_str(&record(id, time, name, Value::Null)).unwrap();
    value["serviceEventDetails"] = details;
    value.to_string()
}

pub(crate) fn attach(id: usize, time: &str, policy: &str, target: &str) -> String {
    record(id, time, "AttachPolicy", json!({"policyId": policy, "targetId": target}))
}

pub(crate) fn detach(id: usize, time: &str, policy: &str, target: &str) -> String {
    record(id, time, "DetachPolicy", json!({"policyId": policy, "targetId": target}))
}

pub(crate) fn create(id: usize, time: &str, policy: &str, content: &str) -> String {
    let parameters =
        json!({"name": policy, "description": "", "type": "AISERVICES_OPT_OUT_POLICY", "content": content});
    with_answer(id, time, "CreatePolicy", parameters, json!({"policy": {"policySummary": {"id": policy}}}))
}

pub(crate) fn update(id: usize, time: &str, policy: &str, content: &str) -> String {
    record(id, time, "UpdatePolicy", json!({"policyId": policy, "content": content}))
}

pub(crate) fn switch(id: usize, time: &str, on: bool) -> String {
    let name = if on { "EnablePolicyType" } else { "DisablePolicyType" };
    record(id, time, name, json!({"rootId": "r-exam", "policyType": "AISERVICES_OPT_OUT_POLICY"}))
}

pub(crate) fn move_account(id: usize, time: &str, account: &str, from: &str, to: &str) -> String {
    let parameters = json!({"accountId": account, "sourceParentId": from, "destinationParentId": to});
    record(id, time, "MoveAccount", parameters)
}

/// What is in a text called `events.json`.
pub(crate) fn stream(text: &str) -> Trail {
    let mut collector = Collector::new(Window::default());
    let mut stream = collector.stream("events.json");
    stream.feed(text.as_bytes());
    stream.finish();
    collector.finish()
}

/// These records, as a log file.
pub(crate) fn trail(records: &[String]) -> Trail {
    stream(&format!("{{\"Records\":[{}]}}", records.join(",")))
}
