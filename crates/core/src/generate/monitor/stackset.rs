//! StackSets for what only watches: service-managed, so that accounts which join later have it too.
//!
//! Source: botocore 1.44.5, cloudformation model, read 2026-11-24: `DeploymentTargets` (never the management account) and
//! `TemplateBody` (51,200 bytes in a request). The properties are checked by cfn-lint; their page was not read:
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-cloudformation-stackset.html>.

use serde_json::{Value, json};

use super::super::markdown::Page;
use super::super::{Design, GenerateError, GeneratedFile, Output};
use super::parameters::{ACCOUNT, BUS, ORGANIZATION, ROLE, ROLE_NAME};
use super::template::{Template, reference};
use super::{others, template_file};

/// A root or a unit.
const UNITS: &str = "^(r-[0-9a-z]{4,32}|ou-[0-9a-z]{4,32}-[a-z0-9]{8,32})$";

/// The StackSets, the plain templates for the management account, and the page that says what StackSets are not for.
///
/// # Errors
/// None today; the signature is that of every target.
pub fn generate(design: &Design) -> Result<Output, GenerateError> {
    let (member, writers) = (others::member(design), others::writers(design));
    let mut files = vec![GeneratedFile::new("README.md", page(design))];
    for (name, value) in [
        ("stackset-member", for_members(design, &member)),
        ("stackset-writers", for_writers(design, &writers)),
        ("member", member),
        ("writers", writers),
    ] {
        files.push(template_file(design, name, &value));
    }
    let notes = [
        "a service-managed StackSet never reaches the management account: deploy `member.yaml` and `writers.yaml` there as plain stacks",
        "trusted access for StackSets must be on: `aws organizations list-aws-service-access-for-organization` names \
         member.org.stacksets.cloudformation.amazonaws.com",
    ];
    Ok(Output::new(files, design.notes().into_iter().chain(notes.map(str::to_owned)).collect()))
}

fn for_members(design: &Design, template: &Value) -> Value {
    let mut stack = Template::new("Brings the role that answers AWS Config to every member account.");
    targets(&mut stack, design);
    let organization = design.organization.as_ref().map(|id| id.as_str());
    stack.text("OrganizationId", "The organization's id", ORGANIZATION, organization);
    stack.text("MonitorAccountId", "The account of the monitor", ACCOUNT, None);
    stack.text("FunctionRoleArn", "The role of the monitor's function", ROLE, None);
    stack.text("RoleName", "The name of the role", ROLE_NAME, Some("optout-config-member"));
    // A role is global: one Region is enough, more would collide.
    let region = "The one Region of the stacks, any that every account has on";
    stack.text("DeploymentRegion", region, "^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$", Some("us-east-1"));
    let given = ["OrganizationId", "MonitorAccountId", "FunctionRoleArn", "RoleName"];
    let group = json!({
        "DeploymentTargets": { "OrganizationalUnitIds": reference("TargetIds") },
        "Regions": [reference("DeploymentRegion")],
    });
    let properties = set("optout-config-member", template, &given, &group, true);
    stack.resource("Members", "AWS::CloudFormation::StackSet", properties);
    stack.value(design)
}

/// Only accounts that were made delegated administrators can write: they are named, and no other gets it.
fn for_writers(design: &Design, template: &Value) -> Value {
    let mut stack = Template::new("Brings the rules that forward events to the accounts that may write.");
    targets(&mut stack, design);
    let accounts = json!({
        "Type": "CommaDelimitedList",
        "Description": "The delegated administrators for these policies",
        "AllowedPattern": ACCOUNT,
    });
    stack.parameter("WriterAccounts", accounts);
    stack.text("MonitorBusArn", "The monitor's event bus", BUS, None);
    let group = json!({
        "DeploymentTargets": {
            "AccountFilterType": "INTERSECTION",
            "Accounts": reference("WriterAccounts"),
            "OrganizationalUnitIds": reference("TargetIds"),
        },
        "Regions": ["us-east-1"],
    });
    let properties = set("optout-writers", template, &["MonitorBusArn"], &group, false);
    stack.resource("Writers", "AWS::CloudFormation::StackSet", properties);
    stack.value(design)
}

fn targets(stack: &mut Template, design: &Design) {
    let mut parameter = json!({
        "Type": "CommaDelimitedList",
        "Description": "The root, or the organizational units, whose accounts get it; those of units below too",
        "AllowedPattern": UNITS,
    });
    if let (Some(parameter), Some(root)) = (parameter.as_object_mut(), &design.root) {
        parameter.insert("Default".to_owned(), root.as_str().into());
    }
    stack.parameter("TargetIds", parameter);
    stack.choice("CallAs", "SELF in the management account, DELEGATED_ADMIN elsewhere", &["SELF", "DELEGATED_ADMIN"]);
}

fn set(name: &str, template: &Value, given: &[&str], group: &Value, joins: bool) -> Value {
    let parameters: Vec<Value> =
        given.iter().map(|name| json!({ "ParameterKey": name, "ParameterValue": reference(name) })).collect();
    let mut deployment = json!({ "Enabled": joins });
    if let (Some(deployment), true) = (deployment.as_object_mut(), joins) {
        deployment.insert("RetainStacksOnAccountRemoval".to_owned(), false.into());
    }
    json!({
        "StackSetName": name,
        "Description": "Part of the monitor of AI services opt-out policies; it only watches",
        "PermissionModel": "SERVICE_MANAGED",
        "CallAs": reference("CallAs"),
        "AutoDeployment": deployment,
        "Capabilities": ["CAPABILITY_NAMED_IAM"],
        "ManagedExecution": { "Active": true },
        "OperationPreferences": { "FailureTolerancePercentage": 100, "MaxConcurrentPercentage": 25 },
        "Parameters": parameters,
        "StackInstancesGroup": [group],
        "TemplateBody": template.to_string(),
    })
}

fn page(design: &Design) -> String {
    Page::default()
        .heading(1, "StackSets: for what watches, never for the policy")
        .block("text", &design.lines().join("\n"))
        .heading(2, "Why the policy must not go through a StackSet")
        .list([
            "A policy is one thing of the organization, made and attached once, in the management account or a delegated administrator's. A StackSet \
             repeats a template in many accounts.",
            "A StackSet with service-managed permissions never reaches the management account, which is where the policy belongs.",
            "Every member account would try to create the policy; without delegation each fails with `AccessDeniedException`, and with it the second one \
             fails with `DuplicatePolicyException`.",
            "Where it does succeed, removing the account or the StackSet deletes or detaches the policy that all others rest on.",
            "Attaching it to accounts one by one, as such templates do, leaves out accounts that join later. Attached to the root it covers them.",
        ])
        .text("So: `optout apply`, or one plain stack by `optout generate cloudformation`.")
        .heading(2, "What these StackSets bring")
        .list([
            "`stackset-member`: in every member account, a role that answers AWS Config for that account and may do nothing else. Needed only where the monitor \
             has `ConfigRule=organization`. Accounts that join later get it by themselves.",
            "`stackset-writers`: in us-east-1 of the accounts that were made delegated administrators for these policies, a rule that forwards what is done \
             there to the monitor's bus. Events of AWS Organizations are seen only in the account that made the call.",
        ])
        .heading(2, "Deploy")
        .text("With credentials of the management account, or of a delegated administrator for StackSets (`CallAs=DELEGATED_ADMIN`); the values are outputs of the monitor's stack:")
        .block("sh", DEPLOY)
        .text("The management account is not reached. There, as plain stacks:")
        .block("sh", PLAIN)
        .end()
}

const DEPLOY: &str = "\
aws cloudformation deploy --stack-name optout-stackset-member --template-file stackset-member.yaml \\
  --parameter-overrides MonitorAccountId=ACCOUNT FunctionRoleArn=ROLE_ARN
aws cloudformation deploy --stack-name optout-stackset-writers --template-file stackset-writers.yaml \\
  --parameter-overrides MonitorBusArn=BUS_ARN WriterAccounts=ACCOUNT,ACCOUNT";

const PLAIN: &str = "\
aws cloudformation deploy --stack-name optout-config-member --template-file member.yaml --capabilities CAPABILITY_NAMED_IAM \\
  --parameter-overrides MonitorAccountId=ACCOUNT FunctionRoleArn=ROLE_ARN
aws cloudformation deploy --region us-east-1 --stack-name optout-writers --template-file writers.yaml --capabilities CAPABILITY_IAM \\
  --parameter-overrides MonitorBusArn=BUS_ARN";
