//! Rules about infrastructure code: where a policy is put, and who owns what.

use super::{CLOUDFORMATION, INHERITANCE, LIMITS, Rule, TERRAFORM_ORGANIZATION};
use crate::check::Severity;

/// In the order of the page.
pub(super) const RULES: &[Rule] = &[
    Rule {
        id: "policy-never-attached",
        title: "The policy is attached to nothing",
        severity: Severity::High,
        why: "A policy holds where it is attached. Without target ids CloudFormation creates it and attaches it nowhere; in Terraform the attachment is a resource of its own.",
        remedy: "Attach it to the root.",
        sources: &[
            CLOUDFORMATION,
            "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_policy (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"resource "aws_organizations_policy" "ai" {
  name    = "ai-opt-out"
  type    = "AISERVICES_OPT_OUT_POLICY"
  content = file("${path.module}/policy.json")
}
"#,
        right: r#"resource "aws_organizations_policy" "ai" {
  name    = "ai-opt-out"
  type    = "AISERVICES_OPT_OUT_POLICY"
  content = file("${path.module}/policy.json")
}
resource "aws_organizations_policy_attachment" "ai" {
  policy_id = aws_organizations_policy.ai.id
  target_id = data.aws_organizations_organization.this.roots[0].id
}
"#,
    },
    Rule {
        id: "attached-to-own-account",
        title: "The policy is attached to the account the code runs in",
        severity: Severity::High,
        why: "That is the management account: members are not opted out.",
        remedy: "Attach it to the root.",
        sources: &[CLOUDFORMATION],
        fix: None,
        wrong: "TargetIds:\n  - !Sub '${AWS::AccountId}'",
        right: "TargetIds:\n  - !Ref RootId",
    },
    Rule {
        id: "attached-per-account",
        title: "The policy is attached to accounts one by one",
        severity: Severity::Medium,
        why: "An account that is made or invited later is not opted out until somebody runs the code again. At most five policies can be attached to one target, and each attachment is a call.",
        remedy: "Attach it to the root once.",
        sources: &[INHERITANCE, LIMITS],
        fix: None,
        wrong: r#"resource "aws_organizations_policy_attachment" "ai" {
  for_each  = toset(data.aws_organizations_organization.this.accounts[*].id)
  policy_id = aws_organizations_policy.ai.id
  target_id = each.value
}
"#,
        right: r#"resource "aws_organizations_policy_attachment" "ai" {
  policy_id = aws_organizations_policy.ai.id
  target_id = data.aws_organizations_organization.this.roots[0].id
}
"#,
    },
    Rule {
        id: "attached-below-root",
        title: "The policy is attached below the root only",
        severity: Severity::Low,
        why: "Accounts elsewhere, the management account among them, are not opted out.",
        remedy: "Attach it to the root, unless only these accounts are meant.",
        sources: &[INHERITANCE],
        fix: None,
        wrong: r#"resource "aws_organizations_policy_attachment" "ai" {
  policy_id = aws_organizations_policy.ai.id
  target_id = "ou-ab12-11111111"
}
"#,
        right: r#"resource "aws_organizations_policy_attachment" "ai" {
  policy_id = aws_organizations_policy.ai.id
  target_id = data.aws_organizations_organization.this.roots[0].id
}
"#,
    },
    Rule {
        id: "organization-owned",
        title: "The code owns the organization",
        severity: Severity::Medium,
        why: "One that exists is not adopted: the run fails, or a second owner fights the first. Destroying the stack tries to delete the organization.",
        remedy: "Refer to the organization; where the code is to own it, import it and prevent its destruction.",
        sources: &[
            TERRAFORM_ORGANIZATION,
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-organization.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"resource "aws_organizations_organization" "this" {
  feature_set = "ALL"
}
"#,
        right: r#"data "aws_organizations_organization" "this" {}
"#,
    },
    Rule {
        id: "type-not-enabled",
        title: "The policy type is never enabled",
        severity: Severity::High,
        why: "A policy of a type that is not enabled cannot be attached. Terraform enables types only by owning the organization; CloudFormation cannot at all.",
        remedy: "Enable the type: `enabled_policy_types` where Terraform owns the organization, else EnablePolicyType before.",
        sources: &[
            TERRAFORM_ORGANIZATION,
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-organization.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"resource "aws_organizations_organization" "this" {
  enabled_policy_types = ["SERVICE_CONTROL_POLICY"]
}
"#,
        right: r#"resource "aws_organizations_organization" "this" {
  enabled_policy_types = ["AISERVICES_OPT_OUT_POLICY", "SERVICE_CONTROL_POLICY"]
}
"#,
    },
    Rule {
        id: "enabled-types-dropped",
        title: "Other policy types are switched off",
        severity: Severity::High,
        why: "The list is the whole truth: a type that is not in it is disabled, and all policies of it are detached everywhere, service control policies too.",
        remedy: "List every type that is enabled now.",
        sources: &[
            TERRAFORM_ORGANIZATION,
            "https://docs.aws.amazon.com/organizations/latest/userguide/disable-policy-type.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: r#"enabled_policy_types = ["AISERVICES_OPT_OUT_POLICY"]"#,
        right: r#"enabled_policy_types = ["AISERVICES_OPT_OUT_POLICY", "SERVICE_CONTROL_POLICY"]"#,
    },
    Rule {
        id: "wrong-policy-type",
        title: "The content is an opt-out policy, the type another one",
        severity: Severity::High,
        why: "AWS refuses the content under another type. Terraform takes `SERVICE_CONTROL_POLICY` where no type is said.",
        remedy: "Write `AISERVICES_OPT_OUT_POLICY`.",
        sources: &[
            "https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/organizations_policy (read 2026-11-23)",
            CLOUDFORMATION,
        ],
        fix: Some("writes the type"),
        wrong: r#"resource "aws_organizations_policy" "ai" {
  name    = "ai-opt-out"
  type    = "SERVICE_CONTROL_POLICY"
  content = file("${path.module}/policy.json")
}
"#,
        right: r#"resource "aws_organizations_policy" "ai" {
  name    = "ai-opt-out"
  type    = "AISERVICES_OPT_OUT_POLICY"
  content = file("${path.module}/policy.json")
}
"#,
    },
    Rule {
        id: "opt-out-as-control-policy",
        title: "A service control policy is to opt out",
        severity: Severity::High,
        why: "Service control policies say who may call what. They have no effect on what AWS does with content, and none on the management account.",
        remedy: "Make a policy of the type `AISERVICES_OPT_OUT_POLICY` with an opt-out document. A service control policy that keeps people from changing it is no substitute, and no mistake.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html (read 2026-11-24)",
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html (read 2026-11-24)",
        ],
        fix: None,
        wrong: r#"resource "aws_organizations_policy" "ai_opt_out" {
  name    = "ai-opt-out"
  type    = "SERVICE_CONTROL_POLICY"
  content = jsonencode({ Statement = [{ Effect = "Deny", Action = "rekognition:*", Resource = "*" }] })
}
"#,
        right: r#"resource "aws_organizations_policy" "ai_opt_out" {
  name    = "ai-opt-out"
  type    = "AISERVICES_OPT_OUT_POLICY"
  content = file("${path.module}/policy.json")
}
"#,
    },
    Rule {
        id: "changing-name",
        title: "The name is another one at every run",
        severity: Severity::Medium,
        why: "`timestamp()` in a name replaces the policy at every apply, and with it the attachment; in a script it makes a new policy each time.",
        remedy: "Give it a fixed name.",
        sources: &["https://developer.hashicorp.com/terraform/language/functions/timestamp (read 2026-11-23)"],
        fix: None,
        wrong: r#"name = "ai-opt-out-${timestamp()}""#,
        right: r#"name = "ai-opt-out""#,
    },
    Rule {
        id: "content-as-text",
        title: "The content is a text",
        severity: Severity::Info,
        why: "CloudFormation does not detect drift of a content that is a text.",
        remedy: "Write the content as an object.",
        sources: &[CLOUDFORMATION],
        fix: None,
        wrong: r#"Content: '{"services": …}'"#,
        right: "Content:\n  services: …",
    },
    Rule {
        id: "unknown-pseudo-parameter",
        title: "The template uses a pseudo parameter that does not exist",
        severity: Severity::High,
        why: "CloudFormation refuses the template. There is none for the root of the organization.",
        remedy: "Take the root's id as a parameter, or from a custom resource.",
        sources: &[
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/pseudo-parameter-reference.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: "!Ref AWS::OrganizationRoot",
        right: "!Ref RootId",
    },
    Rule {
        id: "policy-in-stackset",
        title: "The policy goes out by a StackSet",
        severity: Severity::High,
        why: "Service-managed StackSets skip the management account, and every other account would try to make a policy it may not make. Customizations for AWS Control Tower knows no other way: there it is a mistake only where units, several accounts or several regions are named.",
        remedy: "Deploy one plain stack in the management or a delegated administrator account; in a landing zone, name that account alone, and one region.",
        sources: &[
            "https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DeploymentTargets.html (read 2026-11-23)",
            "https://docs.aws.amazon.com/controltower/latest/userguide/cfct-manifest-file-resources-section.html (read 2026-11-24)",
        ],
        fix: None,
        wrong: "aws cloudformation create-stack-set --stack-set-name ai --template-body file://policy.yaml",
        right: "aws cloudformation deploy --stack-name ai --template-file policy.yaml",
    },
    Rule {
        id: "lza-deployment-targets",
        title: "A landing zone deploys the policy into many accounts",
        severity: Severity::High,
        why: "`organizationalUnits: [Root]` means every account. The policy exists once, in the management account.",
        remedy: "Write `accounts: [Management]` and one region.",
        sources: &["https://awslabs.github.io/landing-zone-accelerator-on-aws/ (read 2026-11-23)"],
        fix: None,
        wrong: "deploymentTargets:\n  organizationalUnits: [Root]",
        right: "deploymentTargets:\n  accounts: [Management]",
    },
    Rule {
        id: "lza-unsupported-policies",
        title: "Landing Zone Accelerator does not know these policies",
        severity: Severity::High,
        why: "Its organization-config.yaml has service control, resource control, tagging, backup, chatbot and declarative policies; opt-out policies are asked for in its issue 107.",
        remedy: "Keep the policy in a template of its own, deployed by customizations-config.yaml.",
        sources: &["https://github.com/awslabs/landing-zone-accelerator-on-aws/issues/107 (v1.15.5, read 2026-11-23)"],
        fix: None,
        wrong: "aiServicesOptOutPolicies:\n  - name: ai",
        right: "serviceControlPolicies: []",
    },
    Rule {
        id: "deprecated-runtime",
        title: "The function's runtime is deprecated",
        severity: Severity::Medium,
        why: "First it cannot be made any more, then not changed.",
        remedy: "Use a current runtime, or `provided.al2023`.",
        sources: &["https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtimes.html (read 2026-11-24)"],
        fix: None,
        wrong: "Runtime: python3.9",
        right: "Runtime: python3.13",
    },
    Rule {
        id: "incomplete-permissions",
        title: "The role may create a policy but not change it",
        severity: Severity::Low,
        why: "The first deployment works; an update, a rollback or a removal fails.",
        remedy: "Allow UpdatePolicy, DeletePolicy, DetachPolicy and DescribePolicy too.",
        sources: &[
            "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: "Action:\n  - organizations:CreatePolicy\n  - organizations:AttachPolicy",
        right: "Action:\n  - organizations:CreatePolicy\n  - organizations:UpdatePolicy\n  - organizations:DeletePolicy\n  - organizations:DescribePolicy\n  - organizations:AttachPolicy\n  - organizations:DetachPolicy",
    },
    Rule {
        id: "unscoped-permissions",
        title: "The role may change policies of every type",
        severity: Severity::Low,
        why: "A function for opt-out policies that may write service control policies is a way to administer everything.",
        remedy: "Add the condition `organizations:PolicyType`.",
        sources: &[
            "https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html (read 2026-11-23)",
        ],
        fix: None,
        wrong: "Action: organizations:UpdatePolicy\nResource: '*'",
        right: "Action: organizations:UpdatePolicy\nResource: '*'\nCondition:\n  StringEquals:\n    organizations:PolicyType: AISERVICES_OPT_OUT_POLICY",
    },
];
