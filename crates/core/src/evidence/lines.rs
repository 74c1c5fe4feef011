//! A chain as lines of JSON: every part, then every record in order, for whoever checks it with other tools.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{Anchor, Chain, Checked, Hash};

/// One line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Line {
    /// The record's number; absent for a part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub record: Option<i64>,
    /// The SHA-256 of the text.
    pub sha256: String,
    /// The text, as it was hashed.
    pub text: String,
}

impl Line {
    /// The line as JSON, with its end.
    #[must_use]
    pub fn write(record: Option<i64>, sha256: &str, text: &str) -> String {
        let line = Self { record, sha256: sha256.to_owned(), text: text.to_owned() };
        // INVARIANT: two texts and a number are always JSON.
        serde_json::to_string(&line).unwrap_or_default() + "\n"
    }
}

/// Checks a chain that was handed out as lines, relative to the anchors. A line that is none is a problem of its own.
#[must_use]
pub fn check_lines(text: &str, anchors: &[Anchor]) -> Checked {
    let mut chain = Chain::default();
    let mut parts = BTreeMap::new();
    for (number, line) in text.lines().enumerate() {
        match serde_json::from_str::<Line>(line) {
            Ok(Line { record: Some(record), sha256, text }) => chain.record(record, &sha256, &text),
            Ok(Line { record: None, sha256, text }) => {
                chain.part(&sha256, &text);
                parts.extend(sha256.parse::<Hash>().ok().map(|hash| (hash, text)));
            }
            Err(_) => chain.stranger(format!("line {} is neither a part nor a record", number + 1)),
        }
    }
    chain.finish(&|hash| Ok(parts.get(hash).cloned()), anchors)
}
