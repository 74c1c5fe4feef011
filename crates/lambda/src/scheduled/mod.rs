//! The scheduled event: a full read of the organization, its verdicts, and a summary as the answer.
//!
//! The verdicts come from the same code as those of the program. A read that fails is an error of the invocation, so
//! that Lambda's own alarms and retries see it; an organization that does not hold is an answer. Where a monitor has a
//! bucket to remember in ([`run`]), a reading that takes longer than one invocation goes on with the next one, all of it is
//! published, and a read that fails is a finding first.

mod finish;
mod trails;

use std::pin::pin;
use std::time::Duration;

use jiff::SignedDuration;
use optout_aws::cancel::Cancel;
use optout_aws::read::{AgainError, ReadError, Reading, read, resume};
use optout_aws::session::Session;
use optout_aws::state::{Checkpoint, Loaded, Saved, StoreError};
use optout_core::check::Severity;
use serde_json::{Value, json};

use crate::monitor::{Judge, Monitor, Publish, calls, now, summary};
use crate::reading;

/// A reading older than this is not gone on with: what it read first says nothing about now.
const OLDEST: SignedDuration = SignedDuration::from_hours(24);

/// The most time that is kept back for saving and publishing.
const RESERVE: Duration = Duration::from_secs(90);

/// Why a scheduled run failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduledError {
    /// AWS Organizations could not be spoken to.
    #[error("{0}; {help}", help = .0.help())]
    Read(#[from] ReadError),
    /// What is remembered could not be read or written.
    #[error("{0}; {help}", help = .0.help())]
    Store(#[from] StoreError),
    /// What events changed while the organization was read could not be read again.
    #[error(transparent)]
    Again(#[from] AgainError),
    /// Some of the organization could not be read; what could was published.
    #[error("not all of the organization could be read: {}", .0.join("; "))]
    NotWhole(Vec<String>),
    /// An invocation read nothing that was not read before.
    #[error("the reading does not go on: an invocation ends before anything more is read; give the function more time")]
    Stuck,
    /// What was found did not arrive everywhere.
    #[error("what was found did not arrive everywhere: {}", .0.join("; "))]
    Lost(Vec<String>),
}

/// Reads the organization of the function's account and answers with the verdict, remembering and publishing nothing.
///
/// The payload is not looked at: any event asks for the whole organization. The answer has `verdict`, `decision`,
/// `summary`, `findings` and `unknowns` in the form of `optout.report/1`, without the single accounts.
///
/// # Errors
/// Where AWS Organizations cannot be spoken to at all.
pub async fn handle(session: &Session, _event: &Value) -> Result<Value, ReadError> {
    let snapshot = read(session, &reading::options(), &|_| {}, &Cancel::new()).await?;
    Ok(summary(&snapshot, &Judge::new(None, None, Severity::High)))
}

/// Reads the organization, or goes on reading it, within `time`; at the end publishes what was found.
///
/// The answer is `{"status": "continue", …}` where the function is to be called once more to go on, else
/// `{"status": "done", …}` with what [`handle`] answers.
///
/// # Errors
/// Where not all could be read, remembered or published; what could be is.
pub async fn run<P: Publish>(monitor: &Monitor<'_, P>, time: Duration) -> Result<Value, ScheduledError> {
    let began = calls(monitor.session);
    let mut checkpoint = load(monitor).await?;
    let earlier = checkpoint.value.reading.take().filter(is_recent);
    let reading = match read_within(monitor.session, earlier.as_ref(), time).await {
        Ok(reading) => reading,
        Err(error) => {
            finish::tell_unreadable(monitor, &error.to_string()).await?;
            return Err(error.into());
        }
    };
    let asked = || calls(monitor.session) - began;
    if reading.complete {
        let answer = Box::pin(finish::finish(monitor, reading, &checkpoint.version)).await?;
        return Ok(with_calls(answer, asked()));
    }
    let stuck = earlier.as_ref().is_some_and(|earlier| reading.extent() <= earlier.extent());
    let answer = go_on(monitor, reading, &checkpoint).await?;
    if stuck {
        finish::tell_unreadable(monitor, &ScheduledError::Stuck.to_string()).await?;
        return Err(ScheduledError::Stuck);
    }
    Ok(with_calls(answer, asked()))
}

fn with_calls(mut answer: Value, calls: u64) -> Value {
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("calls".to_owned(), json!(calls));
    }
    answer
}

fn is_recent(reading: &Reading) -> bool {
    now().duration_since(reading.snapshot.taken) < OLDEST
}

/// The reading under way; one that cannot be used counts as none, since it is only of use to whoever goes on with it.
async fn load<P: Publish>(monitor: &Monitor<'_, P>) -> Result<Loaded<Checkpoint>, StoreError> {
    match monitor.store.checkpoint().await {
        Err(StoreError::Foreign { key, why, version }) => {
            tracing::warn!(key, %why, "the reading under way cannot be used: it begins anew");
            Ok(Loaded { value: Checkpoint::default(), version })
        }
        loaded => loaded,
    }
}

/// Reads until it is done or time is over, with something kept back for what comes after.
async fn read_within(session: &Session, earlier: Option<&Reading>, time: Duration) -> Result<Reading, ReadError> {
    let (options, cancel) = (reading::options(), Cancel::new());
    let mut reading = pin!(resume(session, &options, earlier, &|_| {}, &cancel));
    match tokio::time::timeout(time.saturating_sub(RESERVE.min(time / 4)), &mut reading).await {
        Ok(reading) => reading,
        Err(_) => {
            cancel.cancel();
            reading.await
        }
    }
}

/// Keeps what was read for the next invocation. Where somebody else kept theirs meanwhile, that one is gone on with.
async fn go_on<P: Publish>(
    monitor: &Monitor<'_, P>,
    reading: Reading,
    checkpoint: &Loaded<Checkpoint>,
) -> Result<Value, ScheduledError> {
    let invocations = checkpoint.value.invocations.saturating_add(1);
    let (taken, answers) = (reading.snapshot.taken, reading.snapshot.answers.len());
    let finished: Vec<_> = reading.finished.iter().copied().collect();
    let kept = Checkpoint { reading: Some(reading), invocations };
    let overtaken = monitor.store.save_checkpoint(&kept, &checkpoint.version).await? == Saved::Overtaken;
    Ok(json!({
        "optout": "scheduled",
        "status": "continue",
        "began": taken.to_string(),
        "invocations": invocations,
        "stages": finished,
        "answers": answers,
        "overtaken": overtaken,
    }))
}
