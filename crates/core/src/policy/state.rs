//! What holds at a target: the result of merging every level from the root down to it, with all reasons.

use std::sync::Arc;

use super::merge::Merge;
use super::node::Node;
use super::{Cause, Level, Operator};

/// The inherited state at one target. Cheap to clone: levels share what they do not change.
#[derive(Debug, Clone)]
pub struct State {
    pub(super) root: Arc<Node>,
    levels: usize,
}

impl Default for State {
    fn default() -> Self {
        Self { root: Arc::new(Node::new("".into())), levels: 0 }
    }
}

/// Whether something may be done at the next level.
#[derive(Debug, Clone, PartialEq)]
pub enum Permission {
    /// Yes.
    Open,
    /// No.
    Blocked(Cause),
    /// The rules do not decide it.
    Undetermined(Cause),
}

impl Permission {
    /// Both must allow it; a certain no beats an open question.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (blocked @ Self::Blocked(_), _) | (_, blocked @ Self::Blocked(_)) => blocked,
            (open @ Self::Undetermined(_), _) | (_, open @ Self::Undetermined(_)) => open,
            (Self::Open, Self::Open) => Self::Open,
        }
    }
}

/// Merges a whole path: the levels from the root down to the account, empty ones included.
///
/// The rules are those of `docs/inheritance.md`; equal levels give equal states.
#[must_use]
pub fn resolve(levels: &[Level<'_>]) -> State {
    levels.iter().fold(State::default(), |state, level| state.below(level))
}

impl State {
    /// The state one level below, where `level` is what is attached there.
    #[must_use]
    pub fn below(&self, level: &Level<'_>) -> Self {
        let levels = self.levels + 1;
        if level.documents.is_empty() {
            return Self { root: Arc::clone(&self.root), levels };
        }
        let entries = level.documents.iter().enumerate().map(|(at, it)| (at, &it.document.root)).collect::<Vec<_>>();
        let root = Merge { number: self.levels, level }.root(&self.root, &entries);
        Self { root: Arc::new(root), levels }
    }

    /// How many levels were merged.
    #[must_use]
    pub const fn levels(&self) -> usize {
        self.levels
    }

    /// Whether one more document, attached at the next level, may use `operator` on the setting at `path` (keys in the
    /// form the policy type compares them).
    #[must_use]
    pub fn permission(&self, path: &[&str], operator: Operator) -> Permission {
        let absent = Node::new("".into());
        let mut permission = Permission::Open;
        let mut node: &Node = &self.root;
        for (depth, key) in path.iter().enumerate() {
            let child = node.children.get(*key).map(Arc::as_ref);
            let here = path.get(..depth).unwrap_or_default().join(".");
            permission = permission.and(node.permits_key(child, &here));
            node = child.unwrap_or(&absent);
        }
        permission.and(node.permits(operator, &path.join(".")))
    }
}
