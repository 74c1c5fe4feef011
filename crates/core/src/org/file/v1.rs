//! `optout.snapshot/1`: the structs of the file, apart from the ones the program works with, so that those may change.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::org::{
    Account, AccountId, AccountState, Answer, AnswerContent, AttachTime, AttachedPolicy, Attachment, Caller, Delegate,
    EvidenceMode, InvalidPolicy, Membership, Organization, OrganizationId, Part, Partition, Policy, PolicyId,
    PolicyType, PolicyTypeState, PolicyTypeStatus, Root, RootId, Scope, Snapshot, TargetId, Unit, UnitId, Unread,
    UnreadReason,
};

pub(super) fn parse(text: &str) -> Result<Snapshot, serde_json::Error> {
    serde_json::from_str::<FileV1>(text).map(Snapshot::from)
}

pub(super) fn print(snapshot: &Snapshot) -> String {
    // INVARIANT: every map key below is a string, which is all that could make this fail.
    let mut text = serde_json::to_string_pretty(&FileV1::from(snapshot)).unwrap_or_default();
    text.push('\n');
    text
}

/// The file form as a value, for who stores it in pieces.
pub(super) fn to_value(snapshot: &Snapshot) -> serde_json::Value {
    // INVARIANT: as in `print`.
    serde_json::to_value(FileV1::from(snapshot)).unwrap_or_default()
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct FileV1 {
    /// Always `optout.snapshot/1`.
    format: String,
    /// When the reading began (RFC 3339).
    #[cfg_attr(test, schemars(with = "String"))]
    taken: Timestamp,
    /// The version of optout that wrote it.
    tool_version: String,
    /// `aws`, `aws-us-gov`, `aws-cn` or another partition.
    partition: String,
    /// Who read it; never a secret.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    caller: Option<CallerV1>,
    /// `organization`, or the id of the only account the caller may ask for.
    scope: String,
    /// How AWS was asked for effective policies: `all`, `chain` or `none`.
    #[cfg_attr(test, schemars(with = "String"))]
    evidence: EvidenceMode,
    /// Whether the caller is in an organization; absent where unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    in_organization: Option<bool>,
    /// The organization.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    organization: Option<OrganizationV1>,
    /// The root, with the policy types that are on; absent where unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    root: Option<RootV1>,
    /// Every organizational unit; absent where unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    units: Option<Vec<UnitV1>>,
    /// Every account; absent where unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    accounts: Option<Vec<AccountV1>>,
    /// The policies; absent where unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    policies: Option<Vec<PolicyV1>>,
    /// Policies attached to each target; a target that is absent has none; the whole is absent where unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<BTreeMap<String, Vec<AttachmentV1>>>"))]
    attachments: Option<BTreeMap<TargetId, Vec<AttachmentV1>>>,
    /// AWS's own answers, by account id.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, AnswerV1>"))]
    answers: BTreeMap<AccountId, AnswerV1>,
    /// Accounts with an invalid effective policy; absent where unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<BTreeMap<String, Vec<InvalidV1>>>"))]
    invalid: Option<BTreeMap<AccountId, Vec<InvalidV1>>>,
    /// Delegated administrators; absent where unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    delegates: Option<Vec<DelegateV1>>,
    /// The resource policy; absent where unread, `{}` where there is none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    resource_policy: Option<ResourcePolicyV1>,
    /// The service principals with access to the organization; absent where not asked for or unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    trusted_services: Option<Vec<String>>,
    /// The names of the service control policies; absent where not asked for or unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    control_policies: Option<Vec<String>>,
    /// Service control policies; absent where they were not asked for or could not be listed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    service_control_policies: Option<Vec<AttachedPolicyV1>>,
    /// What could not be read, and why.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unread: Vec<UnreadV1>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct CallerV1 {
    #[cfg_attr(test, schemars(with = "String"))]
    account: AccountId,
    principal: String,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct OrganizationV1 {
    #[cfg_attr(test, schemars(with = "String"))]
    id: OrganizationId,
    #[cfg_attr(test, schemars(with = "String"))]
    management_account: AccountId,
    all_features: bool,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct RootV1 {
    #[cfg_attr(test, schemars(with = "String"))]
    id: RootId,
    name: String,
    /// Policy types that are on or changing: type → status, as ListRoots has them.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
    policy_types: BTreeMap<PolicyType, String>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct UnitV1 {
    #[cfg_attr(test, schemars(with = "String"))]
    id: UnitId,
    name: String,
    #[cfg_attr(test, schemars(with = "String"))]
    parent: TargetId,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct AccountV1 {
    #[cfg_attr(test, schemars(with = "String"))]
    id: AccountId,
    name: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    email: Option<String>,
    /// As AWS says it: `ACTIVE`, `SUSPENDED`, …
    state: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    parent: Option<TargetId>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    joined: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct PolicyV1 {
    #[cfg_attr(test, schemars(with = "String"))]
    id: PolicyId,
    name: String,
    #[serde(default, skip_serializing_if = "String::is_empty")]
    description: String,
    #[serde(rename = "type")]
    #[cfg_attr(test, schemars(with = "String"))]
    policy_type: PolicyType,
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    aws_managed: bool,
    /// The document byte for byte; absent where unread.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    content: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tags: Option<BTreeMap<String, String>>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct AttachedPolicyV1 {
    policy: PolicyV1,
    /// Where it is attached; absent where unread, and for policies that AWS owns.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<Vec<String>>"))]
    targets: Option<Vec<TargetId>>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct AttachmentV1 {
    #[cfg_attr(test, schemars(with = "String"))]
    policy: PolicyId,
    /// When it was attached, where recorded events tell.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    attached: Option<Timestamp>,
    /// It was attached before then, where recorded events tell only that; without meaning beside `attached`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    attached_before: Option<Timestamp>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct AnswerV1 {
    /// `PolicyContent` as it came; absent where AWS found no such policy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    content: Option<Arc<str>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    last_updated: Option<Timestamp>,
    #[cfg_attr(test, schemars(with = "String"))]
    asked: Timestamp,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct InvalidV1 {
    code: String,
    message: String,
    #[serde(default)]
    path: String,
    #[serde(default)]
    policies: Vec<String>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct DelegateV1 {
    #[cfg_attr(test, schemars(with = "String"))]
    account: AccountId,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    services: Option<Vec<String>>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct ResourcePolicyV1 {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    content: Option<Arc<str>>,
}

#[derive(Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
struct UnreadV1 {
    #[cfg_attr(test, schemars(with = "String"))]
    part: Part,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    subject: Option<String>,
    operation: String,
    #[cfg_attr(test, schemars(with = "String"))]
    reason: UnreadReason,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    permission: Option<String>,
    detail: String,
}

const ORGANIZATION_SCOPE: &str = "organization";

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

impl From<&Snapshot> for FileV1 {
    fn from(snapshot: &Snapshot) -> Self {
        let scope = match snapshot.scope {
            Scope::Organization => ORGANIZATION_SCOPE.to_owned(),
            Scope::Account(id) => id.to_string(),
        };
        let in_organization = snapshot.membership.as_ref().map(|it| matches!(it, Membership::Member(_)));
        Self {
            format: super::FORMAT.to_owned(),
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

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("snapshot-1.json", &schemars::schema_for!(super::FileV1));
    }
}
