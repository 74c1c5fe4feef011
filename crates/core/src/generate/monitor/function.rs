//! The function with its role: one statement for each thing it does, those of parts that are switched off are not there.

use serde_json::{Value, json};

use super::super::access::function::{Part, Places};
use super::storage::key_arn;
use super::template::{Template, arn, document, either, only, reference, substituted, with_substitutions};

/// How long one invocation may take, in seconds: the most Lambda allows. A longer reading goes on in another one.
///
/// Source: botocore 1.44.5, lambda model, `Timeout` of `CreateFunction`, read 2026-11-24.
pub(super) const LONGEST: u32 = 900;
/// What every key in the bucket begins with.
pub(super) const PREFIX: &str = "optout/";
/// The namespace of the function's metrics.
pub(super) const NAMESPACE: &str = "OptOut";

/// The function, its role and its settings.
pub(super) fn add(template: &mut Template) {
    let role = json!({
        "AssumeRolePolicyDocument": document(&[json!({
            "Effect": "Allow",
            "Principal": { "Service": "lambda.amazonaws.com" },
            "Action": "sts:AssumeRole",
        })]),
        "Policies": [{ "PolicyName": "monitor", "PolicyDocument": document(&statements()) }],
    });
    template.resource("FunctionRole", "AWS::IAM::Role", role);
    let properties = json!({
        "Description": "Reads the organization, watches AI services opt-out policies, publishes what it finds",
        "Architectures": [reference("Architecture")],
        "Code": {
            "S3Bucket": reference("CodeBucket"),
            "S3Key": reference("CodeKey"),
            "S3ObjectVersion": only("HasCodeVersion", reference("CodeVersion")),
        },
        "DeadLetterConfig": { "TargetArn": arn("Failures") },
        "Environment": { "Variables": variables() },
        "Handler": "bootstrap",
        "LoggingConfig": { "LogGroup": reference("LogGroup") },
        "MemorySize": reference("MemorySize"),
        "Role": arn("FunctionRole"),
        "Runtime": "provided.al2023",
        "Timeout": LONGEST,
    });
    template.resource("Function", "AWS::Lambda::Function", properties);
}

/// The settings; an empty one counts as none.
fn variables() -> Value {
    json!({
        "OPTOUT_BUCKET": reference("Bucket"),
        "OPTOUT_EVENT_BUS": arn("Bus"),
        "OPTOUT_FAIL_ON": reference("FailOn"),
        "OPTOUT_INTENT_KEY": reference("IntentKey"),
        "OPTOUT_MEMBER_ROLE": only("HasOrganizationRule", reference("MemberRoleName")),
        "OPTOUT_METRIC_NAMESPACE": NAMESPACE,
        "OPTOUT_PREFIX": PREFIX,
        "OPTOUT_SECURITY_HUB": either("FindsInSecurityHub", json!("on"), json!("off")),
        "OPTOUT_TOPIC_ARN": reference("Topic"),
    })
}

/// Where a part is granted.
enum Granted {
    /// In every stack.
    Always,
    /// Where this condition holds.
    Where(&'static str),
    /// By another stack.
    Elsewhere,
}

const fn granted(part: Part) -> Granted {
    match part {
        Part::Runtime | Part::Read | Part::Changed | Part::Trail | Part::Evidence | Part::Events | Part::Notices => {
            Granted::Always
        }
        Part::SecurityHub => Granted::Where("FindsInSecurityHub"),
        // A rule of the organization is in this account too.
        Part::ConfigRule => Granted::Where("AnswersConfig"),
        Part::MemberRule => Granted::Where("HasOrganizationRule"),
        Part::CustomResource => Granted::Where("ChangesPolicies"),
        Part::Fleet => Granted::Elsewhere,
    }
}

fn statements() -> Vec<Value> {
    let places = places();
    let of = |part: &Part| {
        let statements = part.statements(&places).into_iter().map(with_substitutions).map(with_key);
        match granted(*part) {
            Granted::Always => statements.collect(),
            Granted::Where(condition) => statements.map(|it| only(condition, it)).collect(),
            Granted::Elsewhere => Vec::new(),
        }
    };
    Part::ALL.iter().flat_map(of).collect()
}

/// What a role needs that only reads an organization, and whether a trail tells of its changes.
pub(super) fn reading() -> Vec<Value> {
    let places = places();
    [Part::Read, Part::Trail].iter().flat_map(|part| part.statements(&places)).map(with_substitutions).collect()
}

/// The real things of the stack in place of names.
fn places() -> Places {
    let mut places = Places::of_a_stack().written("${ManagementAccountId}", "${OrganizationId}");
    places.logs = "${LogGroup.Arn}".to_owned();
    places.queue = "${Failures.Arn}".to_owned();
    places.bucket = "${Bucket.Arn}".to_owned();
    places.objects = format!("${{Bucket.Arn}}/{PREFIX}*");
    places.key = KEY.to_owned();
    places.bus = "${Bus.Arn}".to_owned();
    places.topic = "${Topic}".to_owned();
    // A trail of all Regions may have any as its home, and that of an organization may be another account's.
    places.trails = "arn:${AWS::Partition}:cloudtrail:*:*:trail/*".to_owned();
    places.member_role = "arn:${AWS::Partition}:iam::*:role/${MemberRoleName}".to_owned();
    places
}

/// What stands for the key until it is replaced by a choice, which no text can hold.
const KEY: &str = "the key";

fn with_key(mut statement: Value) -> Value {
    if let Some(resource) = statement.get_mut("Resource").filter(|it| it.as_str() == Some(KEY)) {
        *resource = key_arn();
    }
    statement
}

/// Lets a service invoke the function for one thing of this account.
pub(super) fn permission(service: &str, source: &str) -> Value {
    json!({
        "Action": "lambda:InvokeFunction",
        "FunctionName": arn("Function"),
        "Principal": service,
        "SourceArn": arn(source),
    })
}

/// The name of the function as CloudFormation replaces it in a state machine.
pub(super) fn outputs(template: &mut Template) {
    template.output("FunctionArn", "The function; EnablerArn of `optout generate cloudformation`", arn("Function"));
    template.output("FunctionRoleName", "Its role by name, for fleet.yaml", reference("FunctionRole"));
    template.output("FailuresArn", "The queue of what failed", arn("Failures"));
    template.output("FunctionRoleArn", "Its role, whom member.yaml and fleet roles trust", arn("FunctionRole"));
    template.output("BusArn", "The event bus to which writers.yaml forwards", arn("Bus"));
    template.output("BucketName", "The bucket of evidence", reference("Bucket"));
    template.output("KeyUsed", "The key of bucket and topic", key_arn());
    template.output("TopicArn", "The topic of notices and alarms", reference("Topic"));
    let read = "aws stepfunctions start-execution --state-machine-arn ${Reading}";
    template.output("ReadNow", "Reads the organization now", substituted(read));
}
