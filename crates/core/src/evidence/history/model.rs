//! `optout.history/1`: the form for machines.

use std::collections::BTreeSet;

use jiff::Timestamp;
use serde::Serialize;

/// The name of the form.
pub const FORMAT: &str = "optout.history/1";

/// What the records of a store say.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct History {
    /// Always `optout.history/1`.
    pub format: String,
    /// The head of the chain, to be kept elsewhere: the number of the last record and its SHA-256.
    pub head: Option<String>,
    /// The account in question; `null` for the organization.
    pub account: Option<String>,
    /// The service in question; `null` for the verdict over all.
    pub service: Option<String>,
    /// How long nobody may look before that is a gap.
    pub gap_longer_than_seconds: i64,
    /// Each organization that was recorded.
    pub organizations: Vec<OrganizationHistory>,
}

/// What the records say of one organization.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct OrganizationHistory {
    /// Its id; `null` where there was none, or it could not be read.
    pub id: Option<String>,
    /// The verdict of the last reading.
    pub now: Option<String>,
    /// Since when it holds without interruption: the first reading that found so; `null` where it does not hold.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub since: Option<Timestamp>,
    /// The verdicts, in the order of time.
    pub periods: Vec<Period>,
    /// The times in which nobody looked for too long.
    pub gaps: Vec<Gap>,
    /// The records, in the order in which the organization was read.
    pub records: Vec<RecordLine>,
}

/// Readings one after the other with the same verdict.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Period {
    /// The verdict; `absent` for an account that was not in the organization.
    pub verdict: String,
    /// Whether the opt-out holds; `null` where that is not known, or there is nothing to hold.
    pub holds: Option<bool>,
    /// The first reading.
    #[cfg_attr(test, schemars(with = "String"))]
    pub from: Timestamp,
    /// The last reading. What was true after it is not known.
    #[cfg_attr(test, schemars(with = "String"))]
    pub to: Timestamp,
    /// The record of the first reading.
    pub first_record: u64,
    /// The record of the last reading.
    pub last_record: u64,
    /// How many records there are.
    pub records: u64,
    /// Whose answers it rests on: `aws`, `aws-chain`, `computed`.
    pub bases: BTreeSet<String>,
}

/// A time in which nobody looked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Gap {
    /// The last record before.
    pub after_record: u64,
    /// When it was read.
    #[cfg_attr(test, schemars(with = "String"))]
    pub from: Timestamp,
    /// The first record after; `null` where there is none yet.
    pub before_record: Option<u64>,
    /// When it was read, or now.
    #[cfg_attr(test, schemars(with = "String"))]
    pub to: Timestamp,
}

/// A record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct RecordLine {
    /// Its number.
    pub number: u64,
    /// Its SHA-256.
    pub sha256: String,
    /// When it was recorded.
    #[cfg_attr(test, schemars(with = "String"))]
    pub recorded: Timestamp,
    /// When the organization was read.
    #[cfg_attr(test, schemars(with = "String"))]
    pub taken: Timestamp,
    /// The command.
    pub command: String,
    /// The version of optout.
    pub tool_version: String,
    /// Who read the organization, where AWS said so.
    pub by: Option<String>,
    /// `holds`, `fails` or `undetermined`; `null` for a snapshot alone.
    pub decision: Option<String>,
    /// What it says of what was asked; `null` where it says nothing of it.
    pub said: Option<String>,
}

impl History {
    /// Whether it held all the time and somebody always looked: 2 where not, 3 where that is not known.
    #[must_use]
    pub fn decision(&self) -> crate::check::Decision {
        use crate::check::Decision::{Fails, Holds, Undetermined};
        let periods = || self.organizations.iter().flat_map(|it| &it.periods);
        let fails = periods().any(|period| period.holds == Some(false));
        let gap = self.organizations.iter().any(|it| !it.gaps.is_empty());
        let open = periods().any(|period| period.holds.is_none() && period.verdict != super::ABSENT);
        if fails || gap {
            Fails
        } else if open || periods().next().is_none() {
            Undetermined
        } else {
            Holds
        }
    }
}
