//! What was found, for people and machines: one module a format, each from the same [`Report`].
//!
//! Nothing here decides anything, and nothing here knows of a terminal: [`Styled`] text says what is good or bad, the
//! program chooses colours.

mod answer;
mod asff;
pub mod calculation;
mod case;
mod csv;
mod cut;
pub mod explain;
mod finding_id;
pub mod fleet;
mod for_others;
mod format;
pub mod html;
pub mod impact;
pub mod json;
mod junit;
mod markdown;
pub(crate) mod ocsf;
mod oscal;
pub mod plan;
mod publication;
mod reach;
mod sarif;
pub mod simulation;
pub(crate) mod stable;
mod styled;
mod subject;
pub(crate) mod test_results;
pub mod text;
mod unknowns;
mod wrapped;

pub(crate) use answer::sentence;
pub(crate) use asff::finding as asff_finding;
pub(crate) use asff::lines as json_lines;
pub use asff::{AsffFinding, AsffResource};
pub(crate) use csv::cell as csv_cell;
pub(crate) use cut::cut;
pub(crate) use finding_id::named as finding_id;
pub(crate) use for_others::for_others;
pub use format::{Format, Options, Rendered};
pub(crate) use markdown::{cell as markdown_cell, code as markdown_code, sentence as markdown_sentence};
pub use publication::{Publication, Publisher, UnknownPublisherError};
pub(crate) use stable::id as stable_id;
pub use styled::{Styled, Tone};
pub use unknowns::{Unknown, unknowns};
pub(crate) use wrapped::wrapped;

use crate::check::{Assessment, Control, Decision, Finding, Outcome, Severity, decide, findings};
use crate::intent::ResolvedIntent;
use crate::reach::{Sites, Workstation};
use crate::usage::Review;

/// Everything that a report says.
#[derive(Debug)]
pub struct Report<'a> {
    /// The verdicts.
    pub assessment: &'a Assessment<'a>,
    /// The controls with what they found, in order.
    pub outcomes: Vec<(&'static Control, Outcome)>,
    /// What could not be determined.
    pub unknowns: Vec<Unknown>,
    /// What to make of it.
    pub decision: Decision,
    /// Findings at or above this make it fail, unless they were accepted.
    pub fail_on: Severity,
    /// Where things come from.
    pub origin: Origin,
    /// What was declared, where an intent was given: reports show its exceptions.
    pub intent: Option<&'a ResolvedIntent>,
    /// Machines that were looked at: shown, never part of the decision.
    pub workstations: &'a [Workstation],
    /// Sites that were looked at: shown, never part of the decision.
    pub websites: &'a [Sites],
    /// Which affected services were used, where usage was given: documents show it.
    pub usage: Option<Review>,
    accepted: &'a dyn Accepted,
}

/// Where a report comes from, so that it can be made again.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// The organization's source, in words: a file's path, or the live organization.
    pub organization: String,
    /// The intent's path and the SHA-256 of its text.
    pub intent: Option<(String, String)>,
    /// The baseline's path and the SHA-256 of its text.
    pub baseline: Option<(String, String)>,
    /// The version of the program.
    pub tool_version: String,
}

/// Which findings were accepted, with the reason.
pub trait Accepted: std::fmt::Debug {
    /// Why a finding was accepted; `None` where it was not.
    fn reason(&self, finding: &Finding) -> Option<String>;
}

/// Nothing was accepted.
#[derive(Debug, Clone, Copy)]
pub struct NothingAccepted;

impl Accepted for NothingAccepted {
    fn reason(&self, _: &Finding) -> Option<String> {
        None
    }
}

impl<'a> Report<'a> {
    /// Runs the controls and decides; findings at or above `fail_on` make it fail unless they were accepted.
    #[must_use]
    pub fn new(assessment: &'a Assessment<'a>, fail_on: Severity, accepted: &'a dyn Accepted, origin: Origin) -> Self {
        let outcomes = findings(assessment);
        let decision = decide(assessment, &outcomes, fail_on, &|finding| accepted.reason(finding).is_some());
        let unknowns = unknowns(assessment, &outcomes);
        Self {
            assessment,
            outcomes,
            unknowns,
            decision,
            fail_on,
            origin,
            intent: None,
            workstations: &[],
            websites: &[],
            usage: None,
            accepted,
        }
    }

    /// The same with the intent that was judged by.
    #[must_use]
    pub const fn with_intent(mut self, intent: Option<&'a ResolvedIntent>) -> Self {
        self.intent = intent;
        self
    }

    /// The same with machines and sites, which the policy does not reach: the decision is not theirs.
    #[must_use]
    pub const fn with_reach(mut self, workstations: &'a [Workstation], websites: &'a [Sites]) -> Self {
        (self.workstations, self.websites) = (workstations, websites);
        self
    }

    /// The same with a review of usage.
    #[must_use]
    pub fn with_usage(mut self, usage: Option<Review>) -> Self {
        self.usage = usage;
        self
    }

    /// Adds something that could not be determined and that leaves the decision open unless it is a failure.
    pub fn add_unknown(&mut self, unknown: Unknown) {
        self.unknowns.push(unknown);
        if self.decision == Decision::Holds {
            self.decision = Decision::Undetermined;
        }
    }

    /// Every finding, in the order of the controls.
    pub fn findings(&self) -> impl Iterator<Item = &Finding> {
        self.outcomes.iter().flat_map(|(_, outcome)| &outcome.findings)
    }

    /// Why a finding was accepted.
    #[must_use]
    pub fn accepted(&self, finding: &Finding) -> Option<String> {
        self.accepted.reason(finding)
    }
}
