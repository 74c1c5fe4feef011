//! The record of a run as one object: every part and the record, as lines that `optout evidence check` and other tools read.

use jiff::Timestamp;

use crate::evidence::{Draft, Hash, Line};

/// The record of a run with its parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// Lines of JSON: the parts by hash, then the record.
    pub text: String,
    /// The SHA-256 of the text.
    pub sha256: Hash,
    /// The SHA-256 of the record: what a following record names.
    pub record: Hash,
    /// When the reading began.
    pub taken: Timestamp,
}

impl Evidence {
    /// A record that begins a chain of its own.
    #[must_use]
    pub fn alone(draft: &Draft, taken: Timestamp) -> Self {
        Self::after(draft, taken, 1, Hash::NONE)
    }

    /// A record after the one with the hash `previous`; `number` is its own.
    #[must_use]
    pub fn after(draft: &Draft, taken: Timestamp, number: u64, previous: Hash) -> Self {
        let sealed = draft.seal(number, previous);
        let parts = draft.parts.iter().map(|(hash, text)| Line::write(None, &hash.to_string(), text));
        let mut text: String = parts.collect();
        let number = i64::try_from(sealed.number).unwrap_or(i64::MAX);
        text.push_str(&Line::write(Some(number), &sealed.hash.to_string(), &sealed.text));
        Self { sha256: Hash::of(&text), text, record: sealed.hash, taken }
    }

    /// The key of the object below a prefix: by day, time and content, so that equal runs have equal keys.
    #[must_use]
    pub fn key(&self, prefix: &str) -> String {
        let prefix = prefix.trim_matches('/');
        let slash = if prefix.is_empty() { "" } else { "/" };
        let day = self.taken.strftime("%Y/%m/%d/%Y%m%dT%H%M%SZ");
        format!("{prefix}{slash}{day}-{}.jsonl", self.sha256)
    }
}
