//! Where each account is: by `Paths`, else by walking the tree, else by asking for its parent.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_organizations::types;
use optout_core::org::{Account, AccountId, Part as Name, Root, TargetId, Unit};

use super::account::account;
use super::part::{Part, each, unread_of};
use super::structure::{accounts_in, parent_of};
use crate::pace::Operation;
use crate::request::{Failure, FailureKind, Listing, Requests};

/// Accounts whose parent is asked for one by one, at most; more are left without a place.
const ASKED_SINGLY: usize = 200;

/// The accounts, each with its place; what `listed` lacks is filled in by walking the tree.
pub(super) async fn accounts(
    requests: &Requests<'_>,
    listed: Listing<types::Account>,
    root: Option<&Root>,
    units: Option<&[Unit]>,
    emails: bool,
) -> Part<Vec<Account>> {
    let mut placing = Placing { emails, ..Placing::default() };
    listed.items.iter().for_each(|account| placing.add(account, None));
    let stopped = requests.is_cancelled();
    let walk = !stopped && (listed.failure.is_some() || placing.has_gaps());
    let walked = walk && placing.walk(requests, root, units).await;
    if !stopped {
        placing.ask_singly(requests).await;
    }
    placing.into_part(listed.failure.as_ref().filter(|_| !walked))
}

#[derive(Default)]
struct Placing {
    accounts: BTreeMap<AccountId, Account>,
    /// Accounts that were seen in two places: moved while the list was read.
    moved: BTreeSet<AccountId>,
    broken: Vec<Failure>,
    failures: Vec<(String, Failure)>,
    emails: bool,
}

impl Placing {
    fn add(&mut self, listed: &types::Account, parent: Option<&TargetId>) {
        let Some(mut account) = account(listed, self.emails) else {
            let why = format!("an account without a valid id: `{}`", listed.id().unwrap_or_default());
            self.broken.push(Failure::new(Operation::ListAccounts, FailureKind::Malformed, why));
            return;
        };
        account.parent = parent.cloned().or(account.parent);
        let known = self.accounts.get(&account.id).and_then(|known| known.parent.clone());
        if known.is_some() && account.parent.is_some() && known != account.parent {
            self.moved.insert(account.id);
        }
        account.parent = account.parent.or(known);
        self.accounts.insert(account.id, account);
    }

    fn has_gaps(&self) -> bool {
        self.accounts.values().any(|account| account.parent.is_none())
    }

    /// Lists the accounts of the root and of each unit: whether that gave all of them.
    async fn walk(&mut self, requests: &Requests<'_>, root: Option<&Root>, units: Option<&[Unit]>) -> bool {
        let (Some(root), Some(units)) = (root, units) else { return false };
        let of_units = units.iter().map(|unit| TargetId::Unit(unit.id.clone()));
        let parents = std::iter::once(TargetId::Root(root.id.clone())).chain(of_units).collect();
        let (found, failures) = accounts_in(requests, parents).await;
        found.iter().for_each(|(parent, account)| self.add(account, Some(parent)));
        let all = failures.is_empty();
        self.failures.extend(failures);
        all
    }

    /// Asks for the parent of each account that has none yet or two.
    async fn ask_singly(&mut self, requests: &Requests<'_>) {
        let without = self.accounts.values().filter(|account| account.parent.is_none()).map(|account| account.id);
        let asked: Vec<AccountId> = without.chain(self.moved.iter().copied()).take(ASKED_SINGLY).collect();
        let answers =
            each(asked, |account| async move { (account, parent_of(requests, &TargetId::Account(account)).await) })
                .await;
        for (id, answer) in answers {
            self.moved.remove(&id);
            match answer {
                Ok(Some(parent)) => drop(self.accounts.get_mut(&id).map(|account| account.parent = Some(parent))),
                Ok(None) => drop(self.accounts.remove(&id)),
                Err(failure) => self.without_place(id, failure),
            }
        }
    }

    fn without_place(&mut self, id: AccountId, failure: Failure) {
        if let Some(account) = self.accounts.get_mut(&id) {
            account.parent = None;
        }
        self.failures.push((id.to_string(), failure));
    }

    /// The accounts, ordered by id; `None` where not one could be listed.
    fn into_part(self, failure: Option<&Failure>) -> Part<Vec<Account>> {
        let mut unread: Vec<_> = failure.iter().map(|failure| failure.unread(Name::Accounts, None)).collect();
        unread.extend(self.broken.iter().map(|broken| broken.unread(Name::Accounts, None)));
        let nothing = self.accounts.is_empty() && failure.is_some();
        if !nothing {
            unread.extend(unread_of(Name::Accounts, self.failures));
        }
        Part { value: Some(self.accounts.into_values().collect()).filter(|_| !nothing), unread }
    }
}
