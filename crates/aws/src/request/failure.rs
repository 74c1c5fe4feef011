//! What an answer that is no success means: may it be tried again, and if not, why.

use std::fmt;

use aws_sdk_organizations::config::http::HttpResponse;
use aws_sdk_organizations::error::{ProvideErrorMetadata, SdkError};
use aws_sdk_organizations::operation::RequestId;
use optout_core::org::{Part, Unread, UnreadReason};

use super::without_session_names;
use crate::pace::Operation;
use crate::session::error_chain;

/// A call that did not succeed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// The operation.
    pub operation: Operation,
    /// What kind of failure it is.
    pub kind: FailureKind,
    /// AWS's code, like `AccessDeniedException`, where there was one.
    pub code: Option<String>,
    /// AWS's words, or those of the SDK, without names of role sessions.
    pub message: String,
    /// The id AWS gave the request.
    pub request_id: Option<String>,
}

/// The kinds of failures.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FailureKind {
    /// The principal may not do this.
    Denied,
    /// The credentials themselves are not accepted.
    Refused,
    /// The endpoint does not know the operation.
    NotImplemented,
    /// It was throttled until patience ended.
    Throttled,
    /// No connection, or no answer in time.
    Unreachable,
    /// The endpoint failed again and again.
    Failed,
    /// The answer could not be understood.
    Malformed,
    /// The reading was stopped.
    Stopped,
    /// AWS answered with another error of its model: the code says which.
    Answered,
}

impl Failure {
    pub(crate) fn new(operation: Operation, kind: FailureKind, message: impl Into<String>) -> Self {
        Self { operation, kind, code: None, message: message.into(), request_id: None }
    }

    /// Whether AWS's code is `code`.
    pub(crate) fn is(&self, code: &str) -> bool {
        self.code.as_deref() == Some(code)
    }

    /// Whether AWS says that what was asked for is not there: an answer like any other.
    pub(crate) fn is_absence(&self) -> bool {
        let ends = ["NotFoundException", "NotInUseException", "NotRegisteredException"];
        self.code.as_deref().is_some_and(|code| ends.iter().any(|end| code.ends_with(end)))
    }

    /// Whether it says the same as `other`, but for the request.
    pub(crate) fn says_the_same(&self, other: &Self) -> bool {
        let words = |failure: &Self| (failure.operation, failure.kind, failure.code.clone(), failure.message.clone());
        words(self) == words(other)
    }

    /// The entry of a snapshot that says that `part` (or `subject` of it) could not be read.
    pub(crate) fn unread(&self, part: Part, subject: Option<String>) -> Unread {
        let reason = match self.kind {
            FailureKind::Denied => UnreadReason::AccessDenied,
            FailureKind::NotImplemented => UnreadReason::NotImplemented,
            FailureKind::Throttled => UnreadReason::Throttled,
            FailureKind::Malformed => UnreadReason::Malformed,
            FailureKind::Stopped => UnreadReason::NotAsked,
            FailureKind::Refused | FailureKind::Unreachable | FailureKind::Failed | FailureKind::Answered => {
                UnreadReason::Failed
            }
        };
        Unread {
            part,
            subject,
            operation: self.operation.as_str().to_owned(),
            reason,
            permission: Some(self.operation.permission().to_owned()),
            detail: self.to_string(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(code) = &self.code {
            write!(f, "{code}: ")?;
        }
        f.write_str(&self.message)?;
        match &self.request_id {
            Some(id) => write!(f, " (request id {id})"),
            None => Ok(()),
        }
    }
}

/// Whether a failed call is worth another try.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Retry {
    /// No.
    Never,
    /// Yes, until patience with throttling ends.
    Throttled,
    /// Yes, a few times.
    Transient,
    /// Once: each try took all the time there is for one.
    Silence,
    /// Once, at once: a server error without a message of AWS's form is mostly an operation that is not implemented.
    ForeignPage,
}

/// Codes that mean: too fast. Organizations sends `TooManyRequestsException` with HTTP 400.
const THROTTLES: &[&str] = &[
    "TooManyRequestsException",
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "RequestThrottled",
    "RequestThrottledException",
    "Throttled",
    "RequestLimitExceeded",
    "SlowDown",
    "PriorRequestNotComplete",
];
/// Codes that mean: something else is being changed just now.
const BUSY: &[&str] = &[
    "ConcurrentModificationException",
    "PolicyChangesInProgressException",
    "ConditionalRequestConflict",
    "OperationAborted",
];
/// Codes that mean: this principal may not.
const DENIALS: &[&str] = &[
    "AccessDeniedException",
    "AccessDenied",
    "AuthorizationError",
    "AuthorizationErrorException",
    "UnauthorizedOperation",
    "NotAuthorized",
];
/// Codes that mean: these credentials are none.
const REFUSALS: &[&str] = &[
    "ExpiredToken",
    "ExpiredTokenException",
    "RequestExpired",
    "UnrecognizedClientException",
    "InvalidClientTokenId",
    "InvalidSignatureException",
    "SignatureDoesNotMatch",
    "IncompleteSignature",
    "IncompleteSignatureException",
    "MissingAuthenticationToken",
    "MissingAuthenticationTokenException",
    "OptInRequired",
];
/// Codes that mean: no such operation here.
const UNKNOWN_OPERATIONS: &[&str] = &[
    "UnknownOperationException",
    "UnknownOperation",
    "InvalidAction",
    "UnsupportedOperation",
    "UnsupportedOperationException",
    "UnsupportedAPIEndpointException",
    "NotImplemented",
    "NotImplementedException",
    "NotImplementedError",
];

/// Reads an SDK error.
pub(super) fn judge<E>(operation: Operation, error: &SdkError<E, HttpResponse>) -> (Failure, Retry)
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    match error {
        SdkError::TimeoutError(_) | SdkError::DispatchFailure(_) => {
            let message = without_session_names(&error_chain(error));
            let retry = if is_silence(error) { Retry::Silence } else { Retry::Transient };
            (Failure::new(operation, FailureKind::Unreachable, message), retry)
        }
        SdkError::ResponseError(_) | SdkError::ServiceError(_) => match error.raw_response() {
            Some(response) => judge_response(operation, error, &Response::of(response)),
            None => judge_other(operation, error),
        },
        _ => judge_other(operation, error),
    }
}

/// Whether time ran out, and the connection was not refused or broken.
fn is_silence<E>(error: &SdkError<E, HttpResponse>) -> bool {
    match error {
        SdkError::TimeoutError(_) => true,
        SdkError::DispatchFailure(failure) => failure.is_timeout(),
        _ => false,
    }
}

fn judge_other(operation: Operation, error: &(dyn std::error::Error + 'static)) -> (Failure, Retry) {
    let message = without_session_names(&error_chain(error));
    (Failure::new(operation, FailureKind::Failed, message), Retry::Never)
}

struct Response<'a> {
    status: u16,
    body: &'a [u8],
}

impl<'a> Response<'a> {
    fn of(response: &'a HttpResponse) -> Self {
        Self { status: response.status().as_u16(), body: response.body().bytes().unwrap_or_default() }
    }

    fn is_json(&self) -> bool {
        self.body.trim_ascii_start().first() == Some(&b'{')
    }

    /// The code of an error in XML, as servers of several services answer what they do not know.
    fn xml_code(&self) -> Option<String> {
        let text = std::str::from_utf8(self.body).ok()?;
        let (_, rest) = text.split_once("<Code>")?;
        rest.split_once("</Code>").map(|(code, _)| code.trim().to_owned())
    }

    fn beginning(&self) -> String {
        let text = String::from_utf8_lossy(self.body);
        let flat: String = text.split_whitespace().collect::<Vec<_>>().join(" ");
        flat.chars().take(120).collect()
    }
}

fn judge_response<E>(
    operation: Operation,
    error: &SdkError<E, HttpResponse>,
    response: &Response<'_>,
) -> (Failure, Retry)
where
    E: ProvideErrorMetadata + std::error::Error + 'static,
{
    let code = error.code().map(str::to_owned).or_else(|| response.xml_code());
    let (kind, retry) = meaning(code.as_deref(), response);
    let message = match error.message().filter(|message| !message.is_empty()) {
        Some(message) => without_session_names(message),
        None => format!("HTTP status {}: `{}`", response.status, response.beginning()),
    };
    let request_id = error.request_id().map(str::to_owned);
    (Failure { operation, kind, code, message, request_id }, retry)
}

fn meaning(code: Option<&str>, response: &Response<'_>) -> (FailureKind, Retry) {
    let among = |codes: &[&str]| code.is_some_and(|code| codes.contains(&code));
    match response.status {
        429 => (FailureKind::Throttled, Retry::Throttled),
        _ if among(THROTTLES) => (FailureKind::Throttled, Retry::Throttled),
        _ if among(BUSY) => (FailureKind::Failed, Retry::Transient),
        _ if among(DENIALS) => (FailureKind::Denied, Retry::Never),
        _ if among(REFUSALS) => (FailureKind::Refused, Retry::Never),
        _ if among(UNKNOWN_OPERATIONS) => (FailureKind::NotImplemented, Retry::Never),
        500 | 501 if code.is_none() && !response.is_json() && !response.body.is_empty() => {
            (FailureKind::NotImplemented, Retry::ForeignPage)
        }
        500.. => (FailureKind::Failed, Retry::Transient),
        404 | 405 if code.is_none() => (FailureKind::NotImplemented, Retry::Never),
        200..300 => (FailureKind::Malformed, Retry::Transient),
        _ if code.is_some() => (FailureKind::Answered, Retry::Never),
        // An error that ends in the middle.
        _ if response.is_json() || response.body.is_empty() => (FailureKind::Malformed, Retry::Transient),
        _ => (FailureKind::Failed, Retry::Never),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meant(status: u16, code: Option<&str>, body: &str) -> (FailureKind, Retry) {
        meaning(code, &Response { status, body: body.as_bytes() })
    }

    #[test]
    fn throttling_comes_as_http_400_and_429() {
        let throttled = (FailureKind::Throttled, Retry::Throttled);
        assert_eq!(meant(400, Some("TooManyRequestsException"), "{}"), throttled);
        assert_eq!(meant(429, None, ""), throttled);
    }

    #[test]
    fn a_foreign_page_is_not_a_failure_of_aws() {
        let html = "<!doctype html>\n<title>500 Internal Server Error</title>";
        assert_eq!(meant(500, None, html), (FailureKind::NotImplemented, Retry::ForeignPage));
        assert_eq!(meant(503, None, html), (FailureKind::Failed, Retry::Transient));
        assert_eq!(meant(500, Some("ServiceException"), "{}"), (FailureKind::Failed, Retry::Transient));
        assert_eq!(meant(500, None, ""), (FailureKind::Failed, Retry::Transient));
        let xml = "<ErrorResponse><Error><Code>ServiceException</Code></Error></ErrorResponse>";
        assert_eq!(meant(500, Some("ServiceException"), xml), (FailureKind::Failed, Retry::Transient));
    }

    #[test]
    fn unknown_operations_have_several_names() {
        let never = (FailureKind::NotImplemented, Retry::Never);
        assert_eq!(meant(400, Some("InvalidAction"), "<Code>InvalidAction</Code>"), never);
        assert_eq!(meant(400, Some("UnknownOperationException"), "{}"), never);
        assert_eq!(meant(404, None, "not found"), never);
    }

    #[test]
    fn a_success_that_cannot_be_read_is_malformed() {
        assert_eq!(meant(200, None, "{"), (FailureKind::Malformed, Retry::Transient));
    }

    #[test]
    fn an_error_that_is_cut_short_is_malformed_and_a_page_of_a_proxy_is_not() {
        assert_eq!(meant(400, None, r#"{"__type":"Resou"#), (FailureKind::Malformed, Retry::Transient));
        assert_eq!(meant(400, None, ""), (FailureKind::Malformed, Retry::Transient));
        assert_eq!(meant(407, None, "<html>"), (FailureKind::Failed, Retry::Never));
    }

    #[test]
    fn the_code_of_an_xml_error_is_found() {
        let body = b"<ErrorResponse><Error><Code>InvalidAction</Code></Error></ErrorResponse>";
        assert_eq!(Response { status: 400, body }.xml_code().as_deref(), Some("InvalidAction"));
        assert_eq!(Response { status: 400, body: b"{}" }.xml_code(), None);
    }

    #[test]
    fn other_errors_of_the_model_are_for_the_caller_to_understand() {
        assert_eq!(meant(400, Some("TargetNotFoundException"), "{}"), (FailureKind::Answered, Retry::Never));
        assert_eq!(meant(400, Some("AccessDeniedException"), "{}"), (FailureKind::Denied, Retry::Never));
        assert_eq!(meant(400, Some("ExpiredTokenException"), "{}"), (FailureKind::Refused, Retry::Never));
    }

    #[test]
    fn what_is_recorded_names_operation_permission_and_request() {
        let mut failure = Failure::new(Operation::ListAccounts, FailureKind::Denied, "no");
        failure.code = Some("AccessDeniedException".into());
        failure.request_id = Some("r-1".into());
        let unread = failure.unread(Part::Accounts, None);
        assert_eq!(unread.reason, UnreadReason::AccessDenied);
        assert_eq!(unread.permission.as_deref(), Some("organizations:ListAccounts"));
        assert_eq!(unread.detail, "AccessDeniedException: no (request id r-1)");
    }
}
