//! Our own answer: what the attached policies mean, once for each group of accounts that must be alike.

use std::collections::HashMap;
use std::sync::Arc;

use super::reading::of_word;
use super::{AccountLock, Keys, Lock, Reading, Setting, lock};
use crate::org::{Account, AccountId, Attachment, Chains, PolicyId, PolicyType, Snapshot, TargetId, Tree, chains};
use crate::policy::{Attached, Dialect, Document, Level, Order, Possible, State, could_depend_on_order};
use crate::source::Problem;

/// The documents of the snapshot's AI services opt-out policies, read once.
#[derive(Debug, Default)]
pub struct Documents {
    read: HashMap<PolicyId, Document>,
    /// The policies whose text is no document, with every problem.
    pub malformed: Vec<(PolicyId, Vec<Problem>)>,
}

impl Documents {
    /// Reads every document of the snapshot.
    #[must_use]
    pub fn of(snapshot: &Snapshot) -> Self {
        let mut documents = Self::default();
        let policies = snapshot.policies.iter().flatten().filter(|policy| policy.policy_type == PolicyType::AiOptOut);
        for policy in policies {
            let Some(text) = &policy.content else { continue };
            match Document::parse(Dialect::Plain, text) {
                Ok(document) => drop(documents.read.insert(policy.id.clone(), document)),
                Err(problems) => documents.malformed.push((policy.id.clone(), problems)),
            }
        }
        documents
    }

    /// The document of a policy, where it could be read.
    #[must_use]
    pub fn get(&self, policy: &PolicyId) -> Option<&Document> {
        self.read.get(policy)
    }

    /// Whether the order of attachment of these policies at one target could matter; yes where one is not known.
    #[must_use]
    pub fn order_could_matter(&self, policies: &[PolicyId]) -> bool {
        let documents: Option<Vec<&Document>> = policies.iter().map(|id| self.get(id)).collect();
        documents.is_none_or(|documents| could_depend_on_order(&documents))
    }

    /// The keys under `services` of every document.
    pub(super) fn service_keys(&self) -> impl Iterator<Item = &str> {
        let services = self.read.values().filter_map(|document| document.root.children.get("services"));
        services.flat_map(|services| services.children.keys().map(AsRef::as_ref))
    }

    /// What is attached at one target, as a level of the merge.
    ///
    /// # Errors
    /// The first policy whose document is not known.
    pub fn level(&self, target: &TargetId, attachments: &[Attachment]) -> Result<Level<'_>, Uncomputed> {
        let mut attachments: Vec<&Attachment> = attachments.iter().collect();
        let order = order(&mut attachments);
        let attached = attachments.into_iter().map(|attachment| {
            let document =
                self.get(&attachment.policy).ok_or_else(|| Uncomputed::Document(attachment.policy.clone()))?;
            Ok(Attached { policy: attachment.policy.as_str().into(), document })
        });
        Ok(Level { target: target.to_string().into(), documents: attached.collect::<Result<_, _>>()?, order })
    }
}

/// Recorded AttachPolicy events give the order, unless two fall into the same second.
fn order(attachments: &mut [&Attachment]) -> Order {
    let second = |it: &&Attachment| it.attached.map(jiff::Timestamp::as_second);
    attachments.sort_by_key(second);
    let settled = attachments.windows(2).all(|pair| match pair {
        [left, right] => second(left).is_some() && second(left) != second(right),
        _ => true,
    });
    if settled { Order::Known } else { Order::Unknown }
}

/// Why there is no answer of our own.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, thiserror::Error)]
pub enum Uncomputed {
    /// The attachments could not be read.
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
    /// AWS lists the effective policy as invalid: the last valid one is in force, which cannot be computed.
    #[error("AWS lists its effective policy as invalid and keeps the last valid one, which cannot be computed")]
    Invalid,
}

/// Our answer for accounts that must be alike.
#[derive(Debug)]
pub struct Group {
    /// What holds for each key; unknown where it could not be computed or is not decided.
    pub reading: Reading,
    /// What each key's own setting may be (`services.KEY.opt_out_policy`); empty where it could not be computed.
    pub own: Vec<Possible>,
    /// The policy that decides each key's own setting, where one does.
    pub deciders: Vec<Option<Arc<str>>>,
    /// The locks of each key.
    pub locks: Vec<Lock>,
    /// The lock of the account.
    pub lock: AccountLock,
    /// Why it could not be computed.
    pub uncomputed: Option<Uncomputed>,
}

/// Our answers for every account of a snapshot.
#[derive(Debug)]
pub struct Computed {
    groups: Vec<Group>,
    of: HashMap<AccountId, usize>,
    /// Which accounts share a chain.
    pub chains: Chains,
}

impl Computed {
    /// Computes every account of the snapshot, each chain once.
    #[must_use]
    pub fn new(snapshot: &Snapshot, documents: &Documents, keys: &Keys) -> Self {
        let chains = chains(snapshot, |policies| documents.order_could_matter(policies));
        let maker = Maker { snapshot, documents, keys, tree: Tree::new(snapshot).ok() };
        let accounts: HashMap<AccountId, &Account> = snapshot.accounts.iter().flatten().map(|it| (it.id, it)).collect();
        let (mut groups, mut of) = (Vec::new(), HashMap::with_capacity(accounts.len()));
        for chain in chains.iter() {
            let accounts = chain.accounts().iter().filter_map(|id| accounts.get(id).copied());
            maker.add_chain(accounts, &mut groups, &mut of);
        }
        Self { groups, of, chains }
    }

    /// Our answer for an account.
    #[must_use]
    pub fn get(&self, account: AccountId) -> Option<&Group> {
        self.groups.get(self.number(account)?)
    }

    /// The number of the account's group.
    #[must_use]
    pub fn number(&self, account: AccountId) -> Option<usize> {
        self.of.get(&account).copied()
    }
}

struct Maker<'a> {
    snapshot: &'a Snapshot,
    documents: &'a Documents,
    keys: &'a Keys,
    tree: Option<Tree<'a>>,
}

impl Maker<'_> {
    /// Accounts of one chain are alike, but for whether a policy sits on the account itself, which opens its lock.
    fn add_chain<'s>(
        &self,
        accounts: impl Iterator<Item = &'s Account>,
        groups: &mut Vec<Group>,
        of: &mut HashMap<AccountId, usize>,
    ) {
        let [mut plain, mut own] = [None, None];
        for account in accounts {
            let slot = if self.has_own_policies(account.id) { &mut own } else { &mut plain };
            let at = *slot.get_or_insert_with(|| {
                groups.push(self.group(account));
                groups.len() - 1
            });
            of.insert(account.id, at);
        }
    }

    fn has_own_policies(&self, account: AccountId) -> bool {
        self.snapshot.attachments.as_ref().is_some_and(|all| all.contains_key(&TargetId::Account(account)))
    }

    fn group(&self, account: &Account) -> Group {
        match self.states(account) {
            Ok((above, at)) => self.computed(&above, &at, self.is_invalid(account.id)),
            Err(uncomputed) => self.uncomputed(uncomputed),
        }
    }

    fn computed(&self, above: &State, at: &State, invalid: bool) -> Group {
        let own: Vec<Possible> = self.keys.iter().map(|(_, name)| own(at, name)).collect();
        let deciders = self.keys.iter().map(|(_, name)| lock::decider(at, name).map(|(_, policy)| policy)).collect();
        let locks = lock::locks(self.keys, above, at);
        let lock = AccountLock::of(&locks, self.keys);
        let settings: Vec<_> = own.iter().map(own_setting).collect();
        let reading = if invalid { Reading::unknown(self.keys) } else { Reading::of_own(&settings) };
        Group { reading, own, deciders, locks, lock, uncomputed: invalid.then_some(Uncomputed::Invalid) }
    }

    fn uncomputed(&self, why: Uncomputed) -> Group {
        Group {
            reading: Reading::unknown(self.keys),
            own: Vec::new(),
            deciders: Vec::new(),
            locks: vec![Lock::Unknown; self.keys.len()],
            lock: AccountLock::Unknown,
            uncomputed: Some(why),
        }
    }

    fn is_invalid(&self, account: AccountId) -> bool {
        self.snapshot.invalid.as_ref().is_some_and(|invalid| invalid.contains_key(&account))
    }

    /// The states above the account and at it.
    fn states(&self, account: &Account) -> Result<(State, State), Uncomputed> {
        let attachments = self.snapshot.attachments.as_ref().ok_or(Uncomputed::Attachments)?;
        if self.snapshot.policy_type_state().ok_or(Uncomputed::PolicyType)?.is_none() {
            // A type that is off has no attachments: switching it off detaches every policy.
            return Ok((State::default(), State::default().below(&no_level())));
        }
        let path = self.tree.as_ref().and_then(|tree| tree.path(account)).ok_or(Uncomputed::Place)?;
        let mut states = (State::default(), State::default());
        for target in &path {
            let attached = attachments.get(target).map(Vec::as_slice).unwrap_or_default();
            let below = states.1.below(&self.documents.level(target, attached)?);
            states = (states.1, below);
        }
        Ok(states)
    }
}

fn no_level() -> Level<'static> {
    Level { target: "".into(), documents: Vec::new(), order: Order::Known }
}

fn own(state: &State, name: &str) -> Possible {
    let setting = state.setting(&["services", name, "opt_out_policy"]);
    setting.map_or_else(Possible::absent, |setting| setting.value().clone())
}

/// `None` unset, `Some(None)` not decided.
fn own_setting(value: &Possible) -> Option<Option<Setting>> {
    match (value.is_present(), value.value()) {
        (Some(false), _) => None,
        (Some(true), Some(value)) => Some(Some(of_word(value.as_str()))),
        (Some(true) | None, _) => Some(None),
    }
}

/// The levels of an account's path, for explanations: its own targets, not those of another account of its chain.
///
/// # Errors
/// Why they are not known.
pub(crate) fn levels<'d>(
    snapshot: &Snapshot,
    documents: &'d Documents,
    path: &[TargetId],
) -> Result<Vec<Level<'d>>, Uncomputed> {
    let attachments = snapshot.attachments.as_ref().ok_or(Uncomputed::Attachments)?;
    let attached = |target| attachments.get(target).map(Vec::as_slice).unwrap_or_default();
    path.iter().map(|target| documents.level(target, attached(target))).collect()
}
