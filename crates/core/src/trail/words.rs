//! Events in words, with the names that policies, accounts and units have.

use std::collections::BTreeMap;

use super::{Actor, Change, Event, Trail, Written};
use crate::org::{AccountId, PolicyId, Snapshot, TargetId, UnitId};
use crate::source::shown;

/// The names of things: of the snapshot, else of the events.
#[derive(Debug, Default)]
pub(super) struct Names<'a> {
    policies: BTreeMap<&'a PolicyId, &'a str>,
    accounts: BTreeMap<AccountId, &'a str>,
    units: BTreeMap<&'a UnitId, &'a str>,
}

impl<'a> Names<'a> {
    pub(super) fn new(trail: &'a Trail, snapshot: Option<&'a Snapshot>) -> Self {
        let mut names = Self::default();
        trail.events.iter().for_each(|event| names.note(event));
        if let Some(snapshot) = snapshot {
            names.policies.extend(snapshot.policies.iter().flatten().map(|it| (&it.id, it.name.as_str())));
            names.accounts.extend(snapshot.accounts.iter().flatten().map(|it| (it.id, it.name.as_str())));
            names.units.extend(snapshot.units.iter().flatten().map(|it| (&it.id, it.name.as_str())));
        }
        names
    }

    fn note(&mut self, event: &'a Event) {
        match &event.change {
            Change::CreatePolicy { policy, name, .. } | Change::UpdatePolicy { policy, name: Some(name), .. } => {
                self.policies.insert(policy, name);
            }
            Change::CreateUnit { unit, name, .. } | Change::RenameUnit { unit, name: Some(name) } => {
                self.units.insert(unit, name);
            }
            _ => {}
        }
    }

    /// A policy with its name.
    fn policy(&self, id: &PolicyId) -> String {
        named(id.as_str(), self.policies.get(id).copied())
    }

    /// An account with its name.
    pub(super) fn account(&self, id: AccountId) -> String {
        named(&id.to_string(), self.accounts.get(&id).copied())
    }

    fn unit(&self, id: &UnitId) -> String {
        named(id.as_str(), self.units.get(id).copied())
    }

    fn target(&self, target: &TargetId) -> String {
        match target {
            TargetId::Root(id) => format!("the root {id}"),
            TargetId::Unit(id) => format!("unit {}", self.unit(id)),
            TargetId::Account(id) => format!("account {}", self.account(*id)),
        }
    }

    /// What was done, as a sentence about the actor; other people's text in it is made safe.
    pub(super) fn sentence(&self, event: &Event) -> String {
        match &event.change {
            Change::CreatePolicy { policy, name, .. } => {
                format!("created policy {}", named(policy.as_str(), Some(name)))
            }
            Change::UpdatePolicy { policy, content, name, .. } => {
                let what = match (content, name) {
                    (Written::Unchanged, Some(_)) => "the name of ",
                    (Written::Unchanged, None) => "the description of ",
                    (Written::Hidden | Written::Text(_), _) => "",
                };
                format!("changed {what}policy {}", self.policy(policy))
            }
            Change::DeletePolicy { policy } => format!("deleted policy {}", self.policy(policy)),
            Change::AttachPolicy { policy, target } => {
                format!("attached policy {} to {}", self.policy(policy), self.target(target))
            }
            Change::DetachPolicy { policy, target } => {
                format!("detached policy {} from {}", self.policy(policy), self.target(target))
            }
            Change::TagPolicy { policy, keys } => {
                format!("set tags of policy {}: {}", self.policy(policy), listed(keys))
            }
            Change::UntagPolicy { policy, keys } => {
                format!("removed tags of policy {}: {}", self.policy(policy), listed(keys))
            }
            Change::EnablePolicyType { root, policy_type } => {
                format!("switched {} on at {root}", shown(policy_type.as_str()))
            }
            Change::DisablePolicyType { root, policy_type } => {
                format!("switched {} off at {root}, which detaches every policy of it", shown(policy_type.as_str()))
            }
            Change::PutResourcePolicy => "wrote the resource policy: who else may manage policies".to_owned(),
            Change::DeleteResourcePolicy => "deleted the resource policy: nobody else may manage policies".to_owned(),
            Change::RegisterDelegate { account, service } => {
                format!("made account {} delegated administrator of {}", self.account(*account), shown(service))
            }
            Change::DeregisterDelegate { account, service } => {
                format!("ended account {} as delegated administrator of {}", self.account(*account), shown(service))
            }
            Change::Organization => format!("called {}", shown(&event.name)),
            Change::CreateUnit { unit, parent, name } => {
                format!("created unit {} in {}", named(unit.as_str(), Some(name)), self.target(parent))
            }
            Change::RenameUnit { unit, .. } => format!("renamed unit {}", self.unit(unit)),
            Change::DeleteUnit { unit } => format!("deleted unit {}", self.unit(unit)),
            Change::EffectivePolicy { account, valid, errors, .. } => self.validity(*account, *valid, errors),
            other => self.about_account(other),
        }
    }

    fn validity(&self, account: AccountId, valid: bool, errors: &[String]) -> String {
        match valid {
            true => format!("the effective policy of account {} is valid again", self.account(account)),
            false => {
                format!("the effective policy of account {} became invalid: {}", self.account(account), listed(errors))
            }
        }
    }

    fn about_account(&self, change: &Change) -> String {
        let account = change.account().map_or("that the event does not name".to_owned(), |id| self.account(id));
        let with = |words: String, details: &str| match details {
            "" => words,
            details => format!("{words}: {}", shown(details)),
        };
        match change {
            Change::CreateAccount => "asked for a new account".to_owned(),
            Change::AccountCreated { .. } => format!("account {account} was created"),
            Change::InviteAccount { .. } => format!("invited account {account}"),
            Change::AcceptInvitation { .. } => format!("account {account} accepted an invitation and joined"),
            Change::AccountJoined { details, .. } => with(format!("account {account} joined"), details),
            Change::MoveAccount { from, to, .. } => {
                format!("moved account {account} from {} to {}", self.target(from), self.target(to))
            }
            Change::RemoveAccount { .. } => format!("removed account {account} from the organization"),
            Change::LeaveOrganization { .. } => format!("account {account} left the organization"),
            Change::AccountDeparted { details, .. } => with(format!("account {account} departed"), details),
            Change::CloseAccount { .. } => format!("asked to close account {account}"),
            Change::AccountClosed { .. } => format!("account {account} was closed"),
            _ => String::new(),
        }
    }
}

fn named(id: &str, name: Option<&str>) -> String {
    match name.filter(|name| !name.is_empty()) {
        Some(name) => format!("{id} (`{}`)", shown(name)),
        None => id.to_owned(),
    }
}

fn listed(texts: &[String]) -> String {
    let texts: Vec<_> = texts.iter().map(|text| format!("`{}`", shown(text))).collect();
    if texts.is_empty() { "nothing".to_owned() } else { texts.join(", ") }
}

/// What an event did, as a sentence about the actor ("attached policy …"), with the names of the snapshot; other people's
/// text in it is made safe.
#[must_use]
pub fn told(event: &Event, snapshot: Option<&Snapshot>) -> String {
    let nothing = Trail::default();
    Names::new(&nothing, snapshot).sentence(event)
}

/// Who it was, as a line; other people's text in it is made safe.
#[must_use]
pub fn who(actor: &Actor) -> String {
    let principal = match (&actor.arn, &actor.invoked_by, &actor.kind) {
        (Some(arn), _, _) => shown(arn).into_owned(),
        (None, Some(service), _) => format!("AWS itself ({})", shown(service)),
        (None, None, Some(kind)) => {
            format!("{} of account {}", shown(kind), shown(actor.account.as_deref().unwrap_or("unknown")))
        }
        (None, None, None) => "unknown".to_owned(),
    };
    let mut more = Vec::new();
    if let Some(center) = &actor.identity_center {
        let set = center.permission_set.as_ref().map(|set| format!(", permission set `{}`", shown(set)));
        let user = center.user.as_ref().map(|user| format!(", user id {}", shown(user)));
        more.push(format!("IAM Identity Center{}{}", set.unwrap_or_default(), user.unwrap_or_default()));
    }
    if let Some(role) = &actor.role {
        more.push(format!("role {}", shown(role)));
    }
    if let (Some(service), Some(_)) = (&actor.invoked_by, &actor.arn) {
        more.push(format!("invoked by {}", shown(service)));
    }
    if more.is_empty() { principal } else { format!("{principal} ({})", more.join("; ")) }
}
