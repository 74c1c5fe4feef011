//! Everything that was read of an organization, as one value, with what could not be read and why.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::{
    Account, AccountId, AttachedPolicy, Attachment, OrganizationId, Policy, PolicyId, PolicyType, PolicyTypeState,
    PolicyTypeStatus, RootId, TargetId, UnitId, Unread,
};

/// An organization as it was read at one time.
///
/// A part that is `None` was not read; [`Snapshot::unread`] says why. What is `Some` is complete, except for what
/// `unread` names.
#[derive(Debug, Clone, PartialEq)]
pub struct Snapshot {
    /// When the reading began.
    pub taken: Timestamp,
    /// The version of the program that read it.
    pub tool_version: String,
    /// The partition it was read in.
    pub partition: Partition,
    /// Who read it; `None` for snapshots written by hand or where AWS would not say.
    pub caller: Option<Caller>,
    /// What the reader could see.
    pub scope: Scope,
    /// How AWS was asked for effective policies.
    pub evidence: EvidenceMode,
    /// The organization the caller belongs to, if to any.
    pub membership: Option<Membership>,
    /// The root.
    pub root: Option<Root>,
    /// Every organizational unit.
    pub units: Option<Vec<Unit>>,
    /// Every account, ordered by id.
    pub accounts: Option<Vec<Account>>,
    /// Every AI services opt-out policy, and those of other types that look like one; ordered by id.
    pub policies: Option<Vec<Policy>>,
    /// Where the AI services opt-out policies are attached. A target that is absent has none.
    pub attachments: Option<BTreeMap<TargetId, Vec<Attachment>>>,
    /// AWS's own answers: the effective policy of an account, where AWS was asked.
    pub answers: BTreeMap<AccountId, Answer>,
    /// Accounts whose effective policy AWS lists as invalid (they keep the last valid one).
    pub invalid: Option<BTreeMap<AccountId, Vec<InvalidPolicy>>>,
    /// Delegated administrators.
    pub delegates: Option<Vec<Delegate>>,
    /// The organization's resource policy (`Some(None)`: there is none).
    pub resource_policy: Option<Option<Arc<str>>>,
    /// The services that may act in the organization (trusted access), by their service principals, in order. Read only
    /// where advice was asked for.
    pub trusted_services: Option<Vec<String>>,
    /// The names of its service control policies, in order: other people's text. Read only where advice was asked for.
    pub control_policies: Option<Vec<String>>,
    /// Service control policies, ordered by id; `None` where they were not asked for or could not be listed.
    pub service_control_policies: Option<Vec<AttachedPolicy>>,
    /// What could not be read.
    pub unread: Vec<Unread>,
}

impl Snapshot {
    /// A snapshot in which nothing was read yet.
    #[must_use]
    pub fn empty(taken: Timestamp, tool_version: impl Into<String>, partition: Partition) -> Self {
        Self {
            taken,
            tool_version: tool_version.into(),
            partition,
            caller: None,
            scope: Scope::Organization,
            evidence: EvidenceMode::None,
            membership: None,
            root: None,
            units: None,
            accounts: None,
            policies: None,
            attachments: None,
            answers: BTreeMap::new(),
            invalid: None,
            delegates: None,
            resource_policy: None,
            trusted_services: None,
            control_policies: None,
            service_control_policies: None,
            unread: Vec::new(),
        }
    }

    /// The organization, where the caller is in one and could read it.
    #[must_use]
    pub fn organization(&self) -> Option<&Organization> {
        match &self.membership {
            Some(Membership::Member(organization)) => Some(organization),
            Some(Membership::None) | None => None,
        }
    }

    /// The status of the AI services opt-out policy type: `None` unread, `Some(None)` off.
    #[must_use]
    pub fn policy_type_state(&self) -> Option<Option<&PolicyTypeState>> {
        let types = &self.root.as_ref()?.policy_types;
        Some(types.iter().find(|status| status.policy_type == PolicyType::AiOptOut).map(|status| &status.state))
    }

    /// The policy of this id, where it was read.
    #[must_use]
    pub fn policy(&self, id: &PolicyId) -> Option<&Policy> {
        self.policies.as_ref()?.iter().find(|policy| policy.id == *id)
    }
}

/// An AWS partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Partition {
    /// `aws`, the only one with this policy type.
    Aws,
    /// `aws-us-gov`.
    GovCloud,
    /// `aws-cn`.
    China,
    /// Another one.
    Other(String),
}

impl Partition {
    /// The partition of its name in ARNs.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match text {
            "aws" => Self::Aws,
            "aws-us-gov" => Self::GovCloud,
            "aws-cn" => Self::China,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Its name in ARNs.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Aws => "aws",
            Self::GovCloud => "aws-us-gov",
            Self::China => "aws-cn",
            Self::Other(text) => text,
        }
    }

    /// Whether AI services opt-out policies exist there: `Some(false)` where AWS documents that they do not.
    ///
    /// Sources: <https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-organizations.html>,
    /// <https://docs.amazonaws.cn/en_us/aws/latest/userguide/organizations.html>, read 2026-11-23.
    #[must_use]
    pub fn has_policy_type(&self) -> Option<bool> {
        match self {
            Self::Aws => Some(true),
            Self::GovCloud | Self::China => Some(false),
            Self::Other(_) => None,
        }
    }
}

/// Who read the organization: never a secret, never a session name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Caller {
    /// The account.
    pub account: AccountId,
    /// The kind of principal, as in its ARN: `root`, `user`, `assumed-role`, `federated-user`.
    pub principal: String,
}

/// What a snapshot speaks about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// The whole organization.
    Organization,
    /// The caller's own account: it may ask for nothing else.
    Account(AccountId),
}

/// How AWS was asked for effective policies.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceMode {
    /// For every account.
    All,
    /// For one account of each chain.
    Chain,
    /// Not at all.
    None,
}

impl EvidenceMode {
    /// The word used in files and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::All => "all",
            Self::Chain => "chain",
            Self::None => "none",
        }
    }
}

/// Whether the caller is in an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Membership {
    /// AWS answered that it is in none.
    None,
    /// It is in this one.
    Member(Organization),
}

/// The organization itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Organization {
    /// Its id.
    pub id: OrganizationId,
    /// Its management account.
    pub management_account: AccountId,
    /// Whether all features are on; without them there are no policies.
    pub all_features: bool,
}

/// The root.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Root {
    /// Its id.
    pub id: RootId,
    /// Its name.
    pub name: String,
    /// The policy types that are on or changing; one that is off is absent.
    pub policy_types: Vec<PolicyTypeStatus>,
}

/// An organizational unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unit {
    /// Its id.
    pub id: UnitId,
    /// Its name: any text.
    pub name: String,
    /// The root or unit it is in.
    pub parent: TargetId,
}

/// AWS's answer to DescribeEffectivePolicy for one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// What it said.
    pub content: AnswerContent,
    /// `LastUpdatedTimestamp`: shown, never trusted as a sign of change.
    pub last_updated: Option<Timestamp>,
    /// When it was asked.
    pub asked: Timestamp,
}

/// What DescribeEffectivePolicy said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum AnswerContent {
    /// `PolicyContent`, as it came.
    Document(Arc<str>),
    /// `EffectivePolicyNotFoundException`: the type is off, or the account has no such policy.
    NotFound,
}

/// One reason why AWS holds an account's effective policy invalid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct InvalidPolicy {
    /// AWS's code, like `ELEMENTS_TOO_MANY`.
    pub code: String,
    /// AWS's message.
    pub message: String,
    /// The place in the effective document.
    pub path: String,
    /// The policies that contributed.
    pub policies: Vec<String>,
}

/// A delegated administrator.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delegate {
    /// The account.
    pub account: AccountId,
    /// The service principals it administers; `None` where they were not read.
    pub services: Option<Vec<String>>,
}
