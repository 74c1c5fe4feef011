//! Policies as AWS Organizations stores them, their types and attachments.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::{PolicyId, TargetId};

macro_rules! policy_types {
    ($($(#[$doc:meta])* $name:ident = $text:literal,)*) => {
        /// The type of a policy. Source: botocore 1.44.5, `PolicyType`.
        #[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum PolicyType {
            $($(#[$doc])* $name,)*
            /// A type this program does not know.
            Other(Arc<str>),
        }

        impl PolicyType {
            /// Every type this program knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$name),*];

            /// The text AWS uses.
            #[must_use]
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$name => $text,)*
                    Self::Other(text) => text,
                }
            }
        }

        impl FromStr for PolicyType {
            type Err = std::convert::Infallible;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                Ok(match text {
                    $($text => Self::$name,)*
                    other => Self::Other(other.into()),
                })
            }
        }
    };
}

policy_types! {
    /// Service control policies.
    ServiceControl = "SERVICE_CONTROL_POLICY",
    /// Resource control policies.
    ResourceControl = "RESOURCE_CONTROL_POLICY",
    /// Tag policies.
    Tag = "TAG_POLICY",
    /// Backup policies.
    Backup = "BACKUP_POLICY",
    /// AI services opt-out policies, what this program is about.
    AiOptOut = "AISERVICES_OPT_OUT_POLICY",
    /// Chat applications policies.
    Chatbot = "CHATBOT_POLICY",
    /// Declarative policies for EC2.
    DeclarativeEc2 = "DECLARATIVE_POLICY_EC2",
    /// Security Hub policies.
    SecurityHub = "SECURITYHUB_POLICY",
    /// Security Hub CSPM policies.
    SecurityHubCspm = "SECURITYHUB_CSPM_POLICY",
    /// Amazon Inspector policies.
    Inspector = "INSPECTOR_POLICY",
    /// Upgrade rollout policies.
    UpgradeRollout = "UPGRADE_ROLLOUT_POLICY",
    /// Amazon Bedrock policies.
    Bedrock = "BEDROCK_POLICY",
    /// Amazon S3 policies.
    S3 = "S3_POLICY",
    /// Network security director policies.
    NetworkSecurityDirector = "NETWORK_SECURITY_DIRECTOR_POLICY",
    /// Amazon GuardDuty policies.
    GuardDuty = "GUARDDUTY_POLICY",
}

impl fmt::Display for PolicyType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for PolicyType {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for PolicyType {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

/// Whether a policy type is on for a root. Source: botocore 1.44.5, `PolicyTypeStatus`; a type that is off is absent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum PolicyTypeState {
    /// On.
    Enabled,
    /// Being switched on.
    PendingEnable,
    /// Being switched off.
    PendingDisable,
    /// A status this program does not know.
    Other(String),
}

impl PolicyTypeState {
    /// The state of the text AWS uses.
    #[must_use]
    pub fn of(text: &str) -> Self {
        match text {
            "ENABLED" => Self::Enabled,
            "PENDING_ENABLE" => Self::PendingEnable,
            "PENDING_DISABLE" => Self::PendingDisable,
            other => Self::Other(other.to_owned()),
        }
    }

    /// The text AWS uses.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Enabled => "ENABLED",
            Self::PendingEnable => "PENDING_ENABLE",
            Self::PendingDisable => "PENDING_DISABLE",
            Self::Other(text) => text,
        }
    }
}

/// A policy type that a root lists, with its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PolicyTypeStatus {
    /// The type.
    pub policy_type: PolicyType,
    /// Its status.
    pub state: PolicyTypeState,
}

/// A policy, attached or not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// Its id.
    pub id: PolicyId,
    /// Its name: any text.
    pub name: String,
    /// Its description: any text, often empty.
    pub description: String,
    /// Its type.
    pub policy_type: PolicyType,
    /// Whether AWS owns it.
    pub aws_managed: bool,
    /// The document, byte for byte as stored; `None` where it could not be read.
    pub content: Option<Arc<str>>,
    /// Its tags; `None` where they were not read.
    pub tags: Option<BTreeMap<String, String>>,
}

/// A policy with the targets it is attached to, for types whose policies are not merged here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AttachedPolicy {
    /// The policy.
    pub policy: Policy,
    /// Where it is attached; `None` where that was not read, as with the policies that AWS owns: those are attached
    /// nearly everywhere and deny nothing.
    pub targets: Option<Vec<TargetId>>,
}

/// A policy at a target.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attachment {
    /// The policy.
    pub policy: PolicyId,
    /// When it was attached, where recorded AttachPolicy events tell; no Organizations API returns it.
    pub attached: Option<AttachTime>,
}

/// What recorded events tell of the time at which a policy was attached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AttachTime {
    /// It was attached then. CloudTrail records whole seconds.
    At(Timestamp),
    /// It was attached before then, at whatever time: every later attachment is known, and this is none of them.
    Before(Timestamp),
}

impl AttachTime {
    /// The time, where it is known.
    #[must_use]
    pub const fn at(self) -> Option<Timestamp> {
        match self {
            Self::At(time) => Some(time),
            Self::Before(_) => None,
        }
    }

    /// Whether this is certainly the earlier one of two: events within one second have no order.
    #[must_use]
    pub fn is_before(self, other: Self) -> bool {
        match (self, other) {
            (Self::At(left) | Self::Before(left), Self::At(right)) => left.as_second() < right.as_second(),
            (_, Self::Before(_)) => false,
        }
    }
}
