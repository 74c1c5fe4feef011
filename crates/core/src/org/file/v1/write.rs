//! From a snapshot to the structs of the file.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::{
    AccountV1, AnswerV1, AttachedPolicyV1, AttachmentV1, CallerV1, DelegateV1, FileV1, InvalidV1, OrganizationV1,
    PolicyV1, ResourcePolicyV1, RootV1, UnitV1, UnreadV1,
};
use crate::org::file::FORMAT;
use crate::org::{
    Account, Answer, AnswerContent, AttachTime, AttachedPolicy, Attachment, Caller, Delegate, InvalidPolicy,
    Membership, Organization, Policy, PolicyTypeStatus, Root, Scope, Snapshot, Unit, Unread,
};

const ORGANIZATION_SCOPE: &str = "organization";

impl From<&Snapshot> for FileV1 {
    fn from(snapshot: &Snapshot) -> Self {
        let scope = match snapshot.scope {
            Scope::Organization => ORGANIZATION_SCOPE.to_owned(),
            Scope::Account(id) => id.to_string(),
        };
        let in_organization = snapshot.membership.as_ref().map(|it| matches!(it, Membership::Member(_)));
        Self {
            format: FORMAT.to_owned(),
            taken: snapshot.taken,
            tool_version: snapshot.tool_version.clone(),
            partition: snapshot.partition.as_str().to_owned(),
            caller: snapshot.caller.as_ref().map(CallerV1::from),
            scope,
            evidence: snapshot.evidence,
            in_organization,
            organization: snapshot.organization().map(OrganizationV1::from),
            root: snapshot.root.as_ref().map(RootV1::from),
            units: listed(snapshot.units.as_deref()),
            accounts: listed(snapshot.accounts.as_deref()),
            policies: listed(snapshot.policies.as_deref()),
            attachments: snapshot.attachments.as_ref().map(keyed_lists),
            answers: snapshot.answers.iter().map(|(id, answer)| (*id, answer.into())).collect(),
            invalid: snapshot.invalid.as_ref().map(keyed_lists),
            delegates: listed(snapshot.delegates.as_deref()),
            resource_policy: snapshot.resource_policy.clone().map(|content| ResourcePolicyV1 { content }),
            trusted_services: snapshot.trusted_services.clone(),
            control_policies: snapshot.control_policies.clone(),
            service_control_policies: listed(snapshot.service_control_policies.as_deref()),
            unread: snapshot.unread.iter().map(UnreadV1::from).collect(),
        }
    }
}

fn listed<'a, T, F: From<&'a T>>(list: Option<&'a [T]>) -> Option<Vec<F>> {
    list.map(|items| items.iter().map(F::from).collect())
}

fn keyed_lists<'a, K: Ord + Clone, T, F: From<&'a T>>(map: &'a BTreeMap<K, Vec<T>>) -> BTreeMap<K, Vec<F>> {
    map.iter().map(|(key, list)| (key.clone(), list.iter().map(F::from).collect())).collect()
}

impl From<&Caller> for CallerV1 {
    fn from(it: &Caller) -> Self {
        Self { account: it.account, principal: it.principal.clone() }
    }
}

impl From<&Organization> for OrganizationV1 {
    fn from(it: &Organization) -> Self {
        Self { id: it.id.clone(), management_account: it.management_account, all_features: it.all_features }
    }
}

impl From<&Root> for RootV1 {
    fn from(it: &Root) -> Self {
        let status = |it: &PolicyTypeStatus| (it.policy_type.clone(), it.state.as_str().to_owned());
        Self { id: it.id.clone(), name: it.name.clone(), policy_types: it.policy_types.iter().map(status).collect() }
    }
}

impl From<&Unit> for UnitV1 {
    fn from(it: &Unit) -> Self {
        Self { id: it.id.clone(), name: it.name.clone(), parent: it.parent.clone() }
    }
}

impl From<&Account> for AccountV1 {
    fn from(it: &Account) -> Self {
        Self {
            id: it.id,
            name: it.name.clone(),
            email: it.email.clone(),
            state: it.state.as_str().to_owned(),
            parent: it.parent.clone(),
            joined: it.joined,
        }
    }
}

impl From<&Policy> for PolicyV1 {
    fn from(it: &Policy) -> Self {
        Self {
            id: it.id.clone(),
            name: it.name.clone(),
            description: it.description.clone(),
            policy_type: it.policy_type.clone(),
            aws_managed: it.aws_managed,
            content: it.content.clone(),
            tags: it.tags.clone(),
        }
    }
}

impl From<&AttachedPolicy> for AttachedPolicyV1 {
    fn from(it: &AttachedPolicy) -> Self {
        Self { policy: (&it.policy).into(), targets: it.targets.clone() }
    }
}

impl From<&Attachment> for AttachmentV1 {
    fn from(it: &Attachment) -> Self {
        let (at, before) = match it.attached {
            None => (None, None),
            Some(AttachTime::At(time)) => (Some(time), None),
            Some(AttachTime::Before(time)) => (None, Some(time)),
        };
        Self { policy: it.policy.clone(), attached: at, attached_before: before }
    }
}

impl From<&Answer> for AnswerV1 {
    fn from(it: &Answer) -> Self {
        let content = match &it.content {
            AnswerContent::Document(text) => Some(Arc::clone(text)),
            AnswerContent::NotFound => None,
        };
        Self { content, last_updated: it.last_updated, asked: it.asked }
    }
}

impl From<&InvalidPolicy> for InvalidV1 {
    fn from(it: &InvalidPolicy) -> Self {
        Self {
            code: it.code.clone(),
            message: it.message.clone(),
            path: it.path.clone(),
            policies: it.policies.clone(),
        }
    }
}

impl From<&Delegate> for DelegateV1 {
    fn from(it: &Delegate) -> Self {
        Self { account: it.account, services: it.services.clone() }
    }
}

impl From<&Unread> for UnreadV1 {
    fn from(it: &Unread) -> Self {
        Self {
            part: it.part,
            subject: it.subject.clone(),
            operation: it.operation.clone(),
            reason: it.reason,
            permission: it.permission.clone(),
            detail: it.detail.clone(),
        }
    }
}
