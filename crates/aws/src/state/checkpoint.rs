//! A reading that is under way, and the state, each as head and snapshot.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use optout_core::org::PolicyId;
use serde::{Deserialize, Serialize};

use super::form::{FormError, pack, unpack};
use super::{Handled, Raised, State};
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
    wanted: Option<String>,
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

    /// # Errors
    /// Where the bytes are no state.
    pub(super) fn unpack(key: &str, bytes: &[u8]) -> Result<Self, FormError> {
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
