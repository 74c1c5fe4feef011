//! A finding as other systems keep it: `optout.finding/1`. The same value becomes ASFF, an event and a line of a message, and
//! is what a run leaves behind for the next one.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::check::Severity;
use crate::org::AccountId;
use crate::words::words;

words! {
    /// What a finding says of its control.
    Status {
        /// It does not hold for the subject.
        Failed = "failed",
        /// It could not be determined, for all or some.
        Undetermined = "undetermined",
        /// It holds, or holds again.
        Passed = "passed",
    }
}

/// One finding. Texts of other people are neutralised: nothing in them steers a terminal or hides a word.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PublishedFinding {
    /// Its id: the same on every run for the same organization, control and subject.
    pub id: String,
    /// The control's id, in kebab-case.
    pub control: String,
    /// What it says.
    pub status: Status,
    /// How grave it is.
    pub severity: Severity,
    /// What it is about.
    pub subject: Subject,
    /// What must hold.
    pub title: String,
    /// What is wrong.
    pub message: String,
    /// Why it matters.
    pub why: String,
    /// How to mend it.
    pub remedy: String,
    /// A page about the rule.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Why it was accepted, where it was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub accepted: Option<String>,
    /// When it was first seen (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    pub created: Timestamp,
    /// When it was last seen, or seen to be gone (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    pub updated: Timestamp,
    /// The run that says so.
    pub run: Run,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Subject {
    /// `account`, `organization`, `organizational-unit`, `root`, `policy`, `principal` or `catalogue`.
    pub kind: String,
    /// Its id, or the word that stands for it.
    pub id: String,
    /// Its name, where it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// The names from the root down to where it is.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Its ARN, where the organization is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub arn: Option<String>,
    /// The account, where it is one.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub account: Option<AccountId>,
    /// The partition.
    pub partition: String,
    /// The account's verdict.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub verdict: Option<String>,
    /// Whose answer the verdict rests on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub basis: Option<String>,
}

/// What every finding says of the run that found it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Run {
    /// The organization's id, or the word that stands for it.
    pub organization: String,
    /// The organization's verdict.
    pub verdict: String,
    /// `holds`, `fails` or `undetermined`.
    pub decision: String,
    /// When the reading of the organization began (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    pub read: Timestamp,
    /// The version of optout.
    pub version: String,
}

impl PublishedFinding {
    /// Whether both say the same thing, whenever and in whichever run.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let said = |it: &Self| (it.status, it.severity, it.accepted.is_some());
        said(self) == said(other) && self.message == other.message
    }

    /// Id and name of the subject in a line of text.
    #[must_use]
    pub fn label(&self) -> String {
        match &self.subject.name {
            Some(name) => format!("{} ({name})", self.subject.id),
            None => self.subject.id.clone(),
        }
    }

    /// Whether somebody should look at it: it is open and was not accepted.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        self.accepted.is_none() && !matches!(self.status, Status::Passed)
    }
}
