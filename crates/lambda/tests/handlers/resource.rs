//! CloudFormation's custom resources: what they change, what they leave alone, and that there is always an answer.

use std::time::Duration;

use optout_aws::session::{Session, SessionError};
use optout_core::org::{PolicyType, PolicyTypeState, Snapshot, TargetId};
use optout_lambda::invocation::Invocation;
use optout_lambda::resource::{ResourceError, handle};
use optout_simulator::{Change, Effect, Options, When};
use serde_json::{Value, json};

use crate::bench::{Bench, acme, event, invocation, unhurried};

const TYPE: &str = include_str!("../data/resource-type.json");
const POLICY: &str = include_str!("../data/resource-policy.json");
const WRITES: [&str; 8] = [
    "EnablePolicyType",
    "DisablePolicyType",
    "CreatePolicy",
    "UpdatePolicy",
    "DeletePolicy",
    "AttachPolicy",
    "DetachPolicy",
    "TagResource",
];

async fn ask_in(bench: &Bench, event: &Value, invocation: &Invocation) -> Result<Value, ResourceError> {
    let mut event = event.clone();
    if event.get("ResponseURL").is_some_and(|url| url == "RESPONSE") {
        event["ResponseURL"] = format!("{}/answer?X-Amz-Signature=secret", bench.cloud.url).into();
    }
    let session = bench.session().await;
    Box::pin(handle(async { Ok(&session) }, &event, invocation)).await
}

/// Asks, and takes what CloudFormation was told.
async fn ask(bench: &Bench, event: &Value) -> Value {
    let before = bench.cloud.answers().len();
    ask_in(bench, event, &unhurried()).await.unwrap();
    let mut answers = bench.cloud.answers();
    assert_eq!(answers.len(), before + 1);
    answers.remove(before)
}

fn request(text: &str, kind: &str, physical_id: Option<&str>) -> Value {
    let mut event = event(text);
    event["RequestType"] = kind.into();
    if let Some(id) = physical_id {
        event["PhysicalResourceId"] = id.into();
    }
    event
}

fn changed(request: &Value, name: &str, value: Value) -> Value {
    let mut request = request.clone();
    request["OldResourceProperties"] = request["ResourceProperties"].clone();
    request["ResourceProperties"][name] = value;
    request
}

fn id_of(answer: &Value) -> String {
    answer["PhysicalResourceId"].as_str().unwrap().to_owned()
}

fn without_the_type() -> Snapshot {
    let mut snapshot = acme();
    let root = snapshot.root.as_mut().unwrap();
    root.policy_types.retain(|status| status.policy_type != PolicyType::AiOptOut);
    snapshot.attachments = Some(std::collections::BTreeMap::new());
    snapshot
}

fn is_on(bench: &Bench) -> bool {
    bench.running.simulator.snapshot().policy_type_state().flatten() == Some(&PolicyTypeState::Enabled)
}

fn writes(bench: &Bench) -> u64 {
    WRITES.iter().map(|operation| bench.count(operation)).sum()
}

/// Where the policy is attached; `None` where there is none.
fn targets(bench: &Bench, id: &str) -> Option<Vec<String>> {
    let snapshot = bench.running.simulator.snapshot();
    let id = id.parse().unwrap();
    snapshot.policy(&id)?;
    let attached = snapshot.attachments.iter().flatten().filter(|(_, list)| list.iter().any(|it| it.policy == id));
    Some(attached.map(|(target, _)| target.to_string()).collect())
}

#[tokio::test]
async fn the_type_is_enabled_and_stays_on() {
    let bench = Bench::start(&without_the_type()).await;
    let created = ask(&bench, &event(TYPE)).await;
    assert_eq!(created["Status"], "SUCCESS");
    assert_eq!(created["Data"], json!({"PolicyType": "AISERVICES_OPT_OUT_POLICY", "RootId": "r-acme"}));
    for name in ["StackId", "RequestId", "LogicalResourceId"] {
        assert_eq!(created[name], event(TYPE)[name]);
    }
    assert!(is_on(&bench));
    let kept = bench.cloud.kept().remove(0);
    let length = created.to_string().len();
    assert_eq!((kept.method.as_str(), kept.uri.as_str()), ("PUT", "/answer?X-Amz-Signature=secret"));
    assert_eq!(kept.header("content-type"), Some(""));
    assert!(kept.header("content-length").is_some() && kept.header("transfer-encoding").is_none() && length < 4_096);
    // A duplicate of the event, an update, and the end of the stack.
    let id = id_of(&created);
    assert_eq!(id_of(&ask(&bench, &event(TYPE)).await), id);
    assert_eq!(id_of(&ask(&bench, &request(TYPE, "Update", Some(&id))).await), id);
    let deleted = ask(&bench, &request(TYPE, "Delete", Some(&id))).await;
    assert_eq!((&deleted["Status"], id_of(&deleted)), (&json!("SUCCESS"), id));
    assert!(is_on(&bench));
    assert_eq!(bench.count("DisablePolicyType"), 0);
}

#[tokio::test]
async fn another_root_is_another_resource() {
    let bench = Bench::start(&acme()).await;
    let id = id_of(&ask(&bench, &event(TYPE)).await);
    assert!(id.ends_with(":r-acme"), "{id}");
    let update = changed(&request(TYPE, "Update", Some(&id)), "RootId", json!("r-gone"));
    let failed = ask(&bench, &update).await;
    assert_eq!((&failed["Status"], id_of(&failed)), (&json!("FAILED"), id));
}

#[tokio::test]
async fn success_is_told_only_when_list_roots_says_so() {
    let options = Options { enabling: Duration::from_secs(200), ..Options::default() };
    let bench = Bench::of(&without_the_type(), options, |_, _| None).await;
    assert_eq!(ask(&bench, &event(TYPE)).await["Status"], "SUCCESS");
    assert!(is_on(&bench));
}

#[tokio::test]
async fn an_answer_comes_before_the_invocation_ends() {
    let options = Options { enabling: Duration::from_secs(1_000_000), ..Options::default() };
    let bench = Bench::of(&without_the_type(), options, |_, _| None).await;
    bench.fault("ListRoots", When::Always, Effect::Hang);
    ask_in(&bench, &event(TYPE), &invocation(Duration::from_secs(2))).await.unwrap();
    let answer = bench.cloud.answers().remove(0);
    assert_eq!(answer["Status"], "FAILED");
    assert!(answer["Reason"].as_str().unwrap().contains("not done within the time"), "{answer}");
}

/// A request of each kind, with the session opened as `session` says; what CloudFormation was told of each.
async fn told_with<'s, S>(bench: &Bench, left: Duration, session: impl Fn() -> S) -> Vec<Value>
where
    S: Future<Output = Result<&'s Session, SessionError>>,
{
    for kind in ["Create", "Update", "Delete"] {
        let mut event = request(POLICY, kind, (kind != "Create").then_some("p-examplepolicyid"));
        event["ResponseURL"] = format!("{}/answer?X-Amz-Signature=secret", bench.cloud.url).into();
        let answer = Box::pin(handle(session(), &event, &invocation(left))).await.unwrap();
        assert_eq!(answer["status"], "FAILED", "{kind}");
    }
    bench.cloud.answers()
}

#[tokio::test]
async fn a_fault_of_the_program_becomes_an_answer() {
    let bench = Bench::start(&acme()).await;
    let broken = || async { panic!("a secret of the tests") };
    let answers = told_with(&bench, Duration::from_mins(1), broken).await;
    assert_eq!(answers.len(), 3);
    for answer in answers {
        assert_eq!(answer["Status"], "FAILED", "{answer}");
        let reason = answer["Reason"].as_str().unwrap();
        assert!(reason.contains("fault of the program") && !reason.contains("secret"), "{answer}");
        for name in ["StackId", "RequestId", "LogicalResourceId"] {
            assert_eq!(answer[name], event(POLICY)[name]);
        }
    }
    assert_eq!(writes(&bench), 0);
}

#[tokio::test]
async fn credentials_that_never_come_are_answered_before_the_invocation_ends() {
    let bench = Bench::start(&acme()).await;
    let left = Duration::from_secs(2);
    // What is sent after the deadline would be an error of the invocation.
    let answers = told_with(&bench, left, std::future::pending).await;
    assert_eq!(answers.len(), 3);
    for answer in answers {
        assert!(answer["Reason"].as_str().unwrap().contains("not done within the time"), "{answer}");
    }
}

#[tokio::test]
async fn a_policy_is_made_changed_and_taken_away() {
    let bench = Bench::start(&acme()).await;
    let created = ask(&bench, &event(POLICY)).await;
    assert_eq!(created["Status"], "SUCCESS", "{created}");
    let id = id_of(&created);
    assert_eq!(created["Data"], json!({"Id": id, "Name": "stack-opt-out"}));
    assert_eq!(targets(&bench, &id).unwrap(), ["550000000001"]);
    let tags = bench.running.simulator.snapshot().policy(&id.parse().unwrap()).unwrap().tags.clone().unwrap();
    assert_eq!((tags["team"].as_str(), tags["optout:managed"].as_str()), ("privacy", "true"));
    assert_eq!(tags["optout:stack"], event(POLICY)["StackId"].as_str().unwrap());

    let before = writes(&bench);
    assert_eq!(id_of(&ask(&bench, &event(POLICY)).await), id, "a duplicate makes nothing new");
    assert_eq!(writes(&bench), before);

    let update = request(POLICY, "Update", Some(&id));
    let moved = changed(&update, "TargetIds", json!(["210000000001", "210000000002"]));
    assert_eq!(id_of(&ask(&bench, &moved).await), id);
    assert_eq!(targets(&bench, &id).unwrap(), ["210000000001", "210000000002"]);
    let renamed = changed(&update, "Name", json!("stack-opt-out-2"));
    let renamed = changed(&renamed, "TargetIds", json!(["210000000001", "210000000002"]));
    assert_eq!(id_of(&ask(&bench, &renamed).await), id);
    assert_eq!(bench.running.simulator.snapshot().policy(&id.parse().unwrap()).unwrap().name, "stack-opt-out-2");

    let mut delete = request(POLICY, "Delete", Some(&id));
    delete["ResourceProperties"] = renamed["ResourceProperties"].clone();
    assert_eq!(ask(&bench, &delete).await["Status"], "SUCCESS");
    assert_eq!(targets(&bench, &id), None);
    assert_eq!(ask(&bench, &delete).await["Status"], "SUCCESS", "what is gone needs no deletion");
    assert!(is_on(&bench));
}

#[tokio::test]
async fn what_others_attached_stays_and_with_it_the_policy() {
    let bench = Bench::start(&acme()).await;
    let id = id_of(&ask(&bench, &event(POLICY)).await);
    let target: TargetId = "210000000003".parse().unwrap();
    bench.running.simulator.change(Change::AttachPolicy { policy: id.parse().unwrap(), target }).unwrap();
    let moved = changed(&request(POLICY, "Update", Some(&id)), "TargetIds", json!(["210000000001"]));
    ask(&bench, &moved).await;
    assert_eq!(targets(&bench, &id).unwrap(), ["210000000001", "210000000003"]);
    let mut delete = request(POLICY, "Delete", Some(&id));
    delete["ResourceProperties"] = moved["ResourceProperties"].clone();
    assert_eq!(ask(&bench, &delete).await["Status"], "SUCCESS");
    assert_eq!(targets(&bench, &id).unwrap(), ["210000000003"]);
}

#[tokio::test]
async fn policies_of_others_are_neither_taken_over_nor_changed_nor_deleted() {
    let bench = Bench::start(&acme()).await;
    let theirs = "p-acmeoptout1";
    let taken = changed(&event(POLICY), "Name", json!("Opt out everything"));
    let answer = ask(&bench, &taken).await;
    assert_eq!(answer["Status"], "FAILED");
    assert!(answer["Reason"].as_str().unwrap().contains(theirs), "{answer}");
    let update = ask(&bench, &request(POLICY, "Update", Some(theirs))).await;
    assert_eq!((&update["Status"], id_of(&update)), (&json!("FAILED"), theirs.to_owned()));
    assert_eq!(ask(&bench, &request(POLICY, "Delete", Some(theirs))).await["Status"], "SUCCESS");
    // Another stack with the same name.
    let id = id_of(&ask(&bench, &event(POLICY)).await);
    let before = writes(&bench);
    let mut other = event(POLICY);
    other["StackId"] = json!("arn:aws:cloudformation:us-east-1:111111111111:stack/other/1");
    assert_eq!(ask(&bench, &other).await["Status"], "FAILED");
    other["RequestType"] = json!("Delete");
    other["PhysicalResourceId"] = json!(id);
    assert_eq!(ask(&bench, &other).await["Status"], "SUCCESS");
    assert_eq!((writes(&bench), targets(&bench, &id).unwrap().len()), (before, 1));
}

#[tokio::test]
async fn a_policy_that_somebody_deleted_is_made_anew_under_a_new_id() {
    let bench = Bench::start(&acme()).await;
    let id = id_of(&ask(&bench, &event(POLICY)).await);
    bench.running.simulator.change(Change::DeletePolicy { policy: id.parse().unwrap() }).unwrap();
    let updated = ask(&bench, &request(POLICY, "Update", Some(&id))).await;
    assert_eq!(updated["Status"], "SUCCESS");
    assert_ne!(id_of(&updated), id);
    assert_eq!(ask(&bench, &request(POLICY, "Delete", Some(&id))).await["Status"], "SUCCESS");
    assert!(targets(&bench, &id_of(&updated)).is_some());
}

#[tokio::test]
async fn what_a_failed_creation_left_is_taken_away_by_the_rollback() {
    let bench = Bench::start(&acme()).await;
    bench.deny("AttachPolicy");
    let failed = ask(&bench, &event(POLICY)).await;
    assert_eq!(failed["Status"], "FAILED");
    assert!(failed["Reason"].as_str().unwrap().contains("organizations:AttachPolicy"), "{failed}");
    let id = id_of(&failed);
    assert!(targets(&bench, &id).is_some_and(|targets| targets.is_empty()), "{id}");
    assert_eq!(ask(&bench, &request(POLICY, "Delete", Some(&id))).await["Status"], "SUCCESS");
    assert_eq!(targets(&bench, &id), None);
    bench.deny("CreatePolicy");
    let never = id_of(&ask(&bench, &event(POLICY)).await);
    let before = writes(&bench);
    assert_eq!(ask(&bench, &request(POLICY, "Delete", Some(&never))).await["Status"], "SUCCESS");
    assert_eq!(writes(&bench), before);
}

#[tokio::test]
async fn malformed_requests_and_unknown_types_are_answered() {
    let bench = Bench::start(&acme()).await;
    let mut cases = Vec::new();
    for name in ["RequestType", "RequestId", "ResourceType", "LogicalResourceId", "StackId", "ResourceProperties"] {
        let mut event = event(TYPE);
        event.as_object_mut().unwrap().remove(name);
        cases.push((name, event));
    }
    let mut unknown = event(TYPE);
    unknown["ResourceType"] = json!("Custom::Other");
    cases.push(("Custom::Other", unknown.clone()));
    cases.push(("RootIdd", changed(&event(TYPE), "RootIdd", json!("x"))));
    for (named, case) in cases {
        let answer = ask(&bench, &case).await;
        assert_eq!(answer["Status"], "FAILED", "{case}");
        assert!(answer["Reason"].as_str().unwrap().contains(named), "{answer}");
        assert!(!id_of(&answer).is_empty());
    }
    unknown["RequestType"] = json!("Delete");
    assert_eq!(ask(&bench, &unknown).await["Status"], "SUCCESS", "or its stack could never be deleted");
    assert_eq!(writes(&bench), 0);
}

#[tokio::test]
async fn without_a_place_to_answer_to_the_invocation_fails() {
    let bench = Bench::start(&acme()).await;
    for url in [json!(null), json!(3), json!("http://example.com/"), json!("")] {
        let mut event = event(TYPE);
        event["ResponseURL"] = url;
        assert!(matches!(ask_in(&bench, &event, &unhurried()).await, Err(ResourceError::Malformed(_))));
    }
    assert_eq!(writes(&bench), 0);
}

/// What `optout generate terraform --enable-with-function` has sent.
#[tokio::test]
async fn whoever_waits_for_the_invocation_gets_the_answer_from_it() {
    let mut off = acme();
    off.root.as_mut().unwrap().policy_types.retain(|it| it.policy_type != PolicyType::AiOptOut);
    let bench = Bench::start(&off).await;
    let asked = json!({
        "RequestType": "Create", "ResourceType": "Custom::AiOptOutPolicyType", "LogicalResourceId": "EnablePolicyType",
        "ResourceProperties": {"RootId": "r-acme", "PolicyType": "AISERVICES_OPT_OUT_POLICY"},
    });
    for _ in 0..2 {
        let answer = ask_in(&bench, &asked, &unhurried()).await.unwrap();
        assert_eq!(
            (&answer["status"], &answer["data"]["PolicyType"]),
            (&json!("SUCCESS"), &json!("AISERVICES_OPT_OUT_POLICY"))
        );
    }
    // The second call is told that it is on already: that is what was asked for.
    assert_eq!((writes(&bench), bench.count("EnablePolicyType")), (2, 2));
    let root = bench.running.simulator.snapshot().root.unwrap();
    let on = |it: &&optout_core::org::PolicyTypeStatus| {
        it.policy_type == PolicyType::AiOptOut && it.state == PolicyTypeState::Enabled
    };
    assert_eq!(root.policy_types.iter().filter(on).count(), 1);
    let wrong = changed(&asked, "RootId", json!("r-other"));
    assert!(matches!(ask_in(&bench, &wrong, &unhurried()).await, Err(ResourceError::Failed(_))));
    let policy = json!({"RequestType": "Create", "ResourceType": "Custom::AiOptOutPolicy", "LogicalResourceId": "P"});
    assert!(matches!(ask_in(&bench, &policy, &unhurried()).await, Err(ResourceError::Failed(_))));
    assert_eq!(bench.cloud.answers().len(), 0);
}

#[tokio::test]
async fn an_answer_that_does_not_arrive_is_sent_again_and_then_fails_the_invocation() {
    let instead = |status: u16, times: usize| {
        move |kept: &crate::cloud::Asked, number: usize| {
            (kept.method == "PUT" && number < times).then(|| (status, String::new()))
        }
    };
    let bench = Bench::of(&acme(), Options::default(), instead(503, 2)).await;
    ask_in(&bench, &event(TYPE), &unhurried()).await.unwrap();
    assert_eq!(bench.cloud.answers().len(), 3);
    let bench = Bench::of(&acme(), Options::default(), instead(403, usize::MAX)).await;
    let error = ask_in(&bench, &event(TYPE), &unhurried()).await.unwrap_err();
    assert_eq!(bench.cloud.answers().len(), 1);
    let shown = format!("{error} {error:?}");
    assert!(shown.contains("HTTP status 403") && !shown.contains("secret"), "{shown}");
}

#[tokio::test]
async fn hostile_texts_neither_break_the_answer_nor_make_it_too_long() {
    let bench = Bench::start(&acme()).await;
    let mut event = changed(&event(POLICY), "Content", json!("\u{1b}[31m{\"".repeat(5_000)));
    event["LogicalResourceId"] = json!("x".repeat(255));
    event["ResourceProperties"]["\u{202e}".repeat(3_000)] = json!("x");
    ask_in(&bench, &event, &unhurried()).await.unwrap();
    let answer = bench.cloud.answers().remove(0);
    assert_eq!(answer["Status"], "FAILED");
    assert!(answer.to_string().len() < 4_096);
    assert!(!answer["Reason"].as_str().unwrap().contains(['\u{1b}', '\u{202e}']), "{answer}");
}
