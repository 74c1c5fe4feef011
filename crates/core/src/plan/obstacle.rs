//! What keeps an intent from being reached without touching what belongs to others, and the option that mends it.

use serde::{Deserialize, Serialize};

use crate::org::{AccountId, PolicyId};

/// Something in the way.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Obstacle {
    /// What kind of thing.
    pub kind: ObstacleKind,
    /// What is wrong, in a sentence without full stop.
    pub message: String,
    /// What to do about it.
    pub help: String,
    /// The policies of others that are in the way.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub policies: Vec<PolicyId>,
    /// The target it happens at, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// The services concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub services: Vec<String>,
    /// The accounts concerned.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub accounts: Vec<AccountId>,
}

/// The kinds of obstacles.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum ObstacleKind {
    /// The account is in no organization.
    NoOrganization,
    /// The organization has consolidated billing only.
    ConsolidatedBilling,
    /// The partition does not have this policy type.
    NoPolicyType,
    /// A policy of others decides a setting otherwise.
    OtherPolicyDecides,
    /// A policy of others forbids what an exception needs.
    OtherPolicyLocks,
    /// Which of several policies at one target was attached first is not known, and decides.
    OrderUnknown,
    /// A setting would not be what the intent says, for a reason that is not a single policy of others.
    SettingDiffers,
    /// Something below could still change what the intent locks.
    HoleRemains,
    /// A policy of others has the name.
    NameTaken,
    /// A target has no room for another policy.
    TargetFull,
    /// The organization has no room for another policy.
    OrganizationFull,
    /// AWS lists the effective policy of accounts as invalid.
    InvalidEffectivePolicy,
    /// AWS would refuse a step.
    StepRefused,
}

impl Obstacle {
    /// An obstacle of a kind with its remedy.
    pub(super) fn new(kind: ObstacleKind, message: impl Into<String>, help: impl Into<String>) -> Self {
        let (policies, services, accounts) = (Vec::new(), Vec::new(), Vec::new());
        Self { kind, message: message.into(), help: help.into(), policies, target: None, services, accounts }
    }

    /// The account is in no organization.
    pub(super) fn no_organization() -> Self {
        let help = "`--create-organization` creates one with this account as its management account; creating one is free of charge, the management account cannot be changed later";
        Self::new(
            ObstacleKind::NoOrganization,
            "the account is in no organization, and only there such policies exist",
            help,
        )
    }

    /// All features are off.
    pub(super) fn consolidated_billing() -> Self {
        let help = "`aws organizations enable-all-features` begins the change: it cannot be taken back, and every invited account must agree to its handshake within 90 days; then plan again";
        let message = "the organization has consolidated billing only; policies need all features";
        Self::new(ObstacleKind::ConsolidatedBilling, message, help)
    }

    /// There is no such policy type.
    pub(super) fn no_policy_type(partition: &str) -> Self {
        let message = format!("the partition `{partition}` has no AI services opt-out policies");
        Self::new(ObstacleKind::NoPolicyType, message, "nothing can be done there with Organizations")
    }

    /// How to mend what policies of others do.
    pub(super) fn mend(policies: &[PolicyId]) -> String {
        let flags = |flag: &str| policies.iter().map(|id| format!("{flag} {id}")).collect::<Vec<_>>().join(" ");
        if policies.is_empty() {
            return "look at the policies on the way with `optout explain`".to_owned();
        }
        format!("`{}` takes over, `{}` detaches without deleting", flags("--adopt"), flags("--prune"))
    }
}
