//! Whose effective policy may be another one after something was read again: by what is different on the way from the root.

use std::collections::{BTreeMap, BTreeSet};

use optout_core::org::{AccountId, Attachment, PolicyId, Snapshot, TargetId, Tree, UnitId};

use super::Touched;

/// The counted accounts whose effective policy may be another one in `now` than in `before`.
pub(super) fn affected(before: &Snapshot, now: &Snapshot, touched: &Touched) -> BTreeSet<AccountId> {
    let places = |snapshot: &Snapshot| -> BTreeMap<AccountId, Option<TargetId>> {
        let accounts = snapshot.accounts.iter().flatten().filter(|account| account.state.is_counted());
        accounts.map(|account| (account.id, account.parent.clone())).collect()
    };
    let (old, new) = (places(before), places(now));
    let ways = (Ways::new(before, now), Ways::new(now, before));
    let is_affected = |account: &&AccountId| {
        touched.types
            || touched.invalid.contains(account)
            || old.get(account) != new.get(account)
            || ways.0.differ(before, **account)
            || ways.1.differ(now, **account)
    };
    new.keys().filter(is_affected).copied().collect()
}

/// The targets at which something else is attached in the other snapshot, or something that says something else.
struct Ways<'a> {
    different: BTreeSet<&'a TargetId>,
    tree: Option<Tree<'a>>,
    parents: BTreeMap<&'a UnitId, &'a TargetId>,
    other: BTreeMap<&'a UnitId, &'a TargetId>,
}

impl<'a> Ways<'a> {
    fn new(here: &'a Snapshot, there: &'a Snapshot) -> Self {
        let content = |snapshot: &'a Snapshot, id: &PolicyId| snapshot.policy(id).and_then(|it| it.content.clone());
        let nothing = Vec::new();
        let different = here.attachments.iter().flatten().filter(|(target, list)| {
            let other = there.attachments.as_ref().and_then(|all| all.get(target)).unwrap_or(&nothing);
            let ids = |list: &[Attachment]| list.iter().map(|it| it.policy.clone()).collect::<BTreeSet<_>>();
            ids(list) != ids(other) || list.iter().any(|it| content(here, &it.policy) != content(there, &it.policy))
        });
        let parents = |snapshot: &'a Snapshot| {
            snapshot.units.iter().flatten().map(|unit| (&unit.id, &unit.parent)).collect::<BTreeMap<_, _>>()
        };
        Self {
            different: different.map(|(target, _)| target).collect(),
            tree: Tree::new(here).ok(),
            parents: parents(here),
            other: parents(there),
        }
    }

    fn differ(&self, here: &Snapshot, account: AccountId) -> bool {
        let Some(tree) = &self.tree else { return true };
        let accounts = here.accounts.as_deref().unwrap_or_default();
        let Ok(at) = accounts.binary_search_by_key(&account, |it| it.id) else { return false };
        let Some(path) = accounts.get(at).and_then(|account| tree.path(account)) else { return true };
        path.iter().any(|target| self.different.contains(target) || self.has_moved(target))
    }

    fn has_moved(&self, target: &TargetId) -> bool {
        match target {
            TargetId::Unit(unit) => self.other.get(unit).is_some_and(|other| self.parents.get(unit) != Some(other)),
            TargetId::Root(_) | TargetId::Account(_) => false,
        }
    }
}
