//! A bucket that keeps objects and is strict about conditions: nothing is written without one.
//!
//! Form: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html> (`If-Match`, `If-None-Match: *`, 412 with
//! `PreconditionFailed`) and `API_GetObject` (404 with `NoSuchKey`), read 2026-11-24.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

/// An answer: status, headers, body.
pub(crate) type Answer = (u16, Vec<(&'static str, String)>, Vec<u8>);

#[derive(Debug, Clone, Default)]
pub(crate) struct Bucket(Arc<Mutex<Inner>>);

#[derive(Debug, Default)]
struct Inner {
    objects: BTreeMap<String, (Vec<u8>, String)>,
    written: u32,
    refused: u32,
    failing: Option<u16>,
}

impl Bucket {
    pub(crate) fn get(&self, path: &str) -> Option<Vec<u8>> {
        self.0.lock().unwrap().objects.get(path).map(|(bytes, _)| bytes.clone())
    }

    pub(crate) fn put(&self, path: &str, bytes: &[u8]) {
        self.0.lock().unwrap().store(path, bytes.to_vec());
    }

    pub(crate) fn remove(&self, path: &str) {
        self.0.lock().unwrap().objects.remove(path);
    }

    pub(crate) fn keys(&self) -> Vec<String> {
        self.0.lock().unwrap().objects.keys().cloned().collect()
    }

    /// How often somebody came second.
    pub(crate) fn refused(&self) -> u32 {
        self.0.lock().unwrap().refused
    }

    /// Everything is answered with this status from now on.
    pub(crate) fn fail(&self, status: Option<u16>) {
        self.0.lock().unwrap().failing = status;
    }

    pub(crate) fn answer(&self, method: &str, path: &str, headers: &BTreeMap<String, String>, body: Vec<u8>) -> Answer {
        let mut inner = self.0.lock().unwrap();
        if let Some(status) = inner.failing {
            return error(status, "AccessDenied");
        }
        match method {
            "GET" => match inner.objects.get(path) {
                Some((bytes, tag)) => (200, vec![("etag", tag.clone())], bytes.clone()),
                None => error(404, "NoSuchKey"),
            },
            "PUT" => inner.write(path, headers, body),
            other => panic!("{other} {path} is not what a monitor asks of a bucket"),
        }
    }
}

impl Inner {
    fn write(&mut self, path: &str, headers: &BTreeMap<String, String>, body: Vec<u8>) -> Answer {
        assert!(!headers.get("content-encoding").is_some_and(|it| it.contains("aws-chunked")), "{headers:?}");
        let there = self.objects.get(path).map(|(_, tag)| tag.clone());
        let holds = match (headers.get("if-match"), headers.get("if-none-match").map(String::as_str)) {
            (Some(wanted), None) => there.as_ref() == Some(wanted),
            (None, Some("*")) => there.is_none(),
            conditions => panic!("{path} is written without a condition that helps: {conditions:?}"),
        };
        if !holds {
            self.refused += 1;
            return error(412, "PreconditionFailed");
        }
        let tag = self.store(path, body);
        (200, vec![("etag", tag)], Vec::new())
    }

    fn store(&mut self, path: &str, bytes: Vec<u8>) -> String {
        self.written += 1;
        let tag = format!("\"{:032x}\"", self.written);
        self.objects.insert(path.to_owned(), (bytes, tag.clone()));
        tag
    }
}

fn error(status: u16, code: &str) -> Answer {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>");
    (status, vec![("content-type", "application/xml".to_owned())], body.into_bytes())
}
