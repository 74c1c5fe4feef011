//! `manifest.json`: what is in a bundle, and where it comes from.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::FORMAT;
use crate::source::{json_message_with_place, quoted};

/// What is in a bundle.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Always `optout.bundle/1`.
    pub format: String,
    /// When it was made (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    pub made: Timestamp,
    /// The version of optout that made it.
    pub tool_version: String,
    /// The organization; absent where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub organization: Option<String>,
    /// Where the organization was read from, in words.
    pub source: String,
    /// When the reading began.
    #[cfg_attr(test, schemars(with = "String"))]
    pub taken: Timestamp,
    /// The worst verdict of the counted accounts, as the report says it.
    pub verdict: String,
    /// What to make of it: `holds`, `fails` or `undetermined`.
    pub decision: String,
    /// Whether AWS's answers came straight from AWS in this run, and are all in the bundle; else the organization came
    /// from a file.
    pub with_answers: bool,
    /// Whether e-mail addresses were replaced in AWS's answers before the sums were made, and left out of the snapshot.
    pub without_email: bool,
    /// The head of the chain of records, where there is a store.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub chain_head: Option<String>,
    /// The files, but for this one, the page for auditors, the sums and their signature.
    pub files: Vec<Listed>,
}

/// One file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Listed {
    /// Its name.
    pub name: String,
    /// What it is.
    pub about: String,
}

impl Manifest {
    /// A manifest of this form, without files.
    #[must_use]
    pub fn new(made: Timestamp, tool_version: &str, taken: Timestamp) -> Self {
        Self {
            format: FORMAT.to_owned(),
            made,
            tool_version: tool_version.to_owned(),
            organization: None,
            source: String::new(),
            taken,
            verdict: String::new(),
            decision: String::new(),
            with_answers: false,
            without_email: true,
            chain_head: None,
            files: Vec::new(),
        }
    }

    /// The text of the file.
    #[must_use]
    pub fn write(&self) -> String {
        // INVARIANT: every field is a text, a flag or a list of them, which JSON has.
        serde_json::to_string_pretty(self).unwrap_or_default() + "\n"
    }

    /// Reads the file.
    ///
    /// # Errors
    /// What does not have the form, or is of another version.
    pub fn read(text: &str) -> Result<Self, String> {
        let manifest: Self = serde_json::from_str(text).map_err(|error| json_message_with_place(&error))?;
        if manifest.format == FORMAT {
            return Ok(manifest);
        }
        Err(format!("expected the format `{FORMAT}`, found `{}`", quoted(&manifest.format)))
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("bundle-1.json", &schemars::schema_for!(super::Manifest));
    }
}
