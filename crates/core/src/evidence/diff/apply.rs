//! One account with everything that can bear on it, on a model between the two readings, and changes applied to it.

use std::collections::BTreeSet;

use super::{Change, Kind};
use crate::org::{AccountId, Attachment, Policy, PolicyId, Snapshot, TargetId, Unit};

/// Everything that can bear on one account before, after, or with only some of the changes.
#[derive(Debug)]
pub(super) struct Around {
    /// The account as before, with the units and policies of both readings.
    pub start: Snapshot,
    targets: BTreeSet<TargetId>,
    policies: BTreeSet<PolicyId>,
    account: AccountId,
}

impl Around {
    /// What is around an account that is in both readings.
    pub(super) fn new(before: &Snapshot, after: &Snapshot, account: AccountId) -> Self {
        let targets = reach(before, after, account);
        let mut start = Snapshot { answers: Default::default(), ..shell(before) };
        start.accounts =
            before.accounts.as_ref().map(|all| all.iter().filter(|it| it.id == account).cloned().collect());
        start.units = union(before.units.as_deref(), after.units.as_deref(), |it: &Unit| &it.id)
            .map(|all| all.into_iter().filter(|it| targets.contains(&TargetId::Unit(it.id.clone()))).collect());
        let attached = |snapshot: &Snapshot| {
            let all = snapshot.attachments.clone();
            all.map(|mut all| {
                all.retain(|target, _| targets.contains(target));
                all
            })
        };
        let (old, new) = (attached(before), attached(after));
        let named = old.iter().chain(&new).flat_map(|all| all.values().flatten());
        let policies: BTreeSet<PolicyId> = named.map(|it| it.policy.clone()).collect();
        start.attachments = old;
        start.policies = union(before.policies.as_deref(), after.policies.as_deref(), |it: &Policy| &it.id)
            .map(|all| all.into_iter().filter(|it| policies.contains(&it.id)).collect());
        start.invalid = before.invalid.clone().map(|mut invalid| {
            invalid.retain(|id, _| *id == account);
            invalid
        });
        Self { start, targets, policies, account }
    }

    /// The changes that can bear on the account.
    pub(super) fn relevant<'c>(&self, changes: &'c [Change]) -> Vec<&'c Change> {
        let own = self.account.to_string();
        let near = |id: &str| id.parse().is_ok_and(|target: TargetId| self.targets.contains(&target));
        let bears = |change: &&Change| match change.kind {
            Kind::Organization | Kind::PolicyType => true,
            Kind::AccountMoved | Kind::AccountInvalid => change.subject == own,
            Kind::UnitMoved => near(&change.subject),
            Kind::Attached | Kind::Detached | Kind::Reattached => change.target.as_deref().is_some_and(near),
            Kind::PolicyChanged => change.subject.parse().is_ok_and(|id| self.policies.contains(&id)),
            Kind::AccountJoined
            | Kind::AccountLeft
            | Kind::AccountRenamed
            | Kind::AccountState
            | Kind::UnitCreated
            | Kind::UnitDeleted
            | Kind::UnitRenamed
            | Kind::PolicyCreated
            | Kind::PolicyDeleted
            | Kind::PolicyRenamed
            | Kind::PolicyDescribed
            | Kind::PolicyTagged
            | Kind::Delegate
            | Kind::ResourcePolicy => false,
        };
        changes.iter().filter(bears).collect()
    }
}

/// A snapshot without its lists.
fn shell(snapshot: &Snapshot) -> Snapshot {
    let mut shell = Snapshot::empty(snapshot.taken, snapshot.tool_version.clone(), snapshot.partition.clone());
    shell.membership = snapshot.membership.clone();
    shell.root = snapshot.root.clone();
    shell.delegates = Some(Vec::new());
    shell.resource_policy = Some(None);
    shell.unread = snapshot.unread.clone();
    shell
}

/// The account, and every target that is above it with some of the changes.
fn reach(before: &Snapshot, after: &Snapshot, account: AccountId) -> BTreeSet<TargetId> {
    let mut reached = BTreeSet::new();
    let mut open = vec![TargetId::Account(account)];
    while let Some(target) = open.pop() {
        if reached.insert(target.clone()) {
            open.extend([before, after].into_iter().filter_map(|snapshot| parent(snapshot, &target)));
        }
    }
    reached
}

fn parent(snapshot: &Snapshot, target: &TargetId) -> Option<TargetId> {
    match target {
        TargetId::Root(_) => None,
        TargetId::Unit(id) => snapshot.units.iter().flatten().find(|it| it.id == *id).map(|it| it.parent.clone()),
        TargetId::Account(id) => {
            let accounts = snapshot.accounts.as_ref()?;
            let at = accounts.binary_search_by_key(id, |it| it.id).ok()?;
            accounts.get(at)?.parent.clone()
        }
    }
}

/// The first list with what only the second one has; `None` where the first was not read.
fn union<'a, T: Clone, K: Ord>(before: Option<&'a [T]>, after: Option<&'a [T]>, key: fn(&'a T) -> K) -> Option<Vec<T>> {
    let before = before?;
    let known: BTreeSet<K> = before.iter().map(key).collect();
    let new = after.unwrap_or_default().iter().filter(|it| !known.contains(&key(it)));
    Some(before.iter().chain(new).cloned().collect())
}

/// Applies a change to a model: what it concerns becomes as it is `after`.
pub(super) fn apply(change: &Change, model: &mut Snapshot, after: &Snapshot) {
    match change.kind {
        Kind::Organization => model.membership = after.membership.clone(),
        Kind::PolicyType => model.root = after.root.clone(),
        Kind::AccountMoved => move_account(change, model, after),
        Kind::AccountInvalid => {
            let listed = change
                .subject
                .parse()
                .ok()
                .and_then(|id: AccountId| Some((id, after.invalid.as_ref()?.get(&id).cloned())));
            if let (Some((id, reasons)), Some(invalid)) = (listed, &mut model.invalid) {
                invalid.remove(&id);
                invalid.extend(reasons.map(|reasons| (id, reasons)));
            }
        }
        Kind::UnitMoved => {
            let to = after.units.iter().flatten().find(|it| it.id.as_str() == change.subject).map(|it| &it.parent);
            let unit = model.units.iter_mut().flatten().find(|it| it.id.as_str() == change.subject);
            unit.into_iter().zip(to).for_each(|(unit, to)| unit.parent = to.clone());
        }
        Kind::PolicyChanged => {
            let new = after.policies.iter().flatten().find(|it| it.id.as_str() == change.subject);
            let old = model.policies.iter_mut().flatten().find(|it| it.id.as_str() == change.subject);
            old.into_iter().zip(new).for_each(|(old, new)| old.content = new.content.clone());
        }
        Kind::Attached | Kind::Detached | Kind::Reattached => attach(change, model, after),
        Kind::AccountJoined
        | Kind::AccountLeft
        | Kind::AccountRenamed
        | Kind::AccountState
        | Kind::UnitCreated
        | Kind::UnitDeleted
        | Kind::UnitRenamed
        | Kind::PolicyCreated
        | Kind::PolicyDeleted
        | Kind::PolicyRenamed
        | Kind::PolicyDescribed
        | Kind::PolicyTagged
        | Kind::Delegate
        | Kind::ResourcePolicy => {}
    }
}

fn move_account(change: &Change, model: &mut Snapshot, after: &Snapshot) {
    let Ok(id) = change.subject.parse::<AccountId>() else { return };
    let to = parent(after, &TargetId::Account(id));
    let account = model.accounts.iter_mut().flatten().find(|it| it.id == id);
    account.into_iter().for_each(|account| account.parent = to.clone());
}

/// The policy at the target becomes as it is after, in its place there.
fn attach(change: &Change, model: &mut Snapshot, after: &Snapshot) {
    let Some(target) = change.target.as_deref().and_then(|target| target.parse::<TargetId>().ok()) else { return };
    let Some(attachments) = &mut model.attachments else { return };
    let is = |it: &Attachment| it.policy.as_str() == change.subject;
    let new = after.attachments.as_ref().and_then(|all| all.get(&target)).and_then(|all| all.iter().find(|it| is(it)));
    let list = attachments.entry(target.clone()).or_default();
    list.retain(|it| !is(it));
    list.extend(new.cloned());
    if list.is_empty() {
        attachments.remove(&target);
    }
}
