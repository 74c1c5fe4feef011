//! The moments between two calls: an account that is opted out of a service before a plan and after it should be so at each
//! of them. The order of [`super::sequence`] keeps to that in organizations as people build them; where existing policies
//! contradict each other, another order of the same steps may keep to it, and is looked for here by trying.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::difference::{View, named_services};
use super::model::apply_to;
use super::{PlannedStep, PolicyRef, Step};
use crate::org::{AccountId, Snapshot};

/// So many moments are looked at for one plan at most: each is a judgement of the whole organization.
const MOST: usize = 400;

/// What is wrong at moments, fewer is better: first what was lost, then what was done too early.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Cost {
    /// Not opted out, though before and after.
    lost: usize,
    /// Opted out, though neither before nor after: some services delete data then.
    gained: usize,
}

/// The steps in the given order, or in one that is better at some moment and worse at none that counts.
///
/// Equal input gives an equal order. Steps that AWS would refuse leave the order as it is: they are told as obstacles.
pub(super) fn safest(before: &Snapshot, steps: Vec<PlannedStep>, services: &[&str], at: Timestamp) -> Vec<PlannedStep> {
    if !steps.iter().any(|planned| takes_away(&planned.step)) {
        return steps;
    }
    let before = valid(before);
    let Some(end) = end(&before, &steps, at) else { return steps };
    let mut search = Search::new(&before, &end, services, at);
    let Some(cost) = search.cost(&steps).filter(|cost| cost.lost > 0) else { return steps };
    let Some(other) = search.other(steps.clone()) else { return steps };
    match search.cost(&other) {
        Some(better) if better.lost < cost.lost && better.gained <= cost.gained => other,
        Some(_) | None => steps,
    }
}

/// Whether a step can take an opt-out away from anybody, alone or because it came too early.
const fn takes_away(step: &Step) -> bool {
    match step {
        Step::DetachPolicy { .. } | Step::UpdatePolicy { content: Some(_), .. } => true,
        Step::CreateOrganization {}
        | Step::EnablePolicyType { .. }
        | Step::DisablePolicyType { .. }
        | Step::CreatePolicy { .. }
        | Step::UpdatePolicy { .. }
        | Step::TagResource { .. }
        | Step::UntagResource { .. }
        | Step::AttachPolicy { .. }
        | Step::DeletePolicy { .. } => false,
    }
}

/// What documents say counts here, not what AWS keeps for accounts whose effective policy is invalid.
fn valid(snapshot: &Snapshot) -> Snapshot {
    Snapshot { invalid: Some(std::collections::BTreeMap::new()), ..snapshot.clone() }
}

fn end(before: &Snapshot, steps: &[PlannedStep], at: Timestamp) -> Option<Snapshot> {
    let mut model = before.clone();
    steps.iter().try_for_each(|planned| apply_to(&mut model, &planned.step, at)).ok()?;
    Some(model)
}

struct Search<'a> {
    before: View<'a>,
    end: View<'a>,
    services: Vec<String>,
    at: Timestamp,
    left: usize,
}

impl<'a> Search<'a> {
    fn new(before: &'a Snapshot, end: &'a Snapshot, services: &[&str], at: Timestamp) -> Self {
        let named = named_services(before).into_iter().chain(named_services(end));
        let services: BTreeSet<String> = services.iter().map(|service| (*service).to_owned()).chain(named).collect();
        let services: Vec<String> = services.into_iter().collect();
        let view = |snapshot: &'a Snapshot| View::new(snapshot, services.iter().map(String::as_str));
        let (before, end) = (view(before), view(end));
        Self { before, end, services, at, left: MOST }
    }

    /// What is wrong at all moments of an order together; `None` where too many would have to be looked at.
    fn cost(&mut self, steps: &[PlannedStep]) -> Option<Cost> {
        let mut model = self.before.snapshot.clone();
        let mut sum = Cost::default();
        for planned in steps {
            apply_to(&mut model, &planned.step, self.at).ok()?;
            let cost = self.at_moment(&model)?;
            sum = Cost { lost: sum.lost + cost.lost, gained: sum.gained + cost.gained };
        }
        Some(sum)
    }

    fn at_moment(&mut self, model: &Snapshot) -> Option<Cost> {
        self.left = self.left.checked_sub(1)?;
        let now = View::new(model, self.services.iter().map(String::as_str));
        let mut alike = BTreeSet::new();
        let mut cost = Cost::default();
        for account in model.accounts.iter().flatten() {
            let number = |view: &View<'_>| view.computed.number(account.id);
            if alike.insert((number(&self.before), number(&now), number(&self.end))) {
                self.add(&now, account.id, &mut cost);
            }
        }
        Some(cost)
    }

    fn add(&self, now: &View<'_>, account: AccountId, cost: &mut Cost) {
        let opted_out = |view: &View<'_>, service: &str| {
            view.computed.get(account).is_some_and(|group| view.setting(group, service) == "opt-out")
        };
        for service in self.services.iter().map(String::as_str).chain([crate::intent::DEFAULT_SERVICE]) {
            match [&self.before, now, &self.end].map(|view| opted_out(view, service)) {
                [true, false, true] => cost.lost += 1,
                [false, true, false] => cost.gained += 1,
                _ => {}
            }
        }
    }

    /// Another order: always the first step that may go next and loses nothing, else the one that loses least.
    fn other(&mut self, mut rest: Vec<PlannedStep>) -> Option<Vec<PlannedStep>> {
        let mut model = self.before.snapshot.clone();
        let mut steps = Vec::with_capacity(rest.len());
        while !rest.is_empty() {
            let (place, after) = self.next(&model, &rest)?;
            steps.push(rest.remove(place));
            model = after;
        }
        Some(steps)
    }

    fn next(&mut self, model: &Snapshot, rest: &[PlannedStep]) -> Option<(usize, Snapshot)> {
        let mut best: Option<(Cost, usize, Snapshot)> = None;
        for (place, planned) in rest.iter().enumerate() {
            let is_bound = rest.iter().take(place).any(|earlier| keeps_order(&earlier.step, &planned.step));
            let mut after = model.clone();
            if is_bound || apply_to(&mut after, &planned.step, self.at).is_err() {
                continue;
            }
            let cost = self.at_moment(&after)?;
            if cost == Cost::default() {
                return Some((place, after));
            }
            if best.as_ref().is_none_or(|(least, ..)| cost < *least) {
                best = Some((cost, place, after));
            }
        }
        best.map(|(_, place, after)| (place, after))
    }
}

/// Whether the result, or what a name means, would be another one if `later` came first.
fn keeps_order(earlier: &Step, later: &Step) -> bool {
    match (earlier, later) {
        // The first one at a target wins.
        (Step::AttachPolicy { target, .. }, Step::AttachPolicy { target: other, .. }) if target == other => true,
        (Step::CreatePolicy { name, .. }, step) if policy(step) == Some(&PolicyRef::Name(name.clone())) => true,
        (
            Step::UpdatePolicy { policy: one, .. }
            | Step::TagResource { policy: one, .. }
            | Step::UntagResource { policy: one, .. },
            Step::UpdatePolicy { policy: other, .. }
            | Step::TagResource { policy: other, .. }
            | Step::UntagResource { policy: other, .. }
            | Step::DeletePolicy { policy: other },
        ) => one == other,
        (
            Step::AttachPolicy { policy: one, target } | Step::DetachPolicy { policy: one, target },
            Step::AttachPolicy { policy: other, target: there } | Step::DetachPolicy { policy: other, target: there },
        ) => one == other && target == there,
        _ => false,
    }
}

/// The policy that a step is about.
const fn policy(step: &Step) -> Option<&PolicyRef> {
    match step {
        Step::UpdatePolicy { policy, .. }
        | Step::TagResource { policy, .. }
        | Step::UntagResource { policy, .. }
        | Step::AttachPolicy { policy, .. }
        | Step::DetachPolicy { policy, .. }
        | Step::DeletePolicy { policy } => Some(policy),
        Step::CreateOrganization {}
        | Step::EnablePolicyType { .. }
        | Step::DisablePolicyType { .. }
        | Step::CreatePolicy { .. } => None,
    }
}
