//! An event as this program understands it: who, when, from where, and what was changed.

use std::sync::Arc;

use jiff::Timestamp;

use super::Place;
use crate::org::{AccountId, PolicyId, PolicyType, RootId, TargetId, UnitId};

/// An event of AWS Organizations that succeeded and touches the opt-out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// CloudTrail's id of the event.
    pub id: String,
    /// When it was; CloudTrail records whole seconds.
    pub time: Timestamp,
    /// Its name, as CloudTrail has it.
    pub name: String,
    /// The account whose trail recorded it, which is the one that made the call.
    pub account: Option<AccountId>,
    /// The Region it was recorded in.
    pub region: Option<String>,
    /// Who did it.
    pub actor: Actor,
    /// The address or the service it came from: any text.
    pub source_ip: Option<String>,
    /// The program it came from: any text.
    pub user_agent: Option<String>,
    /// What was done.
    pub change: Change,
    /// Where it was read.
    pub origin: Origin,
}

/// Where an event was read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Origin {
    /// The file, or the service.
    pub name: Arc<str>,
    /// The number of the record, from 1.
    pub number: u64,
    /// Where the record begins.
    pub place: Place,
}

/// Who did something. Every text is as CloudTrail recorded it.
///
/// Source: <https://docs.aws.amazon.com/awscloudtrail/latest/userguide/cloudtrail-event-reference-user-identity.html>,
/// read 2026-11-24.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Actor {
    /// The kind of identity, like `IAMUser`, `AssumedRole`, `Root`; none for services.
    pub kind: Option<String>,
    /// The principal.
    pub arn: Option<String>,
    /// The account of the principal.
    pub account: Option<String>,
    /// The role whose session it was.
    pub role: Option<String>,
    /// The name of that session; with IAM Identity Center mostly the user's.
    pub session: Option<String>,
    /// The user of IAM Identity Center, where the session was one's.
    pub identity_center: Option<IdentityCenter>,
    /// The AWS service that acted.
    pub invoked_by: Option<String>,
}

/// What is known of a user of IAM Identity Center.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IdentityCenter {
    /// The id of the user, where the event names it (`onBehalfOf`).
    pub user: Option<String>,
    /// The permission set, where the role is one that IAM Identity Center made for it.
    pub permission_set: Option<String>,
}

/// What an event says of a document.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// Nothing: it stayed as it was.
    Unchanged,
    /// It was written, but the event does not show it.
    Hidden,
    /// It is this one.
    Text(Arc<str>),
}

/// What was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Change {
    /// A policy was created.
    CreatePolicy {
        /// Its id.
        policy: PolicyId,
        /// Its type.
        policy_type: PolicyType,
        /// Its name.
        name: String,
        /// Its document.
        content: Written,
    },
    /// A policy was changed.
    UpdatePolicy {
        /// Its id.
        policy: PolicyId,
        /// Its type, where the event says it.
        policy_type: Option<PolicyType>,
        /// Its new name.
        name: Option<String>,
        /// Its new document.
        content: Written,
    },
    /// A policy was deleted.
    DeletePolicy {
        /// Its id.
        policy: PolicyId,
    },
    /// A policy was attached.
    AttachPolicy {
        /// Its id.
        policy: PolicyId,
        /// Where.
        target: TargetId,
    },
    /// A policy was detached.
    DetachPolicy {
        /// Its id.
        policy: PolicyId,
        /// Where.
        target: TargetId,
    },
    /// Tags of a policy were set.
    TagPolicy {
        /// Its id.
        policy: PolicyId,
        /// Their keys.
        keys: Vec<String>,
    },
    /// Tags of a policy were removed.
    UntagPolicy {
        /// Its id.
        policy: PolicyId,
        /// Their keys.
        keys: Vec<String>,
    },
    /// A policy type was switched on.
    EnablePolicyType {
        /// For which root.
        root: RootId,
        /// Which.
        policy_type: PolicyType,
    },
    /// A policy type was switched off, which detaches every policy of it.
    DisablePolicyType {
        /// For which root.
        root: RootId,
        /// Which.
        policy_type: PolicyType,
    },
    /// The resource policy, which delegates the management of policies, was written. CloudTrail hides its text.
    PutResourcePolicy,
    /// The resource policy was deleted.
    DeleteResourcePolicy,
    /// An account became the delegated administrator of a service.
    RegisterDelegate {
        /// The account.
        account: AccountId,
        /// The service principal.
        service: String,
    },
    /// An account is no delegated administrator of a service any more.
    DeregisterDelegate {
        /// The account.
        account: AccountId,
        /// The service principal.
        service: String,
    },
    /// The creation of an account was asked for.
    CreateAccount,
    /// An account was created.
    AccountCreated {
        /// The account.
        account: AccountId,
    },
    /// An account was invited.
    InviteAccount {
        /// The account, where it was invited by its id and not by an e-mail address.
        account: Option<AccountId>,
    },
    /// An invitation was accepted.
    AcceptInvitation {
        /// The account that joined.
        account: Option<AccountId>,
    },
    /// An account joined, as AWS says itself.
    AccountJoined {
        /// The account, where the event names it.
        account: Option<AccountId>,
        /// `Created` or `Invited`, and whatever else the event says.
        details: String,
    },
    /// An account was moved.
    MoveAccount {
        /// The account.
        account: AccountId,
        /// From where.
        from: TargetId,
        /// To where.
        to: TargetId,
    },
    /// An account was removed.
    RemoveAccount {
        /// The account.
        account: AccountId,
    },
    /// An account left by itself.
    LeaveOrganization {
        /// The account: the one that made the call.
        account: Option<AccountId>,
    },
    /// An account departed, as AWS says itself.
    AccountDeparted {
        /// The account, where the event names it.
        account: Option<AccountId>,
        /// `Left`, `Removed` or `Cleaned`, and whatever else the event says.
        details: String,
    },
    /// The closing of an account was asked for.
    CloseAccount {
        /// The account.
        account: AccountId,
    },
    /// An account was closed.
    AccountClosed {
        /// The account.
        account: AccountId,
    },
    /// A unit was created.
    CreateUnit {
        /// Its id.
        unit: UnitId,
        /// In what.
        parent: TargetId,
        /// Its name.
        name: String,
    },
    /// A unit was renamed.
    RenameUnit {
        /// Its id.
        unit: UnitId,
        /// Its new name.
        name: Option<String>,
    },
    /// A unit was deleted.
    DeleteUnit {
        /// Its id.
        unit: UnitId,
    },
    /// AWS found the effective policy of an account invalid, or valid again.
    EffectivePolicy {
        /// The account.
        account: AccountId,
        /// Of which type.
        policy_type: PolicyType,
        /// Whether it is valid.
        valid: bool,
        /// What AWS says is wrong.
        errors: Vec<String>,
    },
    /// Something about the organization as a whole: created, deleted, all features enabled.
    Organization,
}

/// What an event is about, for choosing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Topic {
    /// Policies: created, changed, deleted, tagged.
    Policies,
    /// Attachments of policies.
    Attachments,
    /// The policy type switched on or off; the organization as a whole.
    PolicyType,
    /// Who else may manage policies.
    Delegation,
    /// Accounts that come, go and move.
    Accounts,
    /// Organizational units.
    Units,
    /// Effective policies that AWS found invalid or valid again.
    Validity,
}

impl Topic {
    /// Every one.
    pub const ALL: [Self; 7] = [
        Self::Policies,
        Self::Attachments,
        Self::PolicyType,
        Self::Delegation,
        Self::Accounts,
        Self::Units,
        Self::Validity,
    ];

    /// The word used in files and on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Policies => "policies",
            Self::Attachments => "attachments",
            Self::PolicyType => "policy-type",
            Self::Delegation => "delegation",
            Self::Accounts => "accounts",
            Self::Units => "units",
            Self::Validity => "validity",
        }
    }
}

impl Change {
    /// What it is about.
    #[must_use]
    pub const fn topic(&self) -> Topic {
        match self {
            Self::CreatePolicy { .. }
            | Self::UpdatePolicy { .. }
            | Self::DeletePolicy { .. }
            | Self::TagPolicy { .. }
            | Self::UntagPolicy { .. } => Topic::Policies,
            Self::AttachPolicy { .. } | Self::DetachPolicy { .. } => Topic::Attachments,
            Self::EnablePolicyType { .. } | Self::DisablePolicyType { .. } | Self::Organization => Topic::PolicyType,
            Self::PutResourcePolicy
            | Self::DeleteResourcePolicy
            | Self::RegisterDelegate { .. }
            | Self::DeregisterDelegate { .. } => Topic::Delegation,
            Self::CreateAccount
            | Self::AccountCreated { .. }
            | Self::InviteAccount { .. }
            | Self::AcceptInvitation { .. }
            | Self::AccountJoined { .. }
            | Self::MoveAccount { .. }
            | Self::RemoveAccount { .. }
            | Self::LeaveOrganization { .. }
            | Self::AccountDeparted { .. }
            | Self::CloseAccount { .. }
            | Self::AccountClosed { .. } => Topic::Accounts,
            Self::CreateUnit { .. } | Self::RenameUnit { .. } | Self::DeleteUnit { .. } => Topic::Units,
            Self::EffectivePolicy { .. } => Topic::Validity,
        }
    }

    /// The policy it is about.
    #[must_use]
    pub const fn policy(&self) -> Option<&PolicyId> {
        match self {
            Self::CreatePolicy { policy, .. }
            | Self::UpdatePolicy { policy, .. }
            | Self::DeletePolicy { policy }
            | Self::AttachPolicy { policy, .. }
            | Self::DetachPolicy { policy, .. }
            | Self::TagPolicy { policy, .. }
            | Self::UntagPolicy { policy, .. } => Some(policy),
            _ => None,
        }
    }

    /// The type of policy it names itself.
    #[must_use]
    pub const fn named_type(&self) -> Option<&PolicyType> {
        match self {
            Self::CreatePolicy { policy_type, .. }
            | Self::EnablePolicyType { policy_type, .. }
            | Self::DisablePolicyType { policy_type, .. }
            | Self::EffectivePolicy { policy_type, .. } => Some(policy_type),
            Self::UpdatePolicy { policy_type, .. } => policy_type.as_ref(),
            _ => None,
        }
    }

    /// The account it is about.
    #[must_use]
    pub const fn account(&self) -> Option<AccountId> {
        match self {
            Self::AttachPolicy { target: TargetId::Account(account), .. }
            | Self::DetachPolicy { target: TargetId::Account(account), .. }
            | Self::RegisterDelegate { account, .. }
            | Self::DeregisterDelegate { account, .. }
            | Self::AccountCreated { account }
            | Self::MoveAccount { account, .. }
            | Self::RemoveAccount { account }
            | Self::CloseAccount { account }
            | Self::AccountClosed { account }
            | Self::EffectivePolicy { account, .. } => Some(*account),
            Self::InviteAccount { account }
            | Self::AcceptInvitation { account }
            | Self::AccountJoined { account, .. }
            | Self::LeaveOrganization { account }
            | Self::AccountDeparted { account, .. } => *account,
            _ => None,
        }
    }
}
