//! One place of the inherited state: its value, what limits the levels below, and how it came about.
//!
//! Nodes are shared between states: a level copies only the nodes its documents name.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::steps::Steps;
use super::{Cause, Controls, Limit, Operator, Permission, Possible, Rule};

/// A place below the root of the document, like `services.lex`.
#[derive(Debug, Clone)]
pub(super) struct Node {
    /// The key as the first document wrote it.
    pub name: Arc<str>,
    /// Whether a document that was allowed to names it, with or without a value.
    pub named: bool,
    /// Its value; absent for containers.
    pub value: Possible,
    /// Every value-setting operator met here.
    pub steps: Steps,
    /// The controls put here.
    ///
    /// Where it is not decided whether a document may name the key, it is not decided for any level below either, and
    /// the answer is the same for all of them: if it may, its controls count for them, if not, nothing of theirs does.
    /// Either way what the controls forbid stays out.
    pub limits: Vec<Limit>,
    /// The places below, by folded key.
    pub children: BTreeMap<Arc<str>, Arc<Node>>,
}

impl Node {
    pub(super) fn new(name: Arc<str>) -> Self {
        let value = Possible::absent();
        Self { name, named: false, value, steps: Steps::default(), limits: Vec::new(), children: BTreeMap::new() }
    }

    /// Whether it or a place below has a value, which is what makes a key exist: `None` where that is not decided.
    pub(super) fn exists(&self) -> Option<bool> {
        let below = self.children.values().map(|child| child.exists());
        below.fold(self.value.is_present(), |so_far, child| match (so_far, child) {
            (Some(true), _) | (_, Some(true)) => Some(true),
            (None, _) | (_, None) => None,
            (Some(false), Some(false)) => Some(false),
        })
    }

    /// What the levels below may do here.
    fn controls(&self) -> Controls {
        self.limits.iter().fold(Controls::ALL, |so_far, limit| so_far.and(limit.controls))
    }

    /// Whether a level below may use `operator` on this setting, as far as its own controls say.
    pub(super) fn permits(&self, operator: Operator, path: &str) -> Permission {
        self.judge(path, Rule::SettingLocked, |controls| controls.allows(operator))
    }

    /// Whether a level below may add or change the key `child`, as far as this container's controls say.
    pub(super) fn permits_key(&self, child: Option<&Self>, path: &str) -> Permission {
        let exists = child.map_or(Some(false), Self::exists);
        if exists == Some(true) {
            return Permission::Open;
        }
        let named = exists.is_none() || child.is_some_and(|child| child.named);
        match self.judge(path, Rule::KeyMayNotBeAdded, Controls::allow_adding) {
            Permission::Blocked(cause) if named => {
                Permission::Undetermined(Cause { rule: Rule::NamedButEmpty, ..cause })
            }
            other => other,
        }
    }

    fn judge(&self, path: &str, rule: Rule, allowed: impl Fn(Controls) -> bool) -> Permission {
        if allowed(self.controls()) {
            return Permission::Open;
        }
        Permission::Blocked(Cause { rule, path: path.to_owned(), limits: self.limits.clone() })
    }
}
