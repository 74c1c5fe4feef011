//! The way back: steps that restore the settings, attachments and locks from before a plan.
//!
//! The same states are passed in the other direction. Compared by meaning: policies that were deleted come back under
//! new ids, and what is attached again is attached last.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::{Place, PlannedStep, PolicyRef, Step};
use crate::org::{Policy, PolicyId, Snapshot};

/// The way back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Undo {
    /// The calls, in order. New policies of the plan are spoken of by name.
    pub steps: Vec<PlannedStep>,
    /// What cannot come back, in sentences without full stop.
    pub lost: Vec<String>,
}

/// The way back from `steps`, which were planned for `snapshot`. Of a run that stopped in the middle, give the steps
/// that were done.
#[must_use]
pub fn undo(snapshot: &Snapshot, steps: &[PlannedStep]) -> Undo {
    let mut back =
        Back { before: snapshot, now: BTreeMap::new(), deleted: deleted(steps), steps: Vec::new(), lost: Vec::new() };
    steps.iter().for_each(|planned| back.add(&planned.step));
    back.steps.reverse();
    back.lost.sort();
    back.lost.dedup();
    Undo { steps: back.steps, lost: back.lost }
}

fn deleted(steps: &[PlannedStep]) -> BTreeSet<PolicyId> {
    let deleted = steps.iter().filter_map(|planned| match &planned.step {
        Step::DeletePolicy { policy: PolicyRef::Id(id) } => Some(id.clone()),
        _ => None,
    });
    deleted.collect()
}

struct Back<'a> {
    before: &'a Snapshot,
    /// Policies as the steps so far have left them, where they changed.
    now: BTreeMap<PolicyId, Policy>,
    deleted: BTreeSet<PolicyId>,
    steps: Vec<PlannedStep>,
    lost: Vec<String>,
}

impl Back<'_> {
    /// Adds the step back, to be taken before those of earlier steps.
    fn add(&mut self, step: &Step) {
        match step {
            Step::CreateOrganization {} => self.lose("the organization stays: this program never deletes one"),
            Step::EnablePolicyType { .. } => {
                self.lose("the policy type stays enabled; with nothing attached it has no effect");
            }
            Step::CreatePolicy { name, .. } => {
                self.push(Step::DeletePolicy { policy: PolicyRef::Name(name.clone()) }, "it was created");
            }
            Step::UpdatePolicy { policy: PolicyRef::Id(id), name, description, content } => {
                self.update(id, name.as_deref(), description.as_deref(), content.as_deref());
            }
            Step::TagResource { policy: PolicyRef::Id(id), tags } => self.tag(id, tags),
            Step::UntagResource { policy: PolicyRef::Id(id), keys } => self.untag(id, keys),
            Step::AttachPolicy { policy, target } => {
                let policy = self.reference(policy);
                self.push(Step::DetachPolicy { policy, target: target.clone() }, "it was attached");
            }
            Step::DetachPolicy { policy, target } => self.attach(policy, target),
            Step::DeletePolicy { policy: PolicyRef::Id(id) } => self.create(id),
            // Policies by name are those the plan itself creates, as they shall be: it changes them no more.
            Step::UpdatePolicy { .. }
            | Step::TagResource { .. }
            | Step::UntagResource { .. }
            | Step::DeletePolicy { .. } => {}
        }
    }

    fn push(&mut self, step: Step, why: &str) {
        self.steps.push(PlannedStep { step, why: why.to_owned() });
    }

    fn lose(&mut self, what: &str) {
        self.lost.push(what.to_owned());
    }

    /// A policy as the steps so far have left it.
    fn policy(&self, id: &PolicyId) -> Option<Policy> {
        self.now.get(id).or_else(|| self.before.policy(id)).cloned()
    }

    /// A policy that is deleted comes back under another id: on the way back it is spoken of by the name it has then.
    fn reference(&self, policy: &PolicyRef) -> PolicyRef {
        match policy {
            PolicyRef::Id(id) if self.deleted.contains(id) => {
                PolicyRef::Name(self.policy(id).map(|policy| policy.name).unwrap_or_default())
            }
            other => other.clone(),
        }
    }

    fn update(&mut self, id: &PolicyId, name: Option<&str>, description: Option<&str>, content: Option<&str>) {
        let Some(old) = self.policy(id) else { return };
        let mut new = old.clone();
        name.into_iter().for_each(|it| new.name = it.to_owned());
        description.into_iter().for_each(|it| new.description = it.to_owned());
        content.into_iter().for_each(|it| new.content = Some(it.into()));
        self.now.insert(id.clone(), new);
        if description.is_some() && old.description.is_empty() {
            self.lose("a description that was empty cannot be emptied again: AWS ignores an empty one");
        }
        let step = Step::UpdatePolicy {
            policy: self.reference(&PolicyRef::Id(id.clone())),
            name: name.map(|_| old.name),
            description: description.map(|_| old.description).filter(|it| !it.is_empty()),
            content: content.and(old.content).map(|content| content.to_string()),
        };
        self.push(step, "it was changed");
    }

    fn tag(&mut self, id: &PolicyId, tags: &BTreeMap<String, String>) {
        let Some(mut policy) = self.policy(id) else { return };
        let had = policy.tags.clone().unwrap_or_default();
        policy.tags.get_or_insert_default().extend(tags.clone());
        self.now.insert(id.clone(), policy);
        let (changed, new): (Vec<_>, Vec<_>) = tags.keys().cloned().partition(|key| had.contains_key(key));
        let reference = self.reference(&PolicyRef::Id(id.clone()));
        if !new.is_empty() {
            self.push(Step::UntagResource { policy: reference.clone(), keys: new }, "it was tagged");
        }
        self.restore_tags(reference, &had, &changed);
    }

    fn untag(&mut self, id: &PolicyId, keys: &[String]) {
        let Some(mut policy) = self.policy(id) else { return };
        let had = policy.tags.clone().unwrap_or_default();
        policy.tags.get_or_insert_default().retain(|key, _| !keys.contains(key));
        self.now.insert(id.clone(), policy);
        let reference = self.reference(&PolicyRef::Id(id.clone()));
        self.restore_tags(reference, &had, keys);
    }

    fn restore_tags(&mut self, policy: PolicyRef, had: &BTreeMap<String, String>, keys: &[String]) {
        let tags: BTreeMap<_, _> = had.clone().into_iter().filter(|(key, _)| keys.contains(key)).collect();
        if !tags.is_empty() {
            self.push(Step::TagResource { policy, tags }, "its tags were changed");
        }
    }

    fn attach(&mut self, policy: &PolicyRef, target: &Place) {
        self.lose(
            "what was detached is attached last again: where two policies at one target differ, the other may win",
        );
        let policy = self.reference(policy);
        self.push(Step::AttachPolicy { policy, target: target.clone() }, "it was detached");
    }

    fn create(&mut self, id: &PolicyId) {
        let Some(Policy { name, description, content, tags, .. }) = self.policy(id) else { return };
        self.lose("policies that were deleted come back under other ids");
        let content = content.map(|content| content.to_string()).unwrap_or_default();
        let step = Step::CreatePolicy { name, description, content, tags: tags.unwrap_or_default() };
        self.push(step, "it was deleted");
    }
}
