//! Our own answer: what the attached policies mean, once for each group of accounts that must be alike.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::reading::of_word;
use super::states::{StateAt, States};
use super::{AccountLock, Documents, Key, Keys, Lock, Reading, Setting, lock};
use crate::org::{Account, AccountId, Chains, PolicyId, Snapshot, TargetId, chains};
use crate::policy::{Possible, State};

/// Why there is no answer of our own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Uncomputed {
    /// The partition has no such policies.
    #[error("AI services opt-out policies do not exist in the partition `{0}`")]
    Partition(String),
    /// The attachments could not be read, or not all of them.
    #[error("where policies are attached could not be read")]
    Attachments,
    /// A policy's document could not be read.
    #[error("the document of policy `{0}` could not be read")]
    Document(PolicyId),
    /// The account's place in the organization could not be read.
    #[error("the account's place in the organization could not be read")]
    Place,
    /// Whether the policy type is on could not be read.
    #[error("whether the policy type is on could not be read")]
    PolicyType,
    /// The policy type is being switched on or off.
    #[error("the policy type has the status `{0}`: whether policies are in force is not known")]
    PolicyTypeState(String),
    /// AWS lists the effective policy as invalid: the last valid one is in force, which cannot be computed.
    #[error("AWS lists its effective policy as invalid and keeps the last valid one, which cannot be computed")]
    Invalid,
}

/// Our answer for accounts that must be alike.
#[derive(Debug)]
pub struct Group {
    /// What holds for each key; unknown where it could not be computed or is not decided.
    pub reading: Reading,
    /// The policies that set the own setting of each key that has one: several where the order in which they were
    /// attached decides.
    pub deciders: BTreeMap<Key, Vec<Decider>>,
    /// The locks of each key.
    pub locks: Vec<Lock>,
    /// The lock of the account.
    pub lock: AccountLock,
    /// Why it could not be computed.
    pub uncomputed: Option<Uncomputed>,
}

/// A policy that sets, or may set, the setting that holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decider {
    /// The policy.
    pub policy: Arc<str>,
    /// What it sets.
    pub setting: Setting,
}

/// Our answers for every account of a snapshot.
#[derive(Debug)]
pub struct Computed {
    groups: Vec<Group>,
    /// Ordered by account.
    of: Vec<(AccountId, usize)>,
    states: StateAt,
    /// Which accounts share a chain.
    pub chains: Chains,
}

impl Computed {
    /// Computes every account of the snapshot, each chain once.
    #[must_use]
    pub fn new(snapshot: &Snapshot, documents: &Documents, keys: &Keys) -> Self {
        let chains = chains(snapshot, |policies| documents.order_could_matter(policies));
        let mut maker = Maker { snapshot, keys, states: States::new(snapshot, documents), groups: Vec::new() };
        let accounts = snapshot.accounts.as_deref().unwrap_or_default();
        let mut slots = vec![[None; 2]; chains.len()];
        let mut of = Vec::with_capacity(accounts.len());
        for account in accounts {
            let slots = chains.number(account.id).and_then(|chain| slots.get_mut(chain));
            of.extend(slots.map(|slots| (account.id, maker.number(account, slots))));
        }
        of.sort_unstable_by_key(|(account, _)| *account);
        Self { groups: maker.groups, of, states: maker.states.into_known(), chains }
    }

    /// Our answer for an account.
    #[must_use]
    pub fn get(&self, account: AccountId) -> Option<&Group> {
        self.group(self.number(account)?)
    }

    /// Our answer of that number.
    pub(super) fn group(&self, number: usize) -> Option<&Group> {
        self.groups.get(number)
    }

    /// The number of the account's group.
    #[must_use]
    pub fn number(&self, account: AccountId) -> Option<usize> {
        let at = self.of.binary_search_by_key(&account, |(id, _)| *id).ok()?;
        self.of.get(at).map(|(_, group)| *group)
    }

    /// What holds at the root or a unit.
    ///
    /// # Errors
    /// Why that could not be computed.
    pub fn state(&self, target: &TargetId) -> Result<&State, Uncomputed> {
        self.states.get(target).map_or(Err(Uncomputed::Place), |state| state.as_ref().map_err(Clone::clone))
    }
}

struct Maker<'a> {
    snapshot: &'a Snapshot,
    keys: &'a Keys,
    states: States<'a>,
    groups: Vec<Group>,
}

impl Maker<'_> {
    /// The number of an account's group. Accounts of one chain are alike, but for whether a policy sits on the account
    /// itself, which opens its lock: `slots` has the groups of the chain without and with one.
    fn number(&mut self, account: &Account, slots: &mut [Option<usize>; 2]) -> usize {
        let [plain, own] = slots;
        let slot = if self.states.has_own_policies(account) { own } else { plain };
        *slot.get_or_insert_with(|| {
            let group = self.group(account);
            self.groups.push(group);
            self.groups.len() - 1
        })
    }

    fn group(&mut self, account: &Account) -> Group {
        match self.states.around(account) {
            Ok((above, at)) => self.computed(&above, &at, self.is_invalid(account.id)),
            Err(uncomputed) => self.uncomputed(uncomputed),
        }
    }

    fn computed(&self, above: &State, at: &State, invalid: bool) -> Group {
        let deciders = self.keys.iter().map(|(key, name)| (key, lock::deciders(at, name)));
        let locks = lock::locks(self.keys, above, at);
        let lock = AccountLock::of(&locks, self.keys);
        let settings: Vec<_> = self.keys.iter().map(|(_, name)| own_setting(at, name)).collect();
        let reading = if invalid { Reading::unknown(self.keys) } else { Reading::of_own(&settings) };
        let deciders = deciders.filter(|(_, deciders)| !deciders.is_empty()).collect();
        Group { reading, deciders, locks, lock, uncomputed: invalid.then_some(Uncomputed::Invalid) }
    }

    fn uncomputed(&self, why: Uncomputed) -> Group {
        Group {
            reading: Reading::unknown(self.keys),
            deciders: BTreeMap::new(),
            locks: vec![Lock::Unknown; self.keys.len()],
            lock: AccountLock::Unknown,
            uncomputed: Some(why),
        }
    }

    fn is_invalid(&self, account: AccountId) -> bool {
        self.snapshot.invalid.as_ref().is_some_and(|invalid| invalid.contains_key(&account))
    }
}

/// What a key itself says: `None` unset, `Some(None)` not decided.
fn own_setting(state: &State, name: &str) -> Option<Option<Setting>> {
    let setting = state.setting(&["services", name, "opt_out_policy"])?;
    let value: &Possible = setting.value();
    match (value.is_present(), value.value()) {
        (Some(false), _) => None,
        (Some(true), Some(value)) => Some(Some(of_word(value.as_str()))),
        (Some(true) | None, _) => Some(None),
    }
}
