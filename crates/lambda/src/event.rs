//! Which kind an incoming event is, by the fields that AWS documents for it; whatever is none of them is refused, so that
//! Lambda keeps it for the dead-letter queue.
//!
//! Sources, read 2026-11-24: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html> (source
//! `aws.organizations`),
//! <https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules_example-events.html>. EventBridge
//! Scheduler delivers a default notification where no input is given (botocore 1.44.5, scheduler model, `Input`); its form, a
//! `Scheduled Event` of `aws.scheduler`, no page of AWS that was read shows: public programs have recorded it, as they have that
//! of `aws.events`. Believed and not read: <https://docs.aws.amazon.com/eventbridge/latest/ref/events-ref-schedule.html>,
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html>.

use optout_core::source::shown;
use serde_json::Value;

/// The field by which a payload of our own (a Step Functions state, the input of a schedule) names its kind.
pub const OWN_FIELD: &str = "optout";
/// The most names of fields that an error repeats.
const NAMED: usize = 12;

/// The kinds of events that have a handler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// The time has come: a `Scheduled Event` of EventBridge, EventBridge Scheduler's payload, or
    /// `{"optout": "scheduled", …}` from a state machine or a person.
    Scheduled,
    /// Something was called or happened in AWS Organizations.
    Organizations,
    /// AWS Config invokes a custom rule.
    ConfigRule,
    /// CloudFormation asks for a custom resource.
    CustomResource,
}

/// A payload that is no event of a kind that has a handler.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no event that has a handler: {found}")]
pub struct UnknownEvent {
    /// What was found, without any value that could be a secret.
    pub found: String,
}

impl UnknownEvent {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        "a schedule, an event of AWS Organizations, an AWS Config rule or a CloudFormation custom resource can invoke this \
         function; to read the organization now, send {\"optout\": \"scheduled\"}"
    }
}

/// The kind of `payload`.
///
/// A request with a `ResponseURL` is a custom resource's whatever else it lacks, since somebody waits for the answer; so is
/// an invocation with a `resultToken` AWS Config's.
///
/// # Errors
/// Where it is none of them.
pub fn kind_of(payload: &Value) -> Result<Kind, UnknownEvent> {
    let has = |name: &str| payload.get(name).is_some();
    if has("ResponseURL") || (has("RequestType") && has("LogicalResourceId")) {
        return Ok(Kind::CustomResource);
    }
    if has("resultToken") || has("invokingEvent") {
        return Ok(Kind::ConfigRule);
    }
    let text = |name: &str| payload.get(name).and_then(Value::as_str);
    match (text(OWN_FIELD), text("source"), text("detail-type")) {
        (Some("scheduled"), _, _) | (None, Some("aws.events" | "aws.scheduler"), Some("Scheduled Event")) => {
            Ok(Kind::Scheduled)
        }
        (None, Some("aws.organizations"), _) => Ok(Kind::Organizations),
        _ => Err(UnknownEvent { found: described(payload) }),
    }
}

/// What a payload looks like: names of fields, and of values only those that say where an event comes from.
fn described(payload: &Value) -> String {
    let Some(fields) = payload.as_object() else { return format!("{} in place of an object", type_of(payload)) };
    let names: Vec<String> = fields.keys().take(NAMED).map(|name| format!("`{}`", short(name))).collect();
    let more = fields.len().saturating_sub(NAMED);
    let origin = ["source", "detail-type", OWN_FIELD].into_iter().filter_map(|name| {
        let value = fields.get(name)?.as_str()?;
        Some(format!("{name} `{}`", short(value)))
    });
    let origin: String = origin.map(|it| format!(", {it}")).collect();
    match (names.is_empty(), more) {
        (true, _) => "an object without fields".to_owned(),
        (false, 0) => format!("an object with {}{origin}", names.join(", ")),
        (false, more) => format!("an object with {} and {more} more{origin}", names.join(", ")),
    }
}

fn short(text: &str) -> String {
    shown(&text.chars().take(60).collect::<String>()).to_string()
}

const fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn each_documented_event_has_its_kind() {
        let cases = [
            (json!({"source": "aws.events", "detail-type": "Scheduled Event", "detail": {}}), Kind::Scheduled),
            (json!({"source": "aws.scheduler", "detail-type": "Scheduled Event", "detail": "{}"}), Kind::Scheduled),
            (json!({"optout": "scheduled", "resume": {}}), Kind::Scheduled),
            (
                json!({"source": "aws.organizations", "detail-type": "AWS API Call via CloudTrail", "detail": {}}),
                Kind::Organizations,
            ),
            (
                json!({"source": "aws.organizations", "detail-type": "AWS Service Event via CloudTrail"}),
                Kind::Organizations,
            ),
            (json!({"invokingEvent": "{}", "resultToken": "t", "version": "1.0"}), Kind::ConfigRule),
            (json!({"resultToken": "t"}), Kind::ConfigRule),
            (json!({"RequestType": "Create", "ResponseURL": "https://example.com/"}), Kind::CustomResource),
            (json!({"ResponseURL": 3}), Kind::CustomResource),
            (json!({"RequestType": "Create", "LogicalResourceId": "Type"}), Kind::CustomResource),
        ];
        for (event, kind) in cases {
            assert_eq!(kind_of(&event), Ok(kind), "{event}");
        }
    }

    #[test]
    fn anything_else_is_refused_by_what_it_looks_like() {
        let found = |payload: Value| kind_of(&payload).unwrap_err().found;
        assert_eq!(found(json!(null)), "null in place of an object");
        assert_eq!(found(json!([1])), "an array in place of an object");
        assert_eq!(found(json!({})), "an object without fields");
        assert_eq!(found(json!({"Records": [{"secret": 1}]})), "an object with `Records`");
        assert_eq!(found(json!({"optout": "later", "source": "aws.events"})).matches("later").count(), 1);
        let other = json!({"source": "aws.s3", "detail-type": "Object Created", "detail": {"secret": "s"}});
        assert_eq!(
            found(other),
            "an object with `detail`, `detail-type`, `source`, source `aws.s3`, detail-type `Object Created`"
        );
    }

    #[test]
    fn a_huge_event_gives_a_short_error() {
        let fields = (0..5_000).map(|n| (format!("{n:>0200}\u{1b}"), Value::Null));
        let found = kind_of(&Value::Object(fields.collect())).unwrap_err().found;
        assert!(found.len() < 2_000 && !found.contains('\u{1b}'), "{found}");
        assert!(found.ends_with("and 4988 more"), "{found}");
    }
}
