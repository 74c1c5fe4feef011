//! Small templates for other accounts: forwarding what is done there, and answering AWS Config there.

use serde_json::{Value, json};

use super::super::Design;
use super::alarms::queue_alarm;
use super::events::{pattern, role};
use super::parameters::{ACCOUNT, BUS, ORGANIZATION, ROLE, ROLE_NAME, TOPIC_OR_NONE};
use super::storage::{queue_policy, queue_properties, transient};
use super::template::{Template, arn, document, reference, substituted};

/// `writers.yaml`: for us-east-1 of every account that may change these policies, the management account among them.
pub(super) fn writers(design: &Design) -> Value {
    let mut template =
        Template::new("Forwards events of AWS Organizations to the monitor of AI services opt-out policies.");
    template.text("MonitorBusArn", "The monitor's event bus, its output BusArn", BUS, None);
    let topic = "A topic in us-east-1 of this account for the alarm; empty for none";
    template.text("AlarmTopicArn", topic, TOPIC_OR_NONE, Some(""));
    let here = json!({ "Fn::Equals": [reference("AWS::Region"), "us-east-1"] });
    template.rule("OnlyThere", here, "events of AWS Organizations are in us-east-1 and nowhere else");
    template.given("HasTopic", "AlarmTopicArn");
    let forward = json!({
        "Sid": "Forward",
        "Effect": "Allow",
        "Action": "events:PutEvents",
        "Resource": reference("MonitorBusArn"),
    });
    template.resource("ForwardRole", "AWS::IAM::Role", role("events.amazonaws.com", &[forward]));
    template.resource_with("Failures", "AWS::SQS::Queue", queue_properties(), transient());
    template.resource("FailuresPolicy", "AWS::SQS::QueuePolicy", queue_policy("Failures", &["ForwardRule"]));
    template.resource("ForwardRule", "AWS::Events::Rule", forward_rule());
    let topic = super::template::only("HasTopic", reference("AlarmTopicArn"));
    template.resource("FailuresAlarm", "AWS::CloudWatch::Alarm", queue_alarm("Failures", &topic));
    template.output("ForwardRuleArn", "The rule that forwards", arn("ForwardRule"));
    template.value(design)
}

fn forward_rule() -> Value {
    let target = json!({
        "Id": "Monitor",
        "Arn": reference("MonitorBusArn"),
        "RoleArn": arn("ForwardRole"),
        "DeadLetterConfig": { "Arn": arn("Failures") },
        "RetryPolicy": { "MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185 },
    });
    json!({
        "Description": "What was done in this account about AI services opt-out policies",
        "EventPattern": pattern(),
        "State": "ENABLED",
        "Targets": [target],
    })
}

/// `member.yaml`: the role by which the function answers AWS Config, for every account of the organization.
pub(super) fn member(design: &Design) -> Value {
    let mut template =
        Template::new("Lets the monitor of AI services opt-out policies answer AWS Config in this account.");
    let organization = design.organization.as_ref().map(|id| id.as_str());
    template.text("OrganizationId", "The organization's id", ORGANIZATION, organization);
    template.text("MonitorAccountId", "The account of the monitor", ACCOUNT, None);
    template.text("FunctionRoleArn", "The role of the monitor's function, its output FunctionRoleArn", ROLE, None);
    let name = "The name of the role, the same as MemberRoleName of the monitor";
    template.text("RoleName", name, ROLE_NAME, Some("optout-config-member"));
    // The account, not the role, is the principal: a role that is not there yet could not be named.
    let trust = json!({
        "Effect": "Allow",
        "Principal": { "AWS": substituted("arn:${AWS::Partition}:iam::${MonitorAccountId}:root") },
        "Action": "sts:AssumeRole",
        "Condition": {
            "ArnEquals": { "aws:PrincipalArn": reference("FunctionRoleArn") },
            "StringEquals": { "aws:PrincipalOrgID": reference("OrganizationId") },
        },
    });
    let answer =
        json!({ "Sid": "AnswerConfig", "Effect": "Allow", "Action": "config:PutEvaluations", "Resource": "*" });
    let properties = json!({
        "RoleName": reference("RoleName"),
        "Description": "Answers AWS Config about AI services opt-out policies, and may do nothing else",
        "AssumeRolePolicyDocument": document(&[trust]),
        "Policies": [{ "PolicyName": "answer", "PolicyDocument": document(&[answer]) }],
    });
    template.resource("Role", "AWS::IAM::Role", properties);
    template.output("RoleArn", "The role", arn("Role"));
    template.value(design)
}
