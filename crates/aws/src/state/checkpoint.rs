//! A reading that is under way, and the state, each as head and snapshot.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use optout_core::org::PolicyId;
use serde::{Deserialize, Serialize};

use super::form::{FormError, pack, unpack};
use super::{Handled, Raised, State, Wish};
use crate::read::{Reading, Stage};

const STATE: &str = "optout.monitor-state/1";
const CHECKPOINT: &str = "optout.monitor-checkpoint/1";

/// A reading that goes on with the next invocation.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Checkpoint {
    /// The reading; `None` where none is under way.
    pub reading: Option<Reading>,
    /// How many invocations it took so far.
    pub invocations: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct StateHead {
    format: String,
    read: Option<Timestamp>,
    updated: Option<Timestamp>,
    raised: BTreeMap<String, Raised>,
    handled: Vec<Handled>,
    wanted: Option<Wish>,
    standing: Option<String>,
    owes: bool,
}

impl State {
    pub(super) fn pack(&self) -> Vec<u8> {
        let head = StateHead {
            format: STATE.to_owned(),
            read: self.read,
            updated: self.updated,
            raised: self.raised.clone(),
            handled: self.handled.clone(),
            wanted: self.wanted.clone(),
            standing: self.standing.clone(),
            owes: self.owes,
        };
        pack(&head, self.snapshot.as_ref())
    }

    /// The state in `bytes`, which are an object called `key`, or a copy of it as a file.
    ///
    /// # Errors
    /// Where the bytes are no state.
    pub fn unpack(key: &str, bytes: &[u8]) -> Result<Self, FormError> {
        let (head, snapshot): (StateHead, _) = unpack(key, bytes, STATE)?;
        let StateHead { format: _, read, updated, raised, handled, wanted, standing, owes } = head;
        Ok(Self { snapshot, read, updated, raised, handled, wanted, standing, owes })
    }
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct CheckpointHead {
    format: String,
    began: BTreeMap<Stage, Timestamp>,
    finished: BTreeSet<Stage>,
    policies: BTreeSet<PolicyId>,
    invocations: u32,
}

impl Checkpoint {
    pub(super) fn pack(&self) -> Vec<u8> {
        let reading = self.reading.as_ref();
        let head = CheckpointHead {
            format: CHECKPOINT.to_owned(),
            began: reading.map(|it| it.began.clone()).unwrap_or_default(),
            finished: reading.map(|it| it.finished.clone()).unwrap_or_default(),
            policies: reading.map(|it| it.policies.clone()).unwrap_or_default(),
            invocations: self.invocations,
        };
        pack(&head, reading.map(|it| &it.snapshot))
    }

    /// # Errors
    /// Where the bytes are no checkpoint.
    pub(super) fn unpack(key: &str, bytes: &[u8]) -> Result<Self, FormError> {
        let (head, snapshot): (CheckpointHead, _) = unpack(key, bytes, CHECKPOINT)?;
        let CheckpointHead { format: _, began, finished, policies, invocations } = head;
        let reading = snapshot.map(|snapshot| Reading { snapshot, began, finished, policies, complete: false });
        Ok(Self { reading, invocations })
    }
}

#[cfg(test)]
mod tests {
    use jiff::SignedDuration;
    use optout_core::org::{Partition, Snapshot};

    use super::super::{Affected, Cause, REMEMBERED, RaisedKind};
    use super::*;
    use crate::read::Touched;

    fn handled(id: &str, at: Timestamp) -> Handled {
        let touched = Touched { policies: BTreeSet::from(["p-policy0001".parse().unwrap()]), ..Touched::default() };
        Handled { id: id.to_owned(), time: at, at, touched }
    }

    fn state() -> State {
        let cause = Cause {
            event: "e".into(),
            call: "AttachPolicy".into(),
            time: Timestamp::UNIX_EPOCH,
            actor: "a\nb".into(),
            account: Some("111111111111".parse().unwrap()),
        };
        let raised = Raised {
            kind: RaisedKind::Weakened,
            title: "t".into(),
            description: "a line\nand another".into(),
            since: Timestamp::UNIX_EPOCH,
            cause: Some(cause),
            affected: vec![Affected { accounts: vec!["222222222222".parse().unwrap()], services: vec!["lex".into()] }],
            propagating: true,
            undetermined: false,
        };
        State {
            snapshot: Some(Snapshot::empty(Timestamp::UNIX_EPOCH, "0", Partition::Aws)),
            read: Some(Timestamp::UNIX_EPOCH),
            raised: BTreeMap::from([("id".to_owned(), raised)]),
            handled: vec![handled("e", Timestamp::UNIX_EPOCH)],
            standing: Some("{}\n".into()),
            owes: true,
            ..State::default()
        }
    }

    #[test]
    fn a_state_is_unpacked_as_it_was_packed_and_equal_states_are_equal_bytes() {
        let packed = state().pack();
        assert_eq!(State::unpack("k", &packed).unwrap(), state());
        assert_eq!(state().pack(), packed);
        assert_eq!(State::unpack("k", &State::default().pack()).unwrap(), State::default());
    }

    #[test]
    fn what_is_none_of_ours_is_refused_whatever_it_is() {
        let packed = state().pack();
        let refused = |bytes: &[u8]| State::unpack("k", bytes).unwrap_err().to_string();
        for end in (0..packed.len()).step_by(7) {
            refused(&packed[..end]);
        }
        assert!(refused(b"{}").contains("gzip"));
        let checkpoint = refused(&Checkpoint::default().pack());
        assert!(checkpoint.contains("optout.monitor-checkpoint/1"), "{checkpoint}");
        assert!(Checkpoint::unpack("k", &packed).is_err());
        let head = serde_json::json!({"format": STATE, "unknown": 1});
        assert!(refused(&pack(&head, None)).contains("unknown"));
    }

    #[test]
    fn events_are_remembered_as_long_as_a_queue_can_bring_them_again_and_no_longer() {
        let mut state = State::default();
        let start = Timestamp::from_second(1_800_000_000).unwrap();
        let after = |days: i64| start.saturating_add(SignedDuration::from_hours(24 * days)).unwrap();
        state.note(handled("one", start));
        state.note(handled("two", after(14)));
        assert!(state.has_handled("one"), "a dead-letter queue may have it");
        state.note(handled("three", after(16)));
        assert!(!state.has_handled("one") && state.has_handled("two"));
        state.note(handled("two", after(16)));
        assert_eq!(state.handled.len(), 2, "each is there once");
        assert!(REMEMBERED > SignedDuration::from_hours(24 * 14));
    }

    #[test]
    fn of_many_who_want_a_full_read_the_first_asks_until_it_is_granted_or_too_long_ago() {
        let at = |hours: i64| Timestamp::UNIX_EPOCH.saturating_add(SignedDuration::from_hours(hours)).unwrap();
        let mut state = State::default();
        state.want("one", "why".into(), at(10));
        state.want("two", "also".into(), at(12));
        let due = |state: &State, by: &str| state.wanted.as_ref().is_some_and(|wish| wish.is_due(by));
        assert!(due(&state, "one") && !due(&state, "two"));
        state.grant(at(11));
        assert!(state.wanted.is_some(), "it was wanted once more after that reading began");
        assert_eq!(State::unpack("k", &state.pack()).unwrap(), state);
        state.wanted.as_mut().unwrap().asked = true;
        assert!(!due(&state, "one"));
        // Whoever was to bring it is not coming any more.
        state.want("three", "still".into(), at(17));
        assert!(due(&state, "three"));
        state.grant(at(18));
        assert_eq!(state.wanted, None);
    }
}
