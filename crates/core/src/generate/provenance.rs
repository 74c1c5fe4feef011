//! Which intent and which program made a file.

use serde_json::{Value, json};

use crate::source::shown;

/// Which intent and which program made a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Provenance {
    /// What was asked for, like `terraform`.
    pub what: String,
    /// The intent's path as it was named.
    pub intent: String,
    /// The SHA-256 of its text, in hexadecimal.
    pub sha256: String,
    /// The version of the program.
    pub tool_version: String,
}

impl Provenance {
    /// The lines of a header, without the sign of a comment; each is one line whatever the path is.
    pub(super) fn lines(&self) -> Vec<String> {
        vec![
            format!(
                "Made by `optout generate {}`, optout {}. Change the intent, then generate again.",
                self.what, self.tool_version
            ),
            format!("Intent: {}, sha256 {}", shown(&self.intent), self.sha256),
        ]
    }

    /// The same for formats without comments.
    pub(super) fn value(&self) -> Value {
        json!({
            "MadeBy": format!("optout generate {}", self.what),
            "Version": self.tool_version,
            "Intent": self.intent,
            "IntentSha256": self.sha256,
        })
    }
}
