//! The end of a full read: what events changed meanwhile is read again, the state takes over what was read, and all of it
//! is published.

use optout_aws::cancel::Cancel;
use optout_aws::read::{AgainError, Reading, Touched, again};
use optout_aws::state::{Checkpoint, Raised, RaisedKind, State, StoreError, Version};
use optout_aws::trail::{Delivery, delivery};
use optout_core::check::Need;
use optout_core::org::{Membership, Scope, Snapshot, Unread, UnreadReason};
use optout_core::publish::Extent;
use optout_core::source::shown;
use serde_json::{Value, json};

use super::{ScheduledError, trails};
use crate::monitor::{Monitor, Publish, now, raised_id, settle, summary};
use crate::{organizations, reading};

/// How many things that could not be read are named.
const NAMED: usize = 10;

/// Takes over a reading that is complete, and publishes.
///
/// # Errors
/// Where not all could be read, remembered or published.
pub(super) async fn finish<P: Publish>(
    monitor: &Monitor<'_, P>,
    read: Reading,
    checkpoint: &Version,
) -> Result<Value, ScheduledError> {
    let arrival = delivery(monitor.session, &|_| {}, &Cancel::new()).await;
    for _ in 0..monitor.tries() {
        let mut held = monitor.hold_or_heal().await?;
        let taken = read.snapshot.taken;
        let superseded = held.state.read.is_some_and(|other| other > taken);
        let mut healed = Vec::new();
        let mut missing = Vec::new();
        if !superseded {
            let snapshot = with_events(monitor, &held.state, &read, checkpoint).await?;
            missing = not_read(&snapshot);
            healed = organizations::review_all(&mut held.state, &snapshot, &monitor.judge(Some(&snapshot)));
            take(&mut held.state, snapshot, &missing, &arrival);
            held.state.owes = true;
            if !monitor.keep(&mut held).await? {
                continue;
            }
        }
        // None is under way any more; where somebody else has begun one, that one stays.
        monitor.store.save_checkpoint(&Checkpoint::default(), checkpoint).await?;
        let sent = monitor.tell(&mut held, Extent::Everything, None).await?;
        return answer(
            monitor,
            &held.state,
            Done { missing, healed, superseded, damaged: held.damaged, lost: sent.lost },
        );
    }
    Err(monitor.overtaken().into())
}

struct Done {
    missing: Vec<String>,
    healed: Vec<String>,
    superseded: bool,
    damaged: Option<String>,
    lost: Vec<String>,
}

fn answer<P: Publish>(monitor: &Monitor<'_, P>, state: &State, done: Done) -> Result<Value, ScheduledError> {
    if !done.missing.is_empty() {
        return Err(ScheduledError::NotWhole(done.missing));
    }
    if !done.lost.is_empty() {
        return Err(ScheduledError::Lost(done.lost));
    }
    if let Some(wish) = &state.wanted {
        // It was wanted after this reading began: whoever invoked the function does so once more, for a reading of its own.
        return Ok(json!({"optout": "scheduled", "status": "continue", "wanted": wish.why}));
    }
    let judge = monitor.judge(state.snapshot.as_ref());
    let mut answer = state.snapshot.as_ref().map_or_else(|| json!({}), |it| summary(it, &judge));
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("status".to_owned(), json!("done"));
        fields.insert("healed".to_owned(), json!(done.healed));
        fields.insert("superseded".to_owned(), json!(done.superseded));
        fields.insert("state_replaced".to_owned(), json!(done.damaged));
        fields.insert("monitor_findings".to_owned(), json!(state.raised.keys().collect::<Vec<_>>()));
    }
    Ok(answer)
}

/// What was read, with the parts read again that events changed since the reading began: those were read before the event
/// perhaps.
async fn with_events<P: Publish>(
    monitor: &Monitor<'_, P>,
    state: &State,
    read: &Reading,
    checkpoint: &Version,
) -> Result<Snapshot, ScheduledError> {
    let mut touched = Touched::default();
    state.handled.iter().filter(|event| event.at >= read.snapshot.taken).for_each(|event| touched.add(&event.touched));
    if touched.is_nothing() {
        return Ok(read.snapshot.clone());
    }
    let (options, cancel) = (reading::options(), Cancel::new());
    match Box::pin(again(monitor.session, &read.snapshot, &touched, &options, &|_| {}, &cancel)).await {
        Ok(again) => Ok(again.snapshot),
        Err(error) => {
            if matches!(error, AgainError::Unfit(_)) {
                // What was read is of no use any more: the next try begins anew.
                monitor.store.save_checkpoint(&Checkpoint::default(), checkpoint).await?;
            }
            Err(error.into())
        }
    }
}

/// The state takes over what was read.
fn take(state: &mut State, snapshot: Snapshot, missing: &[String], arrival: &Delivery) {
    let taken = snapshot.taken;
    if missing.is_empty() {
        state.read = Some(taken);
        state.raised.retain(|_, raised| raised.kind != RaisedKind::UnknownEvent || raised.since >= taken);
        state.grant(taken);
    }
    let mut found = trails::findings(&snapshot, arrival);
    found.extend(unreadable(Some(&snapshot), missing));
    settle(state, found, &[RaisedKind::NoTrail, RaisedKind::Unreadable]);
    state.snapshot = Some(snapshot);
    state.updated = None;
}

/// What verdicts need and could not be read, each with the permission that is missing.
fn not_read(snapshot: &Snapshot) -> Vec<String> {
    if snapshot.membership == Some(Membership::None) || matches!(snapshot.scope, Scope::Account(_)) {
        return Vec::new();
    }
    if snapshot.partition.has_policy_type() == Some(false) {
        return Vec::new();
    }
    let passing = |unread: &Unread| unread.reason != UnreadReason::Changed;
    let unread = snapshot.unread.iter().filter(|unread| Need::of(unread.part) == Need::Verdict && passing(unread));
    let said = |unread: &Unread| {
        let permission = unread.permission.as_deref().map(|it| format!(", {it} is needed")).unwrap_or_default();
        format!("{} ({}{permission})", unread.part.as_str(), unread.reason.as_str())
    };
    let mut all: Vec<String> = unread.map(said).collect();
    all.sort();
    all.dedup();
    all.truncate(NAMED);
    all
}

fn unreadable(snapshot: Option<&Snapshot>, missing: &[String]) -> Option<(String, Raised)> {
    let description = format!("the monitor could not read: {}", missing.join("; "));
    let id = raised_id(snapshot, RaisedKind::Unreadable, "all");
    (!missing.is_empty()).then(|| (id, of_monitor(RaisedKind::Unreadable, description, true)))
}

pub(super) fn of_monitor(kind: RaisedKind, description: String, undetermined: bool) -> Raised {
    Raised {
        kind,
        title: description.clone(),
        description,
        since: now(),
        cause: None,
        affected: Vec::new(),
        propagating: false,
        undetermined,
    }
}

/// A read that failed as a whole is a finding before it is an error; what was known goes on standing.
pub(super) async fn tell_unreadable<P: Publish>(monitor: &Monitor<'_, P>, why: &str) -> Result<(), StoreError> {
    for _ in 0..monitor.tries() {
        let mut held = monitor.hold_or_heal().await?;
        let missing = [shown(why).into_owned()];
        let found = unreadable(held.state.snapshot.as_ref(), &missing);
        settle(&mut held.state, found.into_iter().collect(), &[RaisedKind::Unreadable]);
        held.state.owes = true;
        if monitor.keep(&mut held).await? {
            let sent = monitor.tell(&mut held, Extent::Changes, None).await?;
            if !sent.lost.is_empty() {
                tracing::error!(lost = ?sent.lost, "what was found did not arrive everywhere");
            }
            return Ok(());
        }
    }
    Err(monitor.overtaken())
}
