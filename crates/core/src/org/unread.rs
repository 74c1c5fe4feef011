//! What could not be read of an organization: which part, and why.

use serde::{Deserialize, Serialize};

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unread {
    /// Which part of the snapshot.
    pub part: Part,
    /// Which account, policy or target, where only some could not be read.
    pub subject: Option<String>,
    /// The API operation that was tried.
    pub operation: String,
    /// Why.
    pub reason: UnreadReason,
    /// The IAM action that would be needed, like `organizations:ListAccounts`.
    pub permission: Option<String>,
    /// AWS's own words, with the request id where there was one.
    pub detail: String,
}

/// The parts of a snapshot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Part {
    /// Who the caller is.
    Caller,
    /// The organization.
    Organization,
    /// The root and its policy types.
    Root,
    /// The organizational units.
    Units,
    /// The accounts.
    Accounts,
    /// The list of policies.
    Policies,
    /// The content of a policy.
    PolicyContent,
    /// The tags of a policy.
    PolicyTags,
    /// Where a policy is attached.
    Attachments,
    /// The effective policy of an account.
    EffectivePolicy,
    /// The accounts with an invalid effective policy.
    InvalidPolicies,
    /// The delegated administrators.
    Delegates,
    /// The resource policy.
    ResourcePolicy,
    /// The services with access to the organization.
    TrustedServices,
    /// The names of the service control policies.
    ControlPolicies,
    /// The service control policies.
    ServiceControlPolicies,
}

impl Part {
    /// The word used in files and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Caller => "caller",
            Self::Organization => "organization",
            Self::Root => "root",
            Self::Units => "units",
            Self::Accounts => "accounts",
            Self::Policies => "policies",
            Self::PolicyContent => "policy-content",
            Self::PolicyTags => "policy-tags",
            Self::Attachments => "attachments",
            Self::EffectivePolicy => "effective-policy",
            Self::InvalidPolicies => "invalid-policies",
            Self::Delegates => "delegates",
            Self::ResourcePolicy => "resource-policy",
            Self::TrustedServices => "trusted-services",
            Self::ControlPolicies => "control-policies",
            Self::ServiceControlPolicies => "service-control-policies",
        }
    }
}

/// Why something could not be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum UnreadReason {
    /// AWS denied it.
    AccessDenied,
    /// The endpoint does not know the operation.
    NotImplemented,
    /// It kept throttling until the deadline.
    Throttled,
    /// The endpoint failed or could not be reached.
    Failed,
    /// The answer could not be understood.
    Malformed,
    /// It was not to be read, or the reading was stopped.
    NotAsked,
    /// It lies outside the accounts and units that were named.
    OutOfView,
    /// It changed while it was being read.
    Changed,
}

impl UnreadReason {
    /// The word used in files and reports.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::AccessDenied => "access-denied",
            Self::NotImplemented => "not-implemented",
            Self::Throttled => "throttled",
            Self::Failed => "failed",
            Self::Malformed => "malformed",
            Self::NotAsked => "not-asked",
            Self::OutOfView => "out-of-view",
            Self::Changed => "changed",
        }
    }
}
