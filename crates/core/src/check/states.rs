//! What our engine holds at the root and at each unit: computed once, shared by every account below.

use std::collections::HashMap;

use super::{Documents, Uncomputed};
use crate::org::{Account, Attachments, PolicyTypeState, Snapshot, TargetId, Tree};
use crate::policy::{Level, Order, State};

/// The states of the root and the units, by target, as far as they can be computed.
pub(super) type StateAt = HashMap<TargetId, Result<State, Uncomputed>>;

/// Computes states, each target once.
pub(super) struct States<'a> {
    documents: &'a Documents,
    attachments: Option<Attachments<'a>>,
    tree: Option<Tree<'a>>,
    /// `Ok(false)`: the policy type is off.
    is_on: Result<bool, Uncomputed>,
    known: StateAt,
}

impl<'a> States<'a> {
    /// The states of the root and of every unit of the snapshot.
    pub(super) fn new(snapshot: &'a Snapshot, documents: &'a Documents) -> Self {
        let attachments = Attachments::of(snapshot);
        let tree = Tree::new(snapshot).ok();
        let mut states = Self { documents, attachments, tree, is_on: is_on(snapshot), known: HashMap::new() };
        let root = snapshot.root.iter().map(|root| TargetId::Root(root.id.clone()));
        let units = snapshot.units.iter().flatten().map(|unit| TargetId::Unit(unit.id.clone()));
        root.chain(units).for_each(|target| drop(states.at(&target)));
        states
    }

    /// The states above an account and at it.
    pub(super) fn around(&mut self, account: &Account) -> Result<(State, State), Uncomputed> {
        if !self.is_on.clone()? {
            return Ok((State::default(), State::default().below(&nothing_attached())));
        }
        self.attachments.as_ref().ok_or(Uncomputed::Attachments)?;
        let above = self.at(account.parent.as_ref().ok_or(Uncomputed::Place)?)?;
        let at = self.below(&above, &TargetId::Account(account.id))?;
        Ok((above, at))
    }

    /// The state at the root or a unit.
    fn at(&mut self, target: &TargetId) -> Result<State, Uncomputed> {
        if let Some(known) = self.known.get(target) {
            return known.clone();
        }
        let path = self.tree.as_ref().and_then(|tree| tree.path_to(target)).ok_or(Uncomputed::Place)?;
        let mut state = Ok(State::default());
        for target in path {
            if let Some(known) = self.known.get(&target) {
                state = known.clone();
                continue;
            }
            state = state.and_then(|above| self.below(&above, &target));
            self.known.insert(target, state.clone());
        }
        state
    }

    fn below(&self, above: &State, target: &TargetId) -> Result<State, Uncomputed> {
        if !self.is_on.clone()? {
            return Ok(above.below(&nothing_attached()));
        }
        let attached = self.attachments.as_ref().and_then(|attachments| attachments.at(target));
        let level = self.documents.level(target, attached.ok_or(Uncomputed::Attachments)?)?;
        Ok(above.below(&level))
    }

    /// Whether policies are attached to the account itself.
    pub(super) fn has_own_policies(&self, account: &Account) -> bool {
        let target = TargetId::Account(account.id);
        let attached = self.attachments.as_ref().and_then(|attachments| attachments.at(&target));
        attached.is_some_and(|attached| !attached.is_empty())
    }

    /// The states of the root and the units.
    pub(super) fn into_known(self) -> StateAt {
        self.known
    }
}

/// A type that is off has no attachments: switching it off detaches every policy.
fn nothing_attached() -> Level<'static> {
    Level { target: "".into(), documents: Vec::new(), order: Order::Known }
}

/// Whether opt-out policies are in force: while the type is being switched on or off, either may be true.
fn is_on(snapshot: &Snapshot) -> Result<bool, Uncomputed> {
    if snapshot.partition.has_policy_type() == Some(false) {
        return Err(Uncomputed::Partition(snapshot.partition.as_str().to_owned()));
    }
    match snapshot.policy_type_state().ok_or(Uncomputed::PolicyType)? {
        None => Ok(false),
        Some(PolicyTypeState::Enabled) => Ok(true),
        Some(
            state @ (PolicyTypeState::PendingEnable | PolicyTypeState::PendingDisable | PolicyTypeState::Other(_)),
        ) => Err(Uncomputed::PolicyTypeState(state.as_str().to_owned())),
    }
}
