//! The answer to CloudFormation, in the 4,096 bytes that it reads.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html>, read 2026-11-24: `Reason` is
//! required where it failed, `PhysicalResourceId` always, at most 1 KB; ids of the request are copied verbatim.

use std::collections::BTreeMap;

use optout_core::source::shown;
use serde_json::{Map, Value, json};

use super::Request;

/// The most bytes of an answer.
const LONGEST: usize = 4_096;
/// The most characters of a reason: more than CloudFormation shows.
const LONGEST_REASON: usize = 1_000;

/// Something was done, or there was nothing to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Done {
    /// The id of the resource. Another one than before makes CloudFormation delete the old.
    pub physical_id: String,
    /// The attributes of the resource.
    pub data: BTreeMap<String, String>,
}

/// Something was not done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failed {
    /// The id, where something was made that a later request must be able to name.
    pub physical_id: Option<String>,
    /// Why, and what to do.
    pub reason: String,
}

/// An answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// The id of the resource.
    pub physical_id: String,
    /// Why it failed; `None` where it did not.
    pub reason: Option<String>,
    data: BTreeMap<String, String>,
    /// What is copied from the request.
    copied: [(&'static str, String); 3],
}

impl Done {
    /// One with these attributes.
    #[must_use]
    pub fn new(physical_id: impl Into<String>, data: &[(&str, &str)]) -> Self {
        let data = data.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { physical_id: physical_id.into(), data }
    }

    /// Nothing was to do.
    #[must_use]
    pub fn unchanged(request: &Request) -> Self {
        Self { physical_id: request.known_id(), data: BTreeMap::new() }
    }
}

impl Failed {
    /// One after which nothing new is there.
    #[must_use]
    pub fn new(reason: impl Into<String>) -> Self {
        Self { physical_id: None, reason: reason.into() }
    }
}

impl Response {
    /// The answer to a request.
    #[must_use]
    pub fn new(request: &Request, outcome: Result<Done, Failed>) -> Self {
        let copied = [
            ("StackId", request.stack_id.clone()),
            ("RequestId", request.request_id.clone()),
            ("LogicalResourceId", request.logical_id.clone()),
        ];
        match outcome {
            Ok(done) => Self { physical_id: done.physical_id, reason: None, data: done.data, copied },
            Err(failed) => {
                // An update that failed keeps its id: with another one CloudFormation would delete the resource.
                let made = failed.physical_id.filter(|_| request.physical_id.is_none());
                let physical_id = made.unwrap_or_else(|| request.known_id());
                Self { physical_id, reason: Some(cut(&failed.reason)), data: BTreeMap::new(), copied }
            }
        }
    }

    /// `SUCCESS` or `FAILED`.
    #[must_use]
    pub const fn status(&self) -> &'static str {
        if self.reason.is_some() { "FAILED" } else { "SUCCESS" }
    }

    /// The body, within the limit wherever the ids of the request leave room for that.
    #[must_use]
    pub fn body(&self) -> String {
        let whole = self.written(self.reason.as_deref());
        if whole.len() <= LONGEST || self.reason.is_none() {
            return whole;
        }
        self.written(Some("see the logs of the function"))
    }

    fn written(&self, reason: Option<&str>) -> String {
        let mut body = Map::new();
        body.insert("Status".to_owned(), self.status().into());
        body.insert("PhysicalResourceId".to_owned(), self.physical_id.as_str().into());
        body.extend(self.copied.iter().map(|(name, value)| ((*name).to_owned(), Value::from(value.as_str()))));
        if let Some(reason) = reason {
            body.insert("Reason".to_owned(), reason.into());
        }
        if !self.data.is_empty() {
            body.insert("Data".to_owned(), json!(self.data));
        }
        Value::Object(body).to_string()
    }
}

fn cut(reason: &str) -> String {
    let reason = shown(reason);
    if reason.chars().count() <= LONGEST_REASON {
        return reason.into_owned();
    }
    reason.chars().take(LONGEST_REASON - 1).collect::<String>() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(physical_id: Option<&str>) -> Request {
        let mut payload = json!({
            "RequestType": "Create", "ResponseURL": "https://example.com/secret", "ResourceType": "Custom::X",
            "StackId": "arn:aws:cloudformation:us-east-1:111111111111:stack/s/1", "RequestId": "r", "LogicalResourceId": "L",
        });
        payload["PhysicalResourceId"] = json!(physical_id);
        Request::of(&payload).unwrap()
    }

    #[test]
    fn a_long_reason_is_cut_and_the_body_stays_within_the_limit() {
        for letter in ["a", "€", "\u{1}", "𝄞", "\""] {
            let response = Response::new(&request(None), Err(Failed::new(letter.repeat(9_000))));
            let body = response.body();
            assert!(body.len() <= LONGEST, "{letter}: {}", body.len());
            let read: Value = serde_json::from_str(&body).unwrap();
            assert!(read["Reason"].as_str().is_some_and(|reason| !reason.is_empty()));
            assert_eq!(read["Status"], "FAILED");
        }
    }

    #[test]
    fn a_failed_update_keeps_its_id() {
        let failed = || Failed { physical_id: Some("p-new".into()), reason: "no".into() };
        assert_eq!(Response::new(&request(Some("p-old")), Err(failed())).physical_id, "p-old");
        assert_eq!(Response::new(&request(None), Err(failed())).physical_id, "p-new");
        assert_eq!(Response::new(&request(None), Err(Failed::new("no"))).physical_id, "not-created");
    }

    #[test]
    fn nothing_shows_the_url() {
        let request = request(None);
        let response = Response::new(&request, Err(Failed::new("no")));
        assert!(!format!("{request:?} {response:?} {}", response.body()).contains("secret"));
    }
}
