//! One call of AWS and its answer, as evidence: what was asked, when, what came back, without what is secret or personal.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// What stands in place of an e-mail address.
const REDACTED: &str = "redacted";

/// A call and its answer. Headers are not kept, but for the request id: they carry signatures and tokens.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Exchange {
    /// When the answer was there (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    pub at: Timestamp,
    /// The API's name of the operation, like `DescribeEffectivePolicy`.
    pub operation: String,
    /// The body of the request.
    pub request: String,
    /// The HTTP status; absent where no answer came.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// The id by which AWS knows the request, where it gave one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request_id: Option<String>,
    /// The body of the answer; empty where none came.
    pub answer: String,
}

/// `body` without e-mail addresses: the values of every key that AWS Organizations uses for one, at any depth.
///
/// Where nothing is to be replaced the body stays as it came, byte for byte; else it is written again as compact JSON.
/// A body that is not JSON stays.
///
/// Source of the keys: `Email` of Account and of CreateAccount's answers, `MasterAccountEmail` of Organization:
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Account.html>,
/// <https://docs.aws.amazon.com/organizations/latest/APIReference/API_Organization.html>, read 2026-11-24.
#[must_use]
pub fn anonymous(body: &str) -> String {
    let Ok(mut value) = serde_json::from_str::<Value>(body) else { return body.to_owned() };
    if hide(&mut value) { value.to_string() } else { body.to_owned() }
}

/// Whether anything was replaced.
fn hide(value: &mut Value) -> bool {
    let mut hidden = false;
    match value {
        Value::Array(items) => items.iter_mut().for_each(|item| hidden |= hide(item)),
        Value::Object(fields) => fields.iter_mut().for_each(|(key, field)| hidden |= hide_field(key, field)),
        Value::Null | Value::Bool(_) | Value::Number(_) | Value::String(_) => {}
    }
    hidden
}

fn hide_field(key: &str, field: &mut Value) -> bool {
    match field {
        Value::String(text) if matches!(key, "Email" | "MasterAccountEmail") => {
            REDACTED.clone_into(text);
            true
        }
        field => hide(field),
    }
}

#[cfg(test)]
mod tests {
    use super::anonymous;

    #[test]
    fn addresses_are_replaced_and_everything_else_stays() {
        let body =
            r#"{"Accounts":[{"Email":"ann@example.com","Id":"111111111111","Name":"Email"}],"NextToken":"ann@x"}"#;
        assert_eq!(
            anonymous(body),
            r#"{"Accounts":[{"Email":"redacted","Id":"111111111111","Name":"Email"}],"NextToken":"ann@x"}"#
        );
        assert_eq!(
            anonymous(r#"{"Organization":{"MasterAccountEmail":"a@b"}}"#),
            r#"{"Organization":{"MasterAccountEmail":"redacted"}}"#
        );
    }

    #[test]
    fn bodies_without_addresses_stay_byte_for_byte() {
        for body in ["", "<Email>x</Email>", "{ \"b\": 1,  \"a\": [ ] }", "{\"Email\": null}", "{"] {
            assert_eq!(anonymous(body), body);
        }
    }
}
