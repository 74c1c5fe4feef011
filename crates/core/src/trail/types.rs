//! Of which type the policy of an event is: attaching and detaching name only its id.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Change, Event};
use crate::org::{Attachments, PolicyId, PolicyType, Snapshot};

/// The policies that AWS made itself, with their types.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_available-policies.html>, read
/// 2026-11-24.
const OF_AWS: [(&str, PolicyType); 2] =
    [("p-FullAWSAccess", PolicyType::ServiceControl), ("p-RCPFullAWSAccess", PolicyType::ResourceControl)];

/// What is known of the type of a policy.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum KnownType {
    /// It is this one.
    Is(PolicyType),
    /// No opt-out policy, unless its deletion is missing from the events: it is none of those that the organization has.
    NotListed,
    /// Nothing.
    Unknown,
}

impl KnownType {
    /// Whether it is an AI services opt-out policy.
    #[must_use]
    pub fn is_opt_out(&self) -> bool {
        *self == Self::Is(PolicyType::AiOptOut)
    }

    /// Whether it may be one.
    #[must_use]
    pub fn may_be_opt_out(&self) -> bool {
        self.is_opt_out() || *self == Self::Unknown
    }

    /// The type, or `unknown`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        match self {
            Self::Is(policy_type) => policy_type.as_str(),
            Self::NotListed | Self::Unknown => "unknown",
        }
    }
}

/// The types of policies, as a snapshot and the events themselves tell.
#[derive(Debug)]
pub struct Types {
    named: BTreeMap<PolicyId, PolicyType>,
    deleted: BTreeMap<PolicyId, Timestamp>,
    /// When every opt-out policy was listed, and which ones.
    listed: Option<(Timestamp, BTreeSet<PolicyId>)>,
}

impl Types {
    /// What the events and the snapshot tell.
    #[must_use]
    pub fn new(events: &[Event], snapshot: Option<&Snapshot>) -> Self {
        let mut types = Self { named: BTreeMap::new(), deleted: BTreeMap::new(), listed: None };
        types.named.extend(OF_AWS.into_iter().filter_map(|(id, policy_type)| Some((id.parse().ok()?, policy_type))));
        for event in events {
            if let (Some(policy), Some(policy_type)) = (event.change.policy(), event.change.named_type()) {
                types.named.insert(policy.clone(), policy_type.clone());
            }
            if let Change::DeletePolicy { policy } = &event.change {
                types.deleted.insert(policy.clone(), event.time);
            }
        }
        if let Some(snapshot) = snapshot {
            types.take(snapshot);
        }
        types
    }

    fn take(&mut self, snapshot: &Snapshot) {
        for policy in snapshot.policies.iter().flatten() {
            self.named.insert(policy.id.clone(), policy.policy_type.clone());
        }
        let complete = Attachments::of(snapshot).is_some();
        let ids =
            snapshot.policies.as_ref().filter(|_| complete).map(|policies| policies.iter().map(|it| it.id.clone()));
        self.listed = ids.map(|ids| (snapshot.taken, ids.collect()));
    }

    /// The type of a policy at the time of an event.
    #[must_use]
    pub fn of(&self, policy: &PolicyId, time: Timestamp) -> KnownType {
        if let Some(policy_type) = self.named.get(policy) {
            return KnownType::Is(policy_type.clone());
        }
        let gone = self.deleted.get(policy).is_some_and(|deleted| *deleted >= time);
        match &self.listed {
            Some((_, listed)) if !gone && !listed.contains(policy) => KnownType::NotListed,
            Some(_) | None => KnownType::Unknown,
        }
    }

    /// The type that an event is about; `None` where it is about no policy.
    #[must_use]
    pub fn of_event(&self, event: &Event) -> Option<KnownType> {
        let named = event.change.named_type().map(|policy_type| KnownType::Is(policy_type.clone()));
        named.or_else(|| event.change.policy().map(|policy| self.of(policy, event.time)))
    }
}
