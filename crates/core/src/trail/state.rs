//! Small changes of an organization, each of one thing: what events are done and taken back with.

use std::sync::Arc;

use super::Written;
use crate::org::{
    Account, AccountId, AccountState, AttachTime, Attachment, Membership, Part, Policy, PolicyId, PolicyType,
    PolicyTypeState, PolicyTypeStatus, Snapshot, TargetId, Unit, UnitId, Unread, UnreadReason,
};

pub(super) fn add_policy(state: &mut Snapshot, id: &PolicyId, name: &str, content: Option<Arc<str>>) {
    let Some(policies) = &mut state.policies else { return };
    if policies.iter().any(|policy| policy.id == *id) {
        return;
    }
    policies.push(Policy {
        id: id.clone(),
        name: name.to_owned(),
        description: String::new(),
        policy_type: PolicyType::AiOptOut,
        aws_managed: false,
        content,
        tags: None,
    });
    policies.sort_by(|left, right| left.id.cmp(&right.id));
}

/// Gives a policy another document; whether the one it had is not the one that was `written`.
pub(super) fn rewrite(
    state: &mut Snapshot,
    id: &PolicyId,
    written: &Written,
    content: Option<Arc<str>>,
) -> Option<String> {
    let policy = state.policies.iter_mut().flatten().find(|policy| policy.id == *id)?;
    let other = match (&policy.content, written) {
        (Some(found), Written::Text(text)) => !same(found, text),
        _ => false,
    };
    policy.content = content;
    other.then(|| format!("the document of `{id}` is another one afterwards than the one that was written"))
}

/// Whether two documents say the same; AWS may store one with other white space.
fn same(left: &str, right: &str) -> bool {
    let value = |text: &str| serde_json::from_str::<serde_json::Value>(text).ok();
    left == right || value(left).is_some_and(|left| Some(left) == value(right))
}

pub(super) fn attach(state: &mut Snapshot, policy: &PolicyId, target: &TargetId, attached: Option<AttachTime>) -> bool {
    let Some(all) = &mut state.attachments else { return true };
    let list = all.entry(target.clone()).or_default();
    let new = !list.iter().any(|it| it.policy == *policy);
    if new {
        list.push(Attachment { policy: policy.clone(), attached });
    }
    new
}

pub(super) fn detach(state: &mut Snapshot, policy: &PolicyId, target: &TargetId) -> bool {
    let Some(all) = &mut state.attachments else { return true };
    let Some(list) = all.get_mut(target) else { return false };
    let before = list.len();
    list.retain(|it| it.policy != *policy);
    let found = list.len() < before;
    if list.is_empty() {
        all.remove(target);
    }
    found
}

pub(super) fn set_type(state: &mut Snapshot, on: bool) {
    let Some(root) = &mut state.root else { return };
    root.policy_types.retain(|status| status.policy_type != PolicyType::AiOptOut);
    if on {
        let status = PolicyTypeStatus { policy_type: PolicyType::AiOptOut, state: PolicyTypeState::Enabled };
        root.policy_types.push(status);
    }
}

fn account_mut(state: &mut Snapshot, id: AccountId) -> Option<&mut Account> {
    state.accounts.iter_mut().flatten().find(|account| account.id == id)
}

/// Whether an account is in the organization.
pub(super) fn is_listed(state: &Snapshot, id: AccountId) -> bool {
    state.accounts.iter().flatten().any(|account| account.id == id)
}

/// Whether something that holds others is in the organization.
pub(super) fn is_there(state: &Snapshot, target: &TargetId) -> bool {
    match target {
        TargetId::Root(id) => state.root.as_ref().is_some_and(|root| root.id == *id),
        TargetId::Unit(id) => state.units.iter().flatten().any(|unit| unit.id == *id),
        TargetId::Account(_) => false,
    }
}

/// Puts an account somewhere; nowhere where that place is not known.
pub(super) fn place(state: &mut Snapshot, id: AccountId, parent: Option<&TargetId>) {
    let parent = parent.filter(|parent| is_there(state, parent)).cloned();
    if let Some(account) = account_mut(state, id) {
        account.parent = parent;
    }
}

pub(super) fn move_back(state: &mut Snapshot, id: AccountId, from: &TargetId, to: &TargetId) -> Option<String> {
    let now = account_mut(state, id)?.parent.clone();
    place(state, id, Some(from));
    now.filter(|now| now != to).map(|now| format!("account {id} was moved to `{to}` and is in `{now}` afterwards"))
}

pub(super) fn join(state: &mut Snapshot, id: AccountId) {
    let root = state.root.as_ref().map(|root| TargetId::Root(root.id.clone()));
    add_account(state, id, root);
}

pub(super) fn add_account(state: &mut Snapshot, id: AccountId, parent: Option<TargetId>) {
    let Some(accounts) = &mut state.accounts else { return };
    if accounts.iter().any(|account| account.id == id) {
        return;
    }
    let (name, email, joined) = (String::new(), None, None);
    accounts.push(Account { id, name, email, state: AccountState::Active, parent, joined });
    accounts.sort_by_key(|account| account.id);
}

pub(super) fn remove_account(state: &mut Snapshot, id: AccountId) {
    state.accounts.iter_mut().for_each(|all| all.retain(|account| account.id != id));
    state.attachments.iter_mut().for_each(|all| drop(all.remove(&TargetId::Account(id))));
    state.invalid.iter_mut().for_each(|all| drop(all.remove(&id)));
}

pub(super) fn set_state(state: &mut Snapshot, id: AccountId, value: &AccountState) -> Option<String> {
    if let Some(account) = account_mut(state, id) {
        account.state = value.clone();
    }
    None
}

pub(super) fn set_valid(state: &mut Snapshot, id: AccountId, valid: bool) {
    let Some(invalid) = &mut state.invalid else { return };
    if valid {
        invalid.remove(&id);
    } else {
        invalid.entry(id).or_default();
    }
}

pub(super) fn add_unit(state: &mut Snapshot, id: &UnitId, parent: &TargetId, name: &str) {
    if is_there(state, parent) && !is_there(state, &TargetId::Unit(id.clone())) {
        let unit = Unit { id: id.clone(), name: name.to_owned(), parent: parent.clone() };
        state.units.iter_mut().for_each(|units| units.push(unit.clone()));
    }
}

/// A unit that is gone holds nothing; whoever is in it all the same has a place that is not known.
pub(super) fn remove_unit(state: &mut Snapshot, id: &UnitId) {
    let target = TargetId::Unit(id.clone());
    state.units.iter_mut().for_each(|units| units.retain(|unit| unit.id != *id && unit.parent != target));
    let units = state.units.as_deref().unwrap_or_default();
    let lost = |parent: &TargetId| matches!(parent, TargetId::Unit(unit) if !units.iter().any(|it| it.id == *unit));
    for account in state.accounts.iter_mut().flatten() {
        if account.parent.as_ref().is_some_and(lost) {
            account.parent = None;
        }
    }
    state.attachments.iter_mut().for_each(|all| drop(all.remove(&target)));
}

pub(super) fn organization(state: &mut Snapshot, name: &str, after: bool) {
    match (name, &mut state.membership) {
        ("EnableAllFeatures", Some(Membership::Member(organization))) => organization.all_features = after,
        // Before it was created, and after it was deleted, there is none; what it was like otherwise is not known.
        ("CreateOrganization", membership) => *membership = if after { None } else { Some(Membership::None) },
        ("DeleteOrganization", membership) => *membership = if after { Some(Membership::None) } else { None },
        _ => {}
    }
}

/// What is attached to a target is not known.
pub(super) fn hide_attachments(state: &mut Snapshot, subject: String) {
    state.unread.push(Unread {
        part: Part::Attachments,
        subject: Some(subject),
        operation: "LookupEvents".to_owned(),
        reason: UnreadReason::NotAsked,
        permission: None,
        detail: "the events do not tell".to_owned(),
    });
}
