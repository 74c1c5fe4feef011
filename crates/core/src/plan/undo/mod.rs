//! What a plan is about to change, as it was before: enough to go back to the same settings, attachments and locks.
//!
//! An undo remembers a state, not steps: the steps back are planned against the organization as it is then, so that
//! undoing may be interrupted and repeated like everything else. It never deletes an organization.

mod file;
mod steps;
#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub use file::{FORMAT, read_undo, write_undo};
pub use steps::{UndoError, Undone};

use super::{DataLoss, PlannedStep, PolicyRef, Step};
use crate::org::{AccountId, OrganizationId, PolicyId, PolicyTypeState, Snapshot, TargetId};

/// The tag by which a policy that an undo made again is known, with the id it had.
pub const RESTORED_TAG: &str = "optout:restored-from";

/// What was there before a plan, as far as the plan changes it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// When it was remembered.
    #[cfg_attr(test, schemars(with = "String"))]
    pub made: Timestamp,
    /// The version of the program that did.
    pub tool_version: String,
    /// The organization; `None` where the plan creates it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub organization: Option<OrganizationId>,
    /// The account that was to become the management account, where the plan creates the organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub management_account: Option<AccountId>,
    /// Whether the policy type was enabled.
    pub type_enabled: bool,
    /// The policies that the plan changes, detaches or deletes.
    pub policies: Vec<PolicyBefore>,
    /// The names of the policies that the plan creates.
    pub created: BTreeSet<String>,
    /// Services whose data the plan loses for good, with the number of accounts.
    pub lost: BTreeMap<String, usize>,
}

/// A policy as it was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct PolicyBefore {
    /// Its id, which cannot come back once it was deleted.
    #[cfg_attr(test, schemars(with = "String"))]
    pub id: PolicyId,
    /// Its name.
    pub name: String,
    /// Its description.
    pub description: String,
    /// Its document.
    pub content: String,
    /// Its tags.
    pub tags: BTreeMap<String, String>,
    /// Where it was attached.
    #[cfg_attr(test, schemars(with = "BTreeSet<String>"))]
    pub targets: BTreeSet<TargetId>,
    /// The keys of the tags that the plan sets.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub tagged: BTreeSet<String>,
}

impl Undo {
    /// Remembers what `steps` are about to change in `snapshot`, and what they lose for good.
    #[must_use]
    pub fn of(
        steps: &[PlannedStep],
        losses: &[DataLoss],
        snapshot: &Snapshot,
        made: Timestamp,
        tool_version: &str,
    ) -> Self {
        let organization = snapshot.organization().map(|it| it.id.clone());
        let caller = snapshot.caller.as_ref().map(|caller| caller.account);
        let targets = super::read::targets_of(snapshot);
        let before = |id: &PolicyId| policy_before(snapshot, id, &targets, steps);
        Self {
            made,
            tool_version: tool_version.to_owned(),
            management_account: caller.filter(|_| organization.is_none()),
            organization,
            type_enabled: snapshot.policy_type_state().flatten() == Some(&PolicyTypeState::Enabled),
            policies: steps
                .iter()
                .filter_map(concerned)
                .collect::<BTreeSet<_>>()
                .into_iter()
                .filter_map(before)
                .collect(),
            created: steps.iter().filter_map(created).collect(),
            lost: losses.iter().map(|loss| (loss.service.clone(), loss.accounts.len())).collect(),
        }
    }
}

/// The policy that is there already and that a step changes.
fn concerned(planned: &PlannedStep) -> Option<&PolicyId> {
    match &planned.step {
        Step::UpdatePolicy { policy, .. }
        | Step::TagResource { policy, .. }
        | Step::UntagResource { policy, .. }
        | Step::AttachPolicy { policy, .. }
        | Step::DetachPolicy { policy, .. }
        | Step::DeletePolicy { policy } => match policy {
            PolicyRef::Id(id) => Some(id),
            // One that the plan itself creates.
            PolicyRef::Name(_) => None,
        },
        Step::CreateOrganization {}
        | Step::EnablePolicyType { .. }
        | Step::DisablePolicyType { .. }
        | Step::CreatePolicy { .. } => None,
    }
}

fn created(planned: &PlannedStep) -> Option<String> {
    match &planned.step {
        Step::CreatePolicy { name, .. } => Some(name.clone()),
        _ => None,
    }
}

fn policy_before(
    snapshot: &Snapshot,
    id: &PolicyId,
    targets: &BTreeMap<PolicyId, BTreeSet<TargetId>>,
    steps: &[PlannedStep],
) -> Option<PolicyBefore> {
    let policy = snapshot.policy(id)?;
    let tagged = steps.iter().flat_map(|planned| match &planned.step {
        Step::TagResource { policy: PolicyRef::Id(policy), tags } if policy == id => tags.keys().cloned().collect(),
        _ => Vec::new(),
    });
    Some(PolicyBefore {
        id: id.clone(),
        name: policy.name.clone(),
        description: policy.description.clone(),
        content: policy.content.as_deref().unwrap_or_default().to_owned(),
        tags: policy.tags.clone().unwrap_or_default(),
        targets: targets.get(id).cloned().unwrap_or_default(),
        tagged: tagged.collect(),
    })
}
