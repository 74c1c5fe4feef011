//! The writer: the steps of a plan, one API call each, then the wait until AWS's own answers confirm them.
//!
//! Every step is safe to repeat: what is so already is a success once it was read again. What may pass (throttling,
//! changes of somebody else, server errors) is tried again until a deadline. What happens is told to a [`Record`] as it
//! happens, and nothing more is written where that cannot be recorded.

mod already;
mod error;
mod event;
mod found;
mod settle;
mod step;

use std::collections::BTreeMap;

use optout_core::org::{PolicyId, RootId, Snapshot};
use optout_core::plan::PlannedStep;

pub use error::ApplyError;
pub use event::Record;
pub use found::{FoundPolicy, policy_of_id, policy_of_name};
pub use settle::{Remaining, Settled, Settling, settle};

use crate::cancel::Cancel;
use crate::progress::{OnProgress, Watch};
use crate::request::Requests;
use crate::session::Session;
use optout_core::plan::journal::{Event, Outcome};

/// What is known while steps run.
struct Work<'a> {
    requests: Requests<'a>,
    cancel: &'a Cancel,
    root: Option<RootId>,
    /// The policies of this run, and those that were there, by name.
    names: BTreeMap<String, PolicyId>,
}

/// Runs `steps` in order; `before` is the organization they were planned for. Returns what each came to.
///
/// Once `cancel` is given, the call under way is given up, and the next run finds out what came of it.
///
/// # Errors
/// The first step that failed, with what to do; the steps before it are done. Nothing is rolled back.
pub async fn execute(
    session: &Session,
    before: &Snapshot,
    steps: &[PlannedStep],
    record: Record<'_>,
    progress: OnProgress<'_>,
    cancel: &Cancel,
) -> Result<Vec<Outcome>, ApplyError> {
    let policies = before.policies.iter().flatten().map(|policy| (policy.name.clone(), policy.id.clone()));
    let mut work = Work {
        requests: Requests::new(session, Watch::new(progress), cancel),
        cancel,
        root: before.root.as_ref().map(|root| root.id.clone()),
        names: policies.collect(),
    };
    let mut outcomes = Vec::with_capacity(steps.len());
    for (at, planned) in steps.iter().enumerate() {
        let (number, of) = (at + 1, steps.len());
        if cancel.is_cancelled() {
            return Err(ApplyError::Stopped { done: at, of });
        }
        event::tell(record, &Event::StepStarted { number, of, step: planned.step.clone() })?;
        match work.run(number, &planned.step).await {
            Ok(outcome) => {
                event::tell(record, &Event::StepDone { number, outcome: outcome.clone() })?;
                outcomes.push(outcome);
            }
            Err(error) => {
                let error = if cancel.is_cancelled() { ApplyError::Stopped { done: at, of } } else { error };
                event::tell(record, &Event::StepFailed { number, error: error.to_string() })?;
                return Err(error);
            }
        }
    }
    Ok(outcomes)
}
