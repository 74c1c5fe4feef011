//! What is known of an operation: not yet tried, works, or will not work for this reading.
//!
//! Whether a principal may call an operation, and whether the endpoint knows it, is found out by one call that goes alone;
//! all others wait for its answer, and are not sent where it was no.

use std::sync::{Mutex, PoisonError};

use super::{Failure, FailureKind};

/// Failures in a row after which an operation counts as broken.
const BROKEN_AFTER: u32 = 3;

#[derive(Debug, Default)]
pub(super) struct Gate {
    state: Mutex<State>,
    first: tokio::sync::Mutex<()>,
}

#[derive(Debug, Default)]
struct State {
    open: bool,
    shut: Option<Failure>,
    failures: u32,
}

/// A right to call; the first one keeps all others waiting while it lives.
#[derive(Debug)]
pub(super) struct Pass<'a> {
    _alone: Option<tokio::sync::MutexGuard<'a, ()>>,
}

impl Gate {
    /// Waits until it is known that the operation works, or this call is to find out.
    ///
    /// # Errors
    /// The failure because of which it is not called any more.
    pub(super) async fn enter(&self) -> Result<Pass<'_>, Failure> {
        if self.is_open()? {
            return Ok(Pass { _alone: None });
        }
        let alone = self.first.lock().await;
        let open = self.is_open()?;
        Ok(Pass { _alone: Some(alone).filter(|_| !open) })
    }

    /// Notes how a call ended.
    pub(super) fn note<T>(&self, result: &Result<T, Failure>) {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match result {
            Ok(_) => state.works(),
            Err(failure) => state.failed(failure),
        }
    }

    fn is_open(&self) -> Result<bool, Failure> {
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        match &state.shut {
            Some(failure) => Err(failure.clone()),
            None => Ok(state.open),
        }
    }
}

impl State {
    fn works(&mut self) {
        self.open = true;
        self.failures = 0;
    }

    fn failed(&mut self, failure: &Failure) {
        if failure.is_absence() {
            return self.works();
        }
        self.failures += 1;
        let shut = match failure.kind {
            FailureKind::NotImplemented | FailureKind::Throttled | FailureKind::Refused => true,
            FailureKind::Denied | FailureKind::Unreachable => !self.open || self.failures >= BROKEN_AFTER,
            FailureKind::Failed | FailureKind::Malformed | FailureKind::Answered => self.failures >= BROKEN_AFTER,
            FailureKind::Stopped => false,
        };
        if shut && self.shut.is_none() {
            self.shut = Some(failure.clone());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pace::Operation;

    fn failure(kind: FailureKind) -> Result<(), Failure> {
        Err(Failure::new(Operation::DescribePolicy, kind, "no"))
    }

    #[tokio::test]
    async fn a_first_denial_shuts_the_gate() {
        let gate = Gate::default();
        let pass = gate.enter().await.unwrap();
        gate.note(&failure(FailureKind::Denied));
        drop(pass);
        assert_eq!(gate.enter().await.unwrap_err().kind, FailureKind::Denied);
    }

    #[tokio::test]
    async fn after_a_success_one_denial_is_about_its_own_subject() {
        let gate = Gate::default();
        gate.note(&Ok(()));
        gate.note(&failure(FailureKind::Denied));
        assert!(gate.enter().await.is_ok());
    }

    #[tokio::test]
    async fn failures_in_a_row_shut_the_gate_and_successes_between_do_not() {
        let gate = Gate::default();
        for _ in 0..10 {
            gate.note(&failure(FailureKind::Failed));
            gate.note(&Ok(()));
        }
        assert!(gate.enter().await.is_ok());
        for _ in 0..3 {
            gate.note(&failure(FailureKind::Failed));
        }
        assert!(gate.enter().await.is_err());
    }

    #[tokio::test]
    async fn what_is_not_there_says_nothing_against_the_operation_but_a_refused_input_does() {
        let answered = |code: &str| {
            let failure = Failure::new(Operation::DescribeEffectivePolicy, FailureKind::Answered, "no");
            Err::<(), _>(Failure { code: Some(code.to_owned()), ..failure })
        };
        let gate = Gate::default();
        (0..10).for_each(|_| gate.note(&answered("TargetNotFoundException")));
        assert!(gate.enter().await.is_ok());
        (0..3).for_each(|_| gate.note(&answered("InvalidInputException")));
        assert!(gate.enter().await.is_err());
    }

    #[tokio::test]
    async fn others_wait_for_the_first() {
        let gate = Gate::default();
        let first = gate.enter().await.unwrap();
        let mut second = Box::pin(gate.enter());
        assert!(futures::poll!(&mut second).is_pending());
        gate.note(&Ok(()));
        drop(first);
        assert!(second.await.unwrap()._alone.is_none());
    }
}
