//! An organization as it was before an event, or will have been after it. What the events do not tell becomes unread, so
//! that the engine answers "unknown" where it must.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::state::{
    add_account, add_policy, add_unit, attach, detach, hide_attachments, is_listed, is_there, join, move_back,
    organization, place, remove_account, remove_unit, rewrite, set_state, set_type, set_valid,
};
use super::types::{KnownType, Types};
use super::{Change, Event, Written};
use crate::org::{AccountId, AccountState, AttachTime, PolicyId, PolicyType, Snapshot, TargetId, UnitId};

/// A document with the number of the event that wrote it; `None` where that does not show it.
type Revision = (usize, Option<Arc<str>>);

/// What the events tell of things that may be gone.
pub(super) struct Memory<'e> {
    types: &'e Types,
    written: BTreeMap<&'e PolicyId, Vec<Revision>>,
    names: BTreeMap<&'e PolicyId, &'e str>,
    attached: BTreeMap<(&'e TargetId, &'e PolicyId), Vec<(usize, Timestamp)>>,
    places: BTreeMap<AccountId, Vec<(usize, &'e TargetId)>>,
    units: BTreeMap<&'e UnitId, (&'e TargetId, &'e str)>,
}

impl<'e> Memory<'e> {
    pub(super) fn new(events: &'e [Event], types: &'e Types) -> Self {
        let mut memory = Self {
            types,
            written: BTreeMap::new(),
            names: BTreeMap::new(),
            attached: BTreeMap::new(),
            places: BTreeMap::new(),
            units: BTreeMap::new(),
        };
        events.iter().enumerate().for_each(|(at, event)| memory.note(at, event));
        memory
    }

    fn note(&mut self, at: usize, event: &'e Event) {
        match &event.change {
            Change::CreatePolicy { policy, name, content, .. } => {
                self.names.insert(policy, name);
                self.write(at, policy, content);
            }
            Change::UpdatePolicy { policy, content, .. } => self.write(at, policy, content),
            Change::AttachPolicy { policy, target } => {
                self.attached.entry((target, policy)).or_default().push((at, event.time));
            }
            Change::MoveAccount { account, to, .. } => self.places.entry(*account).or_default().push((at, to)),
            Change::CreateUnit { unit, parent, name } => drop(self.units.insert(unit, (parent, name))),
            _ => {}
        }
    }

    fn write(&mut self, at: usize, policy: &'e PolicyId, content: &Written) {
        let content = match content {
            Written::Unchanged => return,
            Written::Hidden => None,
            Written::Text(text) => Some(Arc::clone(text)),
        };
        self.written.entry(policy).or_default().push((at, content));
    }

    /// The document that a policy had before event number `at`; `None` where the events do not show it.
    fn content_before(&self, policy: &PolicyId, at: usize) -> Option<Arc<str>> {
        before(self.written.get(policy)?, at).and_then(|(_, content)| content.clone())
    }

    fn is_opt_out(&self, policy: &PolicyId, event: &Event) -> bool {
        self.types.of(policy, event.time).is_opt_out()
    }
}

fn before<T>(list: &[(usize, T)], at: usize) -> Option<&(usize, T)> {
    list.iter().rev().find(|(number, _)| *number < at)
}

/// Whether an event can change a verdict.
pub(super) fn alters(event: &Event, types: &Types) -> bool {
    let opt_out = |policy: &PolicyId| types.of(policy, event.time).may_be_opt_out();
    match &event.change {
        Change::CreatePolicy { .. } | Change::DeletePolicy { .. } => false,
        Change::UpdatePolicy { policy, content, .. } => *content != Written::Unchanged && opt_out(policy),
        Change::AttachPolicy { policy, .. } | Change::DetachPolicy { policy, .. } => opt_out(policy),
        Change::EnablePolicyType { policy_type, .. }
        | Change::DisablePolicyType { policy_type, .. }
        | Change::EffectivePolicy { policy_type, .. } => *policy_type == PolicyType::AiOptOut,
        Change::AccountCreated { .. }
        | Change::AcceptInvitation { .. }
        | Change::AccountJoined { .. }
        | Change::MoveAccount { .. }
        | Change::RemoveAccount { .. }
        | Change::LeaveOrganization { .. }
        | Change::AccountDeparted { .. }
        | Change::AccountClosed { .. } => true,
        Change::Organization => true,
        Change::TagPolicy { .. }
        | Change::UntagPolicy { .. }
        | Change::PutResourcePolicy
        | Change::DeleteResourcePolicy
        | Change::RegisterDelegate { .. }
        | Change::DeregisterDelegate { .. }
        | Change::CreateAccount
        | Change::InviteAccount { .. }
        | Change::CloseAccount { .. }
        | Change::CreateUnit { .. }
        | Change::RenameUnit { .. }
        | Change::DeleteUnit { .. } => false,
    }
}

/// Takes an event back. What was contradictory is returned: then events are missing.
pub(super) fn undo(state: &mut Snapshot, event: &Event, at: usize, memory: &Memory<'_>) -> Option<String> {
    match &event.change {
        Change::CreatePolicy { policy, policy_type: PolicyType::AiOptOut, .. } => {
            state.policies.iter_mut().for_each(|all| all.retain(|it| it.id != *policy));
            None
        }
        Change::UpdatePolicy { policy, content, .. } if *content != Written::Unchanged => {
            rewrite(state, policy, content, memory.content_before(policy, at))
        }
        Change::DeletePolicy { policy } if memory.is_opt_out(policy, event) => {
            let name = memory.names.get(policy).copied().unwrap_or_default();
            add_policy(state, policy, name, memory.content_before(policy, at));
            None
        }
        Change::AttachPolicy { policy, target } => {
            let certain = memory.is_opt_out(policy, event);
            let gone = !detach(state, policy, target);
            (gone && certain).then(|| format!("`{policy}` was attached to `{target}` and is not attached afterwards"))
        }
        Change::DetachPolicy { policy, target } => match memory.types.of(policy, event.time) {
            KnownType::Is(PolicyType::AiOptOut) | KnownType::Unknown => {
                let known = memory.attached.get(&(target, policy)).and_then(|list| before(list, at));
                let attached = known.map(|(_, time)| AttachTime::At(*time));
                let there = !attach(state, policy, target, attached);
                there.then(|| format!("`{policy}` was detached from `{target}` and is attached afterwards"))
            }
            KnownType::Is(_) | KnownType::NotListed => None,
        },
        Change::EnablePolicyType { policy_type: PolicyType::AiOptOut, .. } => {
            set_type(state, false);
            state.attachments = Some(BTreeMap::new());
            None
        }
        Change::DisablePolicyType { policy_type: PolicyType::AiOptOut, .. } => {
            set_type(state, true);
            state.attachments = None;
            None
        }
        Change::MoveAccount { account, from, to } => move_back(state, *account, from, to),
        Change::AccountCreated { account } => {
            remove_account(state, *account);
            None
        }
        Change::AcceptInvitation { account } | Change::AccountJoined { account, .. } => {
            account.iter().for_each(|account| remove_account(state, *account));
            None
        }
        Change::RemoveAccount { account } => bring_back(state, *account, at, memory),
        Change::LeaveOrganization { account } | Change::AccountDeparted { account, .. } => {
            account.and_then(|account| bring_back(state, account, at, memory))
        }
        Change::CloseAccount { account } => set_state(state, *account, &AccountState::Active),
        Change::AccountClosed { account } => set_state(state, *account, &AccountState::PendingClosure),
        Change::CreateUnit { unit, .. } => {
            remove_unit(state, unit);
            None
        }
        Change::DeleteUnit { unit } => {
            restore_unit(state, unit, memory);
            None
        }
        Change::EffectivePolicy { account, policy_type: PolicyType::AiOptOut, valid, .. } => {
            set_valid(state, *account, !valid);
            None
        }
        Change::Organization => {
            organization(state, &event.name, false);
            None
        }
        _ => None,
    }
}

/// Does an event once more.
pub(super) fn redo(state: &mut Snapshot, event: &Event, memory: &Memory<'_>) {
    match &event.change {
        Change::CreatePolicy { policy, policy_type: PolicyType::AiOptOut, name, content } => {
            add_policy(state, policy, name, shown(content));
        }
        Change::UpdatePolicy { policy, content, .. } if *content != Written::Unchanged => {
            rewrite(state, policy, &Written::Unchanged, shown(content));
        }
        Change::DeletePolicy { policy } => state.policies.iter_mut().for_each(|all| all.retain(|it| it.id != *policy)),
        Change::AttachPolicy { policy, target } if memory.types.of(policy, event.time).may_be_opt_out() => {
            attach(state, policy, target, Some(AttachTime::At(event.time)));
        }
        Change::DetachPolicy { policy, target } => drop(detach(state, policy, target)),
        Change::EnablePolicyType { policy_type: PolicyType::AiOptOut, .. } => set_type(state, true),
        Change::DisablePolicyType { policy_type: PolicyType::AiOptOut, .. } => {
            set_type(state, false);
            state.attachments = Some(BTreeMap::new());
        }
        Change::MoveAccount { account, to, .. } => place(state, *account, Some(to)),
        Change::AccountCreated { account } => join(state, *account),
        Change::AcceptInvitation { account } | Change::AccountJoined { account, .. } => {
            account.iter().for_each(|account| join(state, *account));
        }
        Change::RemoveAccount { account } => remove_account(state, *account),
        Change::LeaveOrganization { account } | Change::AccountDeparted { account, .. } => {
            account.iter().for_each(|account| remove_account(state, *account));
        }
        Change::CloseAccount { account } => drop(set_state(state, *account, &AccountState::PendingClosure)),
        Change::AccountClosed { account } => drop(set_state(state, *account, &AccountState::Closed)),
        Change::CreateUnit { unit, parent, name } => add_unit(state, unit, parent, name),
        Change::DeleteUnit { unit } => remove_unit(state, unit),
        Change::EffectivePolicy { account, policy_type: PolicyType::AiOptOut, valid, .. } => {
            set_valid(state, *account, *valid);
        }
        Change::Organization => organization(state, &event.name, true),
        _ => {}
    }
}

/// Makes everything unknown that several events of one second change, in whichever order that was.
pub(super) fn blur(state: &mut Snapshot, event: &Event) {
    match &event.change {
        Change::UpdatePolicy { policy, .. } => {
            rewrite(state, policy, &Written::Unchanged, None);
        }
        Change::AttachPolicy { target, .. } | Change::DetachPolicy { target, .. } => {
            hide_attachments(state, target.to_string());
        }
        Change::EnablePolicyType { .. } | Change::DisablePolicyType { .. } => state.attachments = None,
        other => {
            if let Some(account) = other.account() {
                place(state, account, None);
            }
        }
    }
}

fn shown(content: &Written) -> Option<Arc<str>> {
    match content {
        Written::Text(text) => Some(Arc::clone(text)),
        Written::Hidden | Written::Unchanged => None,
    }
}

/// An account that left: where it was is known only from the event that moved it there, what was attached to it not at
/// all.
fn bring_back(state: &mut Snapshot, id: AccountId, at: usize, memory: &Memory<'_>) -> Option<String> {
    if is_listed(state, id) {
        // It came back, or both the call and AWS's own event tell of it.
        return None;
    }
    let place = memory.places.get(&id).and_then(|list| before(list, at)).map(|(_, place)| (*place).clone());
    let place = place.filter(|place| is_there(state, place));
    add_account(state, id, place);
    hide_attachments(state, id.to_string());
    None
}

/// A unit that was deleted: what was attached to it when that happened is not known.
fn restore_unit(state: &mut Snapshot, id: &UnitId, memory: &Memory<'_>) {
    if let Some((parent, name)) = memory.units.get(id) {
        add_unit(state, id, parent, name);
        hide_attachments(state, id.to_string());
    }
}
