//! Events of AWS Organizations, by EventBridge: only what an event can have changed is read again, and what that did to
//! verdicts is told, with who did it.
//!
//! The same event twice is dealt with once; one that comes late is read again all the same, and what it did by itself is put
//! together from what is there now, so that no finding is lost because something newer was read first. An event that
//! cannot be read, and a reading that fails, are errors: Lambda tries again and keeps the event in the end.

mod finding;
mod record;
pub(crate) mod verdicts;

use std::collections::BTreeSet;
use std::time::Duration;

use optout_aws::cancel::Cancel;
use optout_aws::read::{Again, AgainError, Touched, again, ask_again};
use optout_aws::state::{Handled, RaisedKind, State, StoreError};
use optout_core::org::{AccountId, Snapshot};
use optout_core::publish::Extent;
use optout_core::trail::{Event, Trail};
use serde_json::{Value, json};
use tokio::time::Instant;

pub use record::Malformed;
use record::{Record, Unknown};
use verdicts::{Concerned, Stands, Views};

use crate::monitor::{Held, Judge, Monitor, Publish, Sent, calls, cause, now, raised_id};
use crate::reading;

/// Why an event could not be dealt with; Lambda tries it again.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum OrganizationsError {
    /// It is no event.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// What is remembered could not be read or written.
    #[error("{0}; {help}", help = .0.help())]
    Store(#[from] StoreError),
    /// AWS could not be asked.
    #[error(transparent)]
    Again(#[from] AgainError),
    /// Something was found and did not arrive everywhere it should.
    #[error("what was found did not arrive everywhere: {}", .0.join("; "))]
    Lost(Vec<String>),
}

/// Deals with one event, within `time`.
///
/// The answer says what came of it: `outcome`, the findings `raised` and `healed`, whether AWS's own answer does not show it
/// yet (`propagating`), whether a full read is wanted (`full_read`), and how many `calls` of AWS Organizations it took.
///
/// # Errors
/// Where the event is to be tried again.
pub async fn handle<P: Publish>(
    monitor: &Monitor<'_, P>,
    envelope: &Value,
    time: Duration,
) -> Result<Value, OrganizationsError> {
    let until = Instant::now() + time;
    match record::read(envelope)? {
        Record::Failed(name) => Ok(nothing("failed-call", &name)),
        Record::Harmless(name) => Ok(nothing("not-concerned", &name)),
        Record::Unknown(unknown) => note_unknown(monitor, &unknown).await,
        Record::Event(event, trail) => {
            let job = Job { monitor, event: &event, trail: &trail, until, calls: calls(monitor.session) };
            Box::pin(job.run()).await
        }
    }
}

fn nothing(outcome: &str, name: &str) -> Value {
    json!({"outcome": outcome, "call": name, "raised": [], "healed": [], "full_read": false, "calls": 0})
}

/// An event that nobody knows: a full read is wanted, and somebody is told.
async fn note_unknown<P: Publish>(monitor: &Monitor<'_, P>, unknown: &Unknown) -> Result<Value, OrganizationsError> {
    for _ in 0..monitor.tries() {
        let mut held = monitor.hold().await?;
        let id = raised_id(held.state.snapshot.as_ref(), RaisedKind::UnknownEvent, &unknown.id);
        if !held.state.has_handled(&unknown.id) {
            held.state.raised.insert(id.clone(), finding::unknown(unknown));
            let touched = Touched::default();
            held.state.note(Handled { id: unknown.id.clone(), time: unknown.time, at: now(), touched });
            held.state.want(&unknown.id, format!("event {} of the unknown name {}", unknown.id, unknown.name), now());
            held.state.owes = true;
            if !monitor.keep(&mut held).await? {
                continue;
            }
        }
        settle_up(monitor, &mut held, &unknown.id, &[]).await?;
        return Ok(json!({
            "outcome": "unknown-event", "call": unknown.name, "event": unknown.id,
            "raised": [id], "healed": [], "full_read": true, "calls": 0,
        }));
    }
    Err(monitor.overtaken().into())
}

/// Publishes what is owed, and asks for the full read that is wanted: each though the other fails.
///
/// # Errors
/// Where something did not arrive: the event is tried again, and then only this.
async fn settle_up<P: Publish>(
    monitor: &Monitor<'_, P>,
    held: &mut Held,
    event: &str,
    raised: &[String],
) -> Result<(), OrganizationsError> {
    let told = tell(monitor, held, raised).await;
    match (monitor.ask(held, event).await?, told) {
        (Ok(()), told) => told,
        (Err(why), Err(OrganizationsError::Lost(mut lost))) => {
            lost.push(why);
            Err(OrganizationsError::Lost(lost))
        }
        (Err(why), _) => Err(OrganizationsError::Lost(vec![why])),
    }
}

/// Publishes what is owed; `raised` are the findings of the occasion.
///
/// # Errors
/// Where something did not arrive: the event is tried again, and then only published.
async fn tell<P: Publish>(
    monitor: &Monitor<'_, P>,
    held: &mut Held,
    raised: &[String],
) -> Result<(), OrganizationsError> {
    if !held.state.owes {
        return Ok(());
    }
    let cause = raised.first().and_then(|id| cause(held.state.raised.get(id)?));
    let Sent { lost, .. } = monitor.tell(held, Extent::Changes, cause).await?;
    if lost.is_empty() { Ok(()) } else { Err(OrganizationsError::Lost(lost)) }
}

/// One event under way.
struct Job<'j, 'm, P> {
    monitor: &'j Monitor<'m, P>,
    event: &'j Event,
    trail: &'j Trail,
    until: Instant,
    calls: u64,
}

/// What an event came to.
#[derive(Debug, Default)]
struct Found {
    outcome: &'static str,
    raised: Vec<String>,
    healed: Vec<String>,
    propagating: bool,
    full_read: bool,
}

impl<P: Publish> Job<'_, '_, P> {
    async fn run(&self) -> Result<Value, OrganizationsError> {
        for _ in 0..self.monitor.tries() {
            let mut held = self.monitor.hold().await?;
            if held.state.has_handled(&self.event.id) {
                settle_up(self.monitor, &mut held, &self.event.id, &[]).await?;
                return Ok(self.answer(&Found { outcome: "duplicate", ..Found::default() }));
            }
            let touched = Touched::by(self.event, held.state.snapshot.as_ref());
            if touched.is_nothing() {
                // What an earlier event could not tell is told by whichever comes next.
                tell(self.monitor, &mut held, &[]).await?;
                return Ok(self.answer(&Found { outcome: "not-concerned", ..Found::default() }));
            }
            let found = Box::pin(self.deal(&mut held.state, &touched)).await?;
            held.state.note(Handled { id: self.event.id.clone(), time: self.event.time, at: now(), touched });
            held.state.owes |= !found.raised.is_empty() || !found.healed.is_empty() || found.outcome == "changed";
            if self.monitor.keep(&mut held).await? {
                settle_up(self.monitor, &mut held, &self.event.id, &found.raised).await?;
                return Ok(self.answer(&found));
            }
            // Somebody else dealt with another event meanwhile: once more, on top of that.
        }
        Err(self.monitor.overtaken().into())
    }

    /// Reads again, compares, raises and heals, all in `state`.
    async fn deal(&self, state: &mut State, touched: &Touched) -> Result<Found, OrganizationsError> {
        let Some(before) = state.snapshot.clone() else {
            return Ok(self.want(state, "no-baseline", "there was no full read yet".to_owned()));
        };
        let options = reading::options();
        let cancel = Cancel::new();
        let read = Box::pin(again(self.monitor.session, &before, touched, &options, &|_| {}, &cancel));
        let mut now = match read.await {
            Ok(now) => now,
            Err(AgainError::Unfit(why)) => return Ok(self.want(state, "full-read-wanted", why)),
            Err(error @ AgainError::Later(_)) => return Err(error.into()),
        };
        self.wait_for_aws(&before, state, &mut now).await?;
        let found = self.compare(state, &before, &now.snapshot);
        state.snapshot = Some(now.snapshot);
        state.updated = Some(crate::monitor::now());
        Ok(found)
    }

    /// Effective policies follow some seconds after what is attached. Where something may have healed, or nothing is
    /// wrong, it is waited for AWS to say so itself; what is wrong is told at once.
    async fn wait_for_aws(&self, before: &Snapshot, state: &State, now: &mut Again) -> Result<(), OrganizationsError> {
        let judge = self.monitor.judge(Some(&now.snapshot));
        for pause in self.monitor.pauses {
            let lagging = verdicts::lagging(&now.snapshot, &now.affected, &judge);
            let asked: BTreeSet<AccountId> = lagging.intersection(&now.asked).copied().collect();
            let is_wrong = !verdicts::weakened(before, &now.snapshot, &judge).is_empty();
            let late = Instant::now() + *pause > self.until;
            if asked.is_empty() || late || (is_wrong && state.raised.is_empty()) {
                break;
            }
            tokio::time::sleep(*pause).await;
            ask_again(self.monitor.session, &mut now.snapshot, &asked, &Cancel::new()).await?;
        }
        Ok(())
    }

    fn compare(&self, state: &mut State, before: &Snapshot, after: &Snapshot) -> Found {
        let judge = self.monitor.judge(Some(after));
        let views = Views::of(after, &judge);
        let mut concerned = verdicts::weakened(before, after, &judge);
        let mut perhaps = Concerned::new();
        if concerned.is_empty() {
            let (surely, may) = verdicts::by_itself(self.trail, after, judge.at);
            concerned = views.still_weak(surely);
            perhaps = views.still_weak(may);
        }
        let undetermined = verdicts::undetermined(before, after, &judge);
        let mut found = Found { outcome: "unchanged", ..Found::default() };
        if before != after {
            found.outcome = "changed";
        }
        if !concerned.is_empty() {
            found.outcome = "weakened";
            self.raise(state, &mut found, RaisedKind::Weakened, &concerned, after);
        } else if !perhaps.is_empty() || !undetermined.is_empty() {
            found.outcome = "undetermined";
            perhaps.extend(undetermined);
            self.raise(state, &mut found, RaisedKind::Undetermined, &perhaps, after);
        }
        review(state, &views, &mut found);
        if found.raised.is_empty() && !found.healed.is_empty() {
            found.outcome = "healed";
        }
        found
    }

    fn raise(&self, state: &mut State, found: &mut Found, kind: RaisedKind, whom: &Concerned, after: &Snapshot) {
        let id = raised_id(Some(after), kind, &self.event.id);
        state.raised.insert(id.clone(), finding::raised(kind, self.event, whom, after));
        found.raised.push(id);
    }

    fn want(&self, state: &mut State, outcome: &'static str, why: String) -> Found {
        state.want(&self.event.id, why, crate::monitor::now());
        Found { outcome, full_read: true, ..Found::default() }
    }

    fn answer(&self, found: &Found) -> Value {
        json!({
            "outcome": found.outcome,
            "event": self.event.id,
            "call": self.event.name,
            "raised": found.raised,
            "healed": found.healed,
            "propagating": found.propagating,
            "full_read": found.full_read,
            "calls": calls(self.monitor.session) - self.calls,
        })
    }
}

/// Looks at every finding that events raised: those that do not stand any more are healed, those of which AWS and the
/// policies say different things are marked.
fn review(state: &mut State, views: &Views<'_>, found: &mut Found) {
    let mut healed = Vec::new();
    for (id, raised) in &mut state.raised {
        match views.stands(raised) {
            Stands::No => healed.push(id.clone()),
            stands @ (Stands::Yes | Stands::Propagating) => {
                let propagating = stands == Stands::Propagating;
                // A finding that says something else now is told again.
                let is_other = raised.propagating != propagating && !found.raised.contains(id);
                raised.propagating = propagating;
                found.propagating |= propagating;
                if is_other {
                    found.outcome = "changed";
                }
            }
        }
    }
    healed.iter().for_each(|id| drop(state.raised.remove(id)));
    found.raised.retain(|id| !healed.contains(id));
    found.healed.extend(healed);
}

/// Heals what does not stand any more after a full read.
pub(crate) fn review_all(state: &mut State, snapshot: &Snapshot, judge: &Judge) -> Vec<String> {
    let mut found = Found::default();
    let views = Views::of(snapshot, judge);
    review(state, &views, &mut found);
    found.healed
}
