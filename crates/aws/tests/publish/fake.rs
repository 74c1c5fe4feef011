//! Security Hub, EventBridge, SNS, S3 and STS over HTTP on loopback, with what they were asked written down.
//!
//! Form of requests and answers: botocore 1.44.5: `securityhub` (restJson1), `events` (awsJson1.1), `sns` and `sts` (query),
//! `s3` (restXml).

use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use crate::loopback::{Reply, Request, serve};

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub operation: &'static str,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
    fn of(request: Request) -> Self {
        let operation = operation(&request.path, request.header("x-amz-target"), &request.body);
        let Request { path, headers, body } = request;
        Self { operation, path, headers, body }
    }

    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap()
    }
}

/// What is answered in place of success, for a request and its number among those of its operation, from 0.
pub(crate) type Instead = dyn Fn(&Asked, usize) -> Option<(u16, String)> + Send + Sync;

#[derive(Clone)]
pub(crate) struct Fake {
    pub url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    instead: Arc<Instead>,
}

impl Fake {
    pub(crate) fn start(instead: impl Fn(&Asked, usize) -> Option<(u16, String)> + Send + Sync + 'static) -> Self {
        let mut fake = Self { url: String::new(), asked: Arc::default(), instead: Arc::new(instead) };
        let serving = fake.clone();
        fake.url = serve(move |request| serving.answer(&Asked::of(request)));
        fake
    }

    /// The requests of an operation, in order.
    pub(crate) fn asked(&self, operation: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.operation == operation).cloned().collect()
    }

    fn answer(&self, asked: &Asked) -> Reply {
        let number = {
            let mut all = self.asked.lock().unwrap();
            all.push(asked.clone());
            all.iter().filter(|it| it.operation == asked.operation).count() - 1
        };
        let (status, body) = (self.instead)(asked, number).unwrap_or_else(|| (200, success(asked)));
        Reply { status, content_type: None, body }
    }
}

fn success(asked: &Asked) -> String {
    match asked.operation {
        "BatchImportFindings" => imported(asked, &[]),
        "PutEvents" => {
            let entries = asked.json()["Entries"].as_array().unwrap().len();
            put(&vec![None; entries])
        }
        "Publish" => "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>m</MessageId>\
            </PublishResult></PublishResponse>"
            .to_owned(),
        "GetCallerIdentity" => IDENTITY.to_owned(),
        _ => String::new(),
    }
}

/// The answer to an import in which these findings failed.
pub(crate) fn imported(asked: &Asked, failed: &[(String, &str)]) -> String {
    let all = asked.json()["Findings"].as_array().unwrap().len();
    let list: Vec<Value> =
        failed.iter().map(|(id, code)| json!({"Id": id, "ErrorCode": code, "ErrorMessage": "no"})).collect();
    json!({"FailedCount": failed.len(), "SuccessCount": all - failed.len(), "FailedFindings": list}).to_string()
}

/// The answer to events of which some failed with a code.
pub(crate) fn put(entries: &[Option<&str>]) -> String {
    let entry = |code: &Option<&str>| match code {
        None => json!({"EventId": "e"}),
        Some(code) => json!({"ErrorCode": code, "ErrorMessage": "no"}),
    };
    let failed = entries.iter().flatten().count();
    json!({"FailedEntryCount": failed, "Entries": entries.iter().map(entry).collect::<Vec<_>>()}).to_string()
}

/// An error in JSON.
pub(crate) fn error(status: u16, code: &str) -> Option<(u16, String)> {
    Some((status, json!({"__type": code, "code": code, "Message": "no", "message": "no"}).to_string()))
}

/// An error in XML.
pub(crate) fn xml_error(status: u16, code: &str) -> Option<(u16, String)> {
    Some((status, format!("<ErrorResponse><Error><Code>{code}</Code><Message>no</Message></Error></ErrorResponse>")))
}

/// An error of S3.
pub(crate) fn s3_error(status: u16, code: &str) -> Option<(u16, String)> {
    Some((status, format!("<Error><Code>{code}</Code><Message>no</Message></Error>")))
}

fn operation(path: &str, target: &str, body: &str) -> &'static str {
    match target {
        "AWSEvents.PutEvents" => "PutEvents",
        _ if path.starts_with("/findings/import") => "BatchImportFindings",
        _ if path.starts_with("/findings") => "GetFindings",
        _ if body.starts_with("Action=GetCallerIdentity") => "GetCallerIdentity",
        _ if body.starts_with("Action=Publish") => "Publish",
        _ => "PutObject",
    }
}

const IDENTITY: &str = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
    <Arn>arn:aws-us-gov:sts::111111111111:assumed-role/Monitor/x</Arn><UserId>x</UserId><Account>111111111111</Account>\
    </GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>";
