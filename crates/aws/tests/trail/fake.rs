//! CloudTrail's LookupEvents and STS's GetCallerIdentity over HTTP on loopback, with what they were asked written down.
//!
//! Form of requests and answers: botocore 1.44.5, `cloudtrail` (awsJson1.1). Nothing but the standard library is used, so
//! that tests of other crates can use it too.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

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
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let fake = Self { url, asked: Arc::default(), entries: Arc::new(entries), instead: Arc::new(instead) };
        let serving = fake.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let serving = serving.clone();
                std::thread::spawn(move || serving.serve(stream));
            }
        });
        fake
    }

    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some((headers, body)) = request(&mut reader) {
            let header = |name: &str| {
                let found = headers.iter().find(|(key, _)| key == name);
                found.map(|(_, value)| value.clone()).unwrap_or_default()
            };
            let target = header("x-amz-target");
            let (status, kind, answer) = if target.is_empty() {
                (200, "text/xml", IDENTITY.to_owned())
            } else {
                let (content_type, authorization) = (header("content-type"), header("authorization"));
                let body = serde_json::from_slice(&body).unwrap();
                let (status, answer) = self.answer(&Asked { target, content_type, authorization, body });
                (status, "application/x-amz-json-1.1", answer.to_string())
            };
            let head = format!(
                "HTTP/1.1 {status} OK\r\ncontent-type: {kind}\r\ncontent-length: {}\r\nx-amzn-requestid: r-1\r\n\r\n",
                answer.len()
            );
            if stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(answer.as_bytes())).is_err() {
                return;
            }
        }
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

type Headers = Vec<(String, String)>;

fn request(reader: &mut BufReader<TcpStream>) -> Option<(Headers, Vec<u8>)> {
    let mut line = String::new();
    if reader.read_line(&mut line).ok()? == 0 {
        return None;
    }
    let mut headers = Headers::new();
    loop {
        line.clear();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else { break };
        headers.push((name.to_ascii_lowercase(), value.trim().to_owned()));
    }
    let length = headers.iter().find(|(name, _)| name == "content-length").map(|(_, value)| value.parse().unwrap());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    Some((headers, body))
}

const IDENTITY: &str = "<GetCallerIdentityResponse xmlns=\"https://sts.amazonaws.com/doc/2011-06-15/\"><GetCallerIdentityResult>\
    <Arn>arn:aws:sts::111111111111:assumed-role/Audit/ann</Arn><UserId>x</UserId><Account>111111111111</Account>\
    </GetCallerIdentityResult><ResponseMetadata><RequestId>r-1</RequestId></ResponseMetadata></GetCallerIdentityResponse>";
