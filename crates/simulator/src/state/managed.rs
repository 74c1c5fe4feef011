//! The policies AWS itself puts at every target of a policy type that is on.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use optout_core::org::{PolicyId, PolicyType, TargetId};

use super::{Policy, State};

/// Id, name, type, document. Source:
/// <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html> and `…_rcps.html`.
const MANAGED: &[(&str, &str, PolicyType, &str)] = &[
    (
        "p-FullAWSAccess",
        "FullAWSAccess",
        PolicyType::ServiceControl,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}"#,
    ),
    (
        "p-RCPFullAWSAccess",
        "RCPFullAWSAccess",
        PolicyType::ResourceControl,
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":"*","Action":"*","Resource":"*"}]}"#,
    ),
];

/// The policy AWS manages for a type: id, name, document.
fn managed(policy_type: &PolicyType) -> Option<(PolicyId, &'static str, &'static str)> {
    let (id, name, _, content) = MANAGED.iter().find(|(_, _, of, _)| of == policy_type)?;
    Some((id.parse().ok()?, *name, *content))
}

impl State {
    /// Puts the policies AWS manages where the snapshot does not list them; where it does, their attachments are the
    /// snapshot's.
    pub(super) fn load_managed(&mut self) {
        for policy_type in self.root.types.keys().cloned().collect::<Vec<_>>() {
            if managed(&policy_type).is_some_and(|(id, ..)| !self.policies.contains_key(&id)) {
                self.attach_managed(&policy_type, Duration::ZERO);
            }
        }
    }

    /// Puts the policy AWS manages for a type at every target, as enabling the type does.
    pub(super) fn attach_managed(&mut self, policy_type: &PolicyType, at: Duration) {
        let Some((id, name, content)) = managed(policy_type) else { return };
        if !self.policies.contains_key(&id) {
            self.load_policy(id.clone(), Policy::managed(name, policy_type), Some(Arc::from(content)));
        }
        let units = self.units.keys().cloned().map(TargetId::Unit);
        let accounts = self.accounts.keys().copied().map(TargetId::Account);
        let targets: Vec<TargetId> = std::iter::once(self.root_target()).chain(units).chain(accounts).collect();
        for target in targets {
            self.attach(&id, &target, at);
        }
    }

    /// Puts the policies AWS manages at a target that is new.
    pub(crate) fn attach_managed_to(&mut self, target: &TargetId, at: Duration) {
        let on = MANAGED.iter().filter(|(_, _, policy_type, _)| self.root.types.contains_key(policy_type));
        let ids: Vec<PolicyId> = on.filter_map(|(id, ..)| id.parse().ok()).collect();
        for id in ids {
            self.attach(&id, target, at);
        }
    }
}

impl Policy {
    fn managed(name: &str, policy_type: &PolicyType) -> Self {
        Self {
            name: name.to_owned(),
            description: "Allows access to every operation".to_owned(),
            policy_type: policy_type.clone(),
            aws_managed: true,
            tags: BTreeMap::new(),
            updated: Vec::new(),
        }
    }
}
