//! Security Hub, EventBridge, SNS, S3 and STS over HTTP on loopback, with what they were asked written down.
//!
//! Form of requests and answers: botocore 1.44.5: `securityhub` (restJson1), `events` (awsJson1.1), `sns` and `sts` (query),
//! `s3` (restXml). Nothing but the standard library is used.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

/// One request.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    pub operation: &'static str,
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Asked {
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
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { url, asked: Arc::default(), instead: Arc::new(instead) };
        let serving = fake.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let serving = serving.clone();
                std::thread::spawn(move || serving.serve(stream));
            }
        });
        fake
    }

    /// The requests of an operation, in order.
    pub(crate) fn asked(&self, operation: &str) -> Vec<Asked> {
        self.asked.lock().unwrap().iter().filter(|asked| asked.operation == operation).cloned().collect()
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some(asked) = request(&mut reader, &mut stream) {
            let (status, answer) = self.answer(&asked);
            let length = answer.len();
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {length}\r\nx-amzn-requestid: r-1\r\n\r\n");
            if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(answer.as_bytes())).is_err() {
                return;
            }
        }
    }

    fn answer(&self, asked: &Asked) -> (u16, String) {
        let number = {
            let mut all = self.asked.lock().unwrap();
            all.push(asked.clone());
            all.iter().filter(|it| it.operation == asked.operation).count() - 1
        };
        (self.instead)(asked, number).unwrap_or_else(|| (200, success(asked)))
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

fn request(reader: &mut BufReader<TcpStream>, stream: &mut TcpStream) -> Option<Asked> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = Vec::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let header = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone());
    if header("expect").is_some() {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    let mut body = vec![0; header("content-length").map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).unwrap();
    let operation = operation(&path, header("x-amz-target").as_deref(), &body);
    Some(Asked { operation, path, headers, body })
}

fn operation(path: &str, target: Option<&str>, body: &str) -> &'static str {
    match target {
        Some("AWSEvents.PutEvents") => "PutEvents",
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
