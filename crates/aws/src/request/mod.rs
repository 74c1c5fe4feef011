//! One call of AWS, from pace to answer: waiting its turn, repeating what is worth it, saying what a failure means.
//!
//! The SDK's own retries are off, so that each request sent is one token taken. No call waits for ever: each try has a
//! time, tries have a number, throttling has a deadline.

mod failure;
mod gate;
mod pages;
mod patience;
mod redact;

use std::collections::BTreeMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_organizations::config::http::HttpResponse;
use aws_sdk_organizations::error::{ProvideErrorMetadata, SdkError};

pub use failure::{Failure, FailureKind};
pub(crate) use pages::Listing;
pub use redact::without_session_names;

use crate::cancel::Cancel;
use crate::pace::Operation;
use crate::progress::Watch;
use crate::session::Session;
use failure::{Retry, judge};
use gate::Gate;
use patience::Tries;

/// Why an operation is called: permissions may differ, so that a no to one purpose is no answer to another.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Purpose {
    /// AI services opt-out policies, accounts, units: what the reading is about.
    Main,
    /// The caller's own account.
    Own,
    /// Service control policies.
    ServiceControl,
    /// Resource control policies.
    ResourceControl,
}

/// The calls of one reading.
#[derive(Debug)]
pub(crate) struct Requests<'a> {
    session: &'a Session,
    cancel: &'a Cancel,
    watch: Watch<'a>,
    gates: Mutex<BTreeMap<(Operation, Purpose), Arc<Gate>>>,
    absent: Mutex<BTreeMap<Operation, Failure>>,
}

impl<'a> Requests<'a> {
    pub(crate) fn new(session: &'a Session, watch: Watch<'a>, cancel: &'a Cancel) -> Self {
        Self { session, cancel, watch, gates: Mutex::default(), absent: Mutex::default() }
    }

    pub(crate) fn organizations(&self) -> &'a aws_sdk_organizations::Client {
        self.session.organizations()
    }

    pub(crate) fn session(&self) -> &'a Session {
        self.session
    }

    pub(crate) fn is_cancelled(&self) -> bool {
        self.cancel.is_cancelled()
    }

    /// Says that `more` calls of `operation` are needed.
    pub(crate) fn expect(&self, operation: Operation, more: usize) {
        self.watch.change(operation, |step| step.expected += more as u64);
    }

    /// Calls `operation` by `send`, which is used again for each try.
    ///
    /// # Errors
    /// What the last try came to; without a call where it is known that the operation does not work.
    pub(crate) async fn call<T, E, F, Fut>(&self, operation: Operation, purpose: Purpose, send: F) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        self.present(operation)?;
        let gate = self.gate(operation, purpose);
        let _pass = gate.enter().await?;
        // The SDK's futures are large, and many of them live side by side inside each other: not on the stack.
        let (session, interval) = (self.session, self.session.pacer().interval(operation));
        let tries = Tries::new(session.patience(), session.time_scale(), interval);
        let result = Box::pin(self.persist(operation, tries, send)).await;
        gate.note(&result);
        self.note_absence(operation, &result);
        self.watch.change(operation, |step| step.done += 1);
        result
    }

    /// Calls an `operation` that writes. It is tried until it has an answer that will not change or its deadline is
    /// over, and waits for no other call: what is known of one policy says nothing of the next.
    ///
    /// # Errors
    /// What the last try came to.
    pub(crate) async fn write<T, E, F, Fut>(&self, operation: Operation, send: F) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let (session, interval) = (self.session, self.session.pacer().interval(operation));
        let tries = Tries::of_write(session.patience(), session.time_scale(), interval);
        let result = Box::pin(self.persist(operation, tries, send)).await;
        self.watch.change(operation, |step| step.done += 1);
        result
    }

    async fn persist<T, E, F, Fut>(&self, operation: Operation, mut tries: Tries, send: F) -> Result<T, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        loop {
            let (failure, retry) = match self.once(operation, &send).await? {
                Ok(answer) => return Ok(answer),
                Err(judged) => judged,
            };
            let Some(pause) = tries.again(retry) else { return Err(failure) };
            tracing::debug!(%operation, %failure, ?pause, "trying again");
            self.unless_stopped(operation, tokio::time::sleep(pause)).await?;
        }
    }

    /// One try: `Err` where the reading was stopped, else what came of it.
    async fn once<T, E, F, Fut>(&self, operation: Operation, send: &F) -> Result<Result<T, (Failure, Retry)>, Failure>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
        F: Fn() -> Fut,
        Fut: Future<Output = Result<T, SdkError<E, HttpResponse>>>,
    {
        let pacer = self.session.pacer();
        self.unless_stopped(operation, pacer.admit(operation)).await?;
        self.session.counts().add(operation);
        let wait = self.session.patience().attempt;
        let answer = self.unless_stopped(operation, tokio::time::timeout(wait, send())).await?;
        let judged = match answer {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) => Err(judge(operation, &error)),
            Err(_) => Err((no_answer(operation, wait), Retry::Silence)),
        };
        self.keep_pace(operation, judged.as_ref().err().map(|(_, retry)| *retry));
        Ok(judged)
    }

    fn keep_pace(&self, operation: Operation, retry: Option<Retry>) {
        let pacer = self.session.pacer();
        let throttled = retry == Some(Retry::Throttled);
        if throttled {
            pacer.throttled(operation)
        } else {
            pacer.answered(operation)
        }
        let rate = pacer.rate(operation);
        self.watch.change(operation, |step| {
            step.rate = rate;
            step.throttled += u64::from(throttled);
        });
    }

    async fn unless_stopped<T>(&self, operation: Operation, work: impl Future<Output = T>) -> Result<T, Failure> {
        tokio::select! {
            biased;
            () = self.cancel.cancelled() => Err(Failure::new(operation, FailureKind::Stopped, "the reading was stopped")),
            done = work => Ok(done),
        }
    }

    /// An operation the endpoint does not know is unknown to it whatever the purpose.
    fn present(&self, operation: Operation) -> Result<(), Failure> {
        let absent = self.absent.lock().unwrap_or_else(PoisonError::into_inner);
        absent.get(&operation).map_or(Ok(()), |failure| Err(failure.clone()))
    }

    fn note_absence<T>(&self, operation: Operation, result: &Result<T, Failure>) {
        if let Err(failure) = result
            && failure.kind == FailureKind::NotImplemented
        {
            self.absent.lock().unwrap_or_else(PoisonError::into_inner).insert(operation, failure.clone());
        }
    }

    fn gate(&self, operation: Operation, purpose: Purpose) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(gates.entry((operation, purpose)).or_default())
    }
}

fn no_answer(operation: Operation, waited: std::time::Duration) -> Failure {
    Failure::new(operation, FailureKind::Unreachable, format!("no answer within {} seconds", waited.as_secs_f64()))
}
