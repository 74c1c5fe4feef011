//! `optout.snapshot/1`: the structs of the file, apart from the ones the program works with, so that those may change.

mod read;
mod write;

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::org::{
    AccountId, EvidenceMode, OrganizationId, Part, PolicyId, PolicyType, RootId, Snapshot, TargetId, UnitId,
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

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("snapshot-1.json", &schemars::schema_for!(super::FileV1));
    }
}
