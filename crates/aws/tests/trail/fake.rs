//! CloudTrail's LookupEvents and STS's GetCallerIdentity over HTTP on loopback, with what they were asked written down.
//!
//! Form of requests and answers: botocore 1.44.5, `cloudtrail` (awsJson1.1). Tests of other crates use it too.

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::loopback::{Reply, Request, serve};

/// One request of LookupEvents.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub target: String,
    pub content_type: String,
    pub authorization: String,
    pub body: Value,
}

/// An event of the history: its time in seconds, its name, its record.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    pub time: i64,
    pub name: String,
    pub record: Option<String>,
}

/// What is answered in place of the history: status and body, for a request and its number from 0.
pub(crate) type Instead = dyn Fn(&Asked, usize) -> Option<(u16, Value)> + Send + Sync;

/// The service, for the life of the process.
#[derive(Clone)]
pub(crate) struct Fake {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    entries: Arc<Vec<Entry>>,
    instead: Arc<Instead>,
}

impl Fake {
    pub(crate) fn start(
        entries: Vec<Entry>,
        instead: impl Fn(&Asked, usize) -> Option<(u16, Value)> + Send + Sync + 'static,
    ) -> Self {
        let (entries, instead) = (Arc::new(entries), Arc::new(instead));
        let mut fake = Self { url: String::new(), asked: Arc::default(), entries, instead };
        let serving = fake.clone();
        fake.url = serve(move |request| serving.reply(&request));
        fake
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    fn reply(&self, request: &Request) -> Reply {
        let header = |name: &str| request.header(name).to_owned();
        let target = header("x-amz-target");
        if target.is_empty() {
            return Reply { status: 200, content_type: Some("text/xml"), body: IDENTITY.to_owned() };
        }
        let (content_type, authorization) = (header("content-type"), header("authorization"));
        let body = serde_json::from_str(&request.body).unwrap();
        let (status, answer) = self.answer(&Asked { target, content_type, authorization, body });
        Reply { status, content_type: Some("application/x-amz-json-1.1"), body: answer.to_string() }
    }

    fn answer(&self, asked: &Asked) -> (u16, Value) {
        let number = {
            let mut all = self.asked.lock().unwrap();
            all.push(asked.clone());
            all.len() - 1
        };
        (self.instead)(asked, number).unwrap_or_else(|| (200, self.page(&asked.body)))
    }

    /// A page of the history, newest first.
    fn page(&self, body: &Value) -> Value {
        let time = |name: &str| body[name].as_f64().unwrap_or_else(|| panic!("no {name} in {body}")) as i64;
        let (start, end) = (time("StartTime"), time("EndTime"));
        let mut inside: Vec<&Entry> = self.entries.iter().filter(|it| start <= it.time && it.time <= end).collect();
        inside.sort_by_key(|entry| -entry.time);
        let at: usize = body["NextToken"].as_str().map_or(0, |token| token.parse().unwrap());
        let most = body["MaxResults"].as_u64().unwrap_or(50) as usize;
        let events: Vec<Value> = inside.iter().skip(at).take(most).map(|entry| event(entry)).collect();
        let more = (at + most < inside.len()).then(|| (at + most).to_string());
        json!({"Events": events, "NextToken": more})
    }
}

fn event(entry: &Entry) -> Value {
    json!({
        "EventId": "11111111-2222-4333-8444-555555555555",
        "EventName": entry.name,
        "ReadOnly": "false",
        "EventTime": entry.time,
        "EventSource": "organizations.amazonaws.com",
        "Username": "ann",
        "Resources": [],
        "CloudTrailEvent": entry.record,
    })
}

/// An error as the service words it.
pub(crate) fn error(code: &str) -> Option<(u16, Value)> {
    Some((400, json!({"__type": code, "message": "no"})))
}

const IDENTITY: &str = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
    <Arn>arn:aws:sts::111111111111:assumed-role/Audit/ann</Arn><UserId>x</UserId><Account>111111111111</Account>\
    </GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>";
