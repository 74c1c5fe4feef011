//! From EventBridge's envelope to the event of CloudTrail in it, by the same code that reads trails.
//!
//! Forms: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_tutorials_cwe.html> (`source`, `detail-type`, `detail`);
//! API calls have the type `AWS API Call via CloudTrail`, events of the service `AWS Service Event via CloudTrail`
//! (<https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>), read 2026-11-24.

use jiff::Timestamp;
use optout_core::source::shown;
use optout_core::trail::{Collector, Event, HARMLESS, NAMES, Trail, Window};
use serde_json::Value;

const DETAIL_TYPES: [&str; 2] = ["AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"];
const SOURCE: &str = "organizations.amazonaws.com";

/// What an envelope holds.
#[derive(Debug)]
pub(super) enum Record {
    /// An event that touches the opt-out.
    Event(Box<Event>, Trail),
    /// A call that came to nothing.
    Failed(String),
    /// An event that changes nothing that is read.
    Harmless(String),
    /// An event of a name that is not known and that may have changed anything.
    Unknown(Unknown),
}

/// What is known of an event of an unknown name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Unknown {
    pub(super) id: String,
    pub(super) name: String,
    pub(super) time: Timestamp,
    pub(super) actor: String,
}

/// An envelope that is none, or whose event cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("this is no event of AWS Organizations as EventBridge delivers it: {0}")]
pub struct Malformed(pub(super) String);

/// Reads an envelope.
///
/// # Errors
/// What is missing, or not as it should be.
pub(super) fn read(envelope: &Value) -> Result<Record, Malformed> {
    let detail = detail(envelope)?;
    let text = |name: &str| detail.get(name).and_then(Value::as_str);
    let name = text("eventName").ok_or_else(|| missing("detail.eventName"))?;
    match text("eventSource") {
        Some(SOURCE) => {}
        Some(other) => return Err(Malformed(format!("`detail.eventSource` is `{}`", short(other)))),
        None => return Err(missing("detail.eventSource")),
    }
    if NAMES.contains(&name) { known(detail, name) } else { unknown(detail, name) }
}

fn detail(envelope: &Value) -> Result<&Value, Malformed> {
    let text = |name: &str| envelope.get(name).and_then(Value::as_str).ok_or_else(|| missing(name));
    let detail_type = text("detail-type")?;
    if !DETAIL_TYPES.contains(&detail_type) {
        let expected = DETAIL_TYPES.map(|it| format!("`{it}`")).join(" or ");
        return Err(Malformed(format!("`detail-type` is `{}`, expected {expected}", short(detail_type))));
    }
    envelope.get("detail").filter(|detail| detail.is_object()).ok_or_else(|| missing("detail"))
}

fn known(detail: &Value, name: &str) -> Result<Record, Malformed> {
    let mut collector = Collector::new(Window::default());
    let mut stream = collector.stream("EventBridge");
    stream.feed(detail.to_string().as_bytes());
    stream.finish();
    let trail = collector.finish();
    if let Some(problem) = trail.problems.first() {
        return Err(Malformed(format!("`detail`: {}", problem.message)));
    }
    match trail.events.first().cloned() {
        Some(event) => Ok(Record::Event(Box::new(event), trail)),
        None if trail.seen.failed > 0 => Ok(Record::Failed(short(name))),
        None => Ok(Record::Harmless(short(name))),
    }
}

fn unknown(detail: &Value, name: &str) -> Result<Record, Malformed> {
    let is_read_only = detail.get("readOnly").and_then(Value::as_bool) == Some(true);
    if is_read_only || HARMLESS.contains(&name) {
        return Ok(Record::Harmless(short(name)));
    }
    if detail.get("errorCode").is_some_and(Value::is_string) {
        return Ok(Record::Failed(short(name)));
    }
    let text = |name: &str| detail.get(name).and_then(Value::as_str);
    let id = text("eventID").ok_or_else(|| missing("detail.eventID"))?;
    let time = text("eventTime").and_then(|time| time.parse().ok()).ok_or_else(|| missing("detail.eventTime"))?;
    let identity = |field: &str| detail.pointer(&format!("/userIdentity/{field}")).and_then(Value::as_str);
    let actor = identity("arn").or(identity("invokedBy")).or(identity("type")).unwrap_or("unknown");
    Ok(Record::Unknown(Unknown { id: short(id), name: short(name), time, actor: short(actor) }))
}

fn missing(name: &str) -> Malformed {
    Malformed(format!("`{name}` is missing, or not as expected"))
}

fn short(text: &str) -> String {
    shown(&text.chars().take(256).collect::<String>()).into_owned()
}
