//! From one record of CloudTrail to an event: strict about what is needed, tolerant of everything else.
//!
//! Names of parameters: recorded events and AWS's examples (`crates/core/tests/data/trail/README.md` says which is which);
//! CloudTrail writes the members of an API's request with a small first letter.

use std::borrow::Cow;
use std::fmt::Display;
use std::str::FromStr;

use jiff::Timestamp;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::Value;

use super::actor::actor;
use super::change::{Outcome, change};
use super::{Event, Origin};
use crate::org::AccountId;

/// The service whose events these are.
const SERVICE: &str = "organizations.amazonaws.com";

/// The longest text that is kept of one field, in bytes.
const LONGEST: usize = 2_048;

/// What a record is.
#[derive(Debug)]
pub(super) enum Record {
    /// An event that touches the opt-out.
    Event(Box<Event>),
    /// A call that failed, or a request that came to nothing: it changed nothing.
    Failed,
    /// An event of Organizations that does not touch the opt-out.
    Untouched,
    /// An event of another service.
    Elsewhere,
    /// A digest of CloudTrail, which holds no events.
    Digest,
    /// The head of records that were saved by this program.
    Head(super::Coverage),
}

/// What is looked at of every record.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Beginning<'a> {
    #[serde(borrow, default)]
    event_source: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    event_time: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    recipient_account_id: Option<Cow<'a, str>>,
    #[serde(borrow, default, rename = "CloudTrailEvent")]
    inside: Option<Cow<'a, str>>,
    #[serde(default)]
    digest_start_time: Option<IgnoredAny>,
    #[serde(borrow, default)]
    format: Option<Cow<'a, str>>,
}

/// A record with what every record says.
#[derive(Debug)]
pub(super) struct Read {
    /// What it is.
    pub record: Record,
    /// Whose events these are.
    pub account: Option<AccountId>,
    /// When it was.
    pub time: Option<Timestamp>,
}

/// Reads a record.
///
/// # Errors
/// What is wrong with it, as a message.
pub(super) fn read(text: &str, origin: &Origin) -> Result<Read, String> {
    let beginning = beginning(text)?;
    if let Some(inside) = &beginning.inside {
        let inner = self::beginning(inside).map_err(|message| format!("in `CloudTrailEvent`: {message}"))?;
        return read_event(&inner, inside, origin).map_err(|message| format!("in `CloudTrailEvent`: {message}"));
    }
    if beginning.format.as_deref() == Some(super::coverage::FORMAT) {
        let head = super::coverage::read(text)?;
        return Ok(Read { record: Record::Head(head), account: None, time: None });
    }
    if beginning.digest_start_time.is_some() && beginning.event_source.is_none() {
        return Ok(Read { record: Record::Digest, account: None, time: None });
    }
    read_event(&beginning, text, origin)
}

fn beginning(text: &str) -> Result<Beginning<'_>, String> {
    // The reader of JSON would take a list for an object with its values in that order.
    if !text.trim_start().starts_with('{') {
        return Err("it is no CloudTrail event: expected an object".to_owned());
    }
    serde_json::from_str(text).map_err(|error| syntax(&error))
}

/// The words of the reader of JSON without its own place: the record's place is told beside it.
fn syntax(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let text = text.split(" at line ").next().unwrap_or_default();
    format!("it is no CloudTrail event: {text} (byte {} of line {} of the record)", error.column(), error.line())
}

fn read_event(beginning: &Beginning<'_>, text: &str, origin: &Origin) -> Result<Read, String> {
    let source = beginning.event_source.as_deref().ok_or("it is no CloudTrail event: `eventSource` is missing")?;
    let account = beginning.recipient_account_id.as_deref().and_then(|text| text.parse().ok());
    let time = beginning.event_time.as_deref().and_then(|text| text.parse().ok());
    let record = if source == SERVICE { of_organizations(text, origin)? } else { Record::Elsewhere };
    Ok(Read { record, account, time })
}

fn of_organizations(text: &str, origin: &Origin) -> Result<Record, String> {
    let value: Value = serde_json::from_str(text).map_err(|error| syntax(&error))?;
    let fields = Fields(&value);
    let name = fields.text("eventName")?;
    if !super::change::concerns(name) {
        return Ok(Record::Untouched);
    }
    let time = fields.parsed("eventTime", "a time like 2026-11-24T10:00:00Z")?;
    let id = kept(fields.text("eventID")?);
    let account = fields.optional("recipientAccountId")?.map(|_| fields.id("recipientAccountId")).transpose()?;
    if fields.optional("errorCode")?.is_some() {
        return Ok(Record::Failed);
    }
    let change = match change(name, &fields, account)? {
        Outcome::Change(change) => change,
        Outcome::Failed => return Ok(Record::Failed),
        Outcome::Untouched => return Ok(Record::Untouched),
    };
    Ok(Record::Event(Box::new(Event {
        id,
        time,
        name: kept(name),
        account,
        region: fields.optional("awsRegion")?.map(kept),
        actor: actor(&value),
        source_ip: fields.optional("sourceIPAddress")?.map(kept),
        user_agent: fields.optional("userAgent")?.map(kept),
        change,
        origin: origin.clone(),
    })))
}

/// A text, cut where it is longer than any that AWS writes.
pub(super) fn kept(text: &str) -> String {
    let end = (0..=LONGEST.min(text.len())).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
    let cut = text.get(..end).unwrap_or_default();
    if cut.len() == text.len() { cut.to_owned() } else { format!("{cut}…") }
}

/// The fields of a record, named by paths like `requestParameters.policyId`.
pub(super) struct Fields<'a>(pub &'a Value);

impl<'a> Fields<'a> {
    /// What is at a path; `None` where it, or something on the way, is missing or null.
    pub(super) fn get(&self, path: &str) -> Option<&'a Value> {
        path.split('.').try_fold(self.0, |value, key| value.get(key)).filter(|value| !value.is_null())
    }

    /// The text at a path, where there is something.
    ///
    /// # Errors
    /// Where it is no text.
    pub(super) fn optional(&self, path: &str) -> Result<Option<&'a str>, String> {
        match self.get(path) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(other) => Err(format!("`{path}` is {}, expected a text", describe(other))),
        }
    }

    /// The text at a path.
    ///
    /// # Errors
    /// Where there is none.
    pub(super) fn text(&self, path: &str) -> Result<&'a str, String> {
        self.optional(path)?.ok_or_else(|| format!("`{path}` is missing"))
    }

    /// The id at a path.
    ///
    /// # Errors
    /// Where there is none, or something else.
    pub(super) fn id<T: FromStr<Err: Display>>(&self, path: &str) -> Result<T, String> {
        self.text(path)?.parse().map_err(|error| format!("`{path}`: {error}"))
    }

    /// The value at a path.
    ///
    /// # Errors
    /// Where there is none, or something else than `expected`.
    pub(super) fn parsed<T: FromStr>(&self, path: &str, expected: &str) -> Result<T, String> {
        let text = self.text(path)?;
        text.parse().map_err(|_| format!("`{path}` is `{}`, expected {expected}", kept(text)))
    }
}

const fn describe(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a text",
        Value::Array(_) => "a list",
        Value::Object(_) => "an object",
    }
}
