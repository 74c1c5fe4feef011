//! `optout.standing/1`: the findings that stand after a run, for the next one to compare with.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{ChangeKind, PublishedFinding, Status};
use crate::source::{json_message_with_place, quoted};

/// The name of the form.
const FORMAT: &str = "optout.standing/1";

/// What stands.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Standing {
    /// The findings, by id. One that passed has healed, and some destination was not told yet.
    pub findings: Vec<PublishedFinding>,
    /// Changes that some destination was not told yet.
    pub unsent: BTreeMap<String, ChangeKind>,
}

/// A text that is no such form.
#[derive(Debug, thiserror::Error)]
pub enum InvalidStandingError {
    /// It is no JSON of this form.
    #[error("what stood before cannot be read: {0}")]
    Form(String),
    /// It is of another version.
    #[error("what stood before has the form `{0}`, not `{FORMAT}`")]
    Version(String),
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct FileV1 {
    /// Always `optout.standing/1`.
    format: String,
    /// The findings, by id.
    findings: Vec<PublishedFinding>,
    /// Changes that some destination was not told yet, by the finding's id.
    unsent: BTreeMap<String, ChangeKind>,
}

impl Standing {
    /// What stands, where `sent` may have arrived after something newer: what is `now` other than what was sent is announced
    /// once more, what is not there any more as healed.
    #[must_use]
    pub fn after_late(mut self, sent: &[PublishedFinding], now: &[PublishedFinding]) -> Self {
        let open = now.iter().filter(|finding| finding.status != Status::Passed);
        let open: BTreeMap<&str, &PublishedFinding> = open.map(|finding| (finding.id.as_str(), finding)).collect();
        for finding in sent {
            let is_as_sent = match open.get(finding.id.as_str()) {
                Some(now) => now.says_the_same(finding),
                None => finding.status == Status::Passed,
            };
            if is_as_sent {
                continue;
            }
            self.unsent.entry(finding.id.clone()).or_insert(ChangeKind::Changed);
            if !open.contains_key(finding.id.as_str()) && self.findings.iter().all(|it| it.id != finding.id) {
                let passed = PublishedFinding { status: Status::Passed, accepted: None, ..finding.clone() };
                self.findings.push(passed);
            }
        }
        self.findings.sort_by(|one, other| one.id.cmp(&other.id));
        self
    }

    /// As JSON text, equal bytes for equal values.
    #[must_use]
    pub fn write(&self) -> String {
        let file = FileV1 { format: FORMAT.to_owned(), findings: self.findings.clone(), unsent: self.unsent.clone() };
        // INVARIANT: every map key is a string, which is all that could make this fail.
        serde_json::to_string(&file).unwrap_or_default() + "\n"
    }

    /// Reads what [`write`](Self::write) made.
    ///
    /// # Errors
    /// Where the text is something else. Whoever has nothing else to compare with may go on with an empty one: then
    /// everything is new.
    pub fn read(text: &str) -> Result<Self, InvalidStandingError> {
        let file: FileV1 =
            serde_json::from_str(text).map_err(|error| InvalidStandingError::Form(json_message_with_place(&error)))?;
        if file.format != FORMAT {
            return Err(InvalidStandingError::Version(quoted(&file.format)));
        }
        Ok(Self { findings: file.findings, unsent: file.unsent })
    }
}
