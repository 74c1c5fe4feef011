//! The AWS Config rules: one for this account, or one that AWS Config makes in every account of the organization.
//!
//! Sources, read 2026-11-24: <https://docs.aws.amazon.com/config/latest/APIReference/API_PutOrganizationConfigRule.html>,
//! <https://docs.aws.amazon.com/config/latest/developerguide/evaluate-config_develop-rules.html>, and for the permission without a
//! source account the example of
//! <https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/config_organization_custom_rule>, as Pulumi repeats it.

use serde_json::json;

use super::function::permission;
use super::template::{Template, arn, reference};

/// Both rules; at most one is there.
pub(super) fn add(template: &mut Template) {
    account(template);
    organization(template);
}

fn account(template: &mut Template) {
    let from_config = json!({
        "Action": "lambda:InvokeFunction",
        "FunctionName": arn("Function"),
        "Principal": "config.amazonaws.com",
        "SourceAccount": reference("AWS::AccountId"),
    });
    template.resource_where("HasAccountRule", "AccountRulePermission", "AWS::Lambda::Permission", from_config);
    let rule = json!({
        "Description": "AI services opt-out policies: every counted account of the organization is opted out",
        "Source": {
            "Owner": "CUSTOM_LAMBDA",
            "SourceIdentifier": arn("Function"),
            "SourceDetails": [{
                "EventSource": "aws.config",
                "MessageType": "ScheduledNotification",
                "MaximumExecutionFrequency": reference("ConfigFrequency"),
            }],
        },
    });
    let with = json!({ "Condition": "HasAccountRule", "DependsOn": ["AccountRulePermission"] });
    template.resource_with("AccountRule", "AWS::Config::ConfigRule", rule, with);
}

/// AWS Config invokes the function for each account of the organization, so no single source account can be named; the function
/// answers only by a role of that account which trusts it.
fn organization(template: &mut Template) {
    let mut from_config = permission("config.amazonaws.com", "Function");
    if let Some(from_config) = from_config.as_object_mut() {
        from_config.remove("SourceArn");
    }
    template.resource_where(
        "HasOrganizationRule",
        "OrganizationRulePermission",
        "AWS::Lambda::Permission",
        from_config,
    );
    let rule = json!({
        "OrganizationConfigRuleName": reference("AWS::StackName"),
        "OrganizationCustomRuleMetadata": {
            "Description": "AI services opt-out policies: the account is opted out",
            "LambdaFunctionArn": arn("Function"),
            "MaximumExecutionFrequency": reference("ConfigFrequency"),
            "OrganizationConfigRuleTriggerTypes": ["ScheduledNotification"],
        },
    });
    let with = json!({ "Condition": "HasOrganizationRule", "DependsOn": ["OrganizationRulePermission"] });
    template.resource_with("OrganizationRule", "AWS::Config::OrganizationConfigRule", rule, with);
}
