//! What changed while it was being read: found, read again a bounded number of times, and named where it will not settle.

use std::collections::{BTreeMap, BTreeSet};

use optout_core::org::{
    Account, AccountId, Attachment, Part as Name, PolicyId, TargetId, UnitId, Unread, UnreadReason,
};

use super::part::each;
use super::policies::{Policies, targets_of};
use super::structure::{Structure, list_accounts, parent_of, units_below};
use crate::pace::Operation;
use crate::request::{Purpose, Requests};

/// How often a part is read again.
const ROUNDS: usize = 2;

/// Whether every account is in the root or in a unit that is listed.
pub(super) fn are_placed(structure: &Structure) -> bool {
    in_unknown_units(structure).is_empty()
}

/// The policies that are attached to targets that are not listed.
pub(super) fn unsettled(structure: &Structure, policies: &Policies) -> BTreeSet<PolicyId> {
    strangers(structure, policies).into_values().flatten().collect()
}

/// Makes accounts and units fit: every account is in the root or in a unit that is listed.
pub(super) async fn places(requests: &Requests<'_>, structure: &mut Structure) {
    for _ in 0..ROUNDS {
        let strangers = in_unknown_units(structure);
        if strangers.is_empty() || !structure.is_complete() || requests.is_cancelled() {
            break;
        }
        read_units_again(requests, structure).await;
        let still = in_unknown_units(structure);
        read_parents_again(requests, structure, &still).await;
    }
    give_up_places(structure);
}

/// Accounts in units that are not listed; none where no unit was listed at all.
fn in_unknown_units(structure: &Structure) -> Vec<AccountId> {
    let Some(units) = &structure.units else { return Vec::new() };
    let units: BTreeSet<&UnitId> = units.iter().map(|unit| &unit.id).collect();
    let root = structure.root.as_ref().map(|root| &root.id);
    let known = |account: &&Account| match &account.parent {
        None => true,
        Some(TargetId::Root(id)) => root.is_none_or(|root| root == id),
        Some(TargetId::Unit(id)) => units.contains(id),
        Some(TargetId::Account(_)) => false,
    };
    let accounts = structure.accounts.iter().flatten();
    accounts.filter(|account| !known(account)).map(|account| account.id).collect()
}

async fn read_units_again(requests: &Requests<'_>, structure: &mut Structure) {
    let Some(root) = structure.root.as_ref().map(|root| root.id.clone()) else { return };
    let units = units_below(requests, &root).await;
    if units.unread.is_empty() && units.value.is_some() {
        structure.units = units.value;
    }
}

async fn read_parents_again(requests: &Requests<'_>, structure: &mut Structure, accounts: &[AccountId]) {
    let one = |account| async move { (account, parent_of(requests, &TargetId::Account(account)).await) };
    let answers: BTreeMap<_, _> = each(accounts.iter().copied(), one).await.into_iter().collect();
    let Some(list) = &mut structure.accounts else { return };
    list.retain(|account| !matches!(answers.get(&account.id), Some(Ok(None))));
    for account in list.iter_mut() {
        if let Some(Ok(Some(parent))) = answers.get(&account.id) {
            account.parent = Some(parent.clone());
        }
    }
}

fn give_up_places(structure: &mut Structure) {
    let strangers: BTreeSet<AccountId> = in_unknown_units(structure).into_iter().collect();
    for account in structure.accounts.iter_mut().flatten().filter(|account| strangers.contains(&account.id)) {
        account.parent = None;
    }
    // Where units are known to be missing, that is the reason.
    let units = structure.unread.iter().find(|unread| unread.part == Name::Units).cloned();
    let mut accounts = strangers.iter().map(ToString::to_string);
    match units {
        Some(units) if !strangers.is_empty() => {
            let subject = accounts.next().filter(|_| strangers.len() == 1);
            structure.unread.push(Unread { part: Name::Accounts, subject, ..units });
        }
        Some(_) => {}
        None => {
            let changed = |account| changed(Name::Accounts, account, "its unit is not listed");
            structure.unread.extend(accounts.map(changed));
        }
    }
}

/// Makes attachments and structure fit: every target is listed. Policies whose targets are not are asked for again, then
/// units and accounts; what then does not fit is left out and named.
pub(super) async fn attachments(
    requests: &Requests<'_>,
    structure: &mut Structure,
    policies: &mut Policies,
    emails: bool,
) {
    if policies.attachments.is_none() {
        return;
    }
    for _ in 0..ROUNDS {
        let strangers = strangers(structure, policies);
        if strangers.is_empty() || !structure.is_complete() || requests.is_cancelled() {
            break;
        }
        ask_targets_again(requests, policies, strangers.values().flatten().cloned().collect()).await;
        let still = self::strangers(structure, policies);
        if still.keys().any(|target| matches!(target, TargetId::Unit(_))) {
            read_units_again(requests, structure).await;
        }
        if still.keys().any(|target| matches!(target, TargetId::Account(_))) {
            read_accounts_again(requests, structure, emails).await;
        }
    }
    leave_out_strangers(structure, policies);
}

/// The targets that are not listed, with the policies attached there.
fn strangers(structure: &Structure, policies: &Policies) -> BTreeMap<TargetId, Vec<PolicyId>> {
    let (Some(_), Some(_), Some(_)) = (&structure.root, &structure.units, &structure.accounts) else {
        return BTreeMap::new();
    };
    let known = structure.targets();
    let attachments = policies.attachments.iter().flatten();
    let ids = |list: &[Attachment]| list.iter().map(|attachment| attachment.policy.clone()).collect();
    attachments
        .filter(|(target, _)| !known.contains(target))
        .map(|(target, list)| (target.clone(), ids(list)))
        .collect()
}

async fn ask_targets_again(requests: &Requests<'_>, policies: &mut Policies, ids: BTreeSet<PolicyId>) {
    requests.expect(Operation::ListTargetsForPolicy, ids.len());
    let one = |id: PolicyId| async move {
        let targets = targets_of(requests, &id, Purpose::Main).await;
        (id, targets)
    };
    for (id, targets) in each(ids, one).await {
        if let Ok(targets) = targets {
            policies.reattach(&id, targets);
        }
    }
}

/// Reads the list of accounts once more and takes over those that are new.
async fn read_accounts_again(requests: &Requests<'_>, structure: &mut Structure, emails: bool) {
    let Ok(listed) = list_accounts(requests).await.complete() else { return };
    let Some(accounts) = &mut structure.accounts else { return };
    let new = listed.iter().filter_map(|listed| super::account::account(listed, emails));
    let new: Vec<Account> = new.filter(|new| accounts.iter().all(|known| known.id != new.id)).collect();
    accounts.extend(new);
    accounts.sort_by_key(|account| account.id);
}

fn leave_out_strangers(structure: &mut Structure, policies: &mut Policies) {
    for target in strangers(structure, policies).into_keys() {
        if let Some(attachments) = &mut policies.attachments {
            attachments.remove(&target);
        }
        policies.unread.push(changed(
            Name::Attachments,
            target.to_string(),
            "a policy is attached to it, but it is not listed",
        ));
    }
}

fn changed(part: Name, subject: String, detail: &str) -> Unread {
    let operation = match part {
        Name::Accounts => Operation::ListOrganizationalUnitsForParent,
        _ => Operation::ListTargetsForPolicy,
    };
    Unread {
        part,
        subject: Some(subject),
        operation: operation.as_str().to_owned(),
        reason: UnreadReason::Changed,
        permission: None,
        detail: format!("{detail}, also after reading again"),
    }
}
