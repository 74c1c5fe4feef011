//! The AWS that a monitor's function sees, over HTTP on loopback, with every request written down as it came.
//!
//! AWS Organizations and STS are a simulator behind it; with [`Cloud::before`] those that keep what they get are somebody else's; the bucket keeps what is put and holds conditions, Security Hub keeps
//! findings, a trail logs everything; EventBridge, SNS and AWS Config take what they get. Which service is asked, the signature
//! says; a PUT without one is the answer to a custom resource.
//!
//! Forms: botocore 1.44.5, models `s3` (restXml), `securityhub` (restJson1), `events`, `config`, `cloudtrail`, `organizations`
//! (awsJson1.1), `sns`, `sts` (query). Nothing but the standard library and JSON is used, so that tests of several crates can use it.

mod bucket;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::{Value, json};

use bucket::Bucket;

/// The trail that logs everything.
pub(crate) const TRAIL: &str = "arn:aws:cloudtrail:eu-west-1:111111111111:trail/all";

/// One request, as it came.
#[derive(Debug, Clone)]
pub(crate) struct Asked {
    /// As the signature names it, like `s3`; empty where nothing is signed.
    pub service: String,
    /// As AWS names it, like `PutObject`.
    pub operation: String,
    pub method: String,
    /// The path with its query.
    pub uri: String,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Asked {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The body as JSON; null where it is none.
    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_default()
    }

    /// A field of a body that is a form.
    pub(crate) fn field(&self, name: &str) -> Option<String> {
        let text = String::from_utf8_lossy(&self.body).into_owned();
        let field = text.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name);
        field.map(|(_, value)| unescaped(value))
    }

    /// Whether the simulator answers it.
    fn is_handed_on(&self) -> bool {
        matches!(self.service.as_str(), "organizations" | "sts")
    }

    fn is_answer(&self) -> bool {
        self.service.is_empty() && self.method == "PUT"
    }
}

/// What is answered in place of success: a status and a body, for a request and how many of its operation came before.
type Instead = dyn Fn(&Asked, usize) -> Option<(u16, String)> + Send + Sync;

/// The services, for the life of the process.
#[derive(Clone)]
pub(crate) struct Cloud {
    pub(crate) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
    bucket: Arc<Mutex<Bucket>>,
    findings: Arc<Mutex<Vec<Value>>>,
    behind: Arc<str>,
    /// Who serves S3, Security Hub, EventBridge and SNS, if somebody else does.
    keeper: Option<Arc<str>>,
    instead: Arc<Instead>,
}

/// Status, further headers, body.
type Answer = (u16, Vec<(&'static str, String)>, Vec<u8>);

impl Cloud {
    /// In front of the simulator at `behind`, like `http://127.0.0.1:4321`.
    pub(crate) fn start(behind: &str) -> Self {
        Self::with(behind, |_, _| None)
    }

    /// The same where `instead` may answer first.
    pub(crate) fn with(
        behind: &str,
        instead: impl Fn(&Asked, usize) -> Option<(u16, String)> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (asked, bucket, findings) = (Arc::default(), Arc::default(), Arc::default());
        let behind = host(behind);
        Self { url, asked, bucket, findings, behind, keeper: None, instead: Arc::new(instead) }.listen(listener)
    }

    /// In front of a simulator, and of a `keeper` of what is published.
    pub(crate) fn before(behind: &str, keeper: &str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let (asked, bucket, findings) = (Arc::default(), Arc::default(), Arc::default());
        let (behind, keeper) = (host(behind), Some(host(keeper)));
        Self { url, asked, bucket, findings, behind, keeper, instead: Arc::new(|_, _| None) }.listen(listener)
    }

    fn listen(self, listener: TcpListener) -> Self {
        let serving = self.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let serving = serving.clone();
                std::thread::spawn(move || serving.serve(stream));
            }
        });
        self
    }

    /// What was asked, in order.
    pub(crate) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().unwrap().clone()
    }

    /// The same without what the simulator answers.
    pub(crate) fn kept(&self) -> Vec<Asked> {
        self.asked().into_iter().filter(|asked| !asked.is_handed_on()).collect()
    }

    /// The bodies of PutEvaluations.
    pub(crate) fn evaluations(&self) -> Vec<Value> {
        self.asked().iter().filter(|asked| asked.operation == "PutEvaluations").map(Asked::json).collect()
    }

    /// The answers to custom resources.
    pub(crate) fn answers(&self) -> Vec<Value> {
        self.asked().iter().filter(|asked| asked.is_answer()).map(Asked::json).collect()
    }

    /// What was asked since the last time, which is then forgotten.
    pub(crate) fn take(&self) -> Vec<Asked> {
        std::mem::take(&mut *self.asked.lock().unwrap())
    }

    /// Puts an object where the function will look for it.
    pub(crate) fn put(&self, path: &str, body: &[u8]) {
        self.bucket.lock().unwrap().store(path, body.to_vec());
    }

    /// Paths of what is in the bucket, and how many bytes each has.
    pub(crate) fn objects(&self) -> Vec<(String, usize)> {
        self.bucket.lock().unwrap().sizes()
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some((asked, head)) = receive(&mut reader, &mut stream) {
            let before = self.note(&asked);
            if let Some((status, body)) = (self.instead)(&asked, before) {
                if write(&mut stream, (status, Vec::new(), body.into_bytes())).is_err() {
                    return;
                }
                continue;
            }
            if let Some(to) = self.served_by(&asked) {
                let Ok(answer) = hand_on(&to, &head, &asked.body) else { return };
                // What was handed on ends with its connection.
                drop(stream.write_all(&answer));
                return;
            }
            if write(&mut stream, self.answer(&asked)).is_err() {
                return;
            }
        }
    }

    /// Writes a request down; how many of its operation came before.
    fn note(&self, asked: &Asked) -> usize {
        let mut all = self.asked.lock().unwrap();
        let before = all.iter().filter(|it| it.service == asked.service && it.operation == asked.operation).count();
        all.push(asked.clone());
        before
    }

    /// Who else answers it, if somebody does.
    fn served_by(&self, asked: &Asked) -> Option<Arc<str>> {
        if asked.is_handed_on() {
            return Some(Arc::clone(&self.behind));
        }
        let is_kept = matches!(asked.service.as_str(), "s3" | "securityhub" | "events" | "sns");
        self.keeper.clone().filter(|_| is_kept)
    }

    fn answer(&self, asked: &Asked) -> Answer {
        match (asked.service.as_str(), asked.operation.as_str()) {
            ("s3", _) => self.bucket.lock().unwrap().answer(asked),
            ("securityhub", "BatchImportFindings") => self.import(&asked.json()),
            ("securityhub", "GetFindings") => json(&json!({"Findings": *self.findings.lock().unwrap()})),
            ("events", "PutEvents") => {
                let entries = asked.json()["Entries"].as_array().unwrap().len();
                json(&json!({"FailedEntryCount": 0, "Entries": vec![json!({"EventId": "e"}); entries]}))
            }
            ("sns", "Publish") => (200, Vec::new(), PUBLISHED.as_bytes().to_vec()),
            ("config", "PutEvaluations") => json(&json!({"FailedEvaluations": []})),
            ("cloudtrail", operation) => json(&trail(operation)),
            _ if asked.is_answer() => (200, Vec::new(), Vec::new()),
            _ => panic!("nobody answers {} {} {}", asked.service, asked.method, asked.uri),
        }
    }

    fn import(&self, request: &Value) -> Answer {
        let new = request["Findings"].as_array().unwrap();
        let mut kept = self.findings.lock().unwrap();
        kept.retain(|old| new.iter().all(|it| it["Id"] != old["Id"]));
        kept.extend(new.iter().cloned());
        json(&json!({"FailedCount": 0, "SuccessCount": new.len(), "FailedFindings": []}))
    }
}

fn host(endpoint: &str) -> Arc<str> {
    endpoint.strip_prefix("http://").unwrap().trim_end_matches('/').into()
}

fn hand_on(to: &str, head: &[u8], body: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut behind = TcpStream::connect(to)?;
    behind.write_all(&[head, body].concat())?;
    let mut answer = Vec::new();
    behind.read_to_end(&mut answer)?;
    Ok(answer)
}

const PUBLISHED: &str = "<PublishResponse xmlns=\"http://sns.amazonaws.com/doc/2010-03-31/\"><PublishResult><MessageId>m\
    </MessageId></PublishResult></PublishResponse>";

fn json(value: &Value) -> Answer {
    (200, vec![("content-type", "application/x-amz-json-1.1".to_owned())], value.to_string().into_bytes())
}

/// A trail of all Regions that logs everything.
fn trail(operation: &str) -> Value {
    match operation {
        "DescribeTrails" => {
            let trail =
                json!({"Name": "all", "TrailARN": TRAIL, "HomeRegion": "eu-west-1", "IsMultiRegionTrail": true});
            json!({"trailList": [trail]})
        }
        "GetTrailStatus" => json!({"IsLogging": true}),
        "GetEventSelectors" => {
            let selector = json!({"ReadWriteType": "All", "IncludeManagementEvents": true, "DataResources": []});
            json!({"TrailARN": TRAIL, "EventSelectors": [selector]})
        }
        other => panic!("nobody answers {other} of CloudTrail"),
    }
}

fn write(stream: &mut TcpStream, (status, more, body): Answer) -> std::io::Result<()> {
    let more: String = more.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{more}\r\n", body.len());
    stream.write_all(&[head.as_bytes(), &body].concat())
}

/// The next request of a connection, and its head for the simulator, whose connection is to end with its answer.
fn receive(reader: &mut BufReader<TcpStream>, stream: &mut TcpStream) -> Option<(Asked, Vec<u8>)> {
    let mut lines = Vec::new();
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim_end() {
            "" => break,
            line => lines.push(line.to_owned()),
        }
    }
    let mut start = lines.first()?.split(' ');
    let (method, uri) = (start.next()?.to_owned(), start.next()?.to_owned());
    let header = |line: &String| line.split_once(':').map(|(key, value)| (key.to_lowercase(), value.trim().to_owned()));
    let headers: Vec<(String, String)> = lines.iter().skip(1).filter_map(header).collect();
    let value = |name: &str| headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
    if value("expect") == Some("100-continue") {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").ok()?;
    }
    let mut body = vec![0; value("content-length").map_or(0, |length| length.parse().unwrap())];
    reader.read_exact(&mut body).ok()?;
    // Who waited for a word before sending has had it.
    let is_ours = |line: &&String| ["connection:", "expect:"].iter().any(|it| line.to_lowercase().starts_with(it));
    let kept = lines.iter().filter(|line| !is_ours(line));
    let head: String = kept.map(|line| format!("{line}\r\n")).collect();
    let head = format!("{head}connection: close\r\n\r\n").into_bytes();
    let service = value("authorization").map(signed_for).unwrap_or_default();
    let mut asked = Asked { service, operation: String::new(), method, uri, headers, body };
    asked.operation = operation(&asked);
    Some((asked, head))
}

/// `Credential=KEY/DATE/REGION/SERVICE/aws4_request`.
fn signed_for(authorization: &str) -> String {
    let scope = authorization.split("Credential=").nth(1).and_then(|rest| rest.split(',').next());
    scope.and_then(|scope| scope.split('/').nth(3)).unwrap_or_default().to_owned()
}

fn operation(asked: &Asked) -> String {
    if let Some(target) = asked.header("x-amz-target") {
        return target.rsplit('.').next().unwrap().to_owned();
    }
    let path = asked.uri.split('?').next().unwrap();
    match (asked.service.as_str(), asked.method.as_str(), path) {
        ("s3", "GET", _) => "GetObject".to_owned(),
        ("s3", "PUT", _) => "PutObject".to_owned(),
        ("securityhub", "POST", "/findings/import") => "BatchImportFindings".to_owned(),
        ("securityhub", "POST", "/findings") => "GetFindings".to_owned(),
        _ => asked.field("Action").unwrap_or_else(|| format!("{} {path}", asked.method)),
    }
}

/// A value of a form, or of a path.
pub(crate) fn unescaped(text: &str) -> String {
    let mut bytes = text.bytes();
    let mut plain = Vec::new();
    while let Some(byte) = bytes.next() {
        plain.push(match byte {
            b'+' => b' ',
            b'%' => {
                let digits = [bytes.next().unwrap(), bytes.next().unwrap()];
                u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap()
            }
            other => other,
        });
    }
    String::from_utf8(plain).unwrap()
}
