//! What must hold of the templates whatever the organization: everything is encrypted and watched, states lead somewhere, and the
//! role grants what the parts name and nothing else.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

use super::super::Design;
use super::super::access::function::Part;
use super::super::tests::design::design;
use super::machine::{FleetLimits, fleet, reading};
use super::{others, stack};

fn named() -> Design {
    Design { enabled_types: None, ..design(Vec::new()) }
}

fn resources(template: &Value) -> &Map<String, Value> {
    template["Resources"].as_object().unwrap()
}

fn of_type<'t>(template: &'t Value, kind: &str) -> Vec<(&'t String, &'t Value)> {
    resources(template)
        .iter()
        .filter(|(_, it)| it["Type"] == kind)
        .map(|(name, it)| (name, &it["Properties"]))
        .collect()
}

#[test]
fn whatever_keeps_something_encrypts_it_and_takes_nothing_without_tls() {
    let template = stack(&named());
    for (name, bucket) in of_type(&template, "AWS::S3::Bucket") {
        let encryption = &bucket["BucketEncryption"]["ServerSideEncryptionConfiguration"][0];
        assert_eq!(encryption["ServerSideEncryptionByDefault"]["SSEAlgorithm"], "aws:kms", "{name}");
        assert!(bucket["PublicAccessBlockConfiguration"].as_object().unwrap().values().all(|it| it == true));
        assert_eq!(bucket["VersioningConfiguration"]["Status"], "Enabled");
        assert_eq!(resources(&template)[name]["DeletionPolicy"], "Retain");
    }
    for (name, topic) in of_type(&template, "AWS::SNS::Topic") {
        assert!(topic.get("KmsMasterKeyId").is_some(), "{name}");
    }
    for (name, logs) in of_type(&template, "AWS::Logs::LogGroup") {
        assert!(logs.get("KmsKeyId").is_some() && logs.get("RetentionInDays").is_some(), "{name}");
    }
    for template in [&template, &others::writers(&named())] {
        for (name, queue) in of_type(template, "AWS::SQS::Queue") {
            assert_eq!(queue["SqsManagedSseEnabled"], true, "{name}");
        }
        for kind in ["AWS::S3::BucketPolicy", "AWS::SNS::TopicPolicy", "AWS::SQS::QueuePolicy"] {
            for (name, policy) in of_type(template, kind) {
                let statements = policy["PolicyDocument"]["Statement"].as_array().unwrap();
                let tls =
                    |it: &&Value| it["Effect"] == "Deny" && it["Condition"]["Bool"]["aws:SecureTransport"] == false;
                assert!(statements.iter().any(|it| tls(&it)), "{name}");
            }
        }
    }
}

#[test]
fn whatever_can_fail_has_a_queue_and_the_queue_an_alarm() {
    for template in [stack(&named()), others::writers(&named())] {
        let queue = serde_json::json!({ "Fn::GetAtt": ["Failures", "Arn"] });
        for (name, rule) in of_type(&template, "AWS::Events::Rule") {
            for target in rule["Targets"].as_array().unwrap() {
                assert_eq!(target["DeadLetterConfig"]["Arn"], queue, "{name}");
            }
        }
        for (name, function) in of_type(&template, "AWS::Lambda::Function") {
            assert_eq!(function["DeadLetterConfig"]["TargetArn"], queue, "{name}");
        }
        for (name, schedule) in of_type(&template, "AWS::Scheduler::Schedule") {
            assert_eq!(schedule["Target"]["DeadLetterConfig"]["Arn"], queue, "{name}");
        }
        let alarms = of_type(&template, "AWS::CloudWatch::Alarm");
        assert!(alarms.iter().any(|(_, it)| it["MetricName"] == "ApproximateNumberOfMessagesVisible"));
        assert!(alarms.iter().all(|(_, it)| it["AlarmActions"].as_array().unwrap().len() == 1));
    }
}

#[test]
fn a_monitor_that_stopped_is_a_finding() {
    let template = stack(&named());
    let alarms = of_type(&template, "AWS::CloudWatch::Alarm");
    let metrics: BTreeSet<&str> = alarms.iter().map(|(_, it)| it["MetricName"].as_str().unwrap()).collect();
    for metric in ["Errors", "Throttles", "ExecutionsFailed", "ExecutionsTimedOut", "ExecutionsAborted"] {
        assert!(metrics.contains(metric), "{metrics:?}");
    }
    let silent: Vec<_> = alarms.iter().filter(|(_, it)| it["TreatMissingData"] == "breaching").collect();
    assert_eq!(silent.len(), 1);
    assert_eq!(silent[0].1["Namespace"], "OptOut");
}

/// The names of states that a state leads to.
fn next(state: &Value) -> Vec<&str> {
    let own = [state.get("Next"), state.get("Default")].into_iter().flatten();
    let parts = ["Choices", "Catch"].into_iter().filter_map(|name| state.get(name)?.as_array()).flatten();
    own.chain(parts.filter_map(|it| it.get("Next"))).map(|it| it.as_str().unwrap()).collect()
}

fn assert_sound(machine: &Value) {
    let states = machine["States"].as_object().unwrap();
    let mut reached = BTreeSet::new();
    let mut waiting = vec![machine["StartAt"].as_str().unwrap()];
    while let Some(name) = waiting.pop() {
        if reached.insert(name) {
            let state = states.get(name).unwrap_or_else(|| panic!("there is no state {name}"));
            let ends = matches!(state["Type"].as_str().unwrap(), "Succeed" | "Fail");
            assert_eq!(ends, next(state).is_empty(), "{name}");
            waiting.extend(next(state));
        }
    }
    let all: BTreeSet<&str> = states.keys().map(String::as_str).collect();
    assert_eq!(reached, all, "every state can be reached");
    for (name, state) in states.iter().filter(|(_, it)| it["Type"] == "Task") {
        let caught = state["Catch"].as_array().unwrap().iter().any(|it| it["ErrorEquals"][0] == "States.ALL");
        // The CDK drops what is null, and then a result would take the place of the input, which `Failed` reads.
        assert!(state.get("ResultPath").is_none_or(Value::is_string), "{name}");
        assert!(caught && state["Retry"].is_array() && state["TimeoutSeconds"].is_number(), "{name}");
    }
}

#[test]
fn every_state_is_reached_and_ends_somewhere() {
    assert_sound(&reading());
    let fleet = fleet(FleetLimits { concurrency: 5, tolerated_failures: 100 });
    assert_sound(&fleet);
    let inner = &fleet["States"]["Organizations"]["ItemProcessor"];
    assert_sound(inner);
    let names = |machine: &Value| machine["States"].as_object().unwrap().keys().cloned().collect::<BTreeSet<_>>();
    assert!(names(&fleet).is_disjoint(&names(inner)), "a name is of one state in the whole machine");
}

/// The actions of the function's role in the stack, of statements that are there whatever is switched on.
fn granted(template: &Value) -> BTreeSet<String> {
    let statements =
        template.pointer("/Resources/FunctionRole/Properties/Policies/0/PolicyDocument/Statement").unwrap();
    let plain = |it: &Value| it.get("Fn::If").map_or_else(|| it.clone(), |it| it[1].clone());
    let statements: Vec<Value> = statements.as_array().unwrap().iter().map(plain).collect();
    statements
        .iter()
        .flat_map(|it| it["Action"].as_array().unwrap())
        .map(|it| it.as_str().unwrap().to_owned())
        .collect()
}

#[test]
fn the_role_grants_the_actions_of_the_parts_and_nothing_else() {
    let parts = Part::ALL.iter().filter(|part| **part != Part::Fleet);
    let parts: BTreeSet<String> = parts.flat_map(|part| part.actions()).collect();
    assert_eq!(granted(&stack(&named())), parts);
    assert!(parts.iter().all(|action| !action.contains('*')), "{parts:?}");
}

#[test]
fn what_changes_the_organization_is_only_in_the_part_that_is_switched_on_for_it() {
    let changes = |action: &String| {
        let verbs =
            ["Attach", "Close", "Create", "Delete", "Detach", "Disable", "Enable", "Put", "Tag", "Untag", "Update"];
        let name = action.strip_prefix("organizations:");
        name.is_some_and(|name| verbs.iter().any(|verb| name.starts_with(verb)))
    };
    for part in Part::ALL {
        assert_eq!(part.actions().iter().any(changes), part == Part::CustomResource, "{part:?}");
    }
}

/// The limits: of a template in a request botocore 1.44.5, cloudformation model, `TemplateBody`, read 2026-11-24; of the policies
/// in a role, believed and not read, <https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html>.
#[test]
fn templates_and_policies_fit_their_limits() {
    let template = stack(&named());
    for file in super::generate(&named(), super::Form::Cloudformation).unwrap().files {
        assert!(file.text.len() <= 51_200, "{}", file.path);
    }
    let policy = template.pointer("/Resources/FunctionRole/Properties/Policies/0/PolicyDocument").unwrap();
    assert!(policy.to_string().len() <= 10_240, "{}", policy.to_string().len());
}

/// A call that AWS adds one day has a name that nobody here knows; only those known to change nothing are left out.
#[test]
fn rules_hear_every_event_but_those_that_change_nothing() {
    use crate::trail::{HARMLESS, NAMES};
    let template = stack(&named());
    let others = super::others::writers(&named());
    for (template, name) in [(&template, "HereRule"), (&template, "ForwardedRule"), (&others, "ForwardRule")] {
        let names = &resources(template)[name]["Properties"]["EventPattern"]["detail"]["eventName"];
        let left_out = names[0]["anything-but"].as_array().unwrap();
        assert_eq!(names.as_array().unwrap().len(), 1, "{name}");
        assert!(NAMES.iter().chain(&["ReplaceEverything"]).all(|it| !left_out.contains(&(*it).into())), "{name}");
        assert!(HARMLESS.iter().all(|it| left_out.contains(&(*it).into())), "{name}");
    }
}

/// The rule by which an event starts a reading hears the function's own event and no other account, and may start that machine only.
#[test]
fn a_full_read_is_started_by_the_functions_own_event_alone() {
    let template = stack(&named());
    let properties = |name: &str| resources(&template)[name]["Properties"].clone();
    let rule = properties("FullReadRule");
    let event = crate::publish::full_read_event(None, "x", "x", jiff::Timestamp::UNIX_EPOCH);
    assert_eq!(rule["EventPattern"]["detail-type"], serde_json::json!([event.detail_type]));
    assert_eq!(rule["EventPattern"]["source"], serde_json::json!([crate::publish::SOURCE]));
    assert_eq!(rule["EventPattern"]["account"], serde_json::json!([{ "Ref": "AWS::AccountId" }]));
    assert_eq!(rule["EventBusName"], serde_json::json!({ "Ref": "Bus" }));
    assert_eq!(rule["Targets"][0]["Arn"], serde_json::json!({ "Ref": "Reading" }));
    let role = properties("FullReadRole");
    let statements = role["Policies"][0]["PolicyDocument"]["Statement"].as_array().unwrap();
    assert_eq!(statements.len(), 1);
    assert_eq!(statements[0]["Action"], "states:StartExecution");
    assert_eq!(statements[0]["Resource"], serde_json::json!({ "Ref": "Reading" }));
}

#[test]
fn an_organization_that_is_not_known_is_asked_for() {
    let template = stack(&Design { organization: None, ..named() });
    assert!(template["Parameters"]["OrganizationId"].get("Default").is_none());
    let template = stack(&named());
    assert_eq!(template["Parameters"]["OrganizationId"]["Default"], "o-exampleorgid");
}
