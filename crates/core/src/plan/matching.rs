//! Which policy is to carry which document: what is there is changed before something is added beside it.

use std::collections::{BTreeMap, BTreeSet};

use super::Options;
use super::desired::Desired;
use super::document::{documents, same, says, stops_opting_out, summary};
use super::read::{is_managed, targets_of};
use crate::intent::{Choice, PolicyWish};
use crate::org::{Policy, PolicyId, Snapshot, TargetId};

/// A document that must be attached at some targets.
#[derive(Debug, Clone)]
pub(super) struct Wish {
    /// The document, minified.
    pub content: String,
    /// Where it must be attached, and nowhere else.
    pub targets: BTreeSet<TargetId>,
    /// Whether it is the one that bears the intent's name.
    pub is_main: bool,
    /// The name it shall have.
    pub name: String,
    /// The description it shall have.
    pub description: String,
}

/// A wish, and the policy that carries it; without one it is to be created.
#[derive(Debug)]
pub(super) struct Match<'a> {
    pub wish: Wish,
    pub policy: Option<&'a Policy>,
}

/// The wishes with their policies, and the managed policies that nobody needs any more.
#[derive(Debug)]
pub(super) struct Matched<'a> {
    pub matches: Vec<Match<'a>>,
    pub leftover: Vec<&'a Policy>,
    /// A managed policy that has the main name but cannot be the main policy, and the name it gets.
    pub renamed: Option<(&'a Policy, String)>,
}

/// One wish a document: targets that need the same share it.
pub(super) fn wishes(desired: &Desired, root: &TargetId, policy: &PolicyWish) -> Vec<Wish> {
    let mut by_content: BTreeMap<String, (bool, BTreeSet<TargetId>)> = BTreeMap::new();
    for (target, content) in &desired.contents {
        for (part, document) in documents(content).into_iter().enumerate() {
            let (is_main, targets) = by_content.entry(document).or_default();
            *is_main |= target == root && part == 0;
            targets.insert(target.clone());
        }
    }
    let wish = |(content, (is_main, targets)): (String, (bool, BTreeSet<TargetId>))| {
        let name = if is_main { policy.name.clone() } else { String::new() };
        let description = if is_main { policy.description.clone() } else { summary(&policy.name, &content) };
        Wish { content, targets, is_main, name, description }
    };
    let mut wishes: Vec<Wish> = by_content.into_iter().map(wish).collect();
    wishes.sort_by_key(|wish| !wish.is_main);
    wishes
}

/// Gives each wish a managed policy, where one can carry it.
///
/// In this order: the policy of the intent's name carries the main document; a policy that says the same already; one
/// that is attached at no other targets than the wish's, so that changing it changes nothing elsewhere; the main
/// document also takes any that is attached at the root; at last, one that is attached nowhere. Where a policy is at
/// targets it is not for, it must be harmless there for a moment, or easy to take away first.
pub(super) fn matched<'a>(
    wishes: Vec<Wish>,
    snapshot: &'a Snapshot,
    root: &TargetId,
    options: &Options,
) -> Matched<'a> {
    let managed = snapshot.policies.iter().flatten().filter(|policy| is_managed(policy, options)).collect();
    let mut matcher = Matcher { free: managed, targets: targets_of(snapshot), root };
    let mut matches: Vec<Match<'a>> = wishes.into_iter().map(|wish| Match { wish, policy: None }).collect();
    for rule in [Rule::MainName, Rule::SameContent, Rule::SameTargets, Rule::AtRoot, Rule::Unattached] {
        for found in matches.iter_mut().filter(|it| it.policy.is_none()) {
            found.policy = matcher.take(rule, &found.wish);
        }
    }
    let renamed = name_others(&mut matches, &matcher.free, snapshot);
    Matched { matches, leftover: matcher.free, renamed }
}

#[derive(Debug, Clone, Copy)]
enum Rule {
    MainName,
    SameContent,
    SameTargets,
    AtRoot,
    Unattached,
}

struct Matcher<'a, 'r> {
    free: Vec<&'a Policy>,
    targets: BTreeMap<PolicyId, BTreeSet<TargetId>>,
    root: &'r TargetId,
}

impl<'a> Matcher<'a, '_> {
    fn take(&mut self, rule: Rule, wish: &Wish) -> Option<&'a Policy> {
        let fitting = self.free.iter().enumerate().filter(|(_, policy)| self.fits(rule, wish, policy));
        // Of several: the one attached at most of the targets, then the first by id.
        let best = fitting.max_by_key(|(at, policy)| (self.overlap(wish, policy), std::cmp::Reverse(*at)));
        let at = best.map(|(at, _)| at)?;
        Some(self.free.remove(at))
    }

    fn attached(&self, policy: &Policy) -> impl Iterator<Item = &TargetId> {
        self.targets.get(&policy.id).into_iter().flatten()
    }

    fn overlap(&self, wish: &Wish, policy: &Policy) -> usize {
        self.attached(policy).filter(|target| wish.targets.contains(*target)).count()
    }

    fn is_nowhere_else(&self, wish: &Wish, policy: &Policy) -> bool {
        self.attached(policy).count() == self.overlap(wish, policy)
    }

    fn may_be_main(&self, wish: &Wish, policy: &Policy) -> bool {
        let old = policy.content.as_deref().unwrap_or_default();
        let is_harmless = !says(&wish.content, Choice::OptIn) && !stops_opting_out(old, &wish.content);
        wish.is_main && (is_harmless || self.is_nowhere_else(wish, policy))
    }

    fn fits(&self, rule: Rule, wish: &Wish, policy: &Policy) -> bool {
        match rule {
            Rule::MainName => self.may_be_main(wish, policy) && policy.name == wish.name,
            Rule::SameContent => {
                let is_mixed = says(&wish.content, Choice::OptIn) && says(&wish.content, Choice::OptOut);
                let is_same = policy.content.as_ref().is_some_and(|content| same(content, &wish.content));
                is_same && (!is_mixed || self.is_nowhere_else(wish, policy))
            }
            Rule::SameTargets => self.attached(policy).next().is_some() && self.is_nowhere_else(wish, policy),
            Rule::AtRoot => self.may_be_main(wish, policy) && self.attached(policy).any(|target| target == self.root),
            Rule::Unattached => self.attached(policy).next().is_none(),
        }
    }
}

/// Policies that carry exceptions keep the name they have; new ones are numbered after the main one. Who has the main
/// name and is not the main policy gets another.
fn name_others<'a>(
    matches: &mut [Match<'a>],
    leftover: &[&'a Policy],
    snapshot: &Snapshot,
) -> Option<(&'a Policy, String)> {
    let main = matches.iter().find(|it| it.wish.is_main).map(|it| it.wish.name.clone()).unwrap_or_default();
    let mut taken: BTreeSet<String> = snapshot.policies.iter().flatten().map(|it| it.name.clone()).collect();
    taken.insert(main.clone());
    let stem: String = main.chars().take(120).collect();
    for found in matches.iter_mut().filter(|it| !it.wish.is_main) {
        found.wish.name = match found.policy {
            Some(policy) if policy.name != main => policy.name.clone(),
            Some(_) | None => numbered(&stem, &taken),
        };
        taken.insert(found.wish.name.clone());
    }
    let others = matches.iter().filter(|it| !it.wish.is_main);
    let mut others = others.filter_map(|it| it.policy.map(|policy| (policy, it.wish.name.clone())));
    let matched = others.find(|(policy, _)| policy.name == main);
    let free = leftover.iter().find(|policy| policy.name == main);
    matched.or_else(|| free.map(|policy| (*policy, numbered(&stem, &taken))))
}

fn numbered(stem: &str, taken: &BTreeSet<String>) -> String {
    let mut names = (2_u32..).map(|number| format!("{stem} {number}"));
    names.find(|name| !taken.contains(name)).unwrap_or_default()
}
