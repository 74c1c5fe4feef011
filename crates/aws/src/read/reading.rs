//! A reading that may be under way: what was read so far, stage by stage, and when each began.
//!
//! A reading that was stopped goes on from here: stages that were finished are taken over as they were read, a list of
//! policies is gone on with policy by policy, and AWS's own answers question by question. What does not fit together any
//! more, since it changed in between, is found and read again as in a reading that was never stopped.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use optout_core::org::{EvidenceMode, Part, Policy, PolicyId, PolicyType, Snapshot, TargetId, Unread, UnreadReason};
use serde::{Deserialize, Serialize};

use super::policies::Policies;
use super::structure::Structure;

/// What is read as one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Root, units and accounts.
    Structure,
    /// Policies with documents and attachments, and those of other types that pretend.
    Policies,
    /// The invalid effective policies.
    Invalid,
    /// The delegated administrators.
    Delegates,
    /// The resource policy.
    ResourcePolicy,
    /// AWS's own answers.
    Answers,
}

/// A reading of an organization, finished or stopped.
#[derive(Debug, Clone, PartialEq)]
pub struct Reading {
    /// What was read; what was stopped is unread there.
    pub snapshot: Snapshot,
    /// When each stage began.
    pub began: BTreeMap<Stage, Timestamp>,
    /// The stages that were read to their end.
    pub finished: BTreeSet<Stage>,
    /// The policies of which everything was read.
    pub policies: BTreeSet<PolicyId>,
    /// Whether nothing was stopped.
    pub complete: bool,
}

impl Reading {
    pub(super) fn of(snapshot: Snapshot) -> Self {
        Self { snapshot, began: BTreeMap::new(), finished: BTreeSet::new(), policies: BTreeSet::new(), complete: false }
    }

    /// How much there is: stages, policies and answers. A reading that goes on and has no more than before will not end.
    #[must_use]
    pub fn extent(&self) -> usize {
        self.finished.len() + self.policies.len() + self.snapshot.answers.len()
    }

    /// Whether a reading as `now` began is one of the same organization by the same account.
    pub(super) fn continues(&self, now: &Snapshot, evidence: EvidenceMode) -> bool {
        let (was, is) = (&self.snapshot, now);
        let organization = was.organization().map(|it| &it.id) == is.organization().map(|it| &it.id);
        let caller = was.caller.as_ref().map(|it| it.account) == is.caller.as_ref().map(|it| it.account);
        organization && was.organization().is_some() && caller && was.evidence == evidence
    }

    pub(super) fn unread(&self, parts: &[Part]) -> Vec<Unread> {
        self.snapshot.unread.iter().filter(|unread| parts.contains(&unread.part)).cloned().collect()
    }

    fn has(&self, stage: Stage) -> bool {
        self.finished.contains(&stage)
    }

    /// What an earlier part of the reading has to say of a stage; `None` where it is to be read now.
    pub(super) fn finished(earlier: Option<&Self>, stage: Stage) -> Option<&Self> {
        earlier.filter(|earlier| earlier.has(stage))
    }

    pub(super) fn structure(&self) -> Structure {
        Structure {
            root: self.snapshot.root.clone(),
            units: self.snapshot.units.clone(),
            accounts: self.snapshot.accounts.clone(),
            unread: self.unread(&[Part::Root, Part::Units, Part::Accounts]),
            is_partial: false,
        }
    }

    /// The opt-out policies, and those of other types.
    pub(super) fn policies(&self) -> (Policies, Vec<Policy>) {
        let all = self.snapshot.policies.clone();
        let is_ours = |policy: &Policy| policy.policy_type == PolicyType::AiOptOut;
        let strays = all.iter().flatten().filter(|policy| !is_ours(policy)).cloned().collect();
        let policies = Policies {
            policies: all.map(|list| list.into_iter().filter(is_ours).collect()),
            attachments: self.snapshot.attachments.clone(),
            unread: self.unread(&[Part::Policies, Part::PolicyContent, Part::Attachments, Part::PolicyTags]),
            whole: self.policies.clone(),
        };
        (policies, strays)
    }

    /// The policies of which everything was read, each with its targets.
    pub(super) fn whole_policies(&self) -> BTreeMap<PolicyId, (Policy, Vec<TargetId>)> {
        let attachments = self.snapshot.attachments.iter().flatten();
        let attached =
            |policy: &PolicyId, list: &[optout_core::org::Attachment]| list.iter().any(|it| it.policy == *policy);
        let targets = |policy: &PolicyId| {
            attachments.clone().filter(|(_, list)| attached(policy, list)).map(|(target, _)| target.clone()).collect()
        };
        let policies = self.snapshot.policies.iter().flatten().filter(|policy| self.policies.contains(&policy.id));
        policies.map(|policy| (policy.id.clone(), (policy.clone(), targets(&policy.id)))).collect()
    }

    /// The accounts that were found to be gone when they were asked for.
    pub(super) fn gone(&self) -> Vec<Unread> {
        let gone = |it: &Unread| it.part == Part::EffectivePolicy && it.reason == UnreadReason::Changed;
        self.snapshot.unread.iter().filter(|unread| gone(unread)).cloned().collect()
    }
}
