//! The fields of a request, with the errors AWS gives for what is missing or wrong.

use std::str::FromStr;

use optout_core::org::PolicyType;
use serde_json::{Map, Value};

use crate::error::{self, ApiError};

/// The JSON object of a request. Fields that are not asked for are ignored, as AWS ignores them.
#[derive(Debug, Clone, Default)]
pub(crate) struct Input(Map<String, Value>);

impl Input {
    /// Reads a body; an empty one counts as `{}`.
    pub(crate) fn parse(body: &[u8]) -> Result<Self, ApiError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Self::default());
        }
        match serde_json::from_slice(body) {
            Ok(Value::Object(fields)) => Ok(Self(fields)),
            Ok(_) => Err(error::serialization("the request is not a JSON object")),
            Err(problem) => Err(error::serialization(problem.to_string())),
        }
    }

    /// A field; JSON's `null` counts as absent.
    fn field(&self, name: &str) -> Option<&Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    /// A text, where given.
    pub(crate) fn text(&self, name: &str) -> Result<Option<&str>, ApiError> {
        match self.field(name) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(error::serialization(format!("`{name}` is not a string"))),
        }
    }

    /// A text that must be there.
    pub(crate) fn required(&self, name: &str) -> Result<&str, ApiError> {
        self.text(name)?.ok_or_else(|| error::input_required(name))
    }

    /// A text with a length in characters, where given.
    pub(crate) fn sized(&self, name: &str, least: usize, most: usize) -> Result<Option<&str>, ApiError> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        match text.chars().take(most.saturating_add(1)).count() {
            length if length < least => Err(error::too_short(name)),
            length if length > most => Err(error::too_long(name)),
            _ => Ok(Some(text)),
        }
    }

    /// A text with a length in characters that must be there.
    pub(crate) fn required_sized(&self, name: &str, least: usize, most: usize) -> Result<&str, ApiError> {
        self.sized(name, least, most)?.ok_or_else(|| error::input_required(name))
    }

    /// An id that must be there and have its form.
    pub(crate) fn id<T: FromStr>(&self, name: &str) -> Result<T, ApiError> {
        self.required(name)?.parse().map_err(|_| error::invalid_pattern(name))
    }

    /// A policy type of the `PolicyType` enumeration that must be there.
    pub(crate) fn policy_type(&self, name: &str) -> Result<PolicyType, ApiError> {
        let policy_type = policy_type(self.required(name)?);
        if PolicyType::KNOWN.contains(&policy_type) { Ok(policy_type) } else { Err(error::invalid_enum(name)) }
    }

    /// A whole number, where given.
    pub(crate) fn number(&self, name: &str) -> Result<Option<i64>, ApiError> {
        let Some(value) = self.field(name) else { return Ok(None) };
        value.as_i64().map(Some).ok_or_else(|| error::serialization(format!("`{name}` is not an integer")))
    }

    /// A list, empty where absent.
    pub(crate) fn list(&self, name: &str) -> Result<&[Value], ApiError> {
        match self.field(name) {
            None => Ok(&[]),
            Some(Value::Array(items)) => Ok(items),
            Some(_) => Err(error::serialization(format!("`{name}` is not a list"))),
        }
    }

    /// The fields but for those that say which page is asked for: what a token belongs to.
    pub(crate) fn without_paging(&self) -> String {
        let mut fields = self.0.clone();
        fields.retain(|name, value| name != "NextToken" && name != "MaxResults" && !value.is_null());
        Value::Object(fields).to_string()
    }
}

/// The policy type of a text.
pub(crate) fn policy_type(text: &str) -> PolicyType {
    match text.parse() {
        Ok(policy_type) => policy_type,
        Err(never) => match never {},
    }
}
