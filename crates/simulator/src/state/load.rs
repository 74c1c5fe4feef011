//! A state from a snapshot. What the snapshot did not read is made up plainly, or left out: an account's place becomes
//! the root, a missing date 2020-01-01, a missing address one of `example.com`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;
use optout_core::org::{
    self, AccountId, AccountState, Answer, AnswerContent, Membership, PolicyId, PolicyType, Snapshot, TargetId, Tree,
    TreeError,
};

use super::{Account, Delegate, Invalid, Mint, Organization, Policy, ResourcePolicy, Root, State, Unit};
use crate::caller;
use crate::propagation::Tracked;

/// A snapshot that cannot be simulated.
#[derive(Debug, thiserror::Error)]
pub enum LoadError {
    /// Its units and accounts are no tree.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// Its resource policy is none that AWS would have accepted.
    #[error("the resource policy is not one that AWS accepts: {0}")]
    ResourcePolicy(String),
    /// A change to be made before the start names what is not there.
    #[error(transparent)]
    Change(#[from] super::ChangeError),
    /// An id that the simulator needs could not be made.
    #[error("no id could be made for `{0}`")]
    Id(&'static str),
}

/// The date of what has none in the snapshot: 2020-01-01.
const LONG_AGO: i64 = 1_577_836_800;

impl State {
    /// The state of a snapshot.
    pub(crate) fn load(snapshot: &Snapshot) -> Result<Self, LoadError> {
        Tree::new(snapshot)?;
        let mut state = Self::empty(snapshot)?;
        state.load_places(snapshot);
        state.load_policies(snapshot);
        state.load_delegates(snapshot);
        state.load_invalid(snapshot);
        state.load_resource_policy(snapshot)?;
        state.load_managed();
        Ok(state)
    }

    fn empty(snapshot: &Snapshot) -> Result<Self, LoadError> {
        let mut mint = Mint::default();
        let organization = snapshot.organization().map(Organization::from);
        let root = match &snapshot.root {
            Some(root) => Root::from(root),
            None => Root::made_up(snapshot, &mut mint)?,
        };
        Ok(Self {
            partition: snapshot.partition.clone(),
            home: home(snapshot)?,
            organization,
            root,
            units: BTreeMap::new(),
            accounts: BTreeMap::new(),
            parents: Tracked::new(),
            children: BTreeMap::new(),
            policies: BTreeMap::new(),
            by_type: BTreeMap::new(),
            contents: Tracked::new(),
            attached: Tracked::new(),
            targets: BTreeMap::new(),
            types: BTreeMap::new(),
            invalid: BTreeMap::new(),
            delegates: BTreeMap::new(),
            services: BTreeMap::new(),
            resource_policy: None,
            creations: BTreeMap::new(),
            migration: None,
            mint,
        })
    }

    fn load_places(&mut self, snapshot: &Snapshot) {
        for unit in snapshot.units.iter().flatten() {
            self.place_unit(unit.id.clone(), &unit.parent);
            let record = Unit { name: unit.name.clone(), parent: unit.parent.clone(), tags: BTreeMap::new() };
            self.units.insert(unit.id.clone(), record);
        }
        for account in snapshot.accounts.iter().flatten() {
            self.load_account(account.id, Account::from(account), account.parent.as_ref());
        }
        if let Some(Membership::Member(organization)) = &snapshot.membership
            && !self.accounts.contains_key(&organization.management_account)
        {
            let id = organization.management_account;
            self.load_account(id, Account::plain(id, "Management"), None);
        }
    }

    fn load_account(&mut self, id: AccountId, account: Account, parent: Option<&TargetId>) {
        let parent = parent.cloned().unwrap_or_else(|| self.root_target());
        self.place(id, &parent);
        self.parents.load(id, parent);
        self.accounts.insert(id, account);
    }

    fn load_policies(&mut self, snapshot: &Snapshot) {
        for policy in snapshot.policies.iter().flatten() {
            self.load_policy(policy.id.clone(), Policy::from(policy), policy.content.clone());
        }
        for (target, attachments) in snapshot.attachments.iter().flatten() {
            for attachment in attachments {
                self.load_attachment(target, &attachment.policy);
            }
        }
        self.load_control_policies(snapshot);
    }

    /// Service control policies, one of which may stand among the other policies too because of its name. Those AWS
    /// owns are put everywhere by [`Self::load_managed`].
    fn load_control_policies(&mut self, snapshot: &Snapshot) {
        for attached in snapshot.service_control_policies.iter().flatten().filter(|it| !it.policy.aws_managed) {
            let policy = &attached.policy;
            if !self.policies.contains_key(&policy.id) {
                self.load_policy(policy.id.clone(), Policy::from(policy), policy.content.clone());
            }
            for target in attached.targets.iter().flatten() {
                self.load_attachment(target, &policy.id);
            }
        }
    }

    pub(super) fn load_policy(&mut self, id: PolicyId, policy: Policy, content: Option<Arc<str>>) {
        self.by_type.entry(policy.policy_type.clone()).or_default().insert(id.clone());
        if let Some(content) = content {
            self.contents.load(id.clone(), content);
        }
        self.policies.insert(id, policy);
    }

    fn load_attachment(&mut self, target: &TargetId, policy: &PolicyId) {
        let Some(policy_type) = self.policies.get(policy).map(|it| it.policy_type.clone()) else { return };
        let key = (target.clone(), policy_type);
        let mut list = self.attached.get(&key).cloned().unwrap_or_default();
        list.push(policy.clone());
        self.attached.load(key, list);
        self.targets.entry(policy.clone()).or_default().insert(target.clone());
    }

    fn load_delegates(&mut self, snapshot: &Snapshot) {
        let since = long_ago();
        let trusted = snapshot.trusted_services.iter().flatten();
        self.services.extend(trusted.map(|service| (service.clone(), since)));
        for delegate in snapshot.delegates.iter().flatten() {
            let services: BTreeSet<&String> = delegate.services.iter().flatten().collect();
            let services: BTreeMap<_, _> = services.into_iter().map(|service| (service.clone(), since)).collect();
            self.services.extend(services.clone());
            self.delegates.insert(delegate.account, Delegate { since, services });
        }
    }

    /// The last valid document of an invalid effective policy is the one the snapshot's own answer shows.
    fn load_invalid(&mut self, snapshot: &Snapshot) {
        let taken = snapshot.taken;
        let invalid = snapshot.invalid.iter().flatten().map(|(account, errors)| {
            let last_valid = snapshot.answers.get(account).and_then(document);
            (*account, Invalid { errors: errors.clone(), evaluated: taken, last_valid })
        });
        self.invalid.insert(PolicyType::AiOptOut, invalid.collect());
    }

    fn load_resource_policy(&mut self, snapshot: &Snapshot) -> Result<(), LoadError> {
        let Some(Some(content)) = &snapshot.resource_policy else { return Ok(()) };
        let id = self.mint.other("rp-");
        let (document, _) = caller::resource_policy(content, |account| self.is_member(account))
            .map_err(|error| LoadError::ResourcePolicy(error.message))?;
        self.resource_policy =
            Some(ResourcePolicy { id, content: Arc::clone(content), document, tags: BTreeMap::new() });
        Ok(())
    }

    /// Whether a text is the id of an account of the organization.
    pub(crate) fn is_member(&self, account: &str) -> bool {
        account.parse().is_ok_and(|id: AccountId| self.accounts.contains_key(&id))
    }
}

/// The account that stands for the caller where there is no organization.
fn home(snapshot: &Snapshot) -> Result<AccountId, LoadError> {
    let organization = snapshot.organization().map(|it| it.management_account);
    let caller = snapshot.caller.as_ref().map(|it| it.account);
    let made_up = || "111111111111".parse().map_err(|_| LoadError::Id("account"));
    organization.or(caller).map_or_else(made_up, Ok)
}

fn document(answer: &Answer) -> Option<Arc<str>> {
    match &answer.content {
        AnswerContent::Document(text) => Some(Arc::clone(text)),
        AnswerContent::NotFound => None,
    }
}

pub(super) fn long_ago() -> Timestamp {
    Timestamp::from_second(LONG_AGO).unwrap_or(Timestamp::UNIX_EPOCH)
}

impl Root {
    /// The root of a snapshot that did not read it: the one its units are in.
    fn made_up(snapshot: &Snapshot, mint: &mut Mint) -> Result<Self, LoadError> {
        let of_units = snapshot.units.iter().flatten().find_map(|unit| match &unit.parent {
            TargetId::Root(id) => Some(id.clone()),
            TargetId::Unit(_) | TargetId::Account(_) => None,
        });
        let id = of_units.or_else(|| mint.root()).ok_or(LoadError::Id("root"))?;
        Ok(Self { id, name: "Root".to_owned(), types: BTreeMap::new(), tags: BTreeMap::new() })
    }
}

impl From<&org::Root> for Root {
    fn from(root: &org::Root) -> Self {
        let types = root.policy_types.iter().map(|it| (it.policy_type.clone(), it.state.clone())).collect();
        Self { id: root.id.clone(), name: root.name.clone(), types, tags: BTreeMap::new() }
    }
}

impl From<&org::Organization> for Organization {
    fn from(it: &org::Organization) -> Self {
        Self { id: it.id.clone(), management: it.management_account, all_features: it.all_features }
    }
}

impl From<&org::Account> for Account {
    fn from(it: &org::Account) -> Self {
        let plain = Self::plain(it.id, &it.name);
        Self {
            email: it.email.clone().unwrap_or(plain.email),
            state: it.state.clone(),
            joined: it.joined.unwrap_or(plain.joined),
            ..Self::plain(it.id, &it.name)
        }
    }
}

impl Account {
    /// An account of which nothing but its name is known.
    pub(crate) fn plain(id: AccountId, name: &str) -> Self {
        Self {
            name: name.to_owned(),
            email: format!("account-{id}@example.com"),
            state: AccountState::Active,
            invited: false,
            joined: long_ago(),
            tags: BTreeMap::new(),
        }
    }
}

impl From<&org::Policy> for Policy {
    fn from(it: &org::Policy) -> Self {
        Self {
            name: it.name.clone(),
            description: it.description.clone(),
            policy_type: it.policy_type.clone(),
            aws_managed: it.aws_managed,
            tags: it.tags.clone().unwrap_or_default(),
            updated: Vec::new(),
        }
    }
}
