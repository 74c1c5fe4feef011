//! `optout.record/1`: what is kept of one run. Its text is hashed as it stands and names the hash of the record before it.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::canonical::{canonical, is_canonical};
use super::part::Parts;
use super::{EvidenceError, Hash};
use crate::org::{AccountId, OrganizationId};
use crate::source::{json_message_with_place, quoted};

/// The name of the form.
pub const FORMAT: &str = "optout.record/1";

/// One record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Record {
    /// Always `optout.record/1`.
    pub format: String,
    /// 1 for the first of a store, then one more each.
    pub number: u64,
    /// The SHA-256 of the record before it; 64 zeros in the first.
    #[cfg_attr(test, schemars(with = "String"))]
    pub previous: Hash,
    /// When it was recorded (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    pub recorded: Timestamp,
    /// The command that was run: `verify`, `publish` or `snapshot`.
    pub command: String,
    /// The version of optout that recorded it.
    pub tool_version: String,
    /// Where the organization came from, in words: AWS, or the path of a file.
    pub source: String,
    /// When the reading of the organization began.
    #[cfg_attr(test, schemars(with = "String"))]
    pub taken: Timestamp,
    /// The organization; `null` where there is none, or it could not be read.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub organization: Option<OrganizationId>,
    /// Who read it, where AWS said so: the account and the kind of principal, never a session or a secret.
    pub by: Option<By>,
    /// The hash of each part: `head`, then the lists `accounts`, `units`, `policies`, `attachments`, `answers`, `invalid`,
    /// `delegates`, `unread` as far as they were read, `asked`, and with a judgement `verdicts`, `findings`, `unknowns`.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
    pub parts: BTreeMap<String, Hash>,
    /// What was made of the organization; `null` for a snapshot alone.
    pub judgement: Option<Judgement>,
}

/// Who read an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct By {
    /// The account.
    #[cfg_attr(test, schemars(with = "String"))]
    pub account: AccountId,
    /// The kind of principal.
    pub principal: String,
}

/// What was made of an organization.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Judgement {
    /// The time judged by.
    #[cfg_attr(test, schemars(with = "String"))]
    pub at: Timestamp,
    /// The worst verdict of the counted accounts.
    pub verdict: String,
    /// `holds`, `fails` or `undetermined`.
    pub decision: String,
    /// Whether every account was listed.
    pub whole: bool,
    /// Whether only some accounts were asked about.
    pub partial: bool,
    /// Counted accounts by verdict.
    pub verdicts: BTreeMap<String, u64>,
    /// Counted accounts by whose answer the verdict rests on: `aws`, `aws-chain`, `computed`.
    pub bases: BTreeMap<String, u64>,
    /// The catalogue of services.
    pub catalogue: CatalogueUsed,
    /// The intent judged by.
    pub intent: Option<NamedText>,
    /// The baseline of accepted findings.
    pub baseline: Option<NamedText>,
}

/// The catalogue that was used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct CatalogueUsed {
    /// Its date.
    pub date: String,
    /// How many services it has.
    pub services: u64,
}

/// A file that was read, with the SHA-256 of its text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct NamedText {
    /// Its path.
    pub path: String,
    /// The SHA-256 of its text.
    #[cfg_attr(test, schemars(with = "String"))]
    pub sha256: Hash,
}

/// A record that has no place in a chain yet, with its parts.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    pub(super) record: Record,
    /// Its parts.
    pub parts: Parts,
}

/// A record in its chain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Sealed {
    /// Its number.
    pub number: u64,
    /// The SHA-256 of its text: the new head of the chain.
    pub hash: Hash,
    /// Its text.
    pub text: String,
}

impl Draft {
    /// Puts the record after the one with this hash; `number` is its own.
    #[must_use]
    pub fn seal(&self, number: u64, previous: Hash) -> Sealed {
        let text = canonical(&Record { number, previous, ..self.record.clone() });
        Sealed { number, hash: Hash::of(&text), text }
    }
}

impl Record {
    /// Reads the text of a record.
    ///
    /// # Errors
    /// Where it is none, or not in the one form that its content has.
    pub fn parse(text: &str) -> Result<Self, EvidenceError> {
        let record: Self =
            serde_json::from_str(text).map_err(|error| EvidenceError::Record(json_message_with_place(&error)))?;
        if record.format != FORMAT {
            return Err(EvidenceError::Record(format!("the form `{}` is not `{FORMAT}`", quoted(&record.format))));
        }
        if !is_canonical(text) {
            return Err(EvidenceError::Record("it is not in its canonical form".to_owned()));
        }
        Ok(record)
    }

    /// The hash of a part.
    #[must_use]
    pub fn part(&self, name: &str) -> Option<&Hash> {
        self.parts.get(name)
    }
}
