//! What an event can have changed, so that only that is read again: one table from events to parts.
//!
//! Sources: what each call changes is its page in the API reference of AWS Organizations
//! (<https://docs.aws.amazon.com/organizations/latest/APIReference/API_Operations.html>); the names of events are those of
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html>, read 2026-11-24.

use std::collections::BTreeSet;

use optout_core::org::{AccountId, PolicyId, PolicyType, Snapshot, TargetId, UnitId};
use optout_core::trail::{Change, Event};
use serde::{Deserialize, Serialize};

/// Parts of an organization that may have changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Touched {
    /// The policy types of the root, every policy and every attachment: a type was switched on or off.
    pub types: bool,
    /// Root, units and accounts as a whole: an event does not say which account it is about.
    pub structure: bool,
    /// Policies: their documents.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub policies: BTreeSet<PolicyId>,
    /// Targets: which policies are attached there.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub targets: BTreeSet<TargetId>,
    /// Accounts: whether they are there, where, in what state.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub accounts: BTreeSet<AccountId>,
    /// Units: whether they are there, where, called what.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub units: BTreeSet<UnitId>,
    /// Accounts whose effective policy became invalid or valid.
    #[serde(skip_serializing_if = "BTreeSet::is_empty")]
    pub invalid: BTreeSet<AccountId>,
    /// The delegated administrators.
    pub delegates: bool,
    /// The resource policy.
    pub resource_policy: bool,
    /// Everything: only a full read can tell.
    pub everything: bool,
}

impl Touched {
    /// What `event` can have changed of what a monitor reads; `known` tells which policies there were. Nothing, where it
    /// is about a policy of another type.
    #[must_use]
    pub fn by(event: &Event, known: Option<&Snapshot>) -> Self {
        let none = Self::default();
        let policy_type = |id: &PolicyId| Some(known?.policy(id)?.policy_type.clone());
        let other = |id: &PolicyId| policy_type(id).is_some_and(|it| it != PolicyType::AiOptOut);
        match &event.change {
            Change::CreatePolicy { policy, policy_type: PolicyType::AiOptOut, .. } => Self::policy(policy),
            Change::CreatePolicy { .. } => none,
            Change::UpdatePolicy { policy, policy_type: told, .. } => {
                let other = told.as_ref().map_or_else(|| other(policy), |told| *told != PolicyType::AiOptOut);
                if other { none } else { Self::policy(policy) }
            }
            // One that was never seen takes nothing away.
            Change::DeletePolicy { policy } if policy_type(policy) == Some(PolicyType::AiOptOut) => {
                Self::policy(policy)
            }
            Change::DeletePolicy { .. } => none,
            Change::AttachPolicy { policy, target } | Change::DetachPolicy { policy, target } => {
                if other(policy) || is_of_aws(policy) { none } else { Self::target(target) }
            }
            Change::EnablePolicyType { policy_type, .. } | Change::DisablePolicyType { policy_type, .. } => {
                Self { types: *policy_type == PolicyType::AiOptOut, ..none }
            }
            Change::PutResourcePolicy | Change::DeleteResourcePolicy => Self { resource_policy: true, ..none },
            Change::RegisterDelegate { .. } | Change::DeregisterDelegate { .. } => Self { delegates: true, ..none },
            Change::MoveAccount { account, .. }
            | Change::RemoveAccount { account }
            | Change::CloseAccount { account }
            | Change::AccountClosed { account } => Self { accounts: BTreeSet::from([*account]), ..none },
            Change::AccountCreated { account } => Self::joined(Some(*account)),
            Change::AcceptInvitation { account } | Change::AccountJoined { account, .. } => Self::joined(*account),
            Change::LeaveOrganization { account } | Change::AccountDeparted { account, .. } => match account {
                Some(account) => Self { accounts: BTreeSet::from([*account]), ..none },
                None => Self { structure: true, ..none },
            },
            Change::CreateUnit { unit, .. } | Change::RenameUnit { unit, .. } | Change::DeleteUnit { unit } => {
                Self { units: BTreeSet::from([unit.clone()]), ..none }
            }
            Change::EffectivePolicy { account, policy_type: PolicyType::AiOptOut, .. } => {
                Self { invalid: BTreeSet::from([*account]), ..none }
            }
            Change::EffectivePolicy { .. } => none,
            Change::Organization => Self { everything: true, ..none },
            // Nothing is there yet; what comes of it has an event of its own.
            Change::CreateAccount | Change::InviteAccount { .. } => none,
            // A monitor does not read tags.
            Change::TagPolicy { .. } | Change::UntagPolicy { .. } => none,
        }
    }

    fn policy(policy: &PolicyId) -> Self {
        Self { policies: BTreeSet::from([policy.clone()]), ..Self::default() }
    }

    fn target(target: &TargetId) -> Self {
        Self { targets: BTreeSet::from([target.clone()]), ..Self::default() }
    }

    /// An account that came may bring attachments that an earlier event told of before it was known.
    fn joined(account: Option<AccountId>) -> Self {
        match account {
            Some(account) => Self { accounts: BTreeSet::from([account]), ..Self::target(&TargetId::Account(account)) },
            None => Self { structure: true, ..Self::default() },
        }
    }

    /// Whether nothing was.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// Both together.
    pub fn add(&mut self, other: &Self) {
        self.types |= other.types;
        self.structure |= other.structure;
        self.policies.extend(other.policies.iter().cloned());
        self.targets.extend(other.targets.iter().cloned());
        self.accounts.extend(&other.accounts);
        self.units.extend(other.units.iter().cloned());
        self.invalid.extend(&other.invalid);
        self.delegates |= other.delegates;
        self.resource_policy |= other.resource_policy;
        self.everything |= other.everything;
    }
}

/// The policies that AWS made itself are of other types.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_available-policies.html>, read
/// 2026-11-24.
fn is_of_aws(policy: &PolicyId) -> bool {
    matches!(policy.as_str(), "p-FullAWSAccess" | "p-RCPFullAWSAccess")
}
