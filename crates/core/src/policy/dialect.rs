//! What differs between the policy types: how keys match, how values are read, how an effective document is finished.
//!
//! Sources: recorded answers for tag, backup and chat applications policies (`vectors/inheritance.json`); for backup
//! policies' keys <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_backup_syntax.html>.

use serde_json::Value;

use crate::org::PolicyType;

/// The habits of a policy type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Dialect {
    /// AI services opt-out policies: everything as it is written. Also what types without recorded habits get.
    Plain,
    /// Tag policies.
    Tag,
    /// Backup policies.
    Backup,
    /// Chat applications policies.
    Chatbot,
}

impl Dialect {
    /// The dialect of a policy type.
    #[must_use]
    pub fn of(policy_type: &PolicyType) -> Self {
        match policy_type {
            PolicyType::Tag => Self::Tag,
            PolicyType::Backup => Self::Backup,
            PolicyType::Chatbot => Self::Chatbot,
            _ => Self::Plain,
        }
    }

    /// The form of a key in which two keys are the same one.
    pub(super) fn fold(self, key: &str) -> String {
        match self {
            Self::Plain => key.to_owned(),
            Self::Tag | Self::Backup | Self::Chatbot => key.to_lowercase(),
        }
    }

    /// The form of an operator or a word of the controls: tag and chat applications policies accept any case.
    pub(super) fn fold_operator(self, key: &str) -> String {
        match self {
            Self::Plain | Self::Backup => key.to_owned(),
            Self::Tag | Self::Chatbot => key.to_lowercase(),
        }
    }

    /// A value as the type reads it: in tag policies the elements of lists become texts.
    pub(super) fn value(self, value: Value) -> Value {
        match (self, value) {
            (Self::Tag, Value::Array(elements)) => elements.into_iter().map(text).collect(),
            (_, other) => other,
        }
    }

    /// Whether the keys of the effective document are in lower case.
    pub(super) const fn lowers_keys(self) -> bool {
        match self {
            Self::Plain => false,
            Self::Tag | Self::Backup | Self::Chatbot => true,
        }
    }
}

fn text(value: Value) -> Value {
    match value {
        Value::Null => Value::from("null"),
        Value::Bool(_) | Value::Number(_) => Value::from(value.to_string()),
        other => other,
    }
}
