//! Who is where: the way from the root to an account, ARNs and paths.

use optout_core::org::{AccountId, PolicyId, PolicyType, TargetId, UnitId};

use super::State;
use crate::propagation::Cutoff;

impl State {
    /// The targets from the root down to and with the account, as of `at`. Empty for an account that is not there.
    pub(crate) fn path(&self, account: AccountId, at: Option<Cutoff>) -> Vec<TargetId> {
        let Some(parent) = self.parents.get_at(&account, at).or_else(|| self.parents.get(&account)) else {
            return Vec::new();
        };
        let mut path = self.path_to(parent);
        path.push(TargetId::Account(account));
        path
    }

    /// The targets from the root down to and with `target`, a root or unit.
    pub(crate) fn path_to(&self, target: &TargetId) -> Vec<TargetId> {
        let mut path = vec![target.clone()];
        let mut current = target;
        while let TargetId::Unit(id) = current {
            let Some(unit) = self.units.get(id) else { break };
            current = &unit.parent;
            path.push(current.clone());
        }
        path.reverse();
        path
    }

    /// The name of a target.
    pub(crate) fn name_of(&self, target: &TargetId) -> &str {
        match target {
            TargetId::Root(_) => &self.root.name,
            TargetId::Unit(id) => self.units.get(id).map(|unit| unit.name.as_str()).unwrap_or_default(),
            TargetId::Account(id) => self.accounts.get(id).map(|account| account.name.as_str()).unwrap_or_default(),
        }
    }

    /// `o-…/r-…/ou-…/` of a root or unit, with the account's id and a slash more for an account.
    pub(crate) fn path_text(&self, target: &TargetId) -> String {
        let path = match target {
            TargetId::Account(id) => self.path(*id, None),
            TargetId::Root(_) | TargetId::Unit(_) => self.path_to(target),
        };
        let parts = path.iter().map(TargetId::to_string);
        let all: Vec<String> = std::iter::once(self.organization_id()).chain(parts).collect();
        format!("{}/", all.join("/"))
    }

    /// The ARN of a root, unit or account.
    pub(crate) fn target_arn(&self, target: &TargetId) -> String {
        let kind = match target {
            TargetId::Root(_) => "root",
            TargetId::Unit(_) => "ou",
            TargetId::Account(_) => "account",
        };
        self.arn(&format!("{kind}/{}/{target}", self.organization_id()))
    }

    /// The ARN of a policy.
    pub(crate) fn policy_arn(&self, id: &PolicyId, policy_type: &PolicyType, aws_managed: bool) -> String {
        let kind = policy_type.as_str().to_ascii_lowercase();
        if aws_managed {
            return format!("arn:{}:organizations::aws:policy/{kind}/{id}", self.partition.as_str());
        }
        self.arn(&format!("policy/{}/{kind}/{id}", self.organization_id()))
    }

    /// The ARN of anything of the organization: `resource` is what follows the management account's id.
    pub(crate) fn arn(&self, resource: &str) -> String {
        format!("arn:{}:organizations::{}:{resource}", self.partition.as_str(), self.management())
    }

    pub(crate) fn organization_id(&self) -> String {
        self.organization.as_ref().map(|organization| organization.id.to_string()).unwrap_or_default()
    }

    /// How many units deep `parent` is; the root is 0.
    pub(crate) fn depth(&self, parent: &TargetId) -> usize {
        self.path_to(parent).len().saturating_sub(1)
    }

    /// Puts an account under a root or unit.
    pub(crate) fn place(&mut self, account: AccountId, parent: &TargetId) {
        self.children.entry(parent.clone()).or_default().accounts.insert(account);
    }

    /// Takes an account away from a root or unit.
    pub(crate) fn displace(&mut self, account: AccountId, parent: &TargetId) {
        if let Some(children) = self.children.get_mut(parent) {
            children.accounts.remove(&account);
        }
    }

    /// Puts a unit under a root or unit.
    pub(crate) fn place_unit(&mut self, unit: UnitId, parent: &TargetId) {
        self.children.entry(parent.clone()).or_default().units.insert(unit);
    }
}
