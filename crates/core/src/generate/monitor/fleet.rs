//! Many organizations by one function: a state machine over a list in S3, side by side and bounded, and the role that each
//! organization gives it.
//!
//! Sources, read 2026-11-24: <https://docs.aws.amazon.com/step-functions/latest/dg/iam-policies-eg-dist-map.html> (which executions
//! the machine's role starts, follows and stops),
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-resultwriter.html>. Believed and not read:
//! <https://docs.aws.amazon.com/step-functions/latest/dg/input-output-itemreader.html> (a list as JSON), the names of result files
//! and the actions that write them, as public programs have them, and
//! <https://docs.aws.amazon.com/IAM/latest/UserGuide/id_roles_common-scenarios_third-party.html> (external ids).
//!
//! Results have a bucket of their own, whose objects are not locked: S3 takes what it locks by default only with a checksum
//! (botocore 1.44.5, s3 model, `ContentMD5` of `PutObject`), and whether Step Functions sends one no page says. They are no evidence: the
//! function keeps that itself, in the monitor's bucket.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::access::function::{Part, Places};
use super::super::markdown::Page;
use super::super::{Design, GenerateError, GeneratedFile, Output, json};
use super::events::role;
use super::machine::{FleetLimits, fleet as machine};
use super::parameters::{ACCOUNT, ORGANIZATION, ROLE};
use super::template::{Template, arn, document, reference, substituted, with_substitutions};
use super::{function, template_file};
use crate::fleet::{Access, Fleet, Member, Reach};
use crate::source::shown;

/// The list's key in the bucket.
const LIST: &str = "optout/fleet/organizations.json";
/// Below what the results are.
const RESULTS: &str = "optout/fleet/results";

/// The machine, the list, and the role for each organization.
///
/// # Errors
/// Where an organization of the file has no role: a function has no profile and no saved file.
pub fn generate(design: &Design, fleet: &Fleet, limits: FleetLimits) -> Result<Output, GenerateError> {
    let members = fleet.members.iter().map(reached).collect::<Result<Vec<_>, _>>()?;
    let list: Value = members.iter().map(|(member, access)| item(member, access)).collect();
    let roles: BTreeSet<&str> = members.iter().filter_map(|(_, access)| access.role_arn.as_deref()).collect();
    let files = vec![
        template_file(design, "fleet", &stack(design, &roles, limits)),
        template_file(design, "reader", &reader(design)),
        GeneratedFile::new("organizations.json", json::pretty(&list)),
        GeneratedFile::new("README.md", page(design, limits)),
    ];
    let notes = [format!("{} organizations, at most {} at once", members.len(), limits.concurrency)];
    let intents = members.iter().filter(|(member, _)| member.intent.is_some()).map(|(member, _)| {
        format!(
            "the `intent` of {} is not carried over: what it declares is a finding of the function there",
            shown(&member.name)
        )
    });
    Ok(Output::new(files, design.notes().into_iter().chain(notes).chain(intents).collect()))
}

fn reached(member: &Member) -> Result<(&Member, &Access), GenerateError> {
    match &member.reach {
        Reach::Live(access)
            if access.role_arn.is_some() && access.profile.is_none() && access.endpoint_url.is_none() =>
        {
            Ok((member, access))
        }
        Reach::Live(_) | Reach::Saved(_) => Err(GenerateError::Missing {
            what: "the role of an organization of the fleet",
            help: "each needs a `role-arn`, and no `profile`, `endpoint-url` or `snapshot`, since a function has none of these",
        }),
    }
}

/// What the function is told of an organization; `file_name` is what its evidence is called.
fn item(member: &Member, access: &Access) -> Value {
    json!({
        "name": member.name,
        "file_name": member.file_name,
        "role_arn": access.role_arn,
        "external_id": access.external_id,
        "region": access.region,
    })
}

fn stack(design: &Design, roles: &BTreeSet<&str>, limits: FleetLimits) -> Value {
    let mut template = Template::new("Reads many organizations by the monitor's function, side by side.");
    let outputs = [
        ("FunctionArn", "^arn:aws:lambda:[a-z0-9-]+:[0-9]{12}:function:[A-Za-z0-9_-]{1,64}$"),
        ("FunctionRoleName", "^[A-Za-z0-9+=,.@_-]{1,64}$"),
        ("KeyUsed", "^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/[a-f0-9-]{36}$"),
        ("TopicArn", "^arn:aws:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$"),
        ("FailuresArn", "^arn:aws:sqs:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,80}$"),
    ];
    for (name, pattern) in outputs {
        template.text(name, "The output of the same name of the monitor's stack", pattern, None);
    }
    let often = "How often all organizations are read, as EventBridge Scheduler writes it, in UTC";
    let pattern = "^(rate\\([0-9]+ (hour|hours|day|days)\\)|cron\\(.+\\))$";
    template.text("Schedule", often, pattern, Some("rate(1 day)"));
    super::storage::results(&mut template);
    function_grants(&mut template, roles);
    template.resource("FleetRole", "AWS::IAM::Role", role("states.amazonaws.com", &statements()));
    template.resource("Fleet", "AWS::StepFunctions::StateMachine", state_machine(limits));
    // Which executions are the machine's own is known only after it is there.
    template.resource("FleetRunsPolicy", "AWS::IAM::RolePolicy", own_runs());
    schedule(&mut template);
    for (name, metric) in [("FleetFailedAlarm", "ExecutionsFailed"), ("FleetTimedOutAlarm", "ExecutionsTimedOut")] {
        template.resource(name, "AWS::CloudWatch::Alarm", super::alarms::fleet_alarm(metric));
    }
    template.output("FleetArn", "The state machine", reference("Fleet"));
    template.output("ResultsBucketName", "The bucket of the list and of results", reference("Results"));
    template.value(design)
}

/// The function may become the roles of the list, and no other.
fn function_grants(template: &mut Template, roles: &BTreeSet<&str>) {
    let name = |role: &&str| role.split_once(":role/").map(|(_, name)| format!("arn:aws:iam::*:role/{name}"));
    let names: BTreeSet<String> = roles.iter().filter_map(name).collect();
    let mut places = Places::of_a_stack();
    let mut statements = Vec::new();
    for name in names {
        places.fleet_roles = name;
        statements.extend(Part::Fleet.statements(&places).into_iter().map(with_substitutions).map(|mut it| {
            // Several roles, several statements: their names would be the same.
            if let Some(it) = it.as_object_mut() {
                it.remove("Sid");
            }
            it
        }));
    }
    let policy = json!({
        "RoleName": reference("FunctionRoleName"),
        "PolicyName": "fleet",
        "PolicyDocument": document(&statements),
    });
    template.resource("FunctionFleetPolicy", "AWS::IAM::RolePolicy", policy);
}

fn statements() -> [Value; 5] {
    let list = substituted(&format!("${{Results.Arn}}/{LIST}"));
    let results = substituted(&format!("${{Results.Arn}}/{RESULTS}/*"));
    let write = ["s3:AbortMultipartUpload", "s3:GetObject", "s3:ListMultipartUploadParts", "s3:PutObject"];
    let key = ["kms:Decrypt", "kms:GenerateDataKey"];
    [
        json!({ "Sid": "Read", "Effect": "Allow", "Action": "lambda:InvokeFunction", "Resource": reference("FunctionArn") }),
        json!({ "Sid": "ReadTheList", "Effect": "Allow", "Action": "s3:GetObject", "Resource": list }),
        json!({ "Sid": "KeepResults", "Effect": "Allow", "Action": write, "Resource": results }),
        json!({ "Sid": "Tell", "Effect": "Allow", "Action": "sns:Publish", "Resource": reference("TopicArn") }),
        json!({ "Sid": "UseTheKey", "Effect": "Allow", "Action": key, "Resource": reference("KeyUsed") }),
    ]
}

fn own_runs() -> Value {
    let executions = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${Fleet.Name}:*";
    let children = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:execution:${Fleet.Name}/*";
    let runs = "arn:${AWS::Partition}:states:${AWS::Region}:${AWS::AccountId}:mapRun:${Fleet.Name}/*";
    let statements = [
        json!({ "Sid": "Start", "Effect": "Allow", "Action": "states:StartExecution", "Resource": reference("Fleet") }),
        json!({
            "Sid": "Follow",
            "Effect": "Allow",
            "Action": ["states:DescribeExecution", "states:StopExecution"],
            "Resource": [substituted(executions), substituted(children)],
        }),
        json!({ "Sid": "Count", "Effect": "Allow", "Action": "states:DescribeMapRun", "Resource": substituted(runs) }),
    ];
    json!({ "RoleName": reference("FleetRole"), "PolicyName": "runs", "PolicyDocument": document(&statements) })
}

fn state_machine(limits: FleetLimits) -> Value {
    let call = |name: &str| substituted(&format!("arn:${{AWS::Partition}}:states:::{name}"));
    json!({
        "RoleArn": arn("FleetRole"),
        "Definition": machine(limits),
        "DefinitionSubstitutions": {
            "Bucket": reference("Results"),
            "DescribeMapRun": call("aws-sdk:sfn:describeMapRun"),
            "FunctionArn": reference("FunctionArn"),
            "GetObject": call("s3:getObject"),
            "Invoke": call("lambda:invoke"),
            "ListKey": LIST,
            "Publish": call("sns:publish"),
            "PutObject": call("s3:putObject"),
            "ResultPrefix": RESULTS,
            "TopicArn": reference("TopicArn"),
        },
    })
}

fn schedule(template: &mut Template) {
    let statements = [
        json!({ "Sid": "Start", "Effect": "Allow", "Action": "states:StartExecution", "Resource": reference("Fleet") }),
        json!({ "Sid": "KeepFailures", "Effect": "Allow", "Action": "sqs:SendMessage", "Resource": reference("FailuresArn") }),
    ];
    template.resource("ScheduleRole", "AWS::IAM::Role", role("scheduler.amazonaws.com", &statements));
    let failures = reference("FailuresArn");
    let properties = super::events::schedule_of("Fleet", "Reads every organization of the list", &failures);
    template.resource("FleetSchedule", "AWS::Scheduler::Schedule", properties);
}

/// `reader.yaml`: for the management account, or a delegated administrator's, of each organization.
fn reader(design: &Design) -> Value {
    let mut template =
        Template::new("Lets a monitor elsewhere read AI services opt-out policies of this organization.");
    template.text("OrganizationId", "The id of this organization", ORGANIZATION, None);
    template.text("ManagementAccountId", "The management account of this organization", ACCOUNT, None);
    template.text("FunctionRoleArn", "The role of the monitor's function", ROLE, None);
    let external = "The external id that the fleet's file has for this organization";
    template.text("ExternalId", external, "^[A-Za-z0-9_+=,.@:/-]{2,1224}$", None);
    let name = "The name of the role, as in the fleet's file";
    template.text("RoleName", name, "^[A-Za-z0-9+=,.@_-]{1,64}$", Some("optout-fleet-reader"));
    let account = json!({ "Fn::Select": [4, { "Fn::Split": [":", reference("FunctionRoleArn")] }] });
    let principal = json!({ "Fn::Sub": ["arn:${AWS::Partition}:iam::${Account}:root", { "Account": account }] });
    let trust = json!({
        "Effect": "Allow",
        "Principal": { "AWS": principal },
        "Action": "sts:AssumeRole",
        "Condition": {
            "ArnEquals": { "aws:PrincipalArn": reference("FunctionRoleArn") },
            "StringEquals": { "sts:ExternalId": reference("ExternalId") },
        },
    });
    let properties = json!({
        "RoleName": reference("RoleName"),
        "Description": "Reads AI services opt-out policies, and may change nothing",
        "AssumeRolePolicyDocument": document(&[trust]),
        "Policies": [{ "PolicyName": "read", "PolicyDocument": document(&function::reading()) }],
    });
    template.resource("Role", "AWS::IAM::Role", properties);
    template.output("RoleArn", "The role, `role-arn` in the fleet's file", arn("Role"));
    template.value(design)
}

fn page(design: &Design, limits: FleetLimits) -> String {
    let concurrency = format!(
        "`Fleet` reads {} organizations at once: each has rate limits of its own, the function's concurrency is one for all.",
        limits.concurrency
    );
    let failures = match limits.tolerated_failures {
        100 => {
            "One that fails never hides another: all are read, and the execution fails at its end if any could not be."
                .to_owned()
        }
        percent => format!(
            "Above {percent} of a hundred failures the rest is not read any more; the execution fails at its end if any could not be read."
        ),
    };
    Page::default()
        .heading(1, "Many organizations by one monitor")
        .block("text", &design.lines().join("\n"))
        .list([
            concurrency.as_str(),
            failures.as_str(),
            "Results are below `optout/fleet/results` in a bucket of their own: `SUCCEEDED_0.json` holds the answers, `FAILED_0.json` the errors, `manifest.json` names both.",
            "External ids are in `organizations.json`: keep it where the fleet's file is kept.",
        ])
        .heading(2, "In each organization, in its management account")
        .block("sh", READER)
        .heading(2, "Beside the monitor")
        .block("sh", FLEET)
        .text("The values are outputs of the monitor's stack. Upload the list again when the fleet's file changes.")
        .end()
}

const READER: &str = "\
aws cloudformation deploy --stack-name optout-fleet-reader --template-file reader.yaml --capabilities CAPABILITY_NAMED_IAM \\
  --parameter-overrides OrganizationId=ID ManagementAccountId=ACCOUNT FunctionRoleArn=ROLE_ARN ExternalId=EXTERNAL_ID";

const FLEET: &str = "\
aws cloudformation deploy --stack-name optout-fleet --template-file fleet.yaml --capabilities CAPABILITY_IAM \\
  --parameter-overrides FunctionArn=ARN FunctionRoleName=NAME KeyUsed=ARN TopicArn=ARN FailuresArn=ARN
aws cloudformation describe-stacks --stack-name optout-fleet --query 'Stacks[0].Outputs'
aws s3 cp organizations.json s3://RESULTS_BUCKET/optout/fleet/organizations.json";
