//! Which statements an intent needs at which targets: the rules of inheritance, read backwards.
//!
//! `services` at the root lets nobody add a service. A service can then change below only where it is named at the root,
//! with a list of its own that allows it. So a service with an exception is named at the root, open, and the hole is
//! closed again around the way from the root to the exception: every child of an open target gets a statement of its
//! own. Beside the way that statement is closed (nothing below can change it); on the way it is open, but, being
//! attached first, still wins over whatever is attached later at the same target. What cannot be closed beforehand are
//! targets that do not exist yet: a new child of an open target is open until the next plan.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use crate::intent::{Choice, DEFAULT_SERVICE, Guard, Lock, ResolvedIntent};
use crate::org::{Account, AccountId, Snapshot, TargetId, Tree};

/// What a managed policy says for one service at one target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Statement {
    /// The setting.
    pub value: Choice,
    /// What policies below may do to it.
    pub below: Below,
}

/// What policies below may do to a setting.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Below {
    /// Assign it, since an exception lies below.
    Open,
    /// Nothing.
    Closed,
    /// Whatever holds without a word.
    Unsaid,
}

/// Everything managed policies say at one target.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(super) struct Content {
    /// Whether nobody below may add services.
    pub services_closed: bool,
    /// By service.
    pub statements: BTreeMap<String, Statement>,
}

/// What an intent needs.
#[derive(Debug, Default)]
pub(super) struct Desired {
    /// By target; a target that is absent needs nothing.
    pub contents: BTreeMap<TargetId, Content>,
    /// By service, the targets whose children may change it.
    pub open: BTreeMap<String, BTreeSet<TargetId>>,
    /// By service, the targets below the root where it changes.
    pub points: BTreeMap<String, BTreeSet<TargetId>>,
}

/// The organization as it is looked at here.
pub(super) struct Places<'a> {
    snapshot: &'a Snapshot,
    tree: &'a Tree<'a>,
    accounts: HashMap<AccountId, &'a Account>,
}

impl<'a> Places<'a> {
    /// The places of a snapshot and its tree.
    pub(super) fn new(snapshot: &'a Snapshot, tree: &'a Tree<'a>) -> Self {
        let accounts = snapshot.accounts.iter().flatten().map(|account| (account.id, account)).collect();
        Self { snapshot, tree, accounts }
    }

    /// The targets from the root down to and with `target`; empty where its place is not known.
    pub(super) fn path(&self, target: &TargetId) -> Vec<TargetId> {
        let path = match target {
            TargetId::Account(id) => self.accounts.get(id).and_then(|account| self.tree.path(account)),
            TargetId::Root(_) | TargetId::Unit(_) => self.tree.path_to(target),
        };
        path.unwrap_or_default()
    }

    /// How far below the root a target is.
    pub(super) fn depth(&self, target: &TargetId) -> usize {
        self.path(target).len().saturating_sub(1)
    }

    /// Whether policies can be expected to be attached there: not to accounts that do not count.
    fn is_in_use(&self, target: &TargetId) -> bool {
        match target {
            TargetId::Account(id) => self.accounts.get(id).is_some_and(|account| account.state.is_counted()),
            TargetId::Root(_) | TargetId::Unit(_) => true,
        }
    }

    /// Every target directly below one of `parents`.
    fn children(&self, parents: &BTreeSet<TargetId>) -> Vec<TargetId> {
        let units = self.snapshot.units.iter().flatten().filter(|unit| parents.contains(&unit.parent));
        let units = units.map(|unit| TargetId::Unit(unit.id.clone()));
        let accounts = self.snapshot.accounts.iter().flatten();
        let accounts = accounts.filter(|account| account.parent.as_ref().is_some_and(|it| parents.contains(it)));
        units.chain(accounts.map(|account| TargetId::Account(account.id))).collect()
    }
}

/// What `intent` needs on the day `at` (UTC).
///
/// `named` are services that policies of others name at the root: there a service can be changed below unless we
/// close it.
pub(super) fn desired(
    intent: &ResolvedIntent,
    places: &Places<'_>,
    root: &TargetId,
    named: &BTreeSet<String>,
    at: Date,
) -> Desired {
    let excepted = intent.active(at).map(|it| it.exception.service.clone());
    let default = std::iter::once(DEFAULT_SERVICE.to_owned());
    let services: BTreeSet<String> = default.chain(excepted).chain(named.iter().cloned()).collect();
    let lock = intent.intent.lock;
    let mut desired = Desired::default();
    desired.contents.entry(root.clone()).or_default().services_closed = lock == Lock::Full;
    for service in services {
        Need { intent, places, root, at, service: &service }.add(&mut desired);
    }
    desired
}

/// What one service needs.
struct Need<'a> {
    intent: &'a ResolvedIntent,
    places: &'a Places<'a>,
    root: &'a TargetId,
    at: Date,
    service: &'a str,
}

impl Need<'_> {
    fn add(&self, desired: &mut Desired) {
        let points = self.points();
        let open: BTreeSet<TargetId> = points.iter().flat_map(|point| self.above(point)).collect();
        let stated = if self.is_closed() { self.beside(&open, &points) } else { points.iter().cloned().collect() };
        // Named at the root it cannot follow `default` where an exception changes that, and others can name it open.
        for target in std::iter::once(self.root.clone()).chain(stated) {
            let statement = self.statement(&target, &open);
            desired.contents.entry(target).or_default().statements.insert(self.service.to_owned(), statement);
        }
        desired.open.insert(self.service.to_owned(), open);
        desired.points.insert(self.service.to_owned(), points);
    }

    /// The targets directly below an open one, those on the way and at its end among them.
    fn beside(&self, open: &BTreeSet<TargetId>, points: &BTreeSet<TargetId>) -> Vec<TargetId> {
        let mut targets = self.places.children(open);
        // AWS may not attach policies to accounts that are closed or suspended; nobody can use the opening there.
        targets.retain(|it| points.contains(it) || self.places.is_in_use(it));
        match self.intent.intent.guard {
            Guard::All => {}
            Guard::Units => targets.retain(|it| points.contains(it) || !matches!(it, TargetId::Account(_))),
        }
        targets
    }

    /// Whether nobody below may change the service, but for exceptions.
    fn is_closed(&self) -> bool {
        match self.intent.intent.lock {
            Lock::Full => true,
            Lock::Partial => self.service == DEFAULT_SERVICE,
            Lock::None => false,
        }
    }

    /// The targets below the root where something else is wanted than right above.
    fn points(&self) -> BTreeSet<TargetId> {
        let about = |service: &str| service == self.service || service == DEFAULT_SERVICE;
        let targets = self.intent.active(self.at).filter(|it| about(&it.exception.service)).map(|it| &it.target);
        targets.filter(|target| self.changes_at(target)).cloned().collect()
    }

    fn changes_at(&self, target: &TargetId) -> bool {
        let path = self.places.path(target);
        let wanted = |path: &[TargetId]| self.intent.wanted(path, self.service, self.at);
        path.split_last().is_some_and(|(_, above)| !above.is_empty() && wanted(&path) != wanted(above))
    }

    fn above(&self, target: &TargetId) -> Vec<TargetId> {
        let mut path = self.places.path(target);
        path.pop();
        path
    }

    fn statement(&self, target: &TargetId, open: &BTreeSet<TargetId>) -> Statement {
        let value = self.intent.wanted(&self.places.path(target), self.service, self.at);
        let below = match self.is_closed() {
            true if open.contains(target) => Below::Open,
            true => Below::Closed,
            false => Below::Unsaid,
        };
        Statement { value, below }
    }
}
