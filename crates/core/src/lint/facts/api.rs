//! The operations of AWS Organizations, so that a call of one that does not exist can be named.
//!
//! Source: the service model of botocore 1.44.5 (2026-11-17) and `aws-sdk-organizations` 1.137, read 2026-11-24.

/// Every operation, in snake case.
pub(in crate::lint) const OPERATIONS: &[&str] = &[
    "accept_handshake",
    "attach_policy",
    "cancel_handshake",
    "close_account",
    "create_account",
    "create_gov_cloud_account",
    "create_organization",
    "create_organizational_unit",
    "create_policy",
    "decline_handshake",
    "delete_organization",
    "delete_organizational_unit",
    "delete_policy",
    "delete_resource_policy",
    "deregister_delegated_administrator",
    "describe_account",
    "describe_create_account_status",
    "describe_effective_policy",
    "describe_handshake",
    "describe_organization",
    "describe_organizational_unit",
    "describe_policy",
    "describe_resource_policy",
    "describe_responsibility_transfer",
    "detach_policy",
    "disable_aws_service_access",
    "disable_policy_type",
    "enable_all_features",
    "enable_aws_service_access",
    "enable_policy_type",
    "invite_account_to_organization",
    "invite_organization_to_transfer_responsibility",
    "leave_organization",
    "list_accounts",
    "list_accounts_for_parent",
    "list_accounts_with_invalid_effective_policy",
    "list_aws_service_access_for_organization",
    "list_children",
    "list_create_account_status",
    "list_delegated_administrators",
    "list_delegated_services_for_account",
    "list_effective_policy_validation_errors",
    "list_handshakes_for_account",
    "list_handshakes_for_organization",
    "list_inbound_responsibility_transfers",
    "list_organizational_units_for_parent",
    "list_outbound_responsibility_transfers",
    "list_parents",
    "list_policies",
    "list_policies_for_target",
    "list_roots",
    "list_tags_for_resource",
    "list_targets_for_policy",
    "move_account",
    "put_resource_policy",
    "register_delegated_administrator",
    "remove_account_from_organization",
    "tag_resource",
    "terminate_responsibility_transfer",
    "untag_resource",
    "update_organizational_unit",
    "update_policy",
    "update_responsibility_transfer",
];

/// Operations of which one answer is a page of at most twenty. ListRoots and ListParents have one element.
pub(in crate::lint) const PAGED: &[&str] = &[
    "list_accounts",
    "list_accounts_for_parent",
    "list_accounts_with_invalid_effective_policy",
    "list_children",
    "list_delegated_administrators",
    "list_organizational_units_for_parent",
    "list_policies",
    "list_policies_for_target",
    "list_targets_for_policy",
];

/// The operation in snake case: `create-policy`, `createPolicy`, `CreatePolicyCommand`.
pub(in crate::lint) fn snake(name: &str) -> String {
    let bare = name.strip_suffix("Command").filter(|bare| !bare.is_empty()).unwrap_or(name);
    let mut snake = String::new();
    for character in bare.chars() {
        if character.is_ascii_uppercase() && !snake.is_empty() && !snake.ends_with('_') {
            snake.push('_');
        }
        snake.push(if character == '-' { '_' } else { character.to_ascii_lowercase() });
    }
    snake
}

/// The operation that is spelt most alike.
pub(in crate::lint) fn nearest(name: &str) -> Option<&'static str> {
    crate::source::nearest(name, OPERATIONS.iter().copied())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_spellings_of_an_operation_are_one() {
        for name in ["create-policy", "create_policy", "createPolicy", "CreatePolicyCommand"] {
            assert_eq!(snake(name), "create_policy");
        }
    }

    #[test]
    fn every_paged_operation_exists() {
        assert!(PAGED.iter().all(|paged| OPERATIONS.contains(paged)));
    }
}
