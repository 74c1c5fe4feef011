//! Reading only some accounts, with the units on their way up to the root, and not the whole tree.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_organizations::types;
use optout_core::org::{Account, AccountId, Part as Name, TargetId, Unit, UnitId, Unread, UnreadReason};

use super::account::{account, containers};
use super::options::Selection;
use super::part::{each, unread_of};
use super::policies::Policies;
use super::structure::{Structure, accounts_in, list_root, parent_of, units_under};
use crate::pace::Operation;
use crate::request::{Failure, FailureKind, Purpose, Requests};

/// No unit is deeper than this (AWS's quota is 5).
const DEEPEST: usize = 20;

/// Reads the accounts of `only`, those below its units, and every unit above them.
pub(super) async fn read(requests: &Requests<'_>, only: &Selection, emails: bool) -> Structure {
    let mut partial = Partial { emails, ..Partial::default() };
    let (root, ()) = tokio::join!(list_root(requests), partial.read(requests, only));
    let mut unread = partial.unread;
    unread.extend(root.as_ref().err().map(|failure| failure.unread(Name::Root, None)));
    unread.extend(NOT_READ.map(|(part, operation)| out_of_view(part, operation)));
    let accounts = Some(partial.accounts.into_values().collect());
    Structure { root: root.ok(), units: Some(partial.units), accounts, unread, is_partial: true }
}

/// Attachments to targets that were not to be read are left out.
pub(super) fn keep_listed(structure: &Structure, policies: &mut Policies) {
    if let Some(attachments) = policies.attachments.as_mut().filter(|_| structure.is_partial) {
        let known = structure.targets();
        attachments.retain(|target, _| known.contains(target) || matches!(target, TargetId::Root(_)));
        policies.unread.push(out_of_view(Name::Attachments, Operation::ListTargetsForPolicy));
    }
}

const NOT_READ: [(Name, Operation); 2] =
    [(Name::Accounts, Operation::ListAccounts), (Name::Units, Operation::ListOrganizationalUnitsForParent)];

fn out_of_view(part: Name, operation: Operation) -> Unread {
    Unread {
        part,
        subject: None,
        operation: operation.as_str().to_owned(),
        reason: UnreadReason::OutOfView,
        permission: None,
        detail: "only the accounts and units that were named were to be read".to_owned(),
    }
}

#[derive(Default)]
struct Partial {
    accounts: BTreeMap<AccountId, Account>,
    parents: BTreeMap<UnitId, TargetId>,
    units: Vec<Unit>,
    unread: Vec<Unread>,
    emails: bool,
}

impl Partial {
    async fn read(&mut self, requests: &Requests<'_>, only: &Selection) {
        self.read_named(requests, &only.accounts).await;
        for unit in &only.units {
            self.read_below(requests, unit).await;
        }
        self.climb(requests, only).await;
        self.name_units(requests).await;
    }

    fn add(&mut self, listed: &types::Account, parent: Option<&TargetId>) {
        let containers = containers(listed);
        for (above, below) in containers.iter().zip(containers.iter().skip(1)) {
            if let TargetId::Unit(unit) = below {
                self.parents.insert(unit.clone(), above.clone());
            }
        }
        if let Some(mut account) = account(listed, self.emails) {
            account.parent = parent.cloned().or(account.parent);
            self.accounts.insert(account.id, account);
        }
    }

    async fn read_named(&mut self, requests: &Requests<'_>, named: &BTreeSet<AccountId>) {
        requests.expect(Operation::DescribeAccount, named.len());
        let mut failures = Vec::new();
        for (id, account) in each(named, |id| async move { (id, describe(requests, *id).await) }).await {
            match account {
                Ok(account) => self.add(&account, None),
                Err(failure) => failures.push((id.to_string(), failure)),
            }
        }
        self.unread.extend(unread_of(Name::Accounts, failures));
    }

    /// The units below `unit`, and the accounts in all of them.
    async fn read_below(&mut self, requests: &Requests<'_>, unit: &UnitId) {
        let top = TargetId::Unit(unit.clone());
        let units = units_under(requests, top.clone()).await.note(&mut self.unread).unwrap_or_default();
        let holders = std::iter::once(top).chain(units.iter().map(|unit| TargetId::Unit(unit.id.clone()))).collect();
        self.parents.extend(units.iter().map(|unit| (unit.id.clone(), unit.parent.clone())));
        self.units.extend(units);
        let (accounts, failures) = accounts_in(requests, holders).await;
        accounts.iter().for_each(|(parent, account)| self.add(account, Some(parent)));
        self.unread.extend(unread_of(Name::Accounts, failures));
    }

    /// Finds the parents that are not known yet, level by level up to the root.
    async fn climb(&mut self, requests: &Requests<'_>, only: &Selection) {
        let unplaced: Vec<AccountId> =
            self.accounts.values().filter(|account| account.parent.is_none()).map(|account| account.id).collect();
        let mut failures = Vec::new();
        for id in unplaced {
            match parent_of(requests, &TargetId::Account(id)).await {
                Ok(parent) => drop(self.accounts.get_mut(&id).map(|account| account.parent = parent)),
                Err(failure) => failures.push((id.to_string(), failure)),
            }
        }
        self.unread.extend(unread_of(Name::Accounts, failures));
        for _ in 0..DEEPEST {
            let unknown = self.without_parent(only);
            if unknown.is_empty() || !self.find_parents(requests, unknown).await {
                break;
            }
        }
    }

    /// Units that are needed and whose own parent is not known.
    fn without_parent(&self, only: &Selection) -> BTreeSet<UnitId> {
        let of_accounts = self.accounts.values().filter_map(|account| account.parent.as_ref());
        let holders = of_accounts.chain(self.parents.values()).filter_map(|holder| match holder {
            TargetId::Unit(unit) => Some(unit),
            TargetId::Root(_) | TargetId::Account(_) => None,
        });
        holders.chain(&only.units).filter(|unit| !self.parents.contains_key(unit)).cloned().collect()
    }

    /// Whether at least one was found.
    async fn find_parents(&mut self, requests: &Requests<'_>, units: BTreeSet<UnitId>) -> bool {
        let one = |unit: UnitId| async move { (parent_of(requests, &TargetId::Unit(unit.clone())).await, unit) };
        let (mut found, mut failures) = (false, Vec::new());
        for (parent, unit) in each(units, one).await {
            match parent {
                Ok(Some(parent)) => found |= self.parents.insert(unit, parent).is_none(),
                Ok(None) => failures.push((unit.to_string(), gone())),
                Err(failure) => failures.push((unit.to_string(), failure)),
            }
        }
        self.unread.extend(unread_of(Name::Units, failures));
        found
    }

    /// Reads the names of the units that were found on the way up.
    async fn name_units(&mut self, requests: &Requests<'_>) {
        let listed: BTreeSet<UnitId> = self.units.iter().map(|unit| unit.id.clone()).collect();
        let unnamed: Vec<_> = self.parents.iter().filter(|(id, _)| !listed.contains(id)).collect();
        requests.expect(Operation::DescribeOrganizationalUnit, unnamed.len());
        let one = |(id, parent): (&UnitId, &TargetId)| {
            let (id, parent) = (id.clone(), parent.clone());
            async move { (name_of(requests, &id).await, id, parent) }
        };
        let mut failures = Vec::new();
        for (name, id, parent) in each(unnamed, one).await {
            let name = name.map_err(|failure| failures.push((id.to_string(), failure))).unwrap_or_default();
            self.units.push(Unit { id, name, parent });
        }
        self.unread.extend(unread_of(Name::Units, failures));
        self.units.sort_by(|left, right| left.id.cmp(&right.id));
        self.units.dedup_by(|left, right| left.id == right.id);
    }
}

fn gone() -> Failure {
    Failure::new(Operation::ListParents, FailureKind::Answered, "the unit is not in the organization")
}

pub(super) async fn describe(requests: &Requests<'_>, account: AccountId) -> Result<types::Account, Failure> {
    let operation = Operation::DescribeAccount;
    let send = || requests.organizations().describe_account().account_id(account.to_string()).send();
    let answer = requests.call(operation, Purpose::Main, send).await?;
    answer.account.ok_or_else(|| Failure::new(operation, FailureKind::Malformed, "the answer has no account"))
}

pub(super) async fn name_of(requests: &Requests<'_>, unit: &UnitId) -> Result<String, Failure> {
    let operation = Operation::DescribeOrganizationalUnit;
    let send = || requests.organizations().describe_organizational_unit().organizational_unit_id(unit.as_str()).send();
    let answer = requests.call(operation, Purpose::Main, send).await?;
    Ok(answer.organizational_unit.and_then(|unit| unit.name).unwrap_or_default())
}
