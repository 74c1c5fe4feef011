//! What happens, as it happens: one event a line in a journal.

use std::io;

use optout_core::org::PolicyId;
use optout_core::plan::Step;
use serde::Serialize;

use super::ApplyError;

/// Something that happened.
#[derive(Debug, Clone, PartialEq, Serialize)]
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
#[serde(tag = "outcome", rename_all = "kebab-case")]
pub enum Outcome {
    /// The call changed it.
    Changed {
        /// The policy that the call created.
        #[serde(skip_serializing_if = "Option::is_none")]
        created: Option<PolicyId>,
    },
    /// It was so already: by somebody else, or by a call whose answer was lost.
    AlreadySo,
}

/// Who is told; an error ends the run before the next call.
pub type Record<'a> = &'a mut (dyn FnMut(&Event) -> io::Result<()> + Send);

pub(super) fn tell(record: Record<'_>, event: &Event) -> Result<(), ApplyError> {
    record(event).map_err(|error| ApplyError::Record(error.to_string()))
}
