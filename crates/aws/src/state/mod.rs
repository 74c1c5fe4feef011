//! What a monitor remembers from one invocation to the next, in S3.
//!
//! One object, `state.gz`, holds the organization as it was last seen, the findings that stand and the events that were
//! dealt with; another, `checkpoint.gz`, a reading that is under way. Each is gzip: a line of JSON, then the snapshot in its
//! own form (`zcat state.gz | tail -n +2` is a file that `optout verify --snapshot` takes). Both are written only where
//! nobody else wrote in between ([`Store`]), so that of two invocations at once none loses what the other did.

mod checkpoint;
mod form;
mod store;

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use optout_core::org::{AccountId, Snapshot};
use serde::{Deserialize, Serialize};

pub use checkpoint::Checkpoint;
pub use form::FormError;
pub use store::{Loaded, Saved, Store, StoreError, Version};

use crate::read::Touched;

/// How long an event is remembered. EventBridge and Lambda try for a day and six hours, a dead-letter queue keeps 14 days
/// at most.
///
/// Sources: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html>,
/// <https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-quotas.html>, read 2026-11-24.
pub const REMEMBERED: SignedDuration = SignedDuration::from_hours(15 * 24);

/// How many events are remembered; the oldest go first.
const MOST_HANDLED: usize = 10_000;

/// What a monitor knows.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct State {
    /// The organization as it was last seen: the last full read, with what events changed since.
    pub snapshot: Option<Snapshot>,
    /// When the last full read began.
    pub read: Option<Timestamp>,
    /// When a part of the snapshot was last read again because of an event.
    pub updated: Option<Timestamp>,
    /// The findings that the monitor raised by itself and that stand, by their ids.
    pub raised: BTreeMap<String, Raised>,
    /// The events that were dealt with, oldest first.
    pub handled: Vec<Handled>,
    /// A full read that is wanted soon; `None` where none is.
    pub wanted: Option<Wish>,
    /// What was published last, in the form that publishing gives it; compared with by the next publication.
    pub standing: Option<String>,
    /// Whether what is here is yet to be published: an invocation ended in between.
    pub owes: bool,
}

/// An event that was dealt with.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Handled {
    /// CloudTrail's id.
    pub id: String,
    /// When it was, by CloudTrail.
    pub time: Timestamp,
    /// When what it can have changed was read again.
    pub at: Timestamp,
    /// What that was.
    pub touched: Touched,
}

/// How long one asking for a full read counts: as long as a reading may take. Whoever wants one after that asks again.
pub const ASKING: SignedDuration = SignedDuration::from_hours(6);

/// A full read that is wanted soon. Of many events that want one, the first asks for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wish {
    /// Why.
    pub why: String,
    /// When it was last wanted: a reading that began earlier does not grant it.
    pub since: Timestamp,
    /// The event that asks for it, by CloudTrail's id.
    pub by: String,
    /// Since when that one is to ask.
    pub begun: Timestamp,
    /// Whether it has.
    pub asked: bool,
}

impl Wish {
    /// Whether the event `by` is to ask for the read.
    #[must_use]
    pub fn is_due(&self, by: &str) -> bool {
        self.by == by && !self.asked
    }

    fn is_old(&self, now: Timestamp) -> bool {
        now.duration_since(self.begun) > ASKING
    }
}

/// The kinds of findings that a monitor raises by itself, besides those of the controls.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RaisedKind {
    /// An event after which AWS may use content that it might not before.
    Weakened,
    /// An event of which it is not known what it did.
    Undetermined,
    /// An event of a name that is not known.
    UnknownEvent,
    /// The organization cannot be read.
    Unreadable,
    /// Events do not reach the monitor.
    NoTrail,
}

impl RaisedKind {
    /// The word used in ids and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Weakened => "weakened",
            Self::Undetermined => "undetermined",
            Self::UnknownEvent => "unknown-event",
            Self::Unreadable => "unreadable",
            Self::NoTrail => "no-trail",
        }
    }
}

/// A finding that a monitor raised.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Raised {
    /// Of which kind.
    pub kind: RaisedKind,
    /// In one line. Other people's text in it is made safe.
    pub title: String,
    /// In full: who, what call, when, whom it affects. Other people's text in it is made safe.
    pub description: String,
    /// Since when.
    pub since: Timestamp,
    /// The event that did it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cause: Option<Cause>,
    /// Whom it affects, accounts that are alike together.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub affected: Vec<Affected>,
    /// Whether AWS's own answer does not show yet what the policies come to.
    #[serde(default)]
    pub propagating: bool,
    /// Whether it could not be told if there is anything wrong.
    #[serde(default)]
    pub undetermined: bool,
}

/// The event behind a finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Cause {
    /// CloudTrail's id of the event.
    pub event: String,
    /// The call.
    pub call: String,
    /// When it was.
    pub time: Timestamp,
    /// Who did it, as a line; other people's text in it is made safe.
    pub actor: String,
    /// The account that made the call.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
}

/// Accounts that are alike, and their services that a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Affected {
    /// The accounts, in order.
    pub accounts: Vec<AccountId>,
    /// The keys of the services; empty for accounts that came, of which every service counts.
    pub services: Vec<String>,
}

impl State {
    /// Whether an event was dealt with before.
    #[must_use]
    pub fn has_handled(&self, event: &str) -> bool {
        self.handled.iter().any(|handled| handled.id == event)
    }

    /// Wants a full read, because of the event `by`. Where one was asked for already, and not too long ago, it is not asked
    /// for again.
    pub fn want(&mut self, by: &str, why: String, now: Timestamp) {
        let new = || Wish { why: why.clone(), since: now, by: by.to_owned(), begun: now, asked: false };
        let wish = self.wanted.take().filter(|wish| !wish.is_old(now)).unwrap_or_else(new);
        self.wanted = Some(Wish { why, since: now, ..wish });
    }

    /// Forgets the wish where a full read that began at `taken` grants it.
    pub fn grant(&mut self, taken: Timestamp) {
        self.wanted = self.wanted.take().filter(|wish| wish.since >= taken);
    }

    /// Notes an event that was dealt with; those that no queue can bring again are forgotten.
    pub fn note(&mut self, handled: Handled) {
        let oldest = handled.at.saturating_sub(REMEMBERED).unwrap_or(Timestamp::MIN);
        self.handled.retain(|it| it.at >= oldest && it.id != handled.id);
        self.handled.push(handled);
        let spare = self.handled.len().saturating_sub(MOST_HANDLED);
        self.handled.drain(..spare);
    }
}
