//! What goes wrong on demand: errors, broken answers and connections, changes between pages, scripted answers.

mod support;

use std::time::Duration;

use optout_core::org::PolicyType;
use optout_simulator::{Change, Effect, EffectiveScript, Fault, NotImplementedForm, Options, When};
use serde_json::{Value, json};
use support::{
    Answer, Bench, MANAGEMENT, MEMBER, ROOT, UNIT, attach, create_policy, organization, with_accounts, with_types,
};

const AI: &str = "AISERVICES_OPT_OUT_POLICY";

fn setting(value: &str) -> Value {
    json!({ "services": { "default": { "opt_out_policy": { "@@assign": value } } } })
}

fn fault(operation: &str, when: When, effect: Effect) -> Fault {
    Fault { operations: vec![operation.to_owned()], callers: Vec::new(), when, effect }
}

async fn with_fault(effect: Effect) -> Bench {
    let faults = vec![fault("ListRoots", When::Always, effect)];
    Bench::start(&organization(), Options { faults, ..Options::default() }).await
}

#[tokio::test]
async fn an_account_that_moves_between_two_pages_is_seen_in_neither_or_both_parents() {
    let to = ROOT.parse().unwrap();
    let change = Change::MoveAccount { account: "300000000024".parse().unwrap(), to };
    let after_first = fault("ListAccountsForParent", When::Nth { call: 1 }, Effect::ChangeAfter { change });
    let bench = Bench::start(&with_accounts(25), Options { faults: vec![after_first], ..Options::default() }).await;
    let pages = bench.pages("ListAccountsForParent", "Accounts", json!({ "ParentId": UNIT })).await;
    assert_eq!(pages.concat().len(), 24);
    let parents = bench.ok(MANAGEMENT, "ListParents", json!({ "ChildId": "300000000024" })).await;
    assert_eq!(parents["Parents"][0]["Id"], ROOT);
}

#[tokio::test]
async fn accounts_join_and_leave_between_two_pages() {
    let join = Change::JoinAccount {
        account: "999999999999".parse().unwrap(),
        name: "late".to_owned(),
        parent: ROOT.parse().unwrap(),
    };
    let leave = Change::LeaveAccount { account: "300000000021".parse().unwrap() };
    let first = When::Nth { call: 1 };
    let faults = vec![
        fault("ListAccounts", first, Effect::ChangeAfter { change: join }),
        fault("ListAccounts", first, Effect::ChangeAfter { change: leave }),
    ];
    let bench = Bench::start(&with_accounts(25), Options { faults, ..Options::default() }).await;
    let seen = bench.pages("ListAccounts", "Accounts", json!({})).await.concat();
    let ids: Vec<&str> = seen.iter().map(|account| account["Id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"999999999999") && !ids.contains(&"300000000021"));
    assert_eq!(ids.len(), 27);
}

#[tokio::test]
async fn faults_answer_with_errors() {
    let code = "ConcurrentModificationException".to_owned();
    let concurrent = Effect::Error { code, reason: None, message: "again".to_owned() };
    for (effect, status, code) in [
        (Effect::Throttle, 400, "TooManyRequestsException"),
        (Effect::ServerError { status: 503 }, 503, "ServiceException"),
        (Effect::Deny, 400, "AccessDeniedException"),
        (concurrent, 400, "ConcurrentModificationException"),
        (Effect::NotImplemented { form: NotImplementedForm::InvalidAction }, 400, "InvalidAction"),
        (Effect::NotImplemented { form: NotImplementedForm::UnknownOperation }, 400, "UnknownOperationException"),
    ] {
        let bench = with_fault(effect).await;
        let answer = bench.call(MANAGEMENT, "ListRoots", json!({})).await;
        assert_eq!((answer.status, answer.code().as_str()), (status, code));
        bench.ok(MANAGEMENT, "DescribeOrganization", json!({})).await;
    }
}

#[tokio::test]
async fn faults_break_answers_and_connections() {
    let page = with_fault(Effect::NotImplemented { form: NotImplementedForm::HtmlPage }).await;
    let answer = page.call(MANAGEMENT, "ListRoots", json!({})).await;
    assert_eq!(answer.status, 500);
    assert!(answer.head.contains("content-type: text/html") && answer.text.starts_with("<!doctype html>"));

    let malformed = with_fault(Effect::Malformed).await;
    let answer = malformed.call(MANAGEMENT, "ListRoots", json!({})).await;
    assert!(answer.status == 200 && serde_json::from_str::<Value>(&answer.text).is_err());

    let cut = with_fault(Effect::CutShort).await;
    let error = cut.try_call(MANAGEMENT, "ListRoots", json!({})).await.unwrap_err();
    assert_eq!(error.to_string(), "the body breaks off");

    let dropped = with_fault(Effect::Drop).await;
    let error = dropped.try_call(MANAGEMENT, "ListRoots", json!({})).await.unwrap_err();
    assert!(error.to_string() == "no head" || error.kind() == std::io::ErrorKind::ConnectionReset, "{error}");
    assert_eq!(dropped.running.simulator.calls()[0].status, None);
}

#[tokio::test]
async fn a_hanging_call_never_answers_and_does_not_hold_the_server() {
    let bench = with_fault(Effect::Hang).await;
    let hanging = bench.call(MANAGEMENT, "ListRoots", json!({}));
    tokio::select! {
        biased;
        answer = hanging => panic_with(&answer),
        _ = bench.ok(MANAGEMENT, "DescribeOrganization", json!({})) => {}
    }
    tokio::time::timeout(Duration::from_secs(5), bench.running.shutdown()).await.unwrap();
}

fn panic_with(answer: &Answer) {
    assert_eq!(answer.text, "no answer");
}

#[tokio::test]
async fn effective_answers_can_be_scripted() {
    let script = |account: &str, answer| {
        let effect = Effect::Effective { accounts: vec![account.parse().unwrap()], answer };
        fault("DescribeEffectivePolicy", When::Always, effect)
    };
    let odd = json!({ "services": { "default": { "opt_out_policy": "maybe" } } }).to_string();
    let faults = vec![
        script(MEMBER, EffectiveScript::Content(odd.clone())),
        script("300000000000", EffectiveScript::NotFound),
        script("300000000001", EffectiveScript::PeersReversed),
        script("300000000002", EffectiveScript::Stale),
    ];
    let bench = Bench::start(&with_accounts(4), Options { faults, ..Options::default() }).await;
    for (name, value) in [("first", "optOut"), ("second", "optIn")] {
        let id = create_policy(&bench, AI, name, &setting(value)).await;
        attach(&bench, &id, ROOT).await;
    }
    let ask =
        |account| bench.call(MANAGEMENT, "DescribeEffectivePolicy", json!({ "PolicyType": AI, "TargetId": account }));
    let content = |answer: &Answer| answer.json()["EffectivePolicy"]["PolicyContent"].as_str().unwrap().to_owned();
    assert_eq!(content(&ask(MEMBER).await), odd);
    assert_eq!(ask("300000000000").await.code(), "EffectivePolicyNotFoundException");
    assert!(content(&ask("300000000001").await).contains("optIn"));
    assert_eq!(content(&ask("300000000002").await), "{}");
    assert!(content(&ask("300000000003").await).contains("optOut"));
}

#[tokio::test]
async fn an_invalid_effective_policy_keeps_the_last_valid_document() {
    let mut snapshot = with_types(&[PolicyType::AiOptOut]);
    let error = optout_core::org::InvalidPolicy {
        code: "ELEMENTS_TOO_MANY".to_owned(),
        message: "too many".to_owned(),
        path: "services".to_owned(),
        policies: Vec::new(),
    };
    snapshot.invalid = Some([(MEMBER.parse().unwrap(), vec![error])].into());
    let bench = Bench::start(&snapshot, Options::default()).await;
    let id = create_policy(&bench, AI, "new", &setting("optOut")).await;
    attach(&bench, &id, ROOT).await;
    let input = json!({ "PolicyType": AI, "TargetId": MEMBER });
    let answer = bench.ok(MANAGEMENT, "DescribeEffectivePolicy", input).await;
    assert_eq!(answer["EffectivePolicy"]["PolicyContent"], "{}");
    let listed = bench.ok(MANAGEMENT, "ListAccountsWithInvalidEffectivePolicy", json!({ "PolicyType": AI })).await;
    assert_eq!(listed["Accounts"][0]["Id"], MEMBER);
}

#[tokio::test]
async fn changes_before_the_start_survive_a_reset() {
    let change = Change::MoveAccount { account: MEMBER.parse().unwrap(), to: UNIT.parse().unwrap() };
    let bench = Bench::start(&organization(), Options { changes: vec![change], ..Options::default() }).await;
    bench.running.simulator.reset();
    let parents = bench.ok(MANAGEMENT, "ListParents", json!({ "ChildId": MEMBER })).await;
    assert_eq!(parents["Parents"][0]["Id"], UNIT);
}
