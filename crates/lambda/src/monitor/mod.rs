//! What the scheduled run and the events of Organizations share: what is remembered, how it is changed so that nothing is
//! lost, and how all of it is published.

mod intent;
mod judge;
mod publication;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use optout_aws::session::Session;
use optout_aws::state::{Raised, Saved, State, Store, StoreError, Version, Wish};
use optout_core::check::Severity;
use optout_core::intent::Intent;
use optout_core::org::Snapshot;
use optout_core::publish::{Cause, Extent, Publication, Standing};

pub use intent::{IntentError, intent};
pub(crate) use judge::Judge;
pub(crate) use publication::{cause, publication, raised_id, summary};

/// How often a change of the state is tried against those of others.
const TRIES: u32 = 8;

/// How a publication is sent: what stands afterwards, and what did not arrive, each in a sentence.
pub trait Publish {
    /// Sends it.
    fn send(&self, publication: &Publication) -> impl Future<Output = Sent>;

    /// Asks for a full read soon; where nobody is there to be asked, nothing is.
    ///
    /// # Errors
    /// Why that did not arrive, in a sentence.
    fn ask(&self, organization: Option<&str>, wish: &Wish) -> impl Future<Output = Result<(), String>>;
}

/// What came of sending.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sent {
    /// What stands for the next publication to compare with.
    pub standing: Standing,
    /// What did not arrive anywhere it should; it is announced again by the next one.
    pub lost: Vec<String>,
}

/// Everything that a handler of the monitor works with.
#[derive(Debug)]
pub struct Monitor<'m, P> {
    /// How AWS is reached.
    pub session: &'m Session,
    /// Where it remembers.
    pub store: &'m Store,
    /// How it tells.
    pub publish: &'m P,
    /// What shall hold, and what is excepted.
    pub intent: Option<&'m Intent>,
    /// The severity from which a finding counts.
    pub fail_on: Severity,
    /// How long to wait before each further look at effective policies that do not show a change yet.
    pub pauses: &'m [Duration],
}

/// Half a minute in all: every change that was recorded showed within 5.3 seconds, reports of AWS's own validation later.
///
/// Source: recorded answers of AWS to tag policies, 2026-09-11 to 2026-09-13 (the delays that the simulator has too).
pub const PAUSES: [Duration; 5] = [
    Duration::from_secs(2),
    Duration::from_secs(3),
    Duration::from_secs(5),
    Duration::from_secs(8),
    Duration::from_secs(12),
];

/// A state under change: it is worked on a copy, and written only where nobody else wrote.
#[derive(Debug)]
pub(crate) struct Held {
    pub(crate) state: State,
    version: Version,
    /// Why the object that was there could not be used.
    pub(crate) damaged: Option<String>,
}

impl<P: Publish> Monitor<'_, P> {
    /// The state, whatever is there: a damaged one counts as none and is replaced when the state is written.
    ///
    /// # Errors
    /// Where S3 does not answer.
    pub(crate) async fn hold_or_heal(&self) -> Result<Held, StoreError> {
        match self.hold().await {
            Err(StoreError::Foreign { key, why, version }) => {
                let damaged = Some(format!("`{key}` could not be used: {why}"));
                Ok(Held { state: State::default(), version, damaged })
            }
            held => held,
        }
    }

    /// The state.
    ///
    /// # Errors
    /// Where S3 does not answer, or the object is none of ours.
    pub(crate) async fn hold(&self) -> Result<Held, StoreError> {
        let loaded = self.store.state().await?;
        Ok(Held { state: loaded.value, version: loaded.version, damaged: None })
    }

    /// Writes the state; whether nobody else did in between.
    ///
    /// # Errors
    /// Where S3 does not take it.
    pub(crate) async fn keep(&self, held: &mut Held) -> Result<bool, StoreError> {
        match self.store.save_state(&held.state, &held.version).await? {
            Saved::Written(version) => {
                held.version = version;
                Ok(true)
            }
            Saved::Overtaken => Ok(false),
        }
    }

    /// The error for who was overtaken again and again.
    pub(crate) fn overtaken(&self) -> StoreError {
        StoreError::Overtaken { key: self.store.state_key(), tries: TRIES }
    }

    /// Publishes what the state says, and notes that it was. Where somebody else changed the state meanwhile, they may have
    /// told something newer before this arrived: what was told here is told once more, as it is now.
    ///
    /// # Errors
    /// Where S3 does not take it.
    pub(crate) async fn tell(
        &self,
        held: &mut Held,
        extent: Extent,
        mut cause: Option<Cause>,
    ) -> Result<Sent, StoreError> {
        let mut late = Vec::new();
        for round in 0..TRIES {
            let extent = if round == 0 { extent } else { Extent::Changes };
            let mut publication = publication(&held.state, &self.judge(held.state.snapshot.as_ref()), extent);
            publication.before = standing(&held.state).after_late(&late, &publication.findings);
            publication.cause = cause.take();
            let sent = self.publish.send(&publication).await;
            held.state.standing = Some(sent.standing.write());
            held.state.owes = !sent.lost.is_empty();
            if self.keep(held).await? {
                return Ok(sent);
            }
            late = publication.imported(&publication.changes()).into_iter().cloned().collect();
            *held = self.hold().await?;
        }
        Err(self.overtaken())
    }

    /// Asks for the full read that is wanted, where the event `by` is the one to do so, and notes that it did. Others that want
    /// one meanwhile do not ask.
    ///
    /// # Errors
    /// Where S3 does not take it. Inside, why the asking did not arrive; the same event tries again.
    pub(crate) async fn ask(&self, held: &mut Held, by: &str) -> Result<Result<(), String>, StoreError> {
        if !held.state.wanted.as_ref().is_some_and(|wish| wish.is_due(by)) {
            return Ok(Ok(()));
        }
        let organization = held.state.snapshot.as_ref().and_then(Snapshot::organization).map(|it| it.id.to_string());
        if let Some(wish) = &held.state.wanted
            && let Err(why) = self.publish.ask(organization.as_deref(), wish).await
        {
            return Ok(Err(why));
        }
        for _ in 0..TRIES {
            // A read may have granted the wish already.
            let Some(wish) = held.state.wanted.as_mut().filter(|wish| wish.is_due(by)) else { return Ok(Ok(())) };
            wish.asked = true;
            if self.keep(held).await? {
                return Ok(Ok(()));
            }
            *held = self.hold().await?;
        }
        Err(self.overtaken())
    }

    /// By what a snapshot is judged now.
    pub(crate) fn judge(&self, snapshot: Option<&Snapshot>) -> Judge {
        Judge::new(self.intent, snapshot, self.fail_on)
    }

    /// How often to try.
    pub(crate) const fn tries(&self) -> u32 {
        TRIES
    }
}

/// What was published last; nothing where that cannot be read: then everything is new.
pub(crate) fn standing(state: &State) -> Standing {
    state.standing.as_deref().and_then(|text| Standing::read(text).ok()).unwrap_or_default()
}

/// Raises and heals findings of the kinds in `judged`: those of `now` stand, others of these kinds do not.
pub(crate) fn settle(state: &mut State, now: Vec<(String, Raised)>, judged: &[optout_aws::state::RaisedKind]) {
    let stands: BTreeSet<&String> = now.iter().map(|(id, _)| id).collect();
    state.raised.retain(|id, raised| stands.contains(id) || !judged.contains(&raised.kind));
    for (id, mut raised) in now {
        if let Some(known) = state.raised.get(&id) {
            raised.since = known.since;
        }
        state.raised.insert(id, raised);
    }
}

/// How many calls of AWS Organizations a session has made; telling of what was found takes others.
pub(crate) fn calls(session: &Session) -> u64 {
    let all = session.calls();
    all.iter()
        .filter(|(operation, _)| operation.permission().starts_with("organizations:"))
        .map(|(_, count)| count)
        .sum()
}

/// The present moment.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}
