//! The order of the calls: at no moment between two of them is an account opted in that was opted out before and
//! will be after.
//!
//! Below the root first, from the bottom up, where new statements have no effect until the root opens; then the root,
//! which closes what it closes at once; then what nobody needs any more goes.

use std::collections::{BTreeMap, BTreeSet};

use super::desired::Places;
use super::document::same;
use super::matching::{Match, Matched};
use super::read::targets_of;
use super::{ATTACHMENT_LIMIT, MANAGED_TAG, Options, Place, PlannedStep, PolicyRef, Step};
use crate::intent::PolicyWish;
use crate::org::{Policy, PolicyId, PolicyTypeState, Snapshot, TargetId};

/// What the steps are made of.
pub(super) struct Sequence<'a> {
    pub snapshot: &'a Snapshot,
    pub places: &'a Places<'a>,
    pub wish: &'a PolicyWish,
    pub options: &'a Options,
    steps: Vec<PlannedStep>,
    attached: BTreeMap<PolicyId, BTreeSet<TargetId>>,
    counts: BTreeMap<TargetId, usize>,
    detaches: Vec<(PolicyId, TargetId, String)>,
}

impl<'a> Sequence<'a> {
    pub(super) fn new(
        snapshot: &'a Snapshot,
        places: &'a Places<'a>,
        wish: &'a PolicyWish,
        options: &'a Options,
    ) -> Self {
        let counts = snapshot.attachments.iter().flatten().map(|(target, list)| (target.clone(), list.len())).collect();
        let attached = targets_of(snapshot);
        Self { snapshot, places, wish, options, steps: Vec::new(), attached, counts, detaches: Vec::new() }
    }

    /// The steps, in order.
    pub(super) fn steps(mut self, matched: &Matched<'_>) -> Vec<PlannedStep> {
        self.enable();
        self.find_detaches(matched);
        matched.matches.iter().for_each(|it| self.prepare(it));
        self.statements(matched);
        for (policy, target, why) in std::mem::take(&mut self.detaches) {
            self.push(Step::DetachPolicy { policy, target: Place::of(&target) }, why);
        }
        for policy in &matched.leftover {
            let why = format!("nothing in the intent needs `{}` any more", policy.name);
            self.push(Step::DeletePolicy { policy: policy.id.clone() }, why);
        }
        self.steps
    }

    fn push(&mut self, step: Step, why: impl Into<String>) {
        self.steps.push(PlannedStep { step, why: why.into() });
    }

    fn enable(&mut self) {
        let Some(root) = &self.snapshot.root else { return };
        if self.snapshot.policy_type_state().flatten() != Some(&PolicyTypeState::Enabled) {
            let why = "AI services opt-out policies have no effect before their type is enabled";
            self.push(Step::EnablePolicyType { root: Place::of_root(&root.id) }, why);
        }
    }

    /// Creates the policy, or changes what is not in force anywhere by itself: name, description, tags.
    fn prepare(&mut self, found: &Match<'_>) {
        let mut tags = self.wish.tags.clone();
        tags.insert(MANAGED_TAG.0.into(), MANAGED_TAG.1.into());
        match found.policy {
            None => self.create(found, tags),
            Some(policy) => self.tag(policy, tags),
        }
    }

    fn create(&mut self, found: &Match<'_>, tags: BTreeMap<String, String>) {
        let wish = &found.wish;
        let why = if wish.is_main { "carries the opt-out" } else { "carries exceptions and what keeps them narrow" };
        let (name, description, content) = (wish.name.clone(), wish.description.clone(), wish.content.clone());
        self.push(Step::CreatePolicy { name, description, content, tags }, why);
    }

    fn tag(&mut self, policy: &Policy, tags: BTreeMap<String, String>) {
        let has = |key: &String, value: &String| policy.tags.as_ref().and_then(|tags| tags.get(key)) == Some(value);
        let missing: BTreeMap<_, _> = tags.into_iter().filter(|(key, value)| !has(key, value)).collect();
        if missing.is_empty() {
            return;
        }
        let why = match missing.contains_key(MANAGED_TAG.0) {
            true => format!("marks `{}` as managed by optout", policy.name),
            false => "the intent gives it these tags".to_owned(),
        };
        self.push(Step::TagResource { policy: policy.id.clone(), tags: missing }, why);
    }

    /// Every change to a document and every attachment: the deepest target first, a policy at the root last.
    fn statements(&mut self, matched: &Matched<'_>) {
        let mut todo: Vec<(usize, &Match<'_>, Option<&TargetId>)> = Vec::new();
        for found in &matched.matches {
            let depth = |target: &TargetId| self.places.depth(target);
            let highest = found.wish.targets.iter().map(depth).min().unwrap_or_default();
            if found.policy.is_some() {
                todo.push((highest, found, None));
            }
            todo.extend(found.wish.targets.iter().map(|target| (depth(target), found, Some(target))));
        }
        todo.sort_by_key(|(depth, ..)| std::cmp::Reverse(*depth));
        for (_, found, target) in todo {
            match (found.policy, target) {
                (Some(policy), None) => self.update(found, policy),
                (_, Some(target)) => self.attach(found, target),
                (None, None) => {}
            }
        }
    }

    fn update(&mut self, found: &Match<'_>, policy: &Policy) {
        let wish = &found.wish;
        let content = policy.content.as_ref().is_none_or(|content| !same(content, &wish.content));
        let content = content.then(|| wish.content.clone());
        let name = (policy.name != wish.name).then(|| wish.name.clone());
        let description = (policy.description != wish.description).then(|| wish.description.clone());
        let why = match (&content, wish.is_main) {
            (Some(_), true) => "its document differs from the one the intent needs",
            (Some(_), false) => "the exceptions have changed",
            (None, _) => "its name or description differs",
        };
        if content.is_some() || name.is_some() || description.is_some() {
            self.push(Step::UpdatePolicy { policy: policy.id.clone(), name, description, content }, why);
        }
    }

    fn attach(&mut self, found: &Match<'_>, target: &TargetId) {
        let is_there = |policy: &Policy| self.attached.get(&policy.id).is_some_and(|all| all.contains(target));
        if found.policy.is_some_and(is_there) {
            return;
        }
        self.make_room(target);
        let policy = match found.policy {
            Some(policy) => PolicyRef::Id(policy.id.clone()),
            None => PolicyRef::Name(found.wish.name.clone()),
        };
        *self.counts.entry(target.clone()).or_default() += 1;
        let why = match (found.wish.is_main, found.wish.targets.len()) {
            (true, _) => "at the root it reaches every account, those to come included",
            (false, 1) => "an exception, or what keeps one narrow",
            (false, _) => "keeps exceptions elsewhere from being used here",
        };
        self.push(Step::AttachPolicy { policy, target: Place::of(target) }, why);
    }

    /// At a full target something must go before something can come.
    fn make_room(&mut self, target: &TargetId) {
        let is_full = self.counts.get(target).is_some_and(|count| *count >= ATTACHMENT_LIMIT);
        let Some(at) = self.detaches.iter().position(|(_, from, _)| is_full && from == target) else { return };
        let (policy, from, why) = self.detaches.remove(at);
        self.counts.entry(from.clone()).and_modify(|count| *count -= 1);
        self.push(Step::DetachPolicy { policy, target: Place::of(&from) }, format!("{why}; the target is full"));
    }

    fn find_detaches(&mut self, matched: &Matched<'_>) {
        let mut detaches = Vec::new();
        let mut add = |id: &PolicyId, keep: Option<&BTreeSet<TargetId>>, why: &str| {
            let attached = self.attached.get(id).into_iter().flatten();
            let gone = attached.filter(|target| keep.is_none_or(|keep| !keep.contains(*target)));
            detaches.extend(gone.map(|target| (id.clone(), target.clone(), why.to_owned())));
        };
        for found in &matched.matches {
            let Some(policy) = found.policy else { continue };
            add(&policy.id, Some(&found.wish.targets), "the intent does not need it there");
        }
        matched.leftover.iter().for_each(|policy| add(&policy.id, None, "the intent does not need it any more"));
        self.options.prune.iter().for_each(|id| add(id, None, "`--prune` names it"));
        detaches.sort();
        self.detaches = detaches;
    }
}
