//! One endpoint for every service: AWS Organizations and STS are the simulator, S3 is a bucket, CloudTrail a table,
//! the others take what they are sent.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use optout_simulator::{Delivery, Request, Simulator};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};

use crate::bucket::{Answer, Bucket};
use crate::channels::Channels;

/// What CloudTrail answers to an operation; an error where there is nothing.
pub(crate) type Trails = Arc<Mutex<BTreeMap<&'static str, Value>>>;

#[derive(Clone)]
pub(crate) struct Front {
    pub(crate) url: String,
    simulator: Simulator,
    bucket: Bucket,
    trails: Trails,
    channels: Channels,
}

impl Front {
    pub(crate) async fn start(simulator: Simulator, bucket: Bucket, trails: Trails, channels: Channels) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let front = Self { url, simulator, bucket, trails, channels };
        let serving = front.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let serving = serving.clone();
                tokio::spawn(async move { serving.serve(stream).await });
            }
        });
        front
    }

    async fn serve(&self, stream: TcpStream) {
        let mut stream = BufReader::new(stream);
        while let Some((line, headers, body)) = read(&mut stream).await {
            let Some((status, more, body)) = self.answer(&line, &headers, body).await else { return };
            let more: String = more.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
            let head = format!("HTTP/1.1 {status} X\r\ncontent-length: {}\r\n{more}\r\n", body.len());
            let sent = stream.write_all(&[head.as_bytes(), &body].concat()).await;
            if sent.is_err() {
                return;
            }
        }
    }

    async fn answer(&self, line: &str, headers: &BTreeMap<String, String>, body: Vec<u8>) -> Option<Answer> {
        let mut words = line.split(' ');
        let (method, uri) = (words.next()?, words.next()?);
        let (path, query) = uri.split_once('?').unwrap_or((uri, ""));
        let target = headers.get("x-amz-target").cloned();
        let form = headers.get("content-type").is_some_and(|it| it.starts_with("application/x-www-form-urlencoded"));
        if let Some(answer) = self.channels.answer(path, target.as_deref(), &body) {
            return Some(answer);
        }
        match &target {
            Some(target) if target.contains("CloudTrail") => Some(self.cloudtrail(target)),
            None if !form => Some(self.bucket.answer(method, path, headers, body)),
            Some(_) | None => {
                let request = Request {
                    method: method.to_owned(),
                    path: path.to_owned(),
                    query: query.to_owned(),
                    target,
                    authorization: headers.get("authorization").cloned(),
                    content_type: headers.get("content-type").cloned(),
                    body,
                };
                match self.simulator.answer(&request).await {
                    Delivery::Whole(reply) => {
                        let kind = ("content-type", reply.content_type.to_owned());
                        Some((reply.status, vec![kind, ("x-amzn-requestid", reply.request_id)], reply.body))
                    }
                    Delivery::CutShort(_) | Delivery::Dropped => None,
                    Delivery::Never => std::future::pending().await,
                }
            }
        }
    }

    fn cloudtrail(&self, target: &str) -> Answer {
        let operation = target.rsplit('.').next().unwrap_or_default();
        let kind = vec![("content-type", "application/x-amz-json-1.1".to_owned())];
        match self.trails.lock().unwrap().get(operation) {
            Some(answer) => (200, kind, answer.to_string().into_bytes()),
            None => (400, kind, json!({"__type": "AccessDeniedException", "message": "no"}).to_string().into_bytes()),
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<(String, BTreeMap<String, String>, Vec<u8>)> {
    let mut line = String::new();
    if stream.read_line(&mut line).await.ok()? == 0 {
        return None;
    }
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await.ok()?;
        let Some((name, value)) = header.trim_end().split_once(':') else { break };
        headers.insert(name.to_ascii_lowercase(), value.trim().to_owned());
    }
    if headers.get("expect").is_some_and(|it| it == "100-continue") {
        stream.write_all(b"HTTP/1.1 100 Continue\r\n\r\n").await.ok()?;
    }
    let mut body = vec![0; headers.get("content-length").map_or(0, |length| length.parse().unwrap())];
    stream.read_exact(&mut body).await.ok()?;
    Some((line.trim_end().to_owned(), headers, body))
}
