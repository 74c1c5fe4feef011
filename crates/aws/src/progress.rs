//! How far a reading is: calls by operation, how many are expected, how long the rest will take.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::pace::Operation;

/// Calls sent, by operation.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Calls(BTreeMap<Operation, u64>);

impl Calls {
    /// How often `operation` was called.
    #[must_use]
    pub fn of(&self, operation: Operation) -> u64 {
        self.0.get(&operation).copied().unwrap_or_default()
    }

    /// All calls together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.0.values().sum()
    }

    /// The operations that were called, each with its number.
    pub fn iter(&self) -> impl Iterator<Item = (Operation, u64)> {
        self.0.iter().map(|(operation, count)| (*operation, *count))
    }
}

/// Calls of a session, counted as they are sent.
#[derive(Debug, Default)]
pub(crate) struct CallCounts(Mutex<Calls>);

impl CallCounts {
    pub(crate) fn add(&self, operation: Operation) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner).0.entry(operation).or_default() += 1;
    }

    pub(crate) fn get(&self) -> Calls {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// How far one operation is.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct Step {
    /// Calls that were answered.
    pub done: u64,
    /// Calls that are known to be needed; grows while the size of the organization becomes known.
    pub expected: u64,
    /// Calls that were throttled and sent again.
    pub throttled: u64,
    /// Calls a second at the present pace.
    pub rate: f64,
}

impl Step {
    fn remaining(&self) -> Duration {
        let left = u32::try_from(self.expected.saturating_sub(self.done)).unwrap_or(u32::MAX);
        Duration::try_from_secs_f64(f64::from(left) / self.rate).unwrap_or_default()
    }
}

/// How far a reading is.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Progress {
    /// The operations that are called, each with its state.
    pub steps: BTreeMap<Operation, Step>,
}

impl Progress {
    /// How long the calls that are known to be needed will take: operations run side by side, the slowest decides.
    #[must_use]
    pub fn remaining(&self) -> Duration {
        self.steps.values().map(Step::remaining).max().unwrap_or_default()
    }

    /// Calls that were answered, of all operations.
    #[must_use]
    pub fn done(&self) -> u64 {
        self.steps.values().map(|step| step.done).sum()
    }

    /// Calls that are known to be needed, of all operations; at least those that were answered.
    #[must_use]
    pub fn expected(&self) -> u64 {
        self.steps.values().map(|step| step.expected.max(step.done)).sum()
    }
}

/// Who is told of every change; called often, must be quick.
pub type OnProgress<'a> = &'a (dyn Fn(&Progress) + Send + Sync);

/// The state of a reading, and who is told.
pub(crate) struct Watch<'a> {
    state: Mutex<Progress>,
    tell: OnProgress<'a>,
}

impl fmt::Debug for Watch<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Watch").field("state", &self.state).finish_non_exhaustive()
    }
}

impl<'a> Watch<'a> {
    pub(crate) fn new(tell: OnProgress<'a>) -> Self {
        Self { state: Mutex::default(), tell }
    }

    /// Changes the state of one operation and tells of it.
    pub(crate) fn change(&self, operation: Operation, change: impl FnOnce(&mut Step)) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        change(state.steps.entry(operation).or_default());
        (self.tell)(&state);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_slowest_operation_decides_what_remains() {
        let step = |done, expected, rate| Step { done, expected, throttled: 0, rate };
        let steps = [(Operation::ListAccounts, step(4, 20, 8.0)), (Operation::DescribePolicy, step(0, 5, 2.0))];
        let progress = Progress { steps: steps.into() };
        assert_eq!(progress.remaining(), Duration::from_millis(2500));
        assert_eq!((progress.done(), progress.expected()), (4, 25));
    }

    #[test]
    fn nothing_known_to_be_needed_means_nothing_remains() {
        let done = Step { done: 3, expected: 0, throttled: 1, rate: 0.0 };
        assert_eq!(Progress { steps: [(Operation::ListRoots, done)].into() }.remaining(), Duration::ZERO);
    }
}
