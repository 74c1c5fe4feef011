//! What a plan needs to know of an organization, and what it says where that was not read.

use std::collections::{BTreeMap, BTreeSet};

use super::{MANAGED_TAG, Options};
use crate::org::{Membership, Part, Policy, PolicyId, PolicyType, Snapshot, TargetId, TreeError};

/// Why no plan can be made.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PlanError {
    /// Something a plan rests on was not read. Plans never guess.
    #[error("a plan needs what could not be read: {}", .0.iter().map(ToString::to_string).collect::<Vec<_>>().join(", "))]
    Unread(Vec<Missing>),
    /// The snapshot's units and accounts are no tree.
    #[error(transparent)]
    Tree(#[from] TreeError),
    /// A policy named in an option that is not there, or not an AI services opt-out policy.
    #[error("`{0}` is not an AI services opt-out policy of this organization")]
    UnknownPolicy(PolicyId),
    /// A policy named in an option that AWS owns.
    #[error("`{0}` belongs to AWS and cannot be taken over or detached")]
    AwsManaged(PolicyId),
    /// A policy to be taken over and detached at once.
    #[error("`{0}` cannot be both adopted and pruned")]
    AdoptedAndPruned(PolicyId),
}

impl PlanError {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Unread(_) => "give the reader the missing permissions (`optout generate iam-policy`) and read again",
            Self::Tree(_) => "take a new snapshot: the organization may have changed while it was read",
            Self::UnknownPolicy(_) => "`optout snapshot` lists the policies with their ids",
            Self::AwsManaged(_) => "leave it out",
            Self::AdoptedAndPruned(_) => "choose one: `--adopt` takes it over, `--prune` detaches it",
        }
    }
}

/// A part of the snapshot that is missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// The part.
    pub part: Part,
    /// Which policy or account, where only some are missing.
    pub subject: Option<String>,
}

impl std::fmt::Display for Missing {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.part.as_str())?;
        self.subject.as_ref().map_or(Ok(()), |subject| write!(f, " of {subject}"))
    }
}

/// Checks that everything a plan rests on was read.
pub(super) fn check_complete(snapshot: &Snapshot) -> Result<(), PlanError> {
    let mut missing = Vec::new();
    let mut need = |is_there: bool, part: Part| {
        if !is_there {
            missing.push(Missing { part, subject: None });
        }
    };
    need(snapshot.membership.is_some(), Part::Organization);
    if !matches!(snapshot.membership, Some(Membership::None)) {
        need(snapshot.root.is_some(), Part::Root);
        need(snapshot.units.is_some(), Part::Units);
        need(snapshot.accounts.is_some(), Part::Accounts);
        need(snapshot.policies.is_some(), Part::Policies);
        need(snapshot.attachments.is_some(), Part::Attachments);
    }
    missing.extend(unread_details(snapshot));
    if missing.is_empty() { Ok(()) } else { Err(PlanError::Unread(missing)) }
}

fn unread_details(snapshot: &Snapshot) -> Vec<Missing> {
    let policies = || snapshot.policies.iter().flatten().filter(|it| it.policy_type == PolicyType::AiOptOut);
    let of = |part: Part| move |policy: &Policy| Missing { part, subject: Some(policy.id.to_string()) };
    let contents = policies().filter(|it| it.content.is_none()).map(of(Part::PolicyContent));
    let tags = policies().filter(|it| it.tags.is_none()).map(of(Part::PolicyTags));
    let accounts = snapshot.accounts.iter().flatten().filter(|it| it.parent.is_none());
    let places = accounts.map(|it| Missing { part: Part::Accounts, subject: Some(it.id.to_string()) });
    let partly = [Part::Root, Part::Units, Part::Accounts, Part::Policies, Part::Attachments];
    let partly = snapshot.unread.iter().filter(|it| partly.contains(&it.part));
    let partly = partly.map(|it| Missing { part: it.part, subject: it.subject.clone() });
    contents.chain(tags).chain(places).chain(partly).collect()
}

/// Checks that the policies named in options can be meant.
pub(super) fn check_options(snapshot: &Snapshot, options: &Options) -> Result<(), PlanError> {
    for id in options.adopt.iter().chain(&options.prune) {
        let policy = snapshot.policy(id).filter(|it| it.policy_type == PolicyType::AiOptOut);
        let policy = policy.ok_or_else(|| PlanError::UnknownPolicy(id.clone()))?;
        if policy.aws_managed {
            return Err(PlanError::AwsManaged(id.clone()));
        }
    }
    options.adopt.intersection(&options.prune).next().map_or(Ok(()), |id| Err(PlanError::AdoptedAndPruned(id.clone())))
}

/// Whether a policy is ours to change.
pub(super) fn is_managed(policy: &Policy, options: &Options) -> bool {
    let tagged = policy.tags.as_ref().is_some_and(|tags| tags.contains_key(MANAGED_TAG.0));
    policy.policy_type == PolicyType::AiOptOut && !policy.aws_managed && (tagged || options.adopt.contains(&policy.id))
}

/// Where each policy is attached.
pub(super) fn targets_of(snapshot: &Snapshot) -> BTreeMap<PolicyId, BTreeSet<TargetId>> {
    let mut targets: BTreeMap<PolicyId, BTreeSet<TargetId>> = BTreeMap::new();
    for (target, attached) in snapshot.attachments.iter().flatten() {
        for attachment in attached {
            targets.entry(attachment.policy.clone()).or_default().insert(target.clone());
        }
    }
    targets
}
