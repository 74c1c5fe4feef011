//! How large and how many: the quotas of each policy type.
//!
//! Sources: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html> and
//! `…/orgs_manage_policies.html`, read 2026-11-24. Older copies have 5,120 characters and 5 attachments for service
//! control policies. How the size is counted (characters of the text as sent, spaces included) is that of an
//! independent implementation of the API, not a recorded answer.

use optout_core::org::PolicyType;

/// The quotas of a policy type.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Characters of a document.
    pub(crate) characters: usize,
    /// Policies in the organization.
    pub(crate) policies: usize,
    /// Policies at one target.
    pub(crate) attached: usize,
    /// Policies that must stay at a target.
    pub(crate) least_attached: usize,
}

/// The quotas of a policy type; of the last group the number at a target was not read and is taken to
/// be that of backup policies.
pub(crate) fn of(policy_type: &PolicyType) -> Limits {
    let limits = |characters, policies, attached| Limits { characters, policies, attached, least_attached: 0 };
    match policy_type {
        PolicyType::AiOptOut => limits(2_500, 1_000, 5),
        PolicyType::ServiceControl => Limits { least_attached: 1, ..limits(10_240, 10_000, 10) },
        PolicyType::ResourceControl => Limits { least_attached: 1, ..limits(5_120, 1_000, 5) },
        PolicyType::Tag | PolicyType::Backup => limits(10_000, 1_000, 10),
        PolicyType::Chatbot
        | PolicyType::DeclarativeEc2
        | PolicyType::SecurityHub
        | PolicyType::SecurityHubCspm
        | PolicyType::Inspector
        | PolicyType::UpgradeRollout
        | PolicyType::Bedrock
        | PolicyType::S3
        | PolicyType::NetworkSecurityDirector
        | PolicyType::GuardDuty
        | PolicyType::Other(_) => limits(10_000, 1_000, 10),
    }
}
