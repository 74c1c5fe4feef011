//! The record of a run, and what can be learnt from many of them.
//!
//! - A snapshot and a report become a [`Draft`]: a short record and its [`Parts`], each stored once under its SHA-256.
//! - [`Draft::seal`] puts the record into the chain; [`Chain`] finds every later change relative to an [`Anchor`].
//! - [`snapshot_of`] and [`Rows`] read a record's parts back, checked against their hashes.
//! - [`history`]: since when, on whose answer, interrupted when. [`diff`]: what changed, and which change explains what.
//! - An [`Exchange`] is a call of AWS with its answer; a [`bundle`] is an archive that an auditor can check alone.
//!
//! Where records are kept is not known here. The form, for auditors: `docs/evidence.md`.

pub mod bundle;
mod canonical;
mod chain;
pub mod diff;
mod exchange;
mod hash;
pub mod history;
mod judged;
mod lines;
mod part;
mod record;
pub(crate) mod recorded;
mod rows;
#[cfg(test)]
mod schemas;
mod taken_apart;

pub use chain::{Anchor, Chain, Checked, InvalidAnchorError, Problem};
pub use exchange::{Exchange, anonymous};
pub use hash::{Hash, InvalidHashError};
pub use judged::{Run, draft};
pub use lines::{Line, check_lines};
pub use part::{Lookup, Parts};
pub use record::{By, CatalogueUsed, Draft, FORMAT, Judgement, NamedText, Record, Sealed};
pub use rows::{Row, Rows, ServiceRow, Services};
pub use taken_apart::snapshot_of;

/// Why recorded content cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum EvidenceError {
    /// A part is not there.
    #[error("the part {0} is missing")]
    Missing(Hash),
    /// A part has another content than its hash says.
    #[error("the part {0} was changed")]
    Changed(Hash),
    /// A part cannot be read.
    #[error("the part {0} cannot be read: {1}")]
    Unreadable(Hash, String),
    /// A part has a form that no version of this program writes there.
    #[error("the part {0} has not the form of its place")]
    Form(Hash),
    /// A record is none.
    #[error("this is no record: {0}")]
    Record(String),
    /// A record lacks a part.
    #[error("the record has no part `{0}`")]
    NoPart(&'static str),
    /// The snapshot that the parts make up is not valid.
    #[error("the recorded snapshot is not valid: {0}")]
    Snapshot(String),
}
