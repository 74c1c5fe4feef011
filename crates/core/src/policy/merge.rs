//! Merging one level into the inherited state: the rules of inheritance, one function each.
//!
//! At each place, over the documents attached at the target: what ancestors forbid is passed over; then the first
//! `@@assign`, all `@@append`, all `@@remove`; then the controls, which bind only the levels below.
//! Sources: `vectors/inheritance.json` (recorded answers) and
//! <https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html>, read 2026-11-23.

use std::sync::Arc;

use serde_json::Value;

use super::document::{Entry, ValueAt};
use super::node::Node;
use super::{Effect, Level, Limit, Operator, Order, Permission, Possible, Step};

/// The documents' entries at one place, each with the number of its document.
type Peers<'d> = [(usize, &'d Entry)];

/// The merging of one level.
pub(super) struct Merge<'a> {
    /// The level, counted from the root's 0.
    pub number: usize,
    /// What is attached there.
    pub level: &'a Level<'a>,
}

impl Merge<'_> {
    /// The outermost level: value operators have no effect there (recorded: `chat/detach-published`).
    pub(super) fn root(&self, before: &Node, peers: &Peers<'_>) -> Node {
        let mut node = before.clone();
        self.children(&mut node, before, peers, "", &Permission::Open);
        self.controls(&mut node, peers, &Permission::Open);
        node.named = true;
        node
    }

    fn node(&self, before: &Node, peers: &Peers<'_>, path: &str, gate: &Permission) -> Node {
        let mut node = before.clone();
        self.assign(&mut node, before, peers, path, gate);
        self.add_or_remove(Operator::Append, &mut node, before, peers, path, gate);
        self.add_or_remove(Operator::Remove, &mut node, before, peers, path, gate);
        self.children(&mut node, before, peers, path, gate);
        self.controls(&mut node, peers, gate);
        node.named |= !matches!(gate, Permission::Blocked(_));
        node
    }

    fn children(&self, node: &mut Node, before: &Node, peers: &Peers<'_>, path: &str, gate: &Permission) {
        let mut keys: Vec<&Arc<str>> = peers.iter().flat_map(|(_, entry)| entry.children.keys()).collect();
        keys.sort_unstable();
        keys.dedup();
        for key in keys {
            let below: Vec<_> =
                peers.iter().filter_map(|(at, entry)| entry.children.get(key).map(|child| (*at, child))).collect();
            let Some((_, first)) = below.first() else { continue };
            let child = before.children.get(key);
            let gate = gate.clone().and(before.permits_key(child.map(Arc::as_ref), path));
            let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
            let fresh = Node::new(Arc::clone(&first.name));
            let merged = self.node(child.map_or(&fresh, Arc::as_ref), &below, &path, &gate);
            node.children.insert(Arc::clone(key), Arc::new(merged));
        }
    }

    /// Of several `@@assign` the one attached first counts; where the order is not known and they differ, any may.
    fn assign(&self, node: &mut Node, before: &Node, peers: &Peers<'_>, path: &str, gate: &Permission) {
        let found = said(Operator::Assign, peers);
        let Some((first, winner)) = found.first() else { return };
        let permission = gate.clone().and(before.permits(Operator::Assign, path));
        let differ = found.iter().any(|(_, value)| value.value != winner.value);
        let open = differ && self.level.order == Order::Unknown;
        let result = match open {
            true => Possible::one_of(found.iter().map(|(_, value)| value.value.as_ref().clone())),
            false => Possible::certain(winner.value.as_ref().clone()),
        };
        for (at, value) in &found {
            let effect = match (&permission, open) {
                (Permission::Blocked(cause), _) => Effect::Blocked(cause.clone()),
                (Permission::Undetermined(cause), _) => Effect::Undetermined(cause.clone()),
                (Permission::Open, true) => Effect::DependsOnOrder(self.others(&found, *at)),
                (Permission::Open, false) if at == first || value.value == winner.value => Effect::Applied,
                (Permission::Open, false) => Effect::LostTo(self.policy(*first)),
            };
            node.steps.push(self.step(*at, Operator::Assign, value, effect));
        }
        node.value = after(&permission, &node.value, result);
    }

    fn add_or_remove(
        &self,
        operator: Operator,
        node: &mut Node,
        before: &Node,
        peers: &Peers<'_>,
        path: &str,
        gate: &Permission,
    ) {
        let found = said(operator, peers);
        if found.is_empty() {
            return;
        }
        let permission = gate.clone().and(before.permits(operator, path));
        for (at, value) in found {
            let result = node.value.map(|current| match operator {
                Operator::Remove => without(current, &value.value),
                Operator::Append | Operator::Assign => with(current, &value.value),
            });
            let effect = match &permission {
                Permission::Blocked(cause) => Effect::Blocked(cause.clone()),
                Permission::Undetermined(cause) => Effect::Undetermined(cause.clone()),
                Permission::Open if result == node.value => Effect::Nothing,
                Permission::Open => Effect::Applied,
            };
            node.steps.push(self.step(at, operator, value, effect));
            node.value = after(&permission, &node.value, result);
        }
    }

    /// Controls are intersected with what is there and never widen it; `@@all` therefore changes nothing.
    fn controls(&self, node: &mut Node, peers: &Peers<'_>, gate: &Permission) {
        if matches!(gate, Permission::Blocked(_)) {
            return;
        }
        for (at, entry) in peers {
            let Some((controls, span)) = entry.controls else { continue };
            if controls == super::Controls::ALL {
                continue;
            }
            let target = Arc::clone(&self.level.target);
            let limit = Limit { level: self.number, target, policy: self.policy(*at), controls, span };
            node.limits.push(limit);
        }
    }

    fn policy(&self, document: usize) -> Arc<str> {
        self.level.documents.get(document).map_or_else(|| "".into(), |it| Arc::clone(&it.policy))
    }

    fn others(&self, found: &[(usize, &ValueAt)], own: usize) -> Vec<Arc<str>> {
        found.iter().filter(|(at, _)| *at != own).map(|(at, _)| self.policy(*at)).collect()
    }

    fn step(&self, document: usize, operator: Operator, value: &ValueAt, effect: Effect) -> Step {
        Step {
            level: self.number,
            target: Arc::clone(&self.level.target),
            policy: self.policy(document),
            operator,
            value: Arc::clone(&value.value),
            span: value.span,
            effect,
        }
    }
}

fn said<'d>(operator: Operator, peers: &Peers<'d>) -> Vec<(usize, &'d ValueAt)> {
    peers.iter().filter_map(|(at, entry)| entry.value(operator).map(|value| (*at, value))).collect()
}

fn after(permission: &Permission, before: &Possible, result: Possible) -> Possible {
    match permission {
        Permission::Open => result,
        Permission::Blocked(_) => before.clone(),
        Permission::Undetermined(_) => result.or(before),
    }
}

/// `@@append`: no value twice; without a list it makes one; what is no list is left alone.
fn with(current: Option<&Value>, added: &Value) -> Option<Value> {
    let mut list = match current {
        None => Vec::new(),
        Some(Value::Array(list)) => list.clone(),
        Some(other) => return Some(other.clone()),
    };
    for element in elements(added) {
        if !list.contains(element) {
            list.push(element.clone());
        }
    }
    Some(Value::Array(list))
}

/// `@@remove`: without a list it does nothing, and an emptied list stays (recorded: `attached-2/empty_remove`).
fn without(current: Option<&Value>, removed: &Value) -> Option<Value> {
    let Some(Value::Array(list)) = current else { return current.cloned() };
    let removed = elements(removed);
    Some(list.iter().filter(|element| !removed.contains(element)).cloned().collect())
}

fn elements(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(list) => list.iter().collect(),
        one => vec![one],
    }
}
