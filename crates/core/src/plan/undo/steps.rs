//! The steps back, from the organization as it is now.
//!
//! In this order: what is gone comes back under a name that is free, documents and attachments as they were, then what
//! the plan added goes, then names and tags. So nothing that was opted out before the plan is opened on the way.

use std::collections::{BTreeMap, BTreeSet};

use super::{PolicyBefore, RESTORED_TAG, Undo};
use crate::org::{AccountId, OrganizationId, Policy, PolicyId, PolicyTypeState, Snapshot, TargetId};
use crate::plan::document::same;
use crate::plan::read::{PlanError, check_complete, targets_of};
use crate::plan::{ATTACHMENT_LIMIT, MANAGED_TAG, Place, PlannedStep, PolicyRef, Step};

/// The steps back, and what they cannot bring back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Undone {
    /// The calls, in order.
    pub steps: Vec<PlannedStep>,
    /// What stays different, a sentence each.
    pub lost: Vec<String>,
}

/// Why a plan cannot be undone here.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UndoError {
    /// Something that is needed was not read.
    #[error(transparent)]
    Plan(#[from] PlanError),
    /// It is about another organization.
    #[error("the undo is for the organization `{intended}`, but these credentials are of another one")]
    OtherOrganization {
        /// The one it is for.
        intended: OrganizationId,
    },
    /// It is about an organization that this account was to create.
    #[error("the undo is for an organization that account `{intended}` created, and this is another one")]
    OtherManagement {
        /// The account.
        intended: AccountId,
    },
    /// The policy type is to be disabled, which would detach policies that are not this plan's.
    #[error("disabling the policy type would detach {} that this undo is not about: {}", count(.0.len()), list(.0))]
    StillAttached(Vec<PolicyId>),
}

fn count(policies: usize) -> String {
    if policies == 1 { "a policy".to_owned() } else { format!("{policies} policies") }
}

fn list(policies: &[PolicyId]) -> String {
    policies.iter().map(|id| format!("`{id}`")).collect::<Vec<_>>().join(", ")
}

impl UndoError {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::Plan(error) => error.help(),
            Self::OtherOrganization { .. } | Self::OtherManagement { .. } => {
                "use the credentials of that organization's management account; nothing is ever done to another one"
            }
            Self::StillAttached(_) => "leave out `--disable-type`, or detach those policies first if nobody needs them",
        }
    }
}

impl Undo {
    /// The steps from `snapshot` back to what was; `disable_type`: the policy type is disabled too if it was.
    ///
    /// # Errors
    /// Where it is another organization, something was not read, or the type cannot be disabled.
    pub fn steps(&self, snapshot: &Snapshot, disable_type: bool) -> Result<Undone, UndoError> {
        check_complete(snapshot)?;
        self.check_organization(snapshot)?;
        let mut back = Back { undo: self, snapshot, now: targets_of(snapshot), steps: Vec::new(), lost: Vec::new() };
        back.enable();
        back.policies();
        back.disable(disable_type)?;
        back.say_what_stays();
        Ok(Undone { steps: back.steps, lost: back.lost })
    }

    fn check_organization(&self, snapshot: &Snapshot) -> Result<(), UndoError> {
        let found = snapshot.organization();
        match (&self.organization, self.management_account) {
            (Some(intended), _) if found.map(|it| &it.id) != Some(intended) => {
                Err(UndoError::OtherOrganization { intended: intended.clone() })
            }
            (None, Some(intended)) if found.is_some_and(|it| it.management_account != intended) => {
                Err(UndoError::OtherManagement { intended })
            }
            (Some(_) | None, _) => Ok(()),
        }
    }
}

struct Back<'a> {
    undo: &'a Undo,
    snapshot: &'a Snapshot,
    now: BTreeMap<PolicyId, BTreeSet<TargetId>>,
    steps: Vec<PlannedStep>,
    lost: Vec<String>,
}

/// A policy as it was, and the one that is or will be it again.
struct Pair<'a> {
    before: &'a PolicyBefore,
    now: Option<&'a Policy>,
    /// The name it has until names are free again.
    name: String,
}

impl<'a> Back<'a> {
    fn push(&mut self, step: Step, why: &str) {
        self.steps.push(PlannedStep { step, why: why.to_owned() });
    }

    fn policies(&mut self) {
        let pairs: Vec<Pair<'a>> = self.undo.policies.iter().map(|before| self.pair(before)).collect();
        pairs.iter().for_each(|pair| self.restore(pair));
        pairs.iter().for_each(|pair| self.attach(pair));
        pairs.iter().for_each(|pair| self.detach(pair));
        self.remove_created();
        self.rename(&pairs);
        pairs.iter().for_each(|pair| self.untag(pair));
    }

    fn pair(&self, before: &'a PolicyBefore) -> Pair<'a> {
        let all = || self.snapshot.policies.iter().flatten();
        let restored = |policy: &&Policy| tag(policy, RESTORED_TAG) == Some(before.id.as_str());
        let now = all().find(|policy| policy.id == before.id).or_else(|| all().find(restored));
        let is_taken = all().any(|policy| policy.name == before.name && now.is_none_or(|now| now.id != policy.id));
        let name = if is_taken { aside(&before.name) } else { before.name.clone() };
        Pair { before, now, name: now.map_or(name, |policy| policy.name.clone()) }
    }

    fn restore(&mut self, pair: &Pair<'_>) {
        let PolicyBefore { id, description, content, tags, .. } = pair.before;
        let Some(now) = pair.now else {
            let mut tags = tags.clone();
            tags.insert(RESTORED_TAG.to_owned(), id.to_string());
            let (name, description, content) = (pair.name.clone(), description.clone(), content.clone());
            return self.push(Step::CreatePolicy { name, description, content, tags }, "it was deleted");
        };
        let is_same = now.content.as_deref().is_some_and(|now| same(now, content));
        // AWS takes an empty description for none given and keeps the old one.
        let is_described = now.description == *description || description.is_empty();
        if !is_same || !is_described {
            let content = (!is_same).then(|| content.clone());
            let description = (!is_described).then(|| description.clone());
            let step = Step::UpdatePolicy { policy: PolicyRef::Id(now.id.clone()), name: None, description, content };
            self.push(step, "its document or description was another one");
        }
        let has = |key: &String, value: &String| tag(now, key) == Some(value);
        let missing: BTreeMap<_, _> = tags.iter().filter(|(key, value)| !has(key, value)).collect();
        if !missing.is_empty() {
            let tags = missing.into_iter().map(|(key, value)| (key.clone(), value.clone())).collect();
            self.push(Step::TagResource { policy: PolicyRef::Id(now.id.clone()), tags }, "it had these tags");
        }
    }

    fn attached(&self, pair: &Pair<'_>) -> BTreeSet<TargetId> {
        pair.now.and_then(|now| self.now.get(&now.id)).cloned().unwrap_or_default()
    }

    fn attach(&mut self, pair: &Pair<'_>) {
        let attached = self.attached(pair);
        let missing: Vec<&TargetId> = pair.before.targets.difference(&attached).collect();
        for target in missing {
            if !self.is_there(target) {
                self.lost
                    .push(format!("`{}` was attached to `{target}`, which is not there any more", pair.before.name));
                continue;
            }
            if self.count(target) >= ATTACHMENT_LIMIT {
                self.make_room(target);
            }
            if self.count(target) > 0 {
                let name = &pair.before.name;
                self.lost.push(format!(
                    "`{name}` becomes the last of the policies at `{target}`; the order cannot come back"
                ));
            }
            let policy = match pair.now {
                Some(now) => PolicyRef::Id(now.id.clone()),
                None => PolicyRef::Name(pair.name.clone()),
            };
            self.push(Step::AttachPolicy { policy, target: Place::of(target) }, "it was attached there");
        }
    }

    fn is_there(&self, target: &TargetId) -> bool {
        match target {
            TargetId::Root(id) => self.snapshot.root.as_ref().is_some_and(|root| root.id == *id),
            TargetId::Unit(id) => self.snapshot.units.iter().flatten().any(|unit| unit.id == *id),
            TargetId::Account(id) => self.snapshot.accounts.iter().flatten().any(|account| account.id == *id),
        }
    }

    fn count(&self, target: &TargetId) -> usize {
        self.now.values().filter(|targets| targets.contains(target)).count()
    }

    /// Takes what goes anyway from a full target first.
    fn make_room(&mut self, target: &TargetId) {
        let created = self.created().into_iter().map(|policy| policy.id.clone());
        let moved = self.undo.policies.iter().filter(|it| !it.targets.contains(target)).map(|it| it.id.clone());
        let mut goes = created.chain(moved);
        if let Some(policy) = goes.find(|id| self.now.get(id).is_some_and(|targets| targets.contains(target))) {
            self.detach_one(policy, target);
        }
    }

    fn detach_one(&mut self, policy: PolicyId, target: &TargetId) {
        if let Some(targets) = self.now.get_mut(&policy) {
            targets.remove(target);
        }
        self.push(
            Step::DetachPolicy { policy: PolicyRef::Id(policy), target: Place::of(target) },
            "it was not attached there",
        );
    }

    fn detach(&mut self, pair: &Pair<'_>) {
        let Some(now) = pair.now else { return };
        let extra: Vec<TargetId> = self.attached(pair).difference(&pair.before.targets).cloned().collect();
        extra.iter().for_each(|target| self.detach_one(now.id.clone(), target));
    }

    /// The policies that the plan created: known by their name and their tag.
    fn created(&self) -> Vec<&'a Policy> {
        let before = |policy: &Policy| self.undo.policies.iter().any(|it| it.id == policy.id);
        let ours = |policy: &&Policy| {
            self.undo.created.contains(&policy.name)
                && tag(policy, MANAGED_TAG.0).is_some()
                && tag(policy, RESTORED_TAG).is_none()
                && !before(policy)
        };
        self.snapshot.policies.iter().flatten().filter(ours).collect()
    }

    fn remove_created(&mut self) {
        for policy in self.created() {
            let targets = self.now.get(&policy.id).cloned().unwrap_or_default();
            targets.iter().for_each(|target| self.detach_one(policy.id.clone(), target));
            self.push(Step::DeletePolicy { policy: PolicyRef::Id(policy.id.clone()) }, "it was not there before");
        }
    }

    /// Gives names back, each as soon as nobody else has it; who stands in a circle gets another one first.
    fn rename(&mut self, pairs: &[Pair<'_>]) {
        let created: BTreeSet<&PolicyId> = self.created().into_iter().map(|policy| &policy.id).collect();
        let left = self.snapshot.policies.iter().flatten().filter(|policy| !created.contains(&policy.id));
        let mut names: BTreeMap<&PolicyId, String> = left.map(|policy| (&policy.id, policy.name.clone())).collect();
        let wrong = pairs.iter().filter_map(|pair| Some((&pair.now?.id, &pair.before.name)));
        let mut todo: Vec<_> = wrong.filter(|(id, name)| names.get(id) != Some(name)).collect();
        while !todo.is_empty() {
            let free = todo.iter().position(|(_, name)| !names.values().any(|taken| taken == *name));
            let (id, name) = match free {
                Some(at) => {
                    let (id, name) = todo.remove(at);
                    (id, name.clone())
                }
                None => match todo.iter().find(|(id, _)| names.get(id).is_some_and(|name| !name.ends_with(ASIDE))) {
                    Some((id, name)) => (*id, aside(name)),
                    None => return,
                },
            };
            names.insert(id, name.clone());
            let policy = PolicyRef::Id(id.clone());
            let step = Step::UpdatePolicy { policy, name: Some(name), description: None, content: None };
            self.push(step, "it had another name");
        }
    }

    fn untag(&mut self, pair: &Pair<'_>) {
        let Some(now) = pair.now else { return };
        let added = |key: &&String| tag(now, key).is_some() && !pair.before.tags.contains_key(*key);
        let keys: Vec<String> = pair.before.tagged.iter().filter(added).cloned().collect();
        if !keys.is_empty() {
            self.push(
                Step::UntagResource { policy: PolicyRef::Id(now.id.clone()), keys },
                "it did not have these tags",
            );
        }
    }

    fn enable(&mut self) {
        let is_on = self.snapshot.policy_type_state().flatten() == Some(&PolicyTypeState::Enabled);
        if let Some(root) = self.snapshot.root.as_ref().filter(|_| !is_on && self.undo.type_enabled) {
            self.push(Step::EnablePolicyType { root: Place::of_root(&root.id) }, "the policy type was enabled");
        }
    }

    fn disable(&mut self, wanted: bool) -> Result<(), UndoError> {
        let is_on = self.snapshot.policy_type_state().flatten() == Some(&PolicyTypeState::Enabled);
        let Some(root) = self.snapshot.root.as_ref().filter(|_| is_on && !self.undo.type_enabled) else {
            return Ok(());
        };
        if !wanted {
            self.lost.push("the policy type stays enabled; `--disable-type` disables it too".to_owned());
            return Ok(());
        }
        let others: Vec<PolicyId> =
            self.now.iter().filter(|(_, at)| !at.is_empty()).map(|(id, _)| id.clone()).collect();
        if !others.is_empty() {
            return Err(UndoError::StillAttached(others));
        }
        self.push(Step::DisablePolicyType { root: Place::of_root(&root.id) }, "the policy type was not enabled");
        Ok(())
    }

    fn say_what_stays(&mut self) {
        for before in &self.undo.policies {
            match self.snapshot.policy(&before.id) {
                None => self.lost.push(format!("`{}` gets another id than `{}`", before.name, before.id)),
                Some(now) if before.description.is_empty() && !now.description.is_empty() => {
                    self.lost
                        .push(format!("the description of `{}` was empty, and AWS does not empty one", before.name));
                }
                Some(_) => {}
            }
        }
        for (service, accounts) in &self.undo.lost {
            let accounts = if *accounts == 1 { "1 account".to_owned() } else { format!("{accounts} accounts") };
            self.lost.push(format!("what was deleted when `{service}` was opted out for {accounts} is gone for good"));
        }
        if self.undo.organization.is_none() {
            self.lost.push("the organization stays: it is never deleted".to_owned());
        }
    }
}

/// Ends a name that waits for another one to be free.
const ASIDE: &str = " (restored)";

fn aside(name: &str) -> String {
    let stem: String = name.chars().take(110).collect();
    format!("{stem}{ASIDE}")
}

fn tag<'p>(policy: &'p Policy, key: &str) -> Option<&'p str> {
    policy.tags.as_ref()?.get(key).map(String::as_str)
}
