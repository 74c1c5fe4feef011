//! The organization as the simulator holds it: every relation by index, so that no request looks at every account.

mod change;
mod load;
mod managed;
mod mint;
mod save;
mod tree;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use optout_core::org::{
    AccountId, AccountState, InvalidPolicy, OrganizationId, Partition, PolicyId, PolicyType, PolicyTypeState, RootId,
    TargetId, UnitId,
};

use crate::caller::Document;
use crate::clock::Moment;
use crate::propagation::Tracked;

pub use change::{Change, ChangeError, ValidationError};
pub use load::LoadError;
pub(crate) use mint::Mint;

/// Tags: key to value.
pub(crate) type Tags = BTreeMap<String, String>;

/// Everything the simulator knows.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) partition: Partition,
    pub(crate) home: AccountId,
    pub(crate) organization: Option<Organization>,
    pub(crate) root: Root,
    pub(crate) units: BTreeMap<UnitId, Unit>,
    pub(crate) accounts: BTreeMap<AccountId, Account>,
    pub(crate) parents: Tracked<AccountId, TargetId>,
    pub(crate) children: BTreeMap<TargetId, Children>,
    pub(crate) policies: BTreeMap<PolicyId, Policy>,
    pub(crate) by_type: BTreeMap<PolicyType, BTreeSet<PolicyId>>,
    pub(crate) contents: Tracked<PolicyId, Arc<str>>,
    pub(crate) attached: Tracked<(TargetId, PolicyType), Vec<PolicyId>>,
    pub(crate) targets: BTreeMap<PolicyId, BTreeSet<TargetId>>,
    pub(crate) types: BTreeMap<PolicyType, TypeHistory>,
    pub(crate) invalid: BTreeMap<PolicyType, BTreeMap<AccountId, Invalid>>,
    pub(crate) delegates: BTreeMap<AccountId, Delegate>,
    pub(crate) services: BTreeMap<String, Timestamp>,
    pub(crate) resource_policy: Option<ResourcePolicy>,
    pub(crate) creations: BTreeMap<String, Creation>,
    pub(crate) migration: Option<Migration>,
    pub(crate) mint: Mint,
}

/// The organization itself.
#[derive(Debug, Clone)]
pub(crate) struct Organization {
    pub(crate) id: OrganizationId,
    pub(crate) management: AccountId,
    pub(crate) all_features: bool,
}

/// The root.
#[derive(Debug, Clone)]
pub(crate) struct Root {
    pub(crate) id: RootId,
    pub(crate) name: String,
    pub(crate) types: BTreeMap<PolicyType, PolicyTypeState>,
    pub(crate) tags: Tags,
}

/// An organizational unit.
#[derive(Debug, Clone)]
pub(crate) struct Unit {
    pub(crate) name: String,
    pub(crate) parent: TargetId,
    pub(crate) tags: Tags,
}

/// An account; its place is in [`State::parents`].
#[derive(Debug, Clone)]
pub(crate) struct Account {
    pub(crate) name: String,
    pub(crate) email: String,
    pub(crate) state: AccountState,
    pub(crate) invited: bool,
    pub(crate) joined: Timestamp,
    pub(crate) tags: Tags,
}

/// What a root or unit holds.
#[derive(Debug, Clone, Default)]
pub(crate) struct Children {
    pub(crate) units: BTreeSet<UnitId>,
    pub(crate) accounts: BTreeSet<AccountId>,
}

/// A policy; its document is in [`State::contents`].
#[derive(Debug, Clone)]
pub(crate) struct Policy {
    pub(crate) name: String,
    pub(crate) description: String,
    pub(crate) policy_type: PolicyType,
    pub(crate) aws_managed: bool,
    pub(crate) tags: Tags,
    /// Every UpdatePolicy, for the timestamps of effective policies.
    pub(crate) updated: Vec<Moment>,
}

/// When a policy type was last switched.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct TypeHistory {
    pub(crate) enabled: Option<Moment>,
    pub(crate) disabled: Option<Moment>,
}

/// An invalid effective policy: what is wrong, and the last valid document, which stays in force.
#[derive(Debug, Clone)]
pub(crate) struct Invalid {
    pub(crate) errors: Vec<InvalidPolicy>,
    pub(crate) evaluated: Timestamp,
    pub(crate) last_valid: Option<Arc<str>>,
}

/// A delegated administrator.
#[derive(Debug, Clone)]
pub(crate) struct Delegate {
    pub(crate) since: Timestamp,
    pub(crate) services: BTreeMap<String, Timestamp>,
}

/// The resource policy.
#[derive(Debug, Clone)]
pub(crate) struct ResourcePolicy {
    pub(crate) id: String,
    pub(crate) content: Arc<str>,
    pub(crate) document: Document,
    pub(crate) tags: Tags,
}

/// A request to create an account.
#[derive(Debug, Clone)]
pub(crate) struct Creation {
    pub(crate) name: String,
    pub(crate) requested: Timestamp,
    /// The account, or why there is none.
    pub(crate) outcome: Result<AccountId, &'static str>,
}

/// A request to enable all features that was not accepted yet.
#[derive(Debug, Clone)]
pub(crate) struct Migration {
    pub(crate) id: String,
    pub(crate) requested: Timestamp,
}

impl State {
    /// The id of the organization's management account; before there is one, the account that would be it.
    pub(crate) fn management(&self) -> AccountId {
        self.organization.as_ref().map_or(self.home, |organization| organization.management)
    }

    /// The root as a target.
    pub(crate) fn root_target(&self) -> TargetId {
        TargetId::Root(self.root.id.clone())
    }

    /// Whether a policy type is on.
    pub(crate) fn is_enabled(&self, policy_type: &PolicyType) -> bool {
        self.root.types.get(policy_type) == Some(&PolicyTypeState::Enabled)
    }

    /// Brings what takes time up to `now`: types that were switched on longer ago than `enabling` are on.
    pub(crate) fn catch_up(&mut self, now: Moment, enabling: Duration) {
        for (policy_type, state) in &mut self.root.types {
            let since = self.types.get(policy_type).and_then(|history| history.enabled);
            let due = since.is_some_and(|since| since.saturating_add(enabling) <= now);
            if *state == PolicyTypeState::PendingEnable && due {
                *state = PolicyTypeState::Enabled;
            }
        }
    }

    /// Whether there is such a target.
    pub(crate) fn has_target(&self, target: &TargetId) -> bool {
        match target {
            TargetId::Root(id) => *id == self.root.id,
            TargetId::Unit(id) => self.units.contains_key(id),
            TargetId::Account(id) => self.accounts.contains_key(id),
        }
    }

    /// The policies of a type at a target, in order of attachment.
    pub(crate) fn attached_to(&self, target: &TargetId, policy_type: &PolicyType) -> &[PolicyId] {
        let key = (target.clone(), policy_type.clone());
        self.attached.get(&key).map(Vec::as_slice).unwrap_or_default()
    }
}
