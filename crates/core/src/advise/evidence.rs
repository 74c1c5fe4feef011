//! The marks by which AWS's and other people's tools are recognised, each with its source.

/// The service principal of AWS Control Tower.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/services-that-can-integrate-CTower.html>, read
/// 2026-11-24.
pub(super) const CONTROL_TOWER_PRINCIPAL: &str = "controltower.amazonaws.com";

/// How the names of the service control policies of AWS Control Tower begin.
///
/// Sources: <https://repost.aws/knowledge-center/control-tower-landing-zone-drift>, which says so, and the notifications that
/// <https://docs.aws.amazon.com/controltower/latest/userguide/drift.html> shows, read 2026-11-24.
pub(super) const CONTROL_TOWER_POLICY: &str = "aws-guardrails-";

/// How names begin that Landing Zone Accelerator gives: stacks and roles by its default prefix, the service control policies of
/// its sample configurations. Both can be configured otherwise.
///
/// Source: <https://github.com/awslabs/landing-zone-accelerator-on-aws> (constructs and their tests), read 2026-11-24.
pub(super) const ACCELERATOR: [&str; 2] = ["AWSAccelerator", "AcceleratorGuardrails"];

/// The tag by which CloudFormation says which stack made a resource; how far tags reach resources varies by type.
///
/// Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-properties-resource-tags.html>, read
/// 2026-11-24.
pub(super) const STACK_TAG: &str = "aws:cloudformation:stack-name";

/// The keys under which people note what manages a resource. Terraform itself leaves no mark: a convention, no rule.
const MANAGER_KEYS: [&str; 6] = ["managedby", "managed", "provisioner", "provisionedby", "createdby", "iac"];

/// Whether a tag says that Terraform or OpenTofu manages the resource.
pub(super) fn is_terraform(key: &str, value: &str) -> bool {
    let bare = |text: &str| text.chars().filter(|it| it.is_alphanumeric()).collect::<String>().to_lowercase();
    let (key, value) = (bare(key), bare(value));
    let tool = |text: &str| text.contains("terraform") || text.contains("opentofu");
    (MANAGER_KEYS.contains(&key.as_str()) && tool(&value)) || (tool(&key) && !matches!(value.as_str(), "false" | "no"))
}

#[cfg(test)]
mod tests {
    use super::is_terraform;

    #[test]
    fn tags_that_name_terraform_in_whatever_spelling() {
        for (key, value) in
            [("ManagedBy", "Terraform"), ("managed-by", "terraform-cloud"), ("terraform", "true"), ("iac", "OpenTofu")]
        {
            assert!(is_terraform(key, value), "{key}={value}");
        }
        for (key, value) in [("ManagedBy", "platform"), ("terraform", "false"), ("team", "terraform"), ("", "")] {
            assert!(!is_terraform(key, value), "{key}={value}");
        }
    }
}
