//! Root, units and accounts, and where each account is.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use aws_sdk_organizations::types;
use futures::StreamExt;
use futures::stream::FuturesUnordered;
use optout_core::org::{
    Account, Part as Name, PolicyType, PolicyTypeState, PolicyTypeStatus, Root, RootId, Snapshot, TargetId, Unit,
    Unread,
};

use super::account;
use super::part::{Part, SIDE_BY_SIDE, each, unread_of};
use crate::pace::Operation;
use crate::request::{Failure, FailureKind, Listing, Purpose, Requests};

/// More units than this are no organization (AWS's quota is 2,000).
const MOST_UNITS: usize = 100_000;

/// The tree of an organization.
#[derive(Debug, Default)]
pub(super) struct Structure {
    pub(super) root: Option<Root>,
    pub(super) units: Option<Vec<Unit>>,
    pub(super) accounts: Option<Vec<Account>>,
    pub(super) unread: Vec<Unread>,
    /// Whether only a part was to be read.
    pub(super) is_partial: bool,
}

impl Structure {
    /// Whether every unit and account was listed.
    pub(super) fn is_complete(&self) -> bool {
        self.unread.is_empty() && self.units.is_some() && self.accounts.is_some()
    }

    /// The targets that are known.
    pub(super) fn targets(&self) -> BTreeSet<TargetId> {
        let root = self.root.iter().map(|root| TargetId::Root(root.id.clone()));
        let units = self.units.iter().flatten().map(|unit| TargetId::Unit(unit.id.clone()));
        let accounts = self.accounts.iter().flatten().map(|account| TargetId::Account(account.id));
        root.chain(units).chain(accounts).collect()
    }
}

/// The targets that a snapshot knows.
pub(super) fn targets(snapshot: &Snapshot) -> BTreeSet<TargetId> {
    let root = snapshot.root.iter().map(|root| TargetId::Root(root.id.clone()));
    let units = snapshot.units.iter().flatten().map(|unit| TargetId::Unit(unit.id.clone()));
    let accounts = snapshot.accounts.iter().flatten().map(|account| TargetId::Account(account.id));
    root.chain(units).chain(accounts).collect()
}

/// Reads the whole tree: roots and accounts side by side, units as soon as the root is known.
pub(super) async fn read(requests: &Requests<'_>, emails: bool) -> Structure {
    let mut unread = Vec::new();
    let ((root, units), listed) = tokio::join!(root_and_units(requests), list_accounts(requests));
    let root = root.note(&mut unread);
    let units = match units {
        Some(units) => units.note(&mut unread),
        None => below_paths(requests, &listed).await.and_then(|units| units.note(&mut unread)),
    };
    let accounts = super::place::accounts(requests, listed, root.as_ref(), units.as_deref(), emails).await;
    let accounts = accounts.note(&mut unread);
    Structure { root, units, accounts, unread, is_partial: false }
}

async fn root_and_units(requests: &Requests<'_>) -> (Part<Root>, Option<Part<Vec<Unit>>>) {
    match list_root(requests).await {
        Ok(root) => {
            let units = units_below(requests, &root.id).await;
            (Part::whole(root), Some(units))
        }
        Err(failure) => (Part::missing(Name::Root, &failure), None),
    }
}

/// Where the root could not be read, the paths of accounts name it.
async fn below_paths(requests: &Requests<'_>, listed: &Listing<types::Account>) -> Option<Part<Vec<Unit>>> {
    let root = listed.items.iter().find_map(account::root)?;
    Some(units_below(requests, &root).await)
}

pub(crate) async fn list_root(requests: &Requests<'_>) -> Result<Root, Failure> {
    let operation = Operation::ListRoots;
    requests.expect(operation, 1);
    let send = |token| requests.organizations().list_roots().set_next_token(token).send();
    let take = |page: aws_sdk_organizations::operation::list_roots::ListRootsOutput| {
        (page.roots.unwrap_or_default(), page.next_token)
    };
    let roots = requests.pages(operation, Purpose::Main, send, take).await.complete()?;
    let unclear = || Failure::new(operation, FailureKind::Malformed, "the answer has no root with a valid id");
    roots.iter().find_map(root).ok_or_else(unclear)
}

fn root(listed: &types::Root) -> Option<Root> {
    let status = |it: &types::PolicyTypeSummary| {
        let Ok(policy_type) = it.r#type()?.as_str().parse::<PolicyType>();
        Some(PolicyTypeStatus { policy_type, state: PolicyTypeState::of(it.status()?.as_str()) })
    };
    let mut policy_types: Vec<_> = listed.policy_types().iter().filter_map(status).collect();
    policy_types.sort_by(|left, right| left.policy_type.cmp(&right.policy_type));
    policy_types.dedup_by(|left, right| left.policy_type == right.policy_type);
    Some(Root { id: listed.id()?.parse().ok()?, name: listed.name().unwrap_or_default().to_owned(), policy_types })
}

pub(super) async fn list_accounts(requests: &Requests<'_>) -> Listing<types::Account> {
    let send = |token| requests.organizations().list_accounts().set_next_token(token).send();
    let take = |page: aws_sdk_organizations::operation::list_accounts::ListAccountsOutput| {
        (page.accounts.unwrap_or_default(), page.next_token)
    };
    requests.pages(Operation::ListAccounts, Purpose::Main, send, take).await
}

/// Every unit below the root.
pub(super) async fn units_below(requests: &Requests<'_>, root: &RootId) -> Part<Vec<Unit>> {
    units_under(requests, TargetId::Root(root.clone())).await
}

/// Every unit below a root or unit, level by level, several side by side.
pub(super) async fn units_under(requests: &Requests<'_>, top: TargetId) -> Part<Vec<Unit>> {
    requests.expect(Operation::ListOrganizationalUnitsForParent, 1);
    let mut found: BTreeMap<_, Unit> = BTreeMap::new();
    let mut failures = Vec::new();
    let mut gone = BTreeSet::new();
    let mut waiting = VecDeque::from([top]);
    let mut running = FuturesUnordered::new();
    loop {
        while running.len() < SIDE_BY_SIDE
            && let Some(parent) = waiting.pop_front()
        {
            running.push(units_in(requests, parent));
        }
        let Some((parent, listing)) = running.next().await else { break };
        let new = listing.items.iter().filter_map(|listed| unit(listed, &parent));
        let new: Vec<Unit> = new.filter(|unit| !found.contains_key(&unit.id)).collect();
        requests.expect(Operation::ListOrganizationalUnitsForParent, new.len());
        waiting.extend(new.iter().map(|unit| TargetId::Unit(unit.id.clone())));
        found.extend(new.into_iter().map(|unit| (unit.id.clone(), unit)));
        match listing.failure {
            Some(failure) if failure.is("ParentNotFoundException") => drop(gone.insert(parent)),
            Some(failure) => failures.push((parent.to_string(), failure)),
            None => {}
        }
        if found.len() > MOST_UNITS {
            return Part::missing(Name::Units, &too_many());
        }
    }
    found.retain(|id, _| !gone.contains(&TargetId::Unit(id.clone())));
    let nothing_read = found.is_empty() && !failures.is_empty();
    let unread = unread_of(Name::Units, failures);
    Part { value: Some(found.into_values().collect()).filter(|_| !nothing_read), unread }
}

fn too_many() -> Failure {
    let why = format!("there are more than {MOST_UNITS} units, which no organization has");
    Failure::new(Operation::ListOrganizationalUnitsForParent, FailureKind::Malformed, why)
}

async fn units_in(requests: &Requests<'_>, parent: TargetId) -> (TargetId, Listing<types::OrganizationalUnit>) {
    let call = requests.organizations().list_organizational_units_for_parent().parent_id(parent.to_string());
    let send = |token| call.clone().set_next_token(token).send();
    type Page =
        aws_sdk_organizations::operation::list_organizational_units_for_parent::ListOrganizationalUnitsForParentOutput;
    let take = |page: Page| (page.organizational_units.unwrap_or_default(), page.next_token);
    let listing = requests.pages(Operation::ListOrganizationalUnitsForParent, Purpose::Main, send, take).await;
    (parent, listing)
}

fn unit(listed: &types::OrganizationalUnit, parent: &TargetId) -> Option<Unit> {
    let name = listed.name().unwrap_or_default().to_owned();
    Some(Unit { id: listed.id()?.parse().ok()?, name, parent: parent.clone() })
}

/// The accounts directly in each of `parents`.
pub(super) async fn accounts_in(
    requests: &Requests<'_>,
    parents: Vec<TargetId>,
) -> (Vec<(TargetId, types::Account)>, Vec<(String, Failure)>) {
    let operation = Operation::ListAccountsForParent;
    requests.expect(operation, parents.len());
    let one = |parent: TargetId| async move {
        let call = requests.organizations().list_accounts_for_parent().parent_id(parent.to_string());
        let send = |token| call.clone().set_next_token(token).send();
        let take = |page: aws_sdk_organizations::operation::list_accounts_for_parent::ListAccountsForParentOutput| {
            (page.accounts.unwrap_or_default(), page.next_token)
        };
        (parent, requests.pages(operation, Purpose::Main, send, take).await)
    };
    let (mut accounts, mut failures) = (Vec::new(), Vec::new());
    for (parent, listing) in each(parents, one).await {
        match listing.failure {
            Some(failure) if failure.is("ParentNotFoundException") => {}
            Some(failure) => failures.push((parent.to_string(), failure)),
            None => {}
        }
        accounts.extend(listing.items.into_iter().map(|account| (parent.clone(), account)));
    }
    (accounts, failures)
}

/// Where one account or unit is now: `Ok(None)` where it is not in the organization any more.
pub(super) async fn parent_of(requests: &Requests<'_>, child: &TargetId) -> Result<Option<TargetId>, Failure> {
    let operation = Operation::ListParents;
    requests.expect(operation, 1);
    let call = requests.organizations().list_parents().child_id(child.to_string());
    let send = |token| call.clone().set_next_token(token).send();
    let take = |page: aws_sdk_organizations::operation::list_parents::ListParentsOutput| {
        (page.parents.unwrap_or_default(), page.next_token)
    };
    let unclear = || Failure::new(operation, FailureKind::Malformed, "the answer has no parent with a valid id");
    match requests.pages(operation, Purpose::Main, send, take).await.complete() {
        Ok(parents) => {
            let parent = parents.first().and_then(|parent| parent.id()?.parse().ok());
            parent.map(Some).ok_or_else(unclear)
        }
        Err(failure) if failure.is("ChildNotFoundException") => Ok(None),
        Err(failure) => Err(failure),
    }
}
