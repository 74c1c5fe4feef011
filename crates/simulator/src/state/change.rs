//! Changes to the organization, as the operations make them and as faults make them between two pages.

use std::sync::Arc;

use jiff::Timestamp;
use optout_core::org::{AccountId, AccountState, InvalidPolicy, PolicyId, PolicyType, PolicyTypeState, TargetId};
use serde::{Deserialize, Serialize};

use super::{Account, Invalid, Policy, State};
use crate::clock::Moment;

/// A change that somebody else makes to the organization, as data.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Change {
    /// An account moves to another root or unit.
    MoveAccount {
        /// The account.
        account: AccountId,
        /// Where it goes.
        to: TargetId,
    },
    /// An account joins.
    JoinAccount {
        /// Its id.
        account: AccountId,
        /// Its name.
        name: String,
        /// Where it comes in.
        parent: TargetId,
    },
    /// An account leaves.
    LeaveAccount {
        /// The account.
        account: AccountId,
    },
    /// An account's state changes.
    SetAccountState {
        /// The account.
        account: AccountId,
        /// The new state, as AWS writes it.
        state: String,
    },
    /// A policy is attached.
    AttachPolicy {
        /// The policy.
        policy: PolicyId,
        /// Where.
        target: TargetId,
    },
    /// A policy is detached.
    DetachPolicy {
        /// The policy.
        policy: PolicyId,
        /// From where.
        target: TargetId,
    },
    /// A policy's document changes, unseen by the rules of admission.
    SetPolicyContent {
        /// The policy.
        policy: PolicyId,
        /// The new document.
        content: String,
    },
    /// A policy is deleted, detached first.
    DeletePolicy {
        /// The policy.
        policy: PolicyId,
    },
    /// A policy type is switched on or off; off detaches all its policies.
    SetPolicyType {
        /// The type.
        policy_type: PolicyType,
        /// Whether it is to be on.
        enabled: bool,
    },
    /// AWS holds an account's effective policy invalid from now on, or valid again where `errors` is empty.
    SetInvalid {
        /// The account.
        account: AccountId,
        /// The type.
        policy_type: PolicyType,
        /// What is wrong with it.
        errors: Vec<ValidationError>,
        /// The last valid document, which stays in force; absent: there was none.
        #[serde(default)]
        last_valid: Option<String>,
    },
}

/// One reason why an effective policy is invalid.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ValidationError {
    /// `ELEMENTS_TOO_MANY`, `ELEMENTS_TOO_FEW`, `KEY_REQUIRED`, `CROSS_ATTRIBUTE_VALIDATION` were seen.
    pub code: String,
    /// The message.
    pub message: String,
    /// The place in the effective document.
    #[serde(default)]
    pub path: String,
    /// The ids of the policies that contributed.
    #[serde(default)]
    pub policies: Vec<String>,
}

/// A change that cannot be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not in the organization")]
pub struct ChangeError(String);

impl State {
    /// Makes a change.
    pub(crate) fn apply(&mut self, change: Change, at: Moment, date: Timestamp) -> Result<(), ChangeError> {
        match change {
            Change::MoveAccount { account, to } => {
                self.find_account(account)?;
                self.find_target(&to)?;
                self.move_account(account, &to, at);
            }
            Change::JoinAccount { account, name, parent } => {
                self.find_target(&parent)?;
                let record = Account { invited: true, joined: date, ..Account::plain(account, &name) };
                self.join(account, record, &parent, at);
            }
            Change::LeaveAccount { account } => {
                self.find_account(account)?;
                self.leave(account, at);
            }
            Change::SetAccountState { account, state } => {
                self.find_account(account)?.state = AccountState::of(&state);
            }
            Change::AttachPolicy { policy, target } => {
                self.find_policy(&policy)?;
                self.find_target(&target)?;
                self.attach(&policy, &target, at);
            }
            Change::DetachPolicy { policy, target } => {
                self.find_policy(&policy)?;
                self.detach(&policy, &target, at);
            }
            Change::SetPolicyContent { policy, content } => {
                self.find_policy(&policy)?.updated.push(at);
                self.contents.set(policy, Some(Arc::from(content)), at);
            }
            Change::DeletePolicy { policy } => {
                self.find_policy(&policy)?;
                self.delete_policy(&policy, at);
            }
            Change::SetPolicyType { policy_type, enabled: true } => self.enable(&policy_type, at),
            Change::SetPolicyType { policy_type, enabled: false } => self.disable(&policy_type, at),
            Change::SetInvalid { account, policy_type, errors, last_valid } => {
                self.find_account(account)?;
                let errors = errors.into_iter().map(InvalidPolicy::from).collect();
                let last_valid = last_valid.map(Arc::from);
                self.set_invalid(account, policy_type, Invalid { errors, evaluated: date, last_valid });
            }
        }
        Ok(())
    }

    fn find_account(&mut self, id: AccountId) -> Result<&mut Account, ChangeError> {
        self.accounts.get_mut(&id).ok_or_else(|| ChangeError(id.to_string()))
    }

    fn find_policy(&mut self, id: &PolicyId) -> Result<&mut Policy, ChangeError> {
        self.policies.get_mut(id).ok_or_else(|| ChangeError(id.to_string()))
    }

    fn find_target(&self, target: &TargetId) -> Result<(), ChangeError> {
        if self.has_target(target) { Ok(()) } else { Err(ChangeError(target.to_string())) }
    }

    /// Moves an account that is there.
    pub(crate) fn move_account(&mut self, account: AccountId, to: &TargetId, at: Moment) {
        if let Some(from) = self.parents.get(&account).cloned() {
            self.displace(account, &from);
        }
        self.place(account, to);
        self.parents.set(account, Some(to.clone()), at);
    }

    /// Takes an account in.
    pub(crate) fn join(&mut self, id: AccountId, account: Account, parent: &TargetId, at: Moment) {
        self.accounts.insert(id, account);
        self.move_account(id, parent, at);
        self.attach_managed_to(&TargetId::Account(id), at);
    }

    /// Lets an account go, with everything attached to it.
    pub(crate) fn leave(&mut self, account: AccountId, at: Moment) {
        let target = TargetId::Account(account);
        for policy_type in PolicyType::KNOWN {
            for policy in self.attached_to(&target, policy_type).to_vec() {
                self.detach(&policy, &target, at);
            }
        }
        if let Some(from) = self.parents.get(&account).cloned() {
            self.displace(account, &from);
        }
        self.parents.set(account, None, at);
        self.accounts.remove(&account);
        self.delegates.remove(&account);
        self.invalid.values_mut().for_each(|accounts| drop(accounts.remove(&account)));
    }

    /// Attaches a policy after those that are there; nothing where it is there already.
    pub(crate) fn attach(&mut self, policy: &PolicyId, target: &TargetId, at: Moment) {
        let Some(policy_type) = self.policies.get(policy).map(|it| it.policy_type.clone()) else { return };
        let mut list = self.attached_to(target, &policy_type).to_vec();
        if !list.contains(policy) {
            list.push(policy.clone());
            self.attached.set((target.clone(), policy_type), Some(list), at);
            self.targets.entry(policy.clone()).or_default().insert(target.clone());
        }
    }

    /// Detaches a policy; nothing where it is not attached.
    pub(crate) fn detach(&mut self, policy: &PolicyId, target: &TargetId, at: Moment) {
        let Some(policy_type) = self.policies.get(policy).map(|it| it.policy_type.clone()) else { return };
        let mut list = self.attached_to(target, &policy_type).to_vec();
        if list.contains(policy) {
            list.retain(|id| id != policy);
            self.attached.set((target.clone(), policy_type), Some(list), at);
        }
        if let Some(targets) = self.targets.get_mut(policy) {
            targets.remove(target);
        }
    }

    /// Adds a policy.
    pub(crate) fn add_policy(&mut self, id: PolicyId, policy: Policy, content: Arc<str>, at: Moment) {
        self.by_type.entry(policy.policy_type.clone()).or_default().insert(id.clone());
        self.contents.set(id.clone(), Some(content), at);
        self.policies.insert(id, policy);
    }

    /// Deletes a policy from wherever it is attached.
    pub(crate) fn delete_policy(&mut self, id: &PolicyId, at: Moment) {
        for target in self.targets.remove(id).unwrap_or_default() {
            self.detach(id, &target, at);
        }
        if let Some(policy) = self.policies.remove(id)
            && let Some(ids) = self.by_type.get_mut(&policy.policy_type)
        {
            ids.remove(id);
        }
        self.contents.set(id.clone(), None, at);
    }

    /// Switches a type on. Attachments from before it was switched off do not come back.
    pub(crate) fn enable(&mut self, policy_type: &PolicyType, at: Moment) {
        self.root.types.insert(policy_type.clone(), PolicyTypeState::Enabled);
        self.types.entry(policy_type.clone()).or_default().enabled = Some(at);
        self.attach_managed(policy_type, at);
    }

    /// Switches a type off, which detaches every policy of the type from everything.
    pub(crate) fn disable(&mut self, policy_type: &PolicyType, at: Moment) {
        self.root.types.remove(policy_type);
        self.types.entry(policy_type.clone()).or_default().disabled = Some(at);
        for policy in self.by_type.get(policy_type).cloned().unwrap_or_default() {
            for target in self.targets.remove(&policy).unwrap_or_default() {
                self.detach(&policy, &target, at);
            }
        }
    }

    /// Records what is wrong with an account's effective policy.
    pub(crate) fn set_invalid(&mut self, account: AccountId, policy_type: PolicyType, invalid: Invalid) {
        let accounts = self.invalid.entry(policy_type).or_default();
        if invalid.errors.is_empty() {
            accounts.remove(&account);
        } else {
            accounts.insert(account, invalid);
        }
    }
}

impl From<ValidationError> for InvalidPolicy {
    fn from(it: ValidationError) -> Self {
        Self { code: it.code, message: it.message, path: it.path, policies: it.policies }
    }
}
