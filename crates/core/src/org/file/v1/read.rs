//! From the structs of the file to a snapshot.

use std::collections::BTreeMap;

use super::{
    AccountV1, AnswerV1, AttachedPolicyV1, AttachmentV1, DelegateV1, FileV1, InvalidV1, OrganizationV1, PolicyV1,
    RootV1, UnitV1, UnreadV1,
};
use crate::org::{
    Account, AccountId, AccountState, Answer, AnswerContent, AttachTime, AttachedPolicy, Attachment, Caller, Delegate,
    InvalidPolicy, Membership, Organization, Partition, Policy, PolicyTypeState, PolicyTypeStatus, Root, Scope,
    Snapshot, TargetId, Unit, Unread,
};

impl From<FileV1> for Snapshot {
    fn from(file: FileV1) -> Self {
        let scope = file.scope.parse().map_or(Scope::Organization, Scope::Account);
        let membership = match (file.organization, file.in_organization) {
            (Some(organization), _) => Some(Membership::Member(organization.into())),
            (None, Some(false)) => Some(Membership::None),
            (None, _) => None,
        };
        Self {
            taken: file.taken,
            tool_version: file.tool_version,
            partition: Partition::of(&file.partition),
            caller: file.caller.map(|caller| Caller { account: caller.account, principal: caller.principal }),
            scope,
            evidence: file.evidence,
            membership,
            root: file.root.map(Root::from),
            units: file.units.map(|units| units.into_iter().map(Unit::from).collect()),
            accounts: file.accounts.map(sorted_accounts),
            policies: file.policies.map(sorted_policies),
            attachments: file.attachments.map(attachments),
            answers: file.answers.into_iter().map(|(id, answer)| (id, answer.into())).collect(),
            invalid: file.invalid.map(invalid),
            delegates: file.delegates.map(|list| list.into_iter().map(Delegate::from).collect()),
            resource_policy: file.resource_policy.map(|policy| policy.content),
            trusted_services: file.trusted_services,
            control_policies: file.control_policies,
            service_control_policies: file.service_control_policies.map(sorted_attached),
            unread: file.unread.into_iter().map(Unread::from).collect(),
        }
    }
}

fn sorted_accounts(list: Vec<AccountV1>) -> Vec<Account> {
    let mut accounts: Vec<Account> = list.into_iter().map(Account::from).collect();
    accounts.sort_by_key(|account| account.id);
    accounts
}

fn sorted_policies(list: Vec<PolicyV1>) -> Vec<Policy> {
    let mut policies: Vec<Policy> = list.into_iter().map(Policy::from).collect();
    policies.sort_by(|left, right| left.id.cmp(&right.id));
    policies
}

fn sorted_attached(list: Vec<AttachedPolicyV1>) -> Vec<AttachedPolicy> {
    let mut policies: Vec<AttachedPolicy> =
        list.into_iter().map(|it| AttachedPolicy { policy: it.policy.into(), targets: it.targets }).collect();
    policies.sort_by(|left, right| left.policy.id.cmp(&right.policy.id));
    policies
}

fn attachments(map: BTreeMap<TargetId, Vec<AttachmentV1>>) -> BTreeMap<TargetId, Vec<Attachment>> {
    let time = |it: &AttachmentV1| it.attached.map(AttachTime::At).or(it.attached_before.map(AttachTime::Before));
    let one = |it: AttachmentV1| Attachment { attached: time(&it), policy: it.policy };
    map.into_iter().map(|(target, list)| (target, list.into_iter().map(one).collect())).collect()
}

fn invalid(map: BTreeMap<AccountId, Vec<InvalidV1>>) -> BTreeMap<AccountId, Vec<InvalidPolicy>> {
    let one =
        |it: InvalidV1| InvalidPolicy { code: it.code, message: it.message, path: it.path, policies: it.policies };
    map.into_iter().map(|(account, list)| (account, list.into_iter().map(one).collect())).collect()
}

impl From<OrganizationV1> for Organization {
    fn from(it: OrganizationV1) -> Self {
        Self { id: it.id, management_account: it.management_account, all_features: it.all_features }
    }
}

impl From<RootV1> for Root {
    fn from(it: RootV1) -> Self {
        let status =
            |(policy_type, state): (_, String)| PolicyTypeStatus { policy_type, state: PolicyTypeState::of(&state) };
        Self { id: it.id, name: it.name, policy_types: it.policy_types.into_iter().map(status).collect() }
    }
}

impl From<UnitV1> for Unit {
    fn from(it: UnitV1) -> Self {
        Self { id: it.id, name: it.name, parent: it.parent }
    }
}

impl From<AccountV1> for Account {
    fn from(it: AccountV1) -> Self {
        let state = AccountState::of(&it.state);
        Self { id: it.id, name: it.name, email: it.email, state, parent: it.parent, joined: it.joined }
    }
}

impl From<PolicyV1> for Policy {
    fn from(it: PolicyV1) -> Self {
        Self {
            id: it.id,
            name: it.name,
            description: it.description,
            policy_type: it.policy_type,
            aws_managed: it.aws_managed,
            content: it.content,
            tags: it.tags,
        }
    }
}

impl From<AnswerV1> for Answer {
    fn from(it: AnswerV1) -> Self {
        let content = it.content.map_or(AnswerContent::NotFound, AnswerContent::Document);
        Self { content, last_updated: it.last_updated, asked: it.asked }
    }
}

impl From<DelegateV1> for Delegate {
    fn from(it: DelegateV1) -> Self {
        Self { account: it.account, services: it.services }
    }
}

impl From<UnreadV1> for Unread {
    fn from(it: UnreadV1) -> Self {
        Self {
            part: it.part,
            subject: it.subject,
            operation: it.operation,
            reason: it.reason,
            permission: it.permission,
            detail: it.detail,
        }
    }
}
