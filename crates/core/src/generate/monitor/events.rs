//! What makes the function run: the schedule with its state machine, and events of AWS Organizations, from here and from the
//! accounts that forward them to the bus.
//!
//! Sources, read 2026-11-24: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html> (events
//! are in us-east-1, of the account that made the call),
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html> (only through a trail),
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-cross-account.html> and `…/eb-cross-region.html`; botocore 1.44.5,
//! events and scheduler models, `RetryPolicy` (a day and 185 tries are the most, and what EventBridge does by itself:
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-retry-policy.html>).

use serde_json::{Value, json};

use super::function::permission;
use super::machine::reading;
use super::template::{Template, arn, document, reference, substituted, trusts};
use crate::publish::{DETAIL_TYPE_FULL_READ, SOURCE};
use crate::trail::HARMLESS;

/// The schedule, the machine, the bus and the rules.
pub(super) fn add(template: &mut Template) {
    machine(template);
    schedule(template);
    bus(template);
    rule(template, "ForwardedRule", "What accounts that may write forward", Some(reference("Bus")), None);
    rule(template, "HereRule", "What is done in this account", None, Some("IsInUsEast1"));
    asked(template);
}

fn machine(template: &mut Template) {
    let statements = [
        json!({ "Sid": "Read", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": arn("Function") }),
        json!({ "Sid": "Tell", "Effect": "Allow", "Action": "sns:Publish", "Resource": reference("Topic") }),
        json!({
            "Sid": "UseTheKey",
            "Effect": "Allow",
            "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
            "Resource": super::storage::key_arn(),
        }),
    ];
    template.resource("ReadingRole", "AWS::IAM::Role", role("states.amazonaws.com", &statements));
    let properties = json!({
        "RoleArn": arn("ReadingRole"),
        "Definition": reading(),
        "DefinitionSubstitutions": {
            "FunctionArn": arn("Function"),
            "Invoke": substituted("arn:${AWS::Partition}:states:::lambda:invoke"),
            "Publish": substituted("arn:${AWS::Partition}:states:::sns:publish"),
            "TopicArn": reference("Topic"),
        },
    });
    template.resource("Reading", "AWS::StepFunctions::StateMachine", properties);
}

/// A role that a service takes on for this account.
pub(super) fn role(service: &str, statements: &[Value]) -> Value {
    json!({
        "AssumeRolePolicyDocument": trusts(service),
        "Policies": [{ "PolicyName": "monitor", "PolicyDocument": document(statements) }],
    })
}

fn schedule(template: &mut Template) {
    let statements = [
        json!({ "Sid": "Start", "Effect": "Allow", "Action": "states:StartExecution", "Resource": reference("Reading") }),
        json!({ "Sid": "KeepFailures", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": arn("Failures") }),
    ];
    template.resource("ScheduleRole", "AWS::IAM::Role", role("scheduler.amazonaws.com", &statements));
    let properties = schedule_of("Reading", "Reads the whole organization", &arn("Failures"));
    template.resource("ReadingSchedule", "AWS::Scheduler::Schedule", properties);
}

/// A schedule that starts a state machine of the stack, by the parameter `Schedule`.
pub(super) fn schedule_of(machine: &str, description: &str, failures: &Value) -> Value {
    json!({
        "Description": description,
        "ScheduleExpression": reference("Schedule"),
        "FlexibleTimeWindow": { "Mode": "FLEXIBLE", "MaximumWindowInMinutes": 15 },
        "Target": {
            "Arn": reference(machine),
            "RoleArn": arn("ScheduleRole"),
            "Input": "{}",
            "DeadLetterConfig": { "Arn": failures },
            "RetryPolicy": { "MaximumEventAgeInSeconds": 3600, "MaximumRetryAttempts": 10 },
        },
    })
}

fn bus(template: &mut Template) {
    template.resource("Bus", "AWS::Events::EventBus", json!({ "Name": reference("AWS::StackName") }));
    let statement = json!({
        "Sid": "WritersForward",
        "Effect": "Allow",
        "Principal": { "AWS": reference("WriterAccounts") },
        "Action": "events:PutEvents",
        "Resource": arn("Bus"),
        "Condition": { "StringEquals": { "aws:PrincipalOrgID": reference("OrganizationId") } },
    });
    let policy = json!({ "EventBusName": reference("Bus"), "StatementId": "WritersForward", "Statement": statement });
    template.resource_where("HasWriters", "BusPolicy", "AWS::Events::EventBusPolicy", policy);
}

/// A full read where the function asks for one: who may forward to the bus is another account, and is not listened to.
fn asked(template: &mut Template) {
    let start = json!({ "Sid": "Start", "Effect": "Allow", "Action": "states:StartExecution", "Resource": reference("Reading") });
    template.resource("FullReadRole", "AWS::IAM::Role", role("events.amazonaws.com", &[start]));
    let target = json!({
        "Id": "Reading",
        "Arn": reference("Reading"),
        "RoleArn": arn("FullReadRole"),
        "Input": "{}",
        "DeadLetterConfig": { "Arn": arn("Failures") },
        "RetryPolicy": { "MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185 },
    });
    let properties = json!({
        "Description": "Reads the whole organization where an event asks for it",
        "EventBusName": reference("Bus"),
        "EventPattern": {
            "account": [reference("AWS::AccountId")],
            "source": [SOURCE],
            "detail-type": [DETAIL_TYPE_FULL_READ],
        },
        "State": "ENABLED",
        "Targets": [target],
    });
    template.resource("FullReadRule", "AWS::Events::Rule", properties);
}

/// What is watched: no caller can send events of a source that begins with `aws.`, so these are AWS's own. All that write but those
/// that are known to change nothing here: a call that AWS adds one day arrives too, and wants a full read. Calls that only read are
/// not handed to rules in the state `ENABLED`:
/// <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-cloudtrail.html>.
pub(super) fn pattern() -> Value {
    json!({
        "source": ["aws.organizations"],
        "detail-type": ["AWS API Call via CloudTrail", "AWS Service Event via CloudTrail"],
        "detail": { "eventSource": ["organizations.amazonaws.com"], "eventName": [{ "anything-but": HARMLESS }] },
    })
}

fn rule(template: &mut Template, name: &str, description: &str, bus: Option<Value>, condition: Option<&str>) {
    let target = json!({
        "Id": "Function",
        "Arn": arn("Function"),
        "DeadLetterConfig": { "Arn": arn("Failures") },
        "RetryPolicy": { "MaximumEventAgeInSeconds": 86_400, "MaximumRetryAttempts": 185 },
    });
    let mut properties =
        json!({ "Description": description, "EventPattern": pattern(), "State": "ENABLED", "Targets": [target] });
    if let (Some(properties), Some(bus)) = (properties.as_object_mut(), bus) {
        properties.insert("EventBusName".to_owned(), bus);
    }
    let with = condition.map_or_else(|| json!({}), |name| json!({ "Condition": name }));
    template.resource_with(name, "AWS::Events::Rule", properties, with.clone());
    let allowed = permission("events.amazonaws.com", name);
    template.resource_with(&format!("{name}Permission"), "AWS::Lambda::Permission", allowed, with);
}
