//! The way from the root to each account, made once per snapshot.

use std::collections::HashMap;

use super::{Account, AccountId, Snapshot, TargetId, Unit, UnitId};

/// Units and accounts as a tree: every path from the root is known to end.
#[derive(Debug)]
pub struct Tree<'a> {
    root: Option<TargetId>,
    units: HashMap<&'a UnitId, &'a Unit>,
}

/// A snapshot whose units or accounts do not form a tree.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TreeError {
    /// A unit or account whose parent is not listed.
    #[error("`{child}` is in `{parent}`, which the snapshot does not list")]
    MissingParent {
        /// The unit or account.
        child: String,
        /// The parent that is missing.
        parent: TargetId,
    },
    /// A unit that is inside itself.
    #[error("`{0}` is inside itself")]
    Cycle(UnitId),
    /// An account given as somebody's parent.
    #[error("`{child}` is in the account `{parent}`: only a root or a unit holds others")]
    AccountAsParent {
        /// The unit or account.
        child: String,
        /// The account.
        parent: AccountId,
    },
}

impl TreeError {
    /// The id to look for in the file.
    #[must_use]
    pub fn subject(&self) -> String {
        match self {
            Self::MissingParent { parent, .. } => parent.to_string(),
            Self::Cycle(unit) => unit.to_string(),
            Self::AccountAsParent { parent, .. } => parent.to_string(),
        }
    }
}

impl<'a> Tree<'a> {
    /// The tree of a snapshot. Where units were not read, only accounts directly under the root have a path.
    ///
    /// # Errors
    /// Where a parent is missing, or a unit is inside itself.
    pub fn new(snapshot: &'a Snapshot) -> Result<Self, TreeError> {
        let root = snapshot.root.as_ref().map(|root| TargetId::Root(root.id.clone()));
        let units: HashMap<_, _> = snapshot.units.iter().flatten().map(|unit| (&unit.id, unit)).collect();
        let tree = Self { root, units };
        tree.check_units(snapshot)?;
        tree.check_accounts(snapshot)?;
        Ok(tree)
    }

    /// The targets from the root down to and with `account`; `None` where its place was not read.
    #[must_use]
    pub fn path(&self, account: &Account) -> Option<Vec<TargetId>> {
        let mut path = self.path_to(account.parent.as_ref()?)?;
        path.push(TargetId::Account(account.id));
        Some(path)
    }

    /// The targets from the root down to and with `target`, which is the root or a unit.
    #[must_use]
    pub fn path_to(&self, target: &TargetId) -> Option<Vec<TargetId>> {
        let mut path = vec![target.clone()];
        let mut current = target;
        while let TargetId::Unit(id) = current {
            current = &self.units.get(id)?.parent;
            path.push(current.clone());
        }
        path.reverse();
        Some(path)
    }

    /// The unit of this id.
    #[must_use]
    pub fn unit(&self, id: &UnitId) -> Option<&'a Unit> {
        self.units.get(id).copied()
    }

    /// The names from the root down to `target`, like `/Workloads/Production`; `/` is the root itself.
    #[must_use]
    pub fn names(&self, target: &TargetId) -> String {
        let mut names = Vec::new();
        let mut current = target;
        while let TargetId::Unit(id) = current {
            let Some(unit) = self.units.get(id) else { break };
            names.push(unit.name.as_str());
            current = &unit.parent;
        }
        names.reverse();
        format!("/{}", names.join("/"))
    }

    fn check_units(&self, snapshot: &Snapshot) -> Result<(), TreeError> {
        snapshot.units.iter().flatten().try_for_each(|unit| {
            self.check_parent(&unit.parent, || unit.id.to_string(), snapshot)?;
            self.check_ends(unit)
        })
    }

    fn check_accounts(&self, snapshot: &Snapshot) -> Result<(), TreeError> {
        let mut placed = snapshot.accounts.iter().flatten().filter_map(|it| it.parent.as_ref().map(|up| (it, up)));
        placed.try_for_each(|(account, parent)| self.check_parent(parent, || account.id.to_string(), snapshot))
    }

    fn check_parent(&self, parent: &TargetId, child: impl Fn() -> String, of: &Snapshot) -> Result<(), TreeError> {
        let known = match parent {
            TargetId::Account(parent) => return Err(TreeError::AccountAsParent { child: child(), parent: *parent }),
            TargetId::Root(_) => self.root.as_ref().is_none_or(|root| root == parent),
            TargetId::Unit(id) => of.units.is_none() || self.units.contains_key(id),
        };
        if known { Ok(()) } else { Err(TreeError::MissingParent { child: child(), parent: parent.clone() }) }
    }

    /// Walks up from `unit`; more steps than there are units means a circle.
    fn check_ends(&self, unit: &Unit) -> Result<(), TreeError> {
        let mut current = &unit.parent;
        for _ in 0..=self.units.len() {
            let TargetId::Unit(id) = current else { return Ok(()) };
            let Some(next) = self.units.get(id) else { return Ok(()) };
            current = &next.parent;
        }
        Err(TreeError::Cycle(unit.id.clone()))
    }
}
