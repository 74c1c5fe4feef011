//! Which accounts must have the same effective policy, because the same policies lie on their way from the root.
//!
//! The chain of an account is, level by level from the root, the set of AI services opt-out policies attached there;
//! levels without policies change nothing and are left out. AWS needs to be asked only once a chain. Prefixes are
//! shared by every unit and account below, so half a million accounts cost one lookup each.

use std::collections::{BTreeSet, HashMap};

use super::{Account, AccountId, Attachment, Attachments, PolicyId, Snapshot, TargetId, Unit, UnitId};

/// The accounts of a snapshot, grouped by chain, in the order of their smallest account ids.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chains {
    groups: Vec<Chain>,
    /// The chain of each account, ordered by id.
    of: Vec<(AccountId, usize)>,
}

/// Accounts that must have the same effective policy; never empty, ordered as in the snapshot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Chain {
    accounts: Vec<AccountId>,
}

impl Chain {
    /// The accounts, in the order of the snapshot.
    #[must_use]
    pub fn accounts(&self) -> &[AccountId] {
        &self.accounts
    }
}

impl Chains {
    /// Every chain.
    pub fn iter(&self) -> impl Iterator<Item = &Chain> {
        self.groups.iter()
    }

    /// How many chains there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.groups.len()
    }

    /// Whether there is no account at all.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.groups.is_empty()
    }

    /// The chain of `account`; `None` where the snapshot does not list it.
    #[must_use]
    pub fn of(&self, account: AccountId) -> Option<&Chain> {
        self.number(account).and_then(|at| self.groups.get(at))
    }

    /// The number of the account's chain, below [`Chains::len`]; `None` where the snapshot does not list it.
    #[must_use]
    pub fn number(&self, account: AccountId) -> Option<usize> {
        let at = self.of.binary_search_by_key(&account, |(id, _)| *id).ok()?;
        self.of.get(at).map(|(_, group)| *group)
    }

    fn add(&mut self, account: AccountId, group: Option<usize>) -> usize {
        let at = group.unwrap_or(self.groups.len());
        match self.groups.get_mut(at) {
            Some(chain) => chain.accounts.push(account),
            None => self.groups.push(Chain { accounts: vec![account] }),
        }
        self.of.push((account, at));
        at
    }
}

/// Groups the accounts of `snapshot` by chain.
///
/// `order_could_matter` is asked for the policies of each target that has two or more: where it says yes, that target's
/// own id becomes part of the chain, since the order of attachment may differ from target to target.
///
/// An account is alone in its chain where AWS lists its effective policy as invalid (it keeps the last valid one), where
/// its place is not known, and where attachments on its way were not read ([`Attachments`]). Whether the list of invalid
/// ones was read at all is for the caller to look at.
#[must_use]
pub fn chains(snapshot: &Snapshot, order_could_matter: impl Fn(&[PolicyId]) -> bool) -> Chains {
    let accounts = snapshot.accounts.as_deref().unwrap_or_default();
    let mut prefixes = Prefixes::new(snapshot, &order_could_matter);
    let mut chains = Chains { groups: Vec::new(), of: Vec::with_capacity(accounts.len()) };
    // By the number of the prefix: those are given out one after another.
    let mut groups: Vec<Option<usize>> = Vec::new();
    for account in accounts {
        let prefix = prefixes.of_account(account).filter(|_| !is_invalid(snapshot, account.id));
        let known = prefix.and_then(|prefix| groups.get(prefix.0).copied().flatten());
        let at = chains.add(account.id, known);
        if let (Some(prefix), None) = (prefix, known) {
            groups.resize(groups.len().max(prefix.0 + 1), None);
            groups.get_mut(prefix.0).map(|group| group.replace(at));
        }
    }
    chains.of.sort_by_key(|(account, _)| *account);
    chains
}

fn is_invalid(snapshot: &Snapshot, account: AccountId) -> bool {
    snapshot.invalid.as_ref().is_some_and(|invalid| invalid.contains_key(&account))
}

/// A chain, or the beginning of one, as a small number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
struct Prefix(usize);

const EMPTY: Prefix = Prefix(0);

/// What one level adds: its policies, and the target itself where their order could matter.
#[derive(Debug, PartialEq, Eq, Hash)]
struct Level {
    policies: Vec<PolicyId>,
    ordered_at: Option<TargetId>,
}

struct Prefixes<'a, F> {
    attachments: Option<Attachments<'a>>,
    units: HashMap<&'a UnitId, &'a Unit>,
    order_could_matter: F,
    known: HashMap<(Prefix, Level), Prefix>,
    of_unit: HashMap<&'a UnitId, Option<Prefix>>,
    of_root: HashMap<&'a TargetId, Prefix>,
}

impl<'a, F: Fn(&[PolicyId]) -> bool> Prefixes<'a, F> {
    fn new(snapshot: &'a Snapshot, order_could_matter: F) -> Self {
        Self {
            attachments: Attachments::of(snapshot),
            units: snapshot.units.iter().flatten().map(|unit| (&unit.id, unit)).collect(),
            order_could_matter,
            known: HashMap::new(),
            of_unit: HashMap::new(),
            of_root: HashMap::new(),
        }
    }

    fn of_account(&mut self, account: &'a Account) -> Option<Prefix> {
        let prefix = match account.parent.as_ref()? {
            root @ TargetId::Root(_) => self.of_root(root)?,
            TargetId::Unit(unit) => self.of_unit(unit)?,
            TargetId::Account(_) => return None,
        };
        self.below(prefix, &TargetId::Account(account.id))
    }

    fn of_root(&mut self, root: &'a TargetId) -> Option<Prefix> {
        if let Some(prefix) = self.of_root.get(root) {
            return Some(*prefix);
        }
        let prefix = self.below(EMPTY, root)?;
        self.of_root.insert(root, prefix);
        Some(prefix)
    }

    /// Walks up to the first unit whose prefix is known, then down again; `None` for a way that does not end at a root.
    fn of_unit(&mut self, unit: &'a UnitId) -> Option<Prefix> {
        if let Some(prefix) = self.of_unit.get(unit) {
            return *prefix;
        }
        let (mut prefix, way) = self.climb(unit);
        for unit in way.into_iter().rev() {
            prefix = prefix.and_then(|prefix| self.below(prefix, &TargetId::Unit(unit.clone())));
            self.of_unit.insert(unit, prefix);
        }
        prefix
    }

    /// The prefix above the last unit of the way up, and that way from `unit` on.
    fn climb(&mut self, unit: &'a UnitId) -> (Option<Prefix>, Vec<&'a UnitId>) {
        let mut way = vec![unit];
        let mut current = unit;
        // More steps than there are units would be a circle.
        for _ in 0..=self.units.len() {
            let Some(parent) = self.units.get(current).map(|unit| &unit.parent) else { break };
            match parent {
                TargetId::Root(_) => return (self.of_root(parent), way),
                TargetId::Account(_) => break,
                TargetId::Unit(above) => {
                    if let Some(prefix) = self.of_unit.get(above) {
                        return (*prefix, way);
                    }
                    way.push(above);
                    current = above;
                }
            }
        }
        (None, way)
    }

    /// The prefix with the level of `target` added; the same one where nothing is attached there, `None` where that was
    /// not read.
    fn below(&mut self, prefix: Prefix, target: &TargetId) -> Option<Prefix> {
        let attached = self.attachments.as_ref()?.at(target)?;
        if attached.is_empty() {
            return Some(prefix);
        }
        let level = self.level(attached, target);
        let next = Prefix(self.known.len() + 1);
        Some(*self.known.entry((prefix, level)).or_insert(next))
    }

    fn level(&self, attached: &[Attachment], target: &TargetId) -> Level {
        let policies: BTreeSet<&PolicyId> = attached.iter().map(|attachment| &attachment.policy).collect();
        let policies: Vec<PolicyId> = policies.into_iter().cloned().collect();
        let ordered = policies.len() > 1 && (self.order_could_matter)(&policies);
        Level { policies, ordered_at: ordered.then(|| target.clone()) }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use jiff::Timestamp;

    use super::*;
    use crate::org::{AccountState, Part, Partition, Root, Unread, UnreadReason};

    const ROOT: &str = "r-exam";
    const SALES: &str = "ou-exam-salesunit";
    const NORTH: &str = "ou-exam-northunit";
    const TESTS: &str = "ou-exam-testsunit";

    fn number(account: usize) -> AccountId {
        format!("{account:012}").parse().unwrap()
    }

    fn account(id: usize, parent: Option<&str>) -> Account {
        let parent = parent.map(|parent| parent.parse().unwrap());
        Account { id: number(id), name: String::new(), email: None, state: AccountState::Active, parent, joined: None }
    }

    fn unit(id: &str, parent: &str) -> Unit {
        Unit { id: id.parse().unwrap(), name: String::new(), parent: parent.parse().unwrap() }
    }

    /// Root → Sales → North, Root → Tests; accounts 1 at the root, 2 in Sales, 3 in North, 4 and 5 in Tests.
    fn organization(attached: &[(&str, &[&str])]) -> Snapshot {
        let mut snapshot = Snapshot::empty(Timestamp::UNIX_EPOCH, "0", Partition::Aws);
        snapshot.root = Some(Root { id: ROOT.parse().unwrap(), name: "Root".into(), policy_types: Vec::new() });
        snapshot.units = Some(vec![unit(SALES, ROOT), unit(NORTH, SALES), unit(TESTS, ROOT)]);
        let places = [ROOT, SALES, NORTH, TESTS, TESTS];
        snapshot.accounts = Some((1..).zip(places).map(|(id, place)| account(id, Some(place))).collect());
        snapshot.attachments = Some(attached.iter().map(|(target, ids)| (target.parse().unwrap(), all(ids))).collect());
        snapshot.invalid = Some(BTreeMap::new());
        snapshot
    }

    fn all(ids: &[&str]) -> Vec<Attachment> {
        ids.iter().map(|id| Attachment { policy: id.parse().unwrap(), attached: None }).collect()
    }

    fn groups_of(snapshot: &Snapshot, order_could_matter: bool) -> Vec<Vec<usize>> {
        let number = |id: &AccountId| id.to_string().parse().unwrap();
        let chains = chains(snapshot, |_| order_could_matter);
        chains.iter().map(|chain| chain.accounts().iter().map(number).collect()).collect()
    }

    fn groups(attached: &[(&str, &[&str])]) -> Vec<Vec<usize>> {
        groups_of(&organization(attached), false)
    }

    #[test]
    fn without_policies_all_accounts_share_the_empty_chain() {
        assert_eq!(groups(&[]), [vec![1, 2, 3, 4, 5]]);
        assert_eq!(groups(&[(ROOT, &["p-aaaaaaaa"])]), [vec![1, 2, 3, 4, 5]]);
    }

    #[test]
    fn a_policy_at_a_unit_separates_everything_below_it() {
        assert_eq!(groups(&[(SALES, &["p-aaaaaaaa"])]), [vec![1, 4, 5], vec![2, 3]]);
        assert_eq!(groups(&[(NORTH, &["p-aaaaaaaa"])]), [vec![1, 2, 4, 5], vec![3]]);
    }

    #[test]
    fn levels_without_policies_are_left_out() {
        let same = [(SALES, &["p-aaaaaaaa"] as &[_]), (TESTS, &["p-aaaaaaaa"])];
        assert_eq!(groups(&same), [vec![1], vec![2, 3, 4, 5]]);
        let other_level = [(NORTH, &["p-aaaaaaaa"] as &[_]), ("000000000001", &["p-aaaaaaaa"])];
        assert_eq!(groups(&other_level), [vec![1, 3], vec![2, 4, 5]]);
    }

    #[test]
    fn one_level_with_two_policies_is_not_two_levels_with_one() {
        let both = [("000000000001", &["p-aaaaaaaa", "p-bbbbbbbb"] as &[_])];
        let apart = [(SALES, &["p-aaaaaaaa"] as &[_]), (NORTH, &["p-bbbbbbbb"])];
        assert_eq!(groups(&[both.as_slice(), &apart].concat()), [vec![1], vec![2], vec![3], vec![4, 5]]);
    }

    #[test]
    fn the_order_of_attachment_separates_targets_only_where_it_could_matter() {
        let forth = (SALES, &["p-aaaaaaaa", "p-bbbbbbbb"] as &[_]);
        let back = (TESTS, &["p-bbbbbbbb", "p-aaaaaaaa"] as &[_]);
        let snapshot = organization(&[forth, back]);
        assert_eq!(groups_of(&snapshot, false), [vec![1], vec![2, 3, 4, 5]]);
        assert_eq!(groups_of(&snapshot, true), [vec![1], vec![2, 3], vec![4, 5]]);
    }

    #[test]
    fn order_is_asked_for_targets_with_two_policies_only() {
        let snapshot = organization(&[(SALES, &["p-aaaaaaaa"]), (TESTS, &["p-bbbbbbbb", "p-aaaaaaaa", "p-aaaaaaaa"])]);
        let asked = std::cell::RefCell::new(Vec::new());
        let _ = chains(&snapshot, |ids| {
            asked.borrow_mut().push(ids.iter().map(ToString::to_string).collect::<Vec<_>>());
            false
        });
        assert_eq!(asked.into_inner(), [["p-aaaaaaaa", "p-bbbbbbbb"]]);
    }

    #[test]
    fn accounts_that_aws_lists_as_invalid_are_alone() {
        let mut snapshot = organization(&[]);
        snapshot.invalid = Some(BTreeMap::from([(number(4), Vec::new()), (number(2), Vec::new())]));
        assert_eq!(groups_of(&snapshot, false), [vec![1, 3, 5], vec![2], vec![4]]);
    }

    #[test]
    fn accounts_without_a_known_place_are_alone() {
        let mut snapshot = organization(&[(ROOT, &["p-aaaaaaaa"])]);
        snapshot.accounts = Some(vec![account(1, None), account(2, Some(ROOT)), account(3, Some("ou-exam-nowhereou"))]);
        assert_eq!(groups_of(&snapshot, false), [[1], [2], [3]]);
    }

    #[test]
    fn units_inside_themselves_give_no_chain_and_no_endless_walk() {
        let mut snapshot = organization(&[]);
        snapshot.units = Some(vec![unit(SALES, NORTH), unit(NORTH, SALES), unit(TESTS, ROOT)]);
        assert_eq!(groups_of(&snapshot, false), [vec![1, 4, 5], vec![2], vec![3]]);
    }

    #[test]
    fn without_attachments_every_account_is_alone() {
        let mut snapshot = organization(&[]);
        snapshot.attachments = None;
        assert_eq!(chains(&snapshot, |_| false).len(), 5);
    }

    #[test]
    fn accounts_below_a_target_that_was_not_read_are_alone() {
        let mut snapshot = organization(&[(ROOT, &["p-aaaaaaaa"])]);
        snapshot.unread = vec![Unread {
            part: Part::Attachments,
            subject: Some(SALES.to_owned()),
            operation: "ListTargetsForPolicy".to_owned(),
            reason: UnreadReason::Changed,
            permission: None,
            detail: String::new(),
        }];
        assert_eq!(groups_of(&snapshot, false), [vec![1, 4, 5], vec![2], vec![3]]);
    }

    #[test]
    fn the_chain_of_an_account_is_found() {
        let chains = chains(&organization(&[(SALES, &["p-aaaaaaaa"])]), |_| false);
        assert_eq!(chains.of(number(3)).unwrap().accounts(), [number(2), number(3)]);
        assert!(chains.of(number(9)).is_none());
        assert!(!chains.is_empty());
    }
}
