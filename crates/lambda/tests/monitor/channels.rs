//! Security Hub, EventBridge and SNS: they take what they are sent, keep it, and fail where they are told to.
//!
//! Forms: botocore 1.44.5, models `securityhub` (rest-json, `POST /findings/import`), `events` (awsJson1.1, target prefix
//! `AWSEvents`), `sns` (query, `Action=Publish`), read 2026-11-24.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::bucket::Answer;

/// The names of the calls.
pub(crate) const IMPORT: &str = "BatchImportFindings";
pub(crate) const PUT: &str = "PutEvents";
pub(crate) const NOTIFY: &str = "Publish";

#[derive(Debug, Clone, Default)]
pub(crate) struct Channels(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    calls: Vec<(&'static str, Value)>,
    failing: BTreeSet<&'static str>,
}

impl Channels {
    /// These calls are refused from now on, and no others.
    pub(crate) fn fail(&self, calls: &[&'static str]) {
        self.0.lock().unwrap().failing = calls.iter().copied().collect();
    }

    /// What was sent, and forgets it.
    pub(crate) fn take(&self) -> Vec<(&'static str, Value)> {
        std::mem::take(&mut self.0.lock().unwrap().calls)
    }

    /// The answer, where the request is for one of these.
    pub(crate) fn answer(&self, path: &str, target: Option<&str>, body: &[u8]) -> Option<Answer> {
        let json = || serde_json::from_slice(body).unwrap_or_default();
        let is_notice = target.is_none() && body.starts_with(b"Action=Publish&");
        let (call, sent) = match target {
            Some(target) if target.starts_with("AWSEvents.") => (PUT, json()),
            None if path == "/findings/import" => (IMPORT, json()),
            None if is_notice => (NOTIFY, Value::from(String::from_utf8_lossy(body).into_owned())),
            Some(_) | None => return None,
        };
        let mut inner = self.0.lock().unwrap();
        let kind = if call == NOTIFY { "text/xml" } else { "application/x-amz-json-1.1" };
        let head = vec![("content-type", kind.to_owned())];
        if inner.failing.contains(call) {
            return Some((403, head, refusal(call)));
        }
        let answer = success(call, &sent);
        inner.calls.push((call, sent));
        Some((200, head, answer))
    }
}

fn success(call: &str, sent: &Value) -> Vec<u8> {
    let length = |name: &str| sent[name].as_array().map_or(0, Vec::len);
    match call {
        IMPORT => json!({"FailedCount": 0, "SuccessCount": length("Findings"), "FailedFindings": []}).to_string(),
        PUT => {
            let entries = vec![json!({"EventId": "e"}); length("Entries")];
            json!({"FailedEntryCount": 0, "Entries": entries}).to_string()
        }
        _ => "<PublishResponse><PublishResult><MessageId>m</MessageId></PublishResult></PublishResponse>".to_owned(),
    }
    .into_bytes()
}

fn refusal(call: &str) -> Vec<u8> {
    match call {
        NOTIFY => {
            "<ErrorResponse><Error><Type>Sender</Type><Code>AuthorizationError</Code><Message>no</Message></Error>\
                   </ErrorResponse>"
                .to_owned()
        }
        _ => json!({"__type": "AccessDeniedException", "message": "no", "Message": "no", "Code": "AccessDenied"})
            .to_string(),
    }
    .into_bytes()
}

/// How many calls of each kind there were, as `2 PutEvents`.
pub(crate) fn counted(calls: &[(&'static str, Value)]) -> String {
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    calls.iter().for_each(|(call, _)| *counts.entry(call).or_default() += 1);
    counts.iter().map(|(call, count)| format!("{count} {call}")).collect::<Vec<_>>().join(", ")
}

/// The findings that Security Hub was sent, as `ACTIVE GENERATOR` or `ARCHIVED GENERATOR`.
pub(crate) fn imported(calls: &[(&'static str, Value)]) -> Vec<String> {
    let findings =
        calls.iter().filter(|(call, _)| *call == IMPORT).flat_map(|(_, sent)| sent["Findings"].as_array().unwrap());
    let text = |it: &Value, name: &str| it[name].as_str().unwrap().to_owned();
    findings.map(|it| format!("{} {}", text(it, "RecordState"), text(it, "GeneratorId"))).collect()
}

/// What the events that were sent are: their `detail-type`.
pub(crate) fn events(calls: &[(&'static str, Value)]) -> Vec<String> {
    let entries =
        calls.iter().filter(|(call, _)| *call == PUT).flat_map(|(_, sent)| sent["Entries"].as_array().unwrap());
    entries.map(|it| it["DetailType"].as_str().unwrap().to_owned()).collect()
}
