//! AWS Config's custom rule: what is answered to whom, and that the verdict is the one of the command line.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use optout_aws::cancel::Cancel;
use optout_aws::evaluations::{Compliance, Evaluation, put_evaluations};
use optout_aws::read::read;
use optout_core::catalogue::Catalogue;
use optout_core::check::{AccountVerdict, Decision, Question, Severity, assess};
use optout_core::org::{AnswerContent, Snapshot};
use optout_core::report::{NothingAccepted, Origin, Report};
use optout_lambda::invocation::Invocation;
use optout_lambda::rule::{Clients, Known, RuleError, handle};
use optout_simulator::{Effect, Options, When};
use serde_json::{Value, json};

use crate::bench::{Bench, OWN, acme, event, invocation, unhurried};

const PERIODIC: &str = include_str!("../data/config-periodic.json");
const CHANGED: &str = include_str!("../data/config-changed.json");
const OVERSIZED: &str = include_str!("../data/config-oversized.json");

async fn invoke_in(
    bench: &Bench,
    event: &Value,
    snapshot: Option<&Snapshot>,
    invocation: &Invocation,
) -> Result<Value, RuleError> {
    let (session, options) = (bench.session().await, bench.options());
    let clients = Clients { session: &session, options: &options, settings: &bench.settings };
    handle(clients, event, invocation, Known { snapshot, intent: None }).await
}

async fn invoke(bench: &Bench, event: &Value, snapshot: Option<&Snapshot>) -> Result<Value, RuleError> {
    invoke_in(bench, event, snapshot, &unhurried()).await
}

fn of_member(account: &str) -> Value {
    let mut event = event(PERIODIC);
    event["accountId"] = account.into();
    event["configRuleArn"] = format!("arn:aws:config:us-east-1:{account}:config-rule/config-rule-0123456").into();
    event
}

fn with_parameters(parameters: &str) -> Value {
    let mut event = event(PERIODIC);
    event["ruleParameters"] = parameters.into();
    event
}

/// The only evaluation of the only call.
fn evaluation(bench: &Bench) -> Value {
    let all = bench.cloud.evaluations();
    assert_eq!(all.len(), 1, "{all:?}");
    assert_eq!(all[0]["Evaluations"].as_array().unwrap().len(), 1);
    all[0]["Evaluations"][0].clone()
}

async fn as_read(bench: &Bench) -> Snapshot {
    let session = bench.session().await;
    read(&session, &optout_lambda::reading::options(), &|_| {}, &Cancel::new()).await.unwrap()
}

/// What the command line decides of a snapshot.
fn decided(snapshot: &Snapshot) -> Decision {
    let assessment = assess(&Question::plain(snapshot, Catalogue::embedded()));
    Report::new(&assessment, Severity::High, &NothingAccepted, Origin::default()).decision
}

#[tokio::test]
async fn the_central_rule_answers_for_its_own_account_with_counts() {
    let bench = Bench::start(&acme()).await;
    let answer = invoke(&bench, &event(PERIODIC), None).await.unwrap();
    let call = bench.cloud.evaluations().remove(0);
    assert_eq!((&call["ResultToken"], &call["TestMode"]), (&json!("myResultToken"), &json!(false)));
    let found = evaluation(&bench);
    assert_eq!(found["ComplianceResourceType"], "AWS::::Account");
    assert_eq!(found["ComplianceResourceId"], OWN);
    assert_eq!(found["ComplianceType"], "NON_COMPLIANT");
    let ordering: Timestamp = "2026-11-24T09:50:00.373Z".parse().unwrap();
    assert!((found["OrderingTimestamp"].as_f64().unwrap() - ordering.as_millisecond() as f64 / 1e3).abs() < 0.01);
    let annotation = found["Annotation"].as_str().unwrap();
    assert!(annotation.contains("of 12 counted accounts are not opted out"), "{annotation}");
    assert!(annotation.chars().count() <= 256);
    assert_eq!(answer["annotation"], annotation);
    assert_eq!(decided(&as_read(&bench).await), Decision::Fails);
}

#[tokio::test]
async fn the_verdict_of_each_member_is_the_one_of_the_command_line() {
    let bench = Bench::start(&acme()).await;
    let whole = as_read(&bench).await;
    let assessment = assess(&Question::plain(&whole, Catalogue::embedded()));
    let mut seen = std::collections::BTreeSet::new();
    for result in assessment.counted() {
        let expected = match result.verdict {
            AccountVerdict::OptedIn | AccountVerdict::NotOptedOut | AccountVerdict::Unknown => "NON_COMPLIANT",
            AccountVerdict::OptedOut | AccountVerdict::OptedOutToday | AccountVerdict::Excepted => "COMPLIANT",
        };
        let mut event = of_member(&result.id.to_string());
        event["ruleParameters"] = json!(r#"{"scope":"account"}"#);
        for known in [Some(&whole), None] {
            let before = bench.cloud.evaluations().len();
            let _ = invoke(&bench, &event, known).await;
            let call = bench.cloud.evaluations().remove(before);
            let found = &call["Evaluations"][0];
            let annotation = found["Annotation"].as_str().unwrap();
            assert_eq!(found["ComplianceType"], expected, "{} {annotation}", result.id);
            assert_eq!(found["ComplianceResourceId"], result.id.to_string());
            let word = match result.verdict {
                AccountVerdict::Unknown => "unknown:",
                other => other.as_str(),
            };
            assert!(annotation.starts_with(word), "{}: {annotation}", result.id);
        }
        seen.insert(expected);
    }
    assert_eq!(seen.len(), 2);
}

#[tokio::test]
async fn a_member_is_answered_by_a_role_there_and_asked_for_in_one_call() {
    let bench = Bench::start(&acme()).await;
    let _ = invoke(&bench, &of_member("550000000001"), None).await.unwrap();
    let kept = bench.cloud.kept().remove(0);
    // The simulator's keys of a role session end in the account of the role.
    let credential = kept.header("authorization").unwrap().split("Credential=").nth(1).unwrap().to_owned();
    assert!(credential.split('/').next().unwrap().ends_with("550000000001"), "{credential}");
    assert!(credential.contains("/us-east-1/config/"), "{credential}");
    let calls = [bench.count("DescribeEffectivePolicy"), bench.count("AssumeRole"), bench.count("ListAccounts")];
    assert_eq!(calls, [1, 1, 0]);
}

#[tokio::test]
async fn what_the_monitor_knows_is_not_asked_again_until_it_is_too_old() {
    let bench = Bench::start(&acme()).await;
    let mut whole = as_read(&bench).await;
    bench.running.simulator.forget_calls();
    let _ = invoke(&bench, &event(PERIODIC), Some(&whole)).await.unwrap();
    assert_eq!(bench.running.simulator.counts().values().sum::<u64>(), 0);
    whole.taken = Timestamp::now() - SignedDuration::from_hours(27);
    let _ = invoke(&bench, &event(PERIODIC), Some(&whole)).await.unwrap();
    assert!(bench.count("ListAccounts") > 0);
}

#[tokio::test]
async fn without_a_role_in_the_member_there_is_no_answer_and_the_invocation_fails() {
    let mut bench = Bench::start(&acme()).await;
    bench.settings.member_role = None;
    let error = invoke(&bench, &of_member("550000000001"), None).await.unwrap_err();
    assert_eq!(error, RuleError::NoMemberRole("550000000001".parse().unwrap()));
    assert!(bench.cloud.kept().is_empty());
    bench.settings.member_role = Some("gone".into());
    bench.deny("AssumeRole");
    let error = invoke(&bench, &of_member("550000000001"), None).await.unwrap_err();
    assert!(error.to_string().contains("arn:aws:iam::550000000001:role/gone"), "{error}");
}

#[tokio::test]
async fn what_cannot_be_read_is_answered_as_unknown_and_fails_the_invocation() {
    let bench = Bench::start(&acme()).await;
    bench.deny("DescribeEffectivePolicy");
    let error = invoke(&bench, &of_member("550000000001"), None).await.unwrap_err();
    let found = evaluation(&bench);
    assert_eq!(found["ComplianceType"], "NON_COMPLIANT");
    let annotation = found["Annotation"].as_str().unwrap();
    assert!(
        annotation.starts_with("unknown: ") && annotation.contains("DescribeEffectivePolicy (access-denied)"),
        "{annotation}"
    );
    assert!(matches!(&error, RuleError::Unknown(why) if why == annotation), "{error}");
}

#[tokio::test]
async fn an_answer_nobody_understands_is_unknown_and_no_failure() {
    let bench = Bench::start(&acme()).await;
    let mut whole = as_read(&bench).await;
    let account = "550000000001".parse().unwrap();
    let answer = whole.answers.values().next().unwrap().clone();
    let content = AnswerContent::Document(r#"{"services":{"default":{"opt_out_policy":"maybe"}}}"#.into());
    whole.answers.insert(account, optout_core::org::Answer { content, ..answer });
    let _ = invoke(&bench, &of_member("550000000001"), Some(&whole)).await.unwrap();
    let found = evaluation(&bench);
    assert_eq!(found["ComplianceType"], "NON_COMPLIANT");
    assert!(found["Annotation"].as_str().unwrap().starts_with("unknown: "), "{found}");
}

#[tokio::test]
async fn an_organization_that_cannot_be_spoken_to_is_unknown() {
    let bench = Bench::start(&acme()).await;
    let error = optout_core::org::UnreadReason::Failed;
    let mut empty = Snapshot::empty(Timestamp::now(), "test", optout_core::org::Partition::Aws);
    empty.unread.push(optout_core::org::Unread {
        part: optout_core::org::Part::Accounts,
        subject: None,
        operation: "ListAccounts".into(),
        reason: error,
        permission: None,
        detail: String::new(),
    });
    let error = invoke(&bench, &event(PERIODIC), Some(&empty)).await.unwrap_err();
    assert!(error.to_string().contains("ListAccounts (failed)"), "{error}");
    assert!(evaluation(&bench)["Annotation"].as_str().unwrap().starts_with("unknown: "));
}

#[tokio::test]
async fn no_time_is_an_answer_too() {
    let bench = Bench::start(&acme()).await;
    bench.fault("ListAccounts", When::Always, Effect::Hang);
    let error = invoke_in(&bench, &event(PERIODIC), None, &invocation(Duration::from_secs(2))).await.unwrap_err();
    assert!(matches!(error, RuleError::Unknown(_)), "{error}");
    let found = evaluation(&bench);
    assert_eq!(found["Annotation"], "unknown: there was no time left to read the organization");
}

#[tokio::test]
async fn the_test_token_stores_nothing() {
    let bench = Bench::start(&acme()).await;
    let mut event = event(PERIODIC);
    event["resultToken"] = "TESTMODE".into();
    let _ = invoke(&bench, &event, None).await.unwrap();
    assert_eq!(bench.cloud.evaluations()[0]["TestMode"], true);
}

#[tokio::test]
async fn a_resource_that_changed_is_not_what_the_rule_speaks_of() {
    let bench = Bench::start(&acme()).await;
    for text in [CHANGED, OVERSIZED] {
        let _ = invoke(&bench, &event(text), None).await.unwrap();
    }
    for call in bench.cloud.evaluations() {
        let found = &call["Evaluations"][0];
        let told = [&found["ComplianceType"], &found["ComplianceResourceType"], &found["ComplianceResourceId"]];
        assert_eq!(told, ["NOT_APPLICABLE", "AWS::EC2::Instance", "i-00000000"]);
    }
    assert_eq!((bench.cloud.evaluations().len(), bench.count("ListAccounts")), (2, 0));
}

#[tokio::test]
async fn wrong_parameters_are_named_and_never_compliant() {
    let bench = Bench::start(&acme()).await;
    for (number, (parameters, named)) in [
        (r#"{"failsOn":"high"}"#, "`failsOn` is not known"),
        (r#"{"failOn":"loud"}"#, "`failOn` is"),
        ("nonsense", "no JSON object"),
    ]
    .into_iter()
    .enumerate()
    {
        let error = invoke(&bench, &with_parameters(parameters), None).await.unwrap_err();
        assert!(error.to_string().contains(named), "{error}");
        let call = bench.cloud.evaluations().remove(number);
        assert_eq!(call["Evaluations"][0]["ComplianceType"], "NON_COMPLIANT");
        assert!(call["Evaluations"][0]["Annotation"].as_str().unwrap().starts_with("unknown: "));
    }
    let mut elsewhere = of_member("550000000001");
    elsewhere["ruleParameters"] = json!(r#"{"scope":"organization"}"#);
    assert!(invoke(&bench, &elsewhere, None).await.unwrap_err().to_string().contains("`scope`"));
}

#[tokio::test]
async fn the_line_of_the_rule_goes_before_the_one_of_the_function() {
    let bench = Bench::start(&acme()).await;
    let whole = as_read(&bench).await;
    let account = "550000000001".parse().unwrap();
    let mut only = whole.clone();
    only.accounts.iter_mut().flatten().for_each(|it| {
        if it.id != account {
            it.state = optout_core::org::AccountState::Closed;
        }
    });
    let _ = invoke(&bench, &with_parameters(r#"{"failOn":"info"}"#), Some(&only)).await;
    let strict = evaluation(&bench)["Annotation"].as_str().unwrap().to_owned();
    assert!(strict.contains("controls that do not hold: "), "{strict}");
}

#[tokio::test]
async fn malformed_events_are_answered_where_the_token_permits() {
    let bench = Bench::start(&acme()).await;
    let mut without_token = event(PERIODIC);
    without_token.as_object_mut().unwrap().remove("resultToken");
    assert!(matches!(invoke(&bench, &without_token, None).await, Err(RuleError::Malformed(_))));
    assert!(bench.cloud.kept().is_empty());
    let mut broken = event(PERIODIC);
    broken["invokingEvent"] = "{".into();
    let error = invoke(&bench, &broken, None).await.unwrap_err();
    assert!(error.to_string().contains("`invokingEvent` is no JSON"), "{error}");
    assert!(evaluation(&bench)["Annotation"].as_str().unwrap().starts_with("unknown: "));
}

#[tokio::test]
async fn the_same_event_twice_gives_the_same_answer() {
    let bench = Bench::start(&acme()).await;
    let whole = as_read(&bench).await;
    for _ in 0..2 {
        let _ = invoke(&bench, &event(PERIODIC), Some(&whole)).await.unwrap();
    }
    let calls = bench.cloud.evaluations();
    assert_eq!(calls.len(), 2);
    assert_eq!(calls[0], calls[1]);
}

fn many(count: usize) -> Vec<Evaluation> {
    let one = |number: usize| Evaluation {
        resource_type: "AWS::::Account".into(),
        resource_id: format!("{number:012}"),
        compliance: Compliance::NonCompliant,
        annotation: "no".into(),
        ordering: Timestamp::UNIX_EPOCH,
    };
    (0..count).map(one).collect()
}

#[tokio::test]
async fn evaluations_go_a_hundred_at_a_time() {
    let bench = Bench::start(&acme()).await;
    put_evaluations(&bench.session().await, &many(250), "token", false, &Cancel::new()).await.unwrap();
    let sizes: Vec<usize> =
        bench.cloud.evaluations().iter().map(|call| call["Evaluations"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [100, 100, 50]);
}

#[tokio::test]
async fn what_aws_config_does_not_take_is_sent_again_and_then_an_error() {
    let failing = |times: usize| {
        move |kept: &crate::cloud::Asked, number: usize| {
            let failed = json!({"FailedEvaluations": [kept.json()["Evaluations"][0]]});
            (kept.operation == "PutEvaluations" && number < times).then(|| (200, failed.to_string()))
        }
    };
    let bench = Bench::of(&acme(), Options::default(), failing(1)).await;
    put_evaluations(&bench.session().await, &many(3), "token", false, &Cancel::new()).await.unwrap();
    let sizes: Vec<usize> =
        bench.cloud.evaluations().iter().map(|call| call["Evaluations"].as_array().unwrap().len()).collect();
    assert_eq!(sizes, [3, 1]);
    let bench = Bench::of(&acme(), Options::default(), failing(usize::MAX)).await;
    let whole = as_read(&bench).await;
    let error = invoke(&bench, &event(PERIODIC), Some(&whole)).await.unwrap_err();
    assert!(matches!(error, RuleError::Unanswered(_)), "{error}");
}

#[tokio::test]
async fn a_token_that_is_refused_fails_the_invocation_without_repeating_it() {
    let refused = r#"{"__type":"InvalidResultTokenException","message":"the token is invalid"}"#;
    let bench = Bench::of(&acme(), Options::default(), move |_, _| Some((400, refused.to_owned()))).await;
    let whole = as_read(&bench).await;
    let error = invoke(&bench, &event(PERIODIC), Some(&whole)).await.unwrap_err().to_string();
    assert!(error.contains("InvalidResultTokenException") && !error.contains("myResultToken"), "{error}");
}
