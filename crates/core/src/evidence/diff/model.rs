//! `optout.diff/1`: the form for machines.

use jiff::Timestamp;
use serde::Serialize;

use crate::check::Decision;
use crate::org::AccountId;

/// The name of the form.
pub const FORMAT: &str = "optout.diff/1";

/// What changed between two readings.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Diff {
    /// Always `optout.diff/1`.
    pub format: String,
    /// The organization.
    pub organization: Option<String>,
    /// The time both are judged by.
    #[cfg_attr(test, schemars(with = "String"))]
    pub at: Timestamp,
    /// The first reading.
    pub before: Side,
    /// The second one.
    pub after: Side,
    /// What changed in the organization.
    pub changes: Vec<Change>,
    /// What that changed for whom.
    pub verdicts: Vec<VerdictChange>,
    /// What could not be compared.
    pub incomparable: Vec<Incomparable>,
}

impl Diff {
    /// 2 where there are changes; 3 where there are none as far as could be compared.
    #[must_use]
    pub const fn decision(&self) -> Decision {
        if !self.changes.is_empty() || !self.verdicts.is_empty() {
            Decision::Fails
        } else if self.incomparable.is_empty() {
            Decision::Holds
        } else {
            Decision::Undetermined
        }
    }
}

/// One reading.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Side {
    /// Where it came from, in words.
    pub source: String,
    /// When it began.
    #[cfg_attr(test, schemars(with = "String"))]
    pub taken: Timestamp,
}

/// The kinds of change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub enum Kind {
    /// All features were switched on, or an organization came or went.
    Organization,
    /// The status of the policy type.
    PolicyType,
    /// An account that was not there before; `after` is its unit.
    AccountJoined,
    /// An account that is not there any more; `before` is its unit.
    AccountLeft,
    /// An account in another unit.
    AccountMoved,
    /// An account with another name.
    AccountRenamed,
    /// An account in another state.
    AccountState,
    /// AWS lists its effective policy as invalid, or does so no more.
    AccountInvalid,
    /// A new unit; `after` is the one it is in.
    UnitCreated,
    /// A unit that is gone.
    UnitDeleted,
    /// A unit in another one.
    UnitMoved,
    /// A unit with another name.
    UnitRenamed,
    /// A new policy.
    PolicyCreated,
    /// A policy that is gone.
    PolicyDeleted,
    /// A policy with another name.
    PolicyRenamed,
    /// A policy with another document.
    PolicyChanged,
    /// A policy with another description.
    PolicyDescribed,
    /// A policy with other tags.
    PolicyTagged,
    /// A policy attached at `target`.
    Attached,
    /// A policy detached from `target`.
    Detached,
    /// A policy attached anew at `target`, so that the order there may be another.
    Reattached,
    /// A delegated administrator that came, went, or administers other services.
    Delegate,
    /// The resource policy.
    ResourcePolicy,
}

/// One change.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Change {
    /// `c1`, `c2`, …: how verdicts name it.
    pub id: String,
    /// What changed.
    pub kind: Kind,
    /// The account, unit, policy or organization.
    pub subject: String,
    /// Its name.
    pub name: String,
    /// Where a policy was attached or detached.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// What was there before.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub before: Option<String>,
    /// What is there now.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub after: Option<String>,
    /// What changed in a document, as a unified diff.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub diff: Option<String>,
}

/// Accounts for which the same changed for the same reasons.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct VerdictChange {
    /// The accounts, by id.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub accounts: Vec<AccountId>,
    /// Before; `null` for accounts that joined.
    pub before: Option<Standing>,
    /// After; `null` for accounts that left.
    pub after: Option<Standing>,
    /// The services for which something changed; none for accounts that joined or left.
    pub services: Vec<ServiceChange>,
    /// Which changes explain it.
    pub because: Vec<Because>,
}

/// How an account stands.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Standing {
    /// The verdict.
    pub verdict: String,
    /// The lock.
    pub lock: String,
    /// Whose answer the verdict rests on.
    pub basis: String,
}

/// What changed for a service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct ServiceChange {
    /// Its key, or `default`.
    pub service: String,
    /// `verdict` or `lock`.
    pub what: &'static str,
    /// Before: the word, `absent` where nothing names the service.
    pub before: String,
    /// After.
    pub after: String,
}

/// Why something changed.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Because {
    /// What changed: `verdict`, `lock`, a service's key, or a key and ` lock`.
    pub what: Vec<String>,
    /// Each of these changes alone leads to it.
    pub alone: Vec<String>,
    /// No change alone leads to it: these are needed together.
    pub together: Vec<String>,
    /// No change of policies or places leads to it; why then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub otherwise: Option<String>,
}

/// Something that could not be compared.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Incomparable {
    /// The part of the snapshot.
    pub part: String,
    /// On which side it was not read, or not wholly: `before`, `after`, `both`.
    pub unread: String,
}
