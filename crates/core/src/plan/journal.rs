//! `optout.journal/1`: what happens while a plan is applied, one line of JSON an event, after a head.

use jiff::Timestamp;
use serde::Serialize;

use super::Step;
use crate::org::PolicyId;

/// The newest form of a journal.
pub const FORMAT: &str = "optout.journal/1";

/// The first line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Head<'a> {
    /// Always `optout.journal/1`.
    pub format: &'static str,
    /// When the run began (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    pub started: Timestamp,
    /// The version of optout.
    pub tool_version: &'a str,
    /// The organization; `null` where the run creates it.
    pub organization: Option<String>,
    /// The account that makes the calls, where AWS names it.
    pub account: Option<String>,
    /// The file that goes back.
    pub undo: &'a str,
}

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// A step is about to be called. If this is the last line of a journal, what came of it is not known.
    StepStarted {
        /// Its number, from 1.
        number: usize,
        /// How many there are.
        of: usize,
        /// The step.
        step: Step,
    },
    /// A step is done.
    StepDone {
        /// Its number.
        number: usize,
        /// What came of it.
        #[serde(flatten)]
        outcome: Outcome,
    },
    /// A step failed, and with it the run.
    StepFailed {
        /// Its number.
        number: usize,
        /// Why.
        error: String,
    },
    /// The organization was read again; AWS's answers, or the steps that are still needed, are not yet as they should be.
    Waiting {
        /// Steps that would still be needed.
        steps: usize,
        /// Settings for which AWS answers something else.
        differences: usize,
    },
    /// The wait is over.
    Settled {
        /// Whether everything is as it should be.
        confirmed: bool,
    },
}

/// What came of a step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// The call changed it.
    Changed {
        /// The policy that the call created.
        #[serde(skip_serializing_if = "Option::is_none")]
        #[cfg_attr(test, schemars(with = "Option<String>"))]
        created: Option<PolicyId>,
    },
    /// It was so already: by somebody else, or by a call whose answer was lost.
    AlreadySo,
}

#[cfg(test)]
mod tests {
    use super::{Event, FORMAT, Head, Outcome};

    /// A line of a journal.
    #[derive(schemars::JsonSchema, serde::Serialize)]
    #[serde(untagged)]
    enum Line {
        /// The first one.
        Head(Head<'static>),
        /// Every other one.
        Event(Event),
    }

    #[test]
    fn the_published_schema_is_the_one_of_the_structs_and_fits_every_line() {
        let schema = crate::published::written::<Line>();
        crate::published::check("journal-1.json", &schema);
        let head = Head {
            format: FORMAT,
            started: jiff::Timestamp::UNIX_EPOCH,
            tool_version: "test",
            organization: None,
            account: Some("111111111111".into()),
            undo: "undo.json",
        };
        let created = Outcome::Changed { created: Some("p-12345678".parse().unwrap()) };
        let events = [
            Event::StepStarted { number: 1, of: 2, step: crate::plan::Step::CreateOrganization {} },
            Event::StepDone { number: 1, outcome: created },
            Event::StepDone { number: 1, outcome: Outcome::AlreadySo },
            Event::StepFailed { number: 2, error: "no".into() },
            Event::Waiting { steps: 0, differences: 3 },
            Event::Settled { confirmed: true },
        ];
        let lines = std::iter::once(Line::Head(head)).chain(events.map(Line::Event));
        lines.for_each(|line| crate::published::check_fits(&schema, &serde_json::to_value(line).unwrap()));
    }
}
