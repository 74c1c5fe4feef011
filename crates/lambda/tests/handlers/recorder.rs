//! A server on loopback that writes down what it is sent: PutEvaluations of AWS Config, and PUTs to a pre-signed URL. Every
//! other request is handed on to a simulator of AWS Organizations and STS, and its answer back.
//!
//! Forms: botocore 1.44.5, model `config` (awsJson1.1, target prefix `StarlingDoveService`). Nothing but the standard
//! library is used, so that tests of other crates can use it too.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use serde_json::Value;

/// One request that was kept.
#[derive(Debug, Clone)]
pub(crate) struct Kept {
    pub method: String,
    /// The path with its query.
    pub path: String,
    pub headers: Vec<(String, String)>,
    pub body: Value,
}

impl Kept {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// What is answered in place of a success: status and body, for a request and its number from 0.
pub(crate) type Instead = dyn Fn(&Kept, usize) -> Option<(u16, String)> + Send + Sync;

/// The server, for the life of the process.
#[derive(Clone)]
pub(crate) struct Recorder {
    pub url: String,
    kept: Arc<Mutex<Vec<Kept>>>,
    behind: Arc<str>,
    instead: Arc<Instead>,
}

struct Received {
    head: Vec<u8>,
    kept: Kept,
    bytes: Vec<u8>,
}

impl Recorder {
    /// In front of the simulator at `behind`, like `http://127.0.0.1:4321`.
    pub(crate) fn start(
        behind: &str,
        instead: impl Fn(&Kept, usize) -> Option<(u16, String)> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let behind = behind.strip_prefix("http://").unwrap().into();
        let recorder = Self { url, kept: Arc::default(), behind, instead: Arc::new(instead) };
        let serving = recorder.clone();
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let serving = serving.clone();
                std::thread::spawn(move || serving.serve(stream));
            }
        });
        recorder
    }

    /// What was kept, in order.
    pub(crate) fn kept(&self) -> Vec<Kept> {
        self.kept.lock().unwrap().clone()
    }

    /// The bodies of PutEvaluations.
    pub(crate) fn evaluations(&self) -> Vec<Value> {
        self.kept().into_iter().filter(|kept| kept.method == "POST").map(|kept| kept.body).collect()
    }

    /// The answers to CloudFormation.
    pub(crate) fn answers(&self) -> Vec<Value> {
        self.kept().into_iter().filter(|kept| kept.method == "PUT").map(|kept| kept.body).collect()
    }

    fn serve(&self, mut stream: TcpStream) {
        let mut reader = BufReader::new(stream.try_clone().unwrap());
        while let Some(received) = receive(&mut reader) {
            let is_evaluation = received.kept.header("x-amz-target").is_some_and(|it| it.starts_with("StarlingDove"));
            let sent = match is_evaluation || received.kept.method == "PUT" {
                true => stream.write_all(&self.keep(&received.kept)),
                false => self.hand_on(&received).and_then(|answer| stream.write_all(&answer)),
            };
            // One answer a connection is enough: what was handed on ends with its connection.
            if sent.is_err() || !is_evaluation {
                return;
            }
        }
    }

    fn keep(&self, kept: &Kept) -> Vec<u8> {
        let number = {
            let mut all = self.kept.lock().unwrap();
            all.push(kept.clone());
            all.len() - 1
        };
        let usual = || (200, if kept.method == "PUT" { String::new() } else { "{}".to_owned() });
        let (status, body) = (self.instead)(kept, number).unwrap_or_else(usual);
        let kind = "content-type: application/x-amz-json-1.1\r\nconnection: keep-alive";
        format!("HTTP/1.1 {status} X\r\n{kind}\r\ncontent-length: {}\r\n\r\n{body}", body.len()).into_bytes()
    }

    fn hand_on(&self, received: &Received) -> std::io::Result<Vec<u8>> {
        let mut behind = TcpStream::connect(&*self.behind)?;
        behind.write_all(&received.head)?;
        behind.write_all(&received.bytes)?;
        let mut answer = Vec::new();
        behind.read_to_end(&mut answer)?;
        Ok(answer)
    }
}

/// The next request of a connection. What is handed on asks for its connection to end.
fn receive(reader: &mut BufReader<TcpStream>) -> Option<Received> {
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
    let (method, path) = (start.next()?.to_owned(), start.next()?.to_owned());
    let header = |line: &String| line.split_once(':').map(|(key, value)| (key.to_lowercase(), value.trim().to_owned()));
    let headers: Vec<(String, String)> = lines.iter().skip(1).filter_map(header).collect();
    let length = headers.iter().find(|(key, _)| key == "content-length").map_or(0, |(_, value)| value.parse().unwrap());
    let mut bytes = vec![0; length];
    reader.read_exact(&mut bytes).ok()?;
    let body = serde_json::from_slice(&bytes).unwrap_or_default();
    let kept_lines = lines.iter().filter(|line| !line.to_lowercase().starts_with("connection:"));
    let head: String = kept_lines.map(|line| format!("{line}\r\n")).collect();
    let head = format!("{head}connection: close\r\n\r\n").into_bytes();
    Some(Received { head, kept: Kept { method, path, headers, body }, bytes })
}
