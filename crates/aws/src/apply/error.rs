//! Why an apply ended early, with what to do.

use optout_core::plan::PlanError;

use crate::read::ReadError;
use crate::request::{Failure, FailureKind};

/// An apply that ended before its end. What was done stays done, and the next run goes on from there.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum ApplyError {
    /// AWS refused a step, or could not be asked.
    #[error("step {number}, {}, failed: {failure}", .failure.operation)]
    Step {
        /// Its number, from 1.
        number: usize,
        /// What AWS said.
        failure: Failure,
    },
    /// Somebody else changed what the step rests on.
    #[error("step {number}, {operation}: {what}")]
    Conflict {
        /// Its number, from 1.
        number: usize,
        /// The operation.
        operation: &'static str,
        /// What is not as it was.
        what: String,
    },
    /// It was stopped.
    #[error("stopped after {done} of {of} steps")]
    Stopped {
        /// How many are certainly done.
        done: usize,
        /// How many there are.
        of: usize,
    },
    /// What happened cannot be written down.
    #[error("the journal cannot be written: {0}")]
    Record(String),
    /// The organization cannot be read again.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// No plan can be made of the organization as it is now.
    #[error(transparent)]
    Plan(#[from] PlanError),
}

const AGAIN: &str = "what was done stays done; run it again to finish";

impl ApplyError {
    /// What to do about it.
    #[must_use]
    pub fn help(&self) -> String {
        match self {
            Self::Step { failure, .. } => of_failure(failure),
            Self::Conflict { .. } => {
                "somebody else changes the same policies; plan again when they are done".to_owned()
            }
            Self::Stopped { .. } => AGAIN.to_owned(),
            Self::Record(_) => format!("nothing was changed after that; make room for the journal; {AGAIN}"),
            Self::Read(error) => error.help().to_owned(),
            Self::Plan(error) => error.help().to_owned(),
        }
    }
}

fn of_failure(failure: &Failure) -> String {
    let permission = failure.operation.permission();
    match failure.kind {
        FailureKind::Denied => format!(
            "the principal needs `{permission}`, in the management account or as a delegated administrator; {AGAIN}"
        ),
        FailureKind::Refused => format!("sign in again; {AGAIN}"),
        FailureKind::NotImplemented => format!("the endpoint does not know {}; is it AWS's?", failure.operation),
        FailureKind::Throttled | FailureKind::Unreachable | FailureKind::Failed | FailureKind::Malformed => {
            format!("AWS did not get over it in time; {AGAIN}")
        }
        FailureKind::Stopped => AGAIN.to_owned(),
        FailureKind::Answered if failure.is("ConstraintViolationException") => {
            "a quota or a rule of AWS is in the way, AWS's words say which; then plan again".to_owned()
        }
        FailureKind::Answered => "the organization is not as it was planned for; plan again".to_owned(),
    }
}
