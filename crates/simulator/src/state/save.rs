//! The state as a snapshot again: what a perfect reader would have read, without AWS's answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use optout_core::org::{
    Account, Attachment, Delegate, EvidenceMode, Membership, Organization, Policy, PolicyId, PolicyType,
    PolicyTypeStatus, Root, Scope, Snapshot, TargetId, Unit,
};

use super::State;

impl State {
    /// A snapshot of the state at `taken`. The policies AWS manages are left out: loading puts them back.
    pub(crate) fn save(&self, taken: Timestamp) -> Snapshot {
        let membership = self.organization.as_ref().map_or(Membership::None, |it| {
            let (id, management_account) = (it.id.clone(), it.management);
            Membership::Member(Organization { id, management_account, all_features: it.all_features })
        });
        Snapshot {
            scope: Scope::Organization,
            evidence: EvidenceMode::None,
            membership: Some(membership),
            root: self.organization.is_some().then(|| self.save_root()),
            units: Some(self.save_units()),
            accounts: Some(self.save_accounts()),
            policies: Some(self.save_policies()),
            attachments: Some(self.save_attachments()),
            invalid: Some(self.save_invalid()),
            delegates: Some(self.save_delegates()),
            trusted_services: Some(self.services.keys().cloned().collect()),
            resource_policy: Some(self.resource_policy.as_ref().map(|policy| Arc::clone(&policy.content))),
            ..Snapshot::empty(taken, env!("CARGO_PKG_VERSION"), self.partition.clone())
        }
    }

    fn save_root(&self) -> Root {
        let types = self.root.types.iter();
        let status = |(policy_type, state): (&PolicyType, &_)| PolicyTypeStatus {
            policy_type: policy_type.clone(),
            state: Clone::clone(state),
        };
        Root { id: self.root.id.clone(), name: self.root.name.clone(), policy_types: types.map(status).collect() }
    }

    fn save_units(&self) -> Vec<Unit> {
        let units = self.units.iter();
        units.map(|(id, it)| Unit { id: id.clone(), name: it.name.clone(), parent: it.parent.clone() }).collect()
    }

    fn save_accounts(&self) -> Vec<Account> {
        let accounts = self.accounts.iter().map(|(id, account)| Account {
            id: *id,
            name: account.name.clone(),
            email: Some(account.email.clone()),
            state: account.state.clone(),
            parent: self.parents.get(id).cloned(),
            joined: Some(account.joined),
        });
        accounts.collect()
    }

    fn save_policies(&self) -> Vec<Policy> {
        let own = self.policies.iter().filter(|(_, policy)| !policy.aws_managed);
        let policies = own.map(|(id, policy)| Policy {
            id: id.clone(),
            name: policy.name.clone(),
            description: policy.description.clone(),
            policy_type: policy.policy_type.clone(),
            aws_managed: false,
            content: self.contents.get(id).cloned(),
            tags: Some(policy.tags.clone()),
        });
        policies.collect()
    }

    fn save_attachments(&self) -> BTreeMap<TargetId, Vec<Attachment>> {
        let mut attachments: BTreeMap<TargetId, Vec<Attachment>> = BTreeMap::new();
        let own = |id: &&PolicyId| self.policies.get(*id).is_some_and(|policy| !policy.aws_managed);
        for ((target, _), policies) in self.attached.iter() {
            let list = policies.iter().filter(own).map(|id| Attachment { policy: id.clone(), attached: None });
            let list: Vec<_> = list.collect();
            if !list.is_empty() {
                attachments.entry(target.clone()).or_default().extend(list);
            }
        }
        attachments
    }

    fn save_invalid(&self) -> BTreeMap<optout_core::org::AccountId, Vec<optout_core::org::InvalidPolicy>> {
        let invalid = self.invalid.get(&PolicyType::AiOptOut).into_iter().flatten();
        invalid.map(|(account, it)| (*account, it.errors.clone())).collect()
    }

    fn save_delegates(&self) -> Vec<Delegate> {
        let delegates = self.delegates.iter();
        let services = |it: &super::Delegate| Some(it.services.keys().cloned().collect());
        delegates.map(|(account, it)| Delegate { account: *account, services: services(it) }).collect()
    }
}
