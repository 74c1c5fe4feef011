//! The event by which AWS Config invokes a custom rule: text within text, from elsewhere, read once.
//!
//! Sources, read 2026-11-24:
//! <https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html> (the fields;
//! `ScheduledNotification`, `ConfigurationItemChangeNotification`, `OversizedConfigurationItemChangeNotification`),
//! <https://docs.aws.amazon.com/config/latest/APIReference/API_SourceDetail.html> (`ConfigurationSnapshotDeliveryCompleted`
//! also begins a periodic evaluation) and <https://docs.aws.amazon.com/config/latest/APIReference/API_Evaluation.html> (the
//! ordering timestamp is when AWS Config triggered the evaluation, or made the configuration item), both as botocore 1.44.5 has
//! them in its config model.

use std::fmt;

use jiff::Timestamp;
use optout_core::org::AccountId;
use optout_core::source::shown;
use serde_json::Value;

/// The result token with which the Rule Development Kit of AWS Labs marks a trial, for `TestMode`.
///
/// Source: the rules that `rdk` 0.17.20 (<https://github.com/awslabs/aws-config-rdk>) makes, read 2026-11-24.
const TEST_TOKEN: &str = "TESTMODE";

/// An invocation of a rule.
#[derive(Clone, PartialEq, Eq)]
pub struct Request {
    /// The account that the rule is in, and that is evaluated.
    pub account: AccountId,
    /// What the evaluation is handed in with. Not displayed.
    pub token: String,
    /// The time of the event.
    pub ordering: Timestamp,
    /// The ARN of the rule, where there is one.
    pub rule_arn: Option<String>,
    /// What happened; the reason where that is not understood.
    pub message: Result<Message, Malformed>,
    /// The parameters of the rule, unread.
    pub parameters: Option<String>,
}

/// Why a rule was invoked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Message {
    /// The time has come.
    Periodic,
    /// A resource changed.
    Changed {
        /// Its type.
        resource_type: String,
        /// Its id.
        resource_id: String,
    },
}

/// An event that is not as AWS documents it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the event of AWS Config is malformed: {0}")]
pub struct Malformed(pub String);

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Request")
            .field("account", &self.account)
            .field("message", &self.message)
            .finish_non_exhaustive()
    }
}

impl Request {
    /// Reads an event. What makes an answer impossible is an error; what only makes a verdict impossible is in the message.
    ///
    /// # Errors
    /// Without a result token or an account.
    pub fn of(payload: &Value) -> Result<Self, Malformed> {
        let text = |name: &str| payload.get(name).and_then(Value::as_str);
        let missing = |name: &str| Malformed(format!("it has no `{name}`"));
        let token = text("resultToken").filter(|token| !token.is_empty()).ok_or_else(|| missing("resultToken"))?;
        let account = text("accountId").ok_or_else(|| missing("accountId"))?;
        let account = account.parse().map_err(|error| Malformed(format!("`accountId`: {error}")))?;
        let invoking = invoking(text("invokingEvent"));
        Ok(Self {
            account,
            token: token.to_owned(),
            ordering: invoking.as_ref().ok().and_then(time_of).unwrap_or_else(Timestamp::now),
            rule_arn: text("configRuleArn").map(str::to_owned),
            message: invoking.and_then(|invoking| message_of(&invoking)),
            parameters: text("ruleParameters").map(str::to_owned),
        })
    }

    /// Whether nothing is to be stored.
    #[must_use]
    pub fn is_test(&self) -> bool {
        self.token == TEST_TOKEN
    }
}

fn invoking(text: Option<&str>) -> Result<Value, Malformed> {
    let text = text.ok_or_else(|| Malformed("it has no `invokingEvent`".to_owned()))?;
    serde_json::from_str(text).map_err(|error| Malformed(format!("`invokingEvent` is no JSON: {error}")))
}

fn time_of(invoking: &Value) -> Option<Timestamp> {
    let item = item(invoking).and_then(|item| item.get("configurationItemCaptureTime"));
    item.or_else(|| invoking.get("notificationCreationTime"))?.as_str()?.parse().ok()
}

fn item(invoking: &Value) -> Option<&Value> {
    let item = invoking.get("configurationItem").filter(|item| !item.is_null());
    item.or_else(|| invoking.get("configurationItemSummary").filter(|item| !item.is_null()))
}

fn message_of(invoking: &Value) -> Result<Message, Malformed> {
    match invoking.get("messageType").and_then(Value::as_str) {
        Some("ScheduledNotification" | "ConfigurationSnapshotDeliveryCompleted") => Ok(Message::Periodic),
        Some("ConfigurationItemChangeNotification" | "OversizedConfigurationItemChangeNotification") => {
            changed(invoking)
        }
        Some(other) => {
            let other: String = other.chars().take(60).collect();
            Err(Malformed(format!("a message of the type `{}` is not known", shown(&other))))
        }
        None => Err(Malformed("`invokingEvent` has no `messageType`".to_owned())),
    }
}

/// Lengths: <https://docs.aws.amazon.com/config/latest/APIReference/API_Evaluation.html>, read 2026-11-24.
fn changed(invoking: &Value) -> Result<Message, Malformed> {
    let field = |name: &str, most: usize| {
        let value = item(invoking).and_then(|item| item.get(name)).and_then(Value::as_str);
        let value = value.filter(|value| !value.is_empty() && value.chars().count() <= most);
        value.map(str::to_owned).ok_or_else(|| Malformed(format!("the changed resource has no usable `{name}`")))
    };
    Ok(Message::Changed { resource_type: field("resourceType", 256)?, resource_id: field("resourceId", 768)? })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn event(invoking: &Value) -> Value {
        json!({"invokingEvent": invoking.to_string(), "resultToken": "secret-token", "accountId": "111111111111"})
    }

    #[test]
    fn without_a_token_or_an_account_there_is_no_answer() {
        for field in ["resultToken", "accountId"] {
            let mut event = event(&json!({"messageType": "ScheduledNotification"}));
            event.as_object_mut().unwrap().remove(field);
            assert_eq!(Request::of(&event), Err(Malformed(format!("it has no `{field}`"))));
        }
        let wrong = json!({"resultToken": "t", "accountId": "1"});
        assert!(Request::of(&wrong).unwrap_err().0.starts_with("`accountId`: `1` is not"));
    }

    #[test]
    fn what_cannot_be_understood_can_still_be_answered() {
        let cases = [
            json!({"resultToken": "t", "accountId": "111111111111"}),
            json!({"resultToken": "t", "accountId": "111111111111", "invokingEvent": "{"}),
            json!({"resultToken": "t", "accountId": "111111111111", "invokingEvent": "[]"}),
            event(&json!({"messageType": "Something"})),
            event(&json!({"messageType": "ConfigurationItemChangeNotification"})),
        ];
        for case in cases {
            assert!(Request::of(&case).unwrap().message.is_err(), "{case}");
        }
    }

    #[test]
    fn the_token_is_not_displayed() {
        let request = Request::of(&event(&json!({"messageType": "ScheduledNotification"}))).unwrap();
        assert!(!format!("{request:?}").contains("secret-token"));
    }
}
