//! The order of the calls: at no moment between two of them is an account opted in that was opted out before and
//! will be after. Where existing policies contradict each other so that it would be, `moments` finds another order.
//!
//! In five movements. What only adds to what is opted out, below the root, from the bottom up: it has no effect until the
//! root opens.
//! Then what only opts in and is not wanted goes, so that the root cannot wake it. Then the root, which closes what it
//! closes at once. Then the other changes below, from the bottom up. Then everything else that nobody needs any more goes. A policy
//! that is to go, or to change late, loses first what it wrongly opts in.
//!
//! Two things are certain only at the end, not at every moment: what policies of others do that `--prune` names, and
//! services that the intent opts in at the root itself.

use std::collections::{BTreeMap, BTreeSet};

use super::desired::Places;
use super::document::{same, says, stops_opting_in, stops_opting_out, without_opt_ins};
use super::matching::{Match, Matched};
use super::read::targets_of;
use super::{ATTACHMENT_LIMIT, MANAGED_TAG, Options, Place, PlannedStep, PolicyRef, Step};
use crate::intent::{Choice, PolicyWish};
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
    detaches: Vec<Detach>,
}

/// An attachment that must go.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Detach {
    /// Whether it waits until the root has changed.
    is_late: bool,
    depth: usize,
    target: TargetId,
    policy: PolicyId,
    why: String,
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
        self.free_the_name(matched);
        matched.matches.iter().for_each(|it| self.prepare(it));
        matched.leftover.iter().for_each(|policy| self.strip_leftover(policy));
        matched.matches.iter().for_each(|found| self.strip_waiting(found));
        self.statements(matched, |depth, opts_in| depth > 0 && !opts_in);
        self.detach_all(|detach| !detach.is_late);
        self.statements(matched, |depth, _| depth == 0);
        self.statements(matched, |depth, opts_in| depth > 0 && opts_in);
        self.detach_all(|_| true);
        for policy in &matched.leftover {
            let why = format!("nothing in the intent needs `{}` any more", policy.name);
            self.push(Step::DeletePolicy { policy: PolicyRef::Id(policy.id.clone()) }, why);
        }
        self.steps
    }

    fn detach_all(&mut self, now: impl Fn(&Detach) -> bool) {
        let (now, later): (Vec<_>, Vec<_>) = std::mem::take(&mut self.detaches).into_iter().partition(now);
        self.detaches = later;
        for Detach { policy, target, why, .. } in now {
            self.counts.entry(target.clone()).and_modify(|count| *count -= 1);
            self.push(Step::DetachPolicy { policy: PolicyRef::Id(policy), target: Place::of(&target) }, why);
        }
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

    fn free_the_name(&mut self, matched: &Matched<'_>) {
        let Some((policy, name)) = &matched.renamed else { return };
        let (policy, name) = (PolicyRef::Id(policy.id.clone()), Some(name.clone()));
        let why = "its name is needed for the policy at the root";
        self.push(Step::UpdatePolicy { policy, name, description: None, content: None }, why);
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

    fn strip_leftover(&mut self, policy: &Policy) {
        let content = policy.content.as_deref().unwrap_or_default();
        if says(content, Choice::OptIn) && says(content, Choice::OptOut) {
            self.strip(policy, "");
        }
    }

    fn strip_waiting(&mut self, found: &Match<'_>) {
        let Some(policy) = found.policy else { return };
        let content = policy.content.as_deref().unwrap_or_default();
        if !found.wish.is_main && is_new_content(found) && waits(found) && stops_opting_in(content, &found.wish.content)
        {
            self.strip(policy, &found.wish.content);
        }
    }

    /// Takes out what `policy` opts in and `new` does not.
    fn strip(&mut self, policy: &Policy, new: &str) {
        if self.attached.contains_key(&policy.id) {
            let content = Some(without_opt_ins(policy.content.as_deref().unwrap_or_default(), new));
            let why = "what it opts in must not take effect again while the rest changes";
            self.push(
                Step::UpdatePolicy { policy: PolicyRef::Id(policy.id.clone()), name: None, description: None, content },
                why,
            );
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
        self.push(Step::TagResource { policy: PolicyRef::Id(policy.id.clone()), tags: missing }, why);
    }

    /// Changes to documents and attachments at targets of such depths, of documents that wait for the root or not, the
    /// deepest first.
    fn statements(&mut self, matched: &Matched<'_>, now: impl Fn(usize, bool) -> bool) {
        let mut todo = Vec::new();
        for found in &matched.matches {
            let waits = waits(found);
            todo.extend(self.tasks(found).into_iter().filter(|(depth, ..)| now(*depth, waits)));
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

    /// The depth, the wish, and the target to attach it at; without one, its document is to change. That comes before
    /// any new attachment, with the highest of its targets.
    fn tasks<'m>(&self, found: &'m Match<'m>) -> Vec<(usize, &'m Match<'m>, Option<&'m TargetId>)> {
        let depth = |target: &TargetId| self.places.depth(target);
        let highest = found.wish.targets.iter().map(depth).min().unwrap_or_default();
        let at = |target: &TargetId| if is_new_content(found) { highest } else { depth(target) };
        let change = found.policy.map(|_| (highest, found, None));
        let attachments = found.wish.targets.iter().map(|target| (at(target), found, Some(target)));
        change.into_iter().chain(attachments).collect()
    }

    fn update(&mut self, found: &Match<'_>, policy: &Policy) {
        let wish = &found.wish;
        let content = is_new_content(found).then(|| wish.content.clone());
        let name = (wish.is_main && policy.name != wish.name).then(|| wish.name.clone());
        let description = (policy.description != wish.description).then(|| wish.description.clone());
        let why = match (&content, wish.is_main) {
            (Some(_), true) => "its document differs from the one the intent needs",
            (Some(_), false) => "the exceptions have changed",
            (None, _) => "its name or description differs",
        };
        if content.is_some() || name.is_some() || description.is_some() {
            self.push(Step::UpdatePolicy { policy: PolicyRef::Id(policy.id.clone()), name, description, content }, why);
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
        let Some(first) = self.detaches.iter().find(|it| is_full && it.target == *target).cloned() else { return };
        self.detach_all(|detach| *detach == first);
    }

    fn detach(&self, policy: &PolicyId, target: &TargetId, why: &str) -> Detach {
        let content = self.snapshot.policy(policy).and_then(|policy| policy.content.as_deref());
        let only_opts_in = content.is_some_and(|it| says(it, Choice::OptIn) && !says(it, Choice::OptOut));
        let depth = self.places.depth(target);
        let (policy, target, why) = (policy.clone(), target.clone(), why.to_owned());
        Detach { is_late: !only_opts_in || depth == 0, depth, target, policy, why }
    }

    fn find_detaches(&mut self, matched: &Matched<'_>) {
        let mut detaches = Vec::new();
        let mut add = |id: &PolicyId, keep: Option<&BTreeSet<TargetId>>, why: &str| {
            let attached = self.attached.get(id).into_iter().flatten();
            let gone = attached.filter(|target| keep.is_none_or(|keep| !keep.contains(*target)));
            detaches.extend(gone.map(|target| self.detach(id, target, why)));
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

/// Whether a policy that is there gets another document.
fn is_new_content(found: &Match<'_>) -> bool {
    let content = found.policy.map(|policy| policy.content.as_deref().unwrap_or_default());
    content.is_some_and(|content| !same(content, &found.wish.content))
}

/// Whether the root must change first: the document opts something in, or stops opting something out.
fn waits(found: &Match<'_>) -> bool {
    let old = found.policy.and_then(|policy| policy.content.as_deref()).unwrap_or_default();
    says(&found.wish.content, Choice::OptIn) || stops_opting_out(old, &found.wish.content)
}
