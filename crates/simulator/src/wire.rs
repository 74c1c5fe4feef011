//! What goes over the wire, apart from how: requests, replies, and which protocol a request speaks.

use std::time::Duration;

use serde_json::Value;

use crate::error::ApiError;

/// What `X-Amz-Target` begins with (botocore 1.44.5, `targetPrefix`).
const TARGET_PREFIX: &str = "AWSOrganizationsV20161128.";

/// A request, apart from its connection.
#[derive(Debug, Clone, Default)]
pub struct Request {
    /// `GET`, `POST`, …
    pub method: String,
    /// The path, without a query.
    pub path: String,
    /// The query, without `?`; empty where there is none.
    pub query: String,
    /// `X-Amz-Target`.
    pub target: Option<String>,
    /// `Authorization`.
    pub authorization: Option<String>,
    /// `Content-Type`.
    pub content_type: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

/// Which of the simulator's faces a request speaks to.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Face<'a> {
    /// AWS Organizations, with the name of the operation.
    Organizations(&'a str),
    /// AWS STS.
    Sts,
    /// The sandbox's own endpoints, with what follows `/_sandbox/`.
    Sandbox(&'a str),
    /// Nothing that is here.
    Nobody,
}

impl Request {
    pub(crate) fn face(&self) -> Face<'_> {
        if let Some(endpoint) = self.path.strip_prefix("/_sandbox/") {
            return Face::Sandbox(endpoint);
        }
        let form = self.content_type.as_deref().is_some_and(|it| it.starts_with("application/x-www-form-urlencoded"));
        match self.target.as_deref() {
            Some(target) => Face::Organizations(target.strip_prefix(TARGET_PREFIX).unwrap_or_default()),
            None if form || !self.query.is_empty() => Face::Sts,
            None => Face::Nobody,
        }
    }
}

/// A complete answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reply {
    /// The HTTP status.
    pub status: u16,
    /// `Content-Type`.
    pub content_type: &'static str,
    /// `x-amzn-requestid`.
    pub request_id: String,
    /// The error code, where it is an error.
    pub error: Option<String>,
    /// The body.
    pub body: Vec<u8>,
}

impl Reply {
    pub(crate) fn json(status: u16, body: &Value) -> Self {
        Self::of(status, "application/x-amz-json-1.1", body.to_string())
    }

    pub(crate) fn of(status: u16, content_type: &'static str, body: impl Into<Vec<u8>>) -> Self {
        Self { status, content_type, request_id: String::new(), error: None, body: body.into() }
    }

    pub(crate) fn error(error: &ApiError) -> Self {
        Self { error: Some(error.code.to_string()), ..Self::json(error.status, &error.body()) }
    }

    pub(crate) fn with_id(self, request_id: &str) -> Self {
        Self { request_id: request_id.to_owned(), ..self }
    }
}

/// What the client gets to see of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// All of it.
    Whole(Reply),
    /// The head with the full length, the first half of the body, then the end of the connection.
    CutShort(Reply),
    /// Nothing: the connection ends.
    Dropped,
    /// Nothing, and the connection stays.
    Never,
}

/// An answer and when to send it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Outcome {
    pub(crate) delivery: Delivery,
    /// In simulated time.
    pub(crate) wait: Duration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn requests_are_told_apart() {
        let target = |text: &str| Request { target: Some(text.to_owned()), ..Request::default() };
        let list = target("AWSOrganizationsV20161128.ListRoots");
        assert_eq!(list.face(), Face::Organizations("ListRoots"));
        assert_eq!(target("DynamoDB.ListTables").face(), Face::Organizations(""));
        let form = Some("application/x-www-form-urlencoded; charset=utf-8".to_owned());
        assert_eq!(Request { content_type: form, ..Request::default() }.face(), Face::Sts);
        assert_eq!(Request { path: "/_sandbox/calls".to_owned(), ..Request::default() }.face(), Face::Sandbox("calls"));
        assert_eq!(Request::default().face(), Face::Nobody);
    }
}
