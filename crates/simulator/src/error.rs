//! The errors of AWS Organizations: code, reason and message.
//!
//! A constructor marked *recorded* has the message and reason of a recorded answer of AWS (radkawar/stackd at 9dc356f5,
//! answers of 2026-09-11 to 2026-09-13). The others have the code and reason of botocore 1.44.5 and a message of our
//! own: no record of AWS's text was at hand.

use std::borrow::Cow;

use serde_json::{Value, json};

/// An answer of AWS that is not a success: HTTP status, code, message, reason.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ApiError {
    /// The HTTP status: 400 for every modelled error of AWS Organizations, throttling included.
    pub(crate) status: u16,
    /// The code, `__type` in the body.
    pub(crate) code: Cow<'static, str>,
    /// The message.
    pub(crate) message: String,
    /// The reason, where the error has one.
    pub(crate) reason: Option<String>,
}

impl ApiError {
    /// An error without a reason, HTTP 400.
    pub(crate) fn new(code: impl Into<Cow<'static, str>>, message: impl Into<String>) -> Self {
        Self { status: 400, code: code.into(), message: message.into(), reason: None }
    }

    /// An error with a reason, HTTP 400.
    pub(crate) fn because(
        code: impl Into<Cow<'static, str>>,
        reason: impl Into<String>,
        message: impl Into<String>,
    ) -> Self {
        Self { reason: Some(reason.into()), ..Self::new(code, message) }
    }

    /// The body AWS sends.
    pub(crate) fn body(&self) -> Value {
        let mut body = json!({ "__type": self.code, "Message": self.message });
        if let (Some(reason), Some(fields)) = (&self.reason, body.as_object_mut()) {
            fields.insert("Reason".to_owned(), json!(reason));
        }
        body
    }
}

/// Recorded.
pub(crate) fn access_denied() -> ApiError {
    ApiError::new("AccessDeniedException", "You don't have permissions to access this resource.")
}

pub(crate) fn not_in_use() -> ApiError {
    ApiError::new("AWSOrganizationsNotInUseException", "Your account is not a member of an organization.")
}

/// `InvalidInputException` with a reason.
pub(crate) fn invalid_input(reason: impl Into<String>, message: &str) -> ApiError {
    ApiError::because("InvalidInputException", reason, message)
}

/// Recorded for `POLICY_TYPE`.
pub(crate) fn input_required(field: &str) -> ApiError {
    invalid_input(format!("INPUT_REQUIRED:{}", screaming(field)), "You must provide a value for the parameter.")
}

/// Recorded for `POLICY_TYPE`.
pub(crate) fn invalid_enum(field: &str) -> ApiError {
    invalid_input(format!("INVALID_ENUM:{}", screaming(field)), "You specified an invalid value.")
}

/// Recorded.
pub(crate) fn invalid_enum_policy_type() -> ApiError {
    invalid_input("INVALID_ENUM_POLICY_TYPE", "You specified an invalid policy type.")
}

pub(crate) fn invalid_pattern(field: &str) -> ApiError {
    let reason = match field {
        "TargetId" => "INVALID_PATTERN_TARGET_ID".to_owned(),
        _ => format!("INVALID_PATTERN:{}", screaming(field)),
    };
    invalid_input(reason, "You specified a value that does not match the required pattern.")
}

/// Reason recorded for `NAME` and `CONTENT`.
pub(crate) fn too_short(field: &str) -> ApiError {
    let reason = format!("MIN_LENGTH_EXCEEDED:{}", screaming(field));
    invalid_input(reason, "You provided a value that is shorter than the minimum length allowed.")
}

/// Reason recorded for `DESCRIPTION`.
pub(crate) fn too_long(field: &str) -> ApiError {
    let reason = format!("MAX_LENGTH_EXCEEDED:{}", screaming(field));
    invalid_input(reason, "You provided a value that is longer than the maximum length allowed.")
}

/// Recorded for `MAX_RESULTS`.
pub(crate) fn too_small(field: &str) -> ApiError {
    let reason = format!("MIN_VALUE_EXCEEDED:{}", screaming(field));
    invalid_input(reason, "You provided a value that is below the minimum allowed.")
}

/// Recorded for `MAX_RESULTS`.
pub(crate) fn too_large(field: &str) -> ApiError {
    let reason = format!("MAX_VALUE_EXCEEDED:{}", screaming(field));
    invalid_input(reason, "You provided a value that exceeds the maximum allowed.")
}

/// Recorded.
pub(crate) fn invalid_next_token() -> ApiError {
    let message = "You specified an invalid value for nextToken. You must get the value from the response to a previous call to the API.";
    invalid_input("INVALID_NEXT_TOKEN", message)
}

/// Recorded.
pub(crate) fn target_not_supported() -> ApiError {
    invalid_input("TARGET_NOT_SUPPORTED", "You specified a target that is not currently supported.")
}

/// Recorded.
pub(crate) fn target_not_found() -> ApiError {
    ApiError::new("TargetNotFoundException", "You specified a target that doesn't exist.")
}

/// Recorded.
pub(crate) fn account_not_found() -> ApiError {
    ApiError::new("AccountNotFoundException", "You specified an account that doesn't exist.")
}

pub(crate) fn parent_not_found() -> ApiError {
    ApiError::new("ParentNotFoundException", "You specified a parent that doesn't exist.")
}

pub(crate) fn root_not_found() -> ApiError {
    ApiError::new("RootNotFoundException", "You specified a root that doesn't exist.")
}

pub(crate) fn policy_not_found() -> ApiError {
    ApiError::new("PolicyNotFoundException", "You specified a policy that doesn't exist.")
}

/// Recorded.
pub(crate) fn effective_policy_not_found() -> ApiError {
    let message =
        "The specified policy type is not enabled. Enable that policy type on your organization root and then retry.";
    ApiError::new("EffectivePolicyNotFoundException", message)
}

/// Recorded.
pub(crate) fn malformed_policy() -> ApiError {
    let message = "The provided policy document does not meet the requirements of the specified policy type.";
    ApiError::new("MalformedPolicyDocumentException", message)
}

/// `ConstraintViolationException` with a reason.
pub(crate) fn constraint(reason: &'static str, message: &str) -> ApiError {
    ApiError::because("ConstraintViolationException", reason, message)
}

/// Throttling, which AWS Organizations sends as HTTP 400.
pub(crate) fn too_many_requests() -> ApiError {
    let message = "You have sent too many requests in too short a period of time. Try again later.";
    ApiError::new("TooManyRequestsException", message)
}

/// A request that is not JSON, or a field of the wrong type.
pub(crate) fn serialization(message: impl Into<String>) -> ApiError {
    ApiError::new("SerializationException", message)
}

/// `PolicyType` → `POLICY_TYPE`, as AWS writes fields in reasons.
fn screaming(field: &str) -> String {
    let mut text = String::with_capacity(field.len() + 4);
    for letter in field.chars() {
        if letter.is_ascii_uppercase() && !text.is_empty() {
            text.push('_');
        }
        text.push(letter.to_ascii_uppercase());
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reasons_name_fields_in_capitals() {
        assert_eq!(input_required("PolicyType").reason.as_deref(), Some("INPUT_REQUIRED:POLICY_TYPE"));
        assert_eq!(invalid_pattern("TargetId").reason.as_deref(), Some("INVALID_PATTERN_TARGET_ID"));
    }

    #[test]
    fn bodies_carry_a_reason_only_where_there_is_one() {
        assert_eq!(access_denied().body().get("Reason"), None);
        assert_eq!(too_small("MaxResults").body()["Reason"], "MIN_VALUE_EXCEEDED:MAX_RESULTS");
    }
}
