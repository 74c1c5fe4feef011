//! Every bucket: keeps what is put, and holds the conditions of a request.
//!
//! Form: <https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html> (`If-Match`, `If-None-Match: *`, 412 with
//! `PreconditionFailed`) and `API_GetObject` (404 with `NoSuchKey`), read 2026-11-24.

use std::collections::BTreeMap;

use super::{Answer, Asked};

#[derive(Default)]
pub(super) struct Bucket {
    objects: BTreeMap<String, (Vec<u8>, String)>,
    written: u32,
}

impl Bucket {
    pub(super) fn store(&mut self, path: &str, body: Vec<u8>) -> String {
        self.written += 1;
        let tag = format!("\"{:032x}\"", self.written);
        self.objects.insert(path.to_owned(), (body, tag.clone()));
        tag
    }

    pub(super) fn sizes(&self) -> Vec<(String, usize)> {
        self.objects.iter().map(|(path, (body, _))| (path.clone(), body.len())).collect()
    }

    pub(super) fn answer(&mut self, asked: &Asked) -> Answer {
        let path = asked.uri.split('?').next().unwrap();
        match (asked.method.as_str(), self.objects.get(path)) {
            ("GET", Some((body, tag))) => (200, vec![("etag", tag.clone())], body.clone()),
            ("GET", None) => error(404, "NoSuchKey"),
            ("PUT", there) if holds(asked, there.map(|(_, tag)| tag.as_str())) => {
                let tag = self.store(path, asked.body.clone());
                (200, vec![("etag", tag)], Vec::new())
            }
            ("PUT", _) => error(412, "PreconditionFailed"),
            (other, _) => panic!("{other} is not what a monitor asks of a bucket"),
        }
    }
}

fn holds(asked: &Asked, there: Option<&str>) -> bool {
    match (asked.header("if-match"), asked.header("if-none-match")) {
        (Some(wanted), None) => there == Some(wanted),
        (None, Some("*")) => there.is_none(),
        conditions => panic!("{} is written without a condition that helps: {conditions:?}", asked.uri),
    }
}

fn error(status: u16, code: &str) -> Answer {
    let body = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>no</Message></Error>");
    (status, vec![("content-type", "application/xml".to_owned())], body.into_bytes())
}
