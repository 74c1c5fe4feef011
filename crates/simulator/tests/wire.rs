//! What a client meets on the wire: pages, rate limits, delays, callers, faults, the sandbox's own endpoints.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use optout_core::org::{Account, PolicyType, Snapshot};
use optout_simulator::{
    Change, Effect, EffectiveScript, Fault, Fields, LIMITS, NotImplementedForm, Options, Pages, Rate, Throttling,
    Trust, When,
};
use serde_json::{Value, json};
use support::{
    Answer, Bench, MANAGEMENT, MEMBER, ROOT, UNIT, attach, between, create_policy, organization, with_accounts,
    with_types,
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

/// Every page of a list: the items of each.
async fn pages(bench: &Bench, operation: &str, name: &str, input: Value) -> Vec<Vec<Value>> {
    let mut pages = Vec::new();
    let mut input = input;
    loop {
        let answer = bench.ok(MANAGEMENT, operation, input.clone()).await;
        pages.push(answer[name].as_array().unwrap().clone());
        match answer.get("NextToken") {
            Some(token) => input["NextToken"] = token.clone(),
            None => return pages,
        }
    }
}

#[tokio::test]
async fn lists_come_in_pages_of_twenty_with_nothing_lost() {
    let bench = Bench::start(&with_accounts(50), Options::default()).await;
    let pages = pages(&bench, "ListAccounts", "Accounts", json!({})).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 12]);
}

#[tokio::test]
async fn pages_can_be_smaller_and_empty() {
    let options = Options { pages: Pages { size: 3, empty_every: Some(2) }, ..Options::default() };
    let bench = Bench::start(&with_accounts(5), options).await;
    let pages = pages(&bench, "ListChildren", "Children", json!({ "ParentId": UNIT, "ChildType": "ACCOUNT" })).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 0, 2]);
}

#[tokio::test]
async fn an_account_that_moves_between_two_pages_is_seen_in_neither_or_both_parents() {
    let to = ROOT.parse().unwrap();
    let change = Change::MoveAccount { account: "300000000024".parse().unwrap(), to };
    let after_first = fault("ListAccountsForParent", When::Nth { call: 1 }, Effect::ChangeAfter { change });
    let bench = Bench::start(&with_accounts(25), Options { faults: vec![after_first], ..Options::default() }).await;
    let pages = pages(&bench, "ListAccountsForParent", "Accounts", json!({ "ParentId": UNIT })).await;
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
    let seen = pages(&bench, "ListAccounts", "Accounts", json!({})).await.concat();
    let ids: Vec<&str> = seen.iter().map(|account| account["Id"].as_str().unwrap()).collect();
    assert!(ids.contains(&"999999999999") && !ids.contains(&"300000000021"));
    assert_eq!(ids.len(), 27);
}

#[tokio::test]
async fn the_documented_buckets_throttle_with_http_400() {
    let throttling = Throttling::Documented { undocumented: None };
    let bench = Bench::start(&organization(), Options { throttling, ..Options::default() }).await;
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(bench.call(MANAGEMENT, "ListRoots", json!({})).await);
    }
    let throttled: Vec<&Answer> = codes.iter().filter(|answer| answer.code() == "TooManyRequestsException").collect();
    assert!(!throttled.is_empty() && throttled.iter().all(|answer| answer.status == 400));
    assert_eq!(codes[0].code(), "Success");
}

#[tokio::test]
async fn operations_without_a_documented_rate_can_be_given_one() {
    let undocumented = Some(Rate { per_second: 0.001, burst: 1.0 });
    let throttling = Throttling::Documented { undocumented };
    let bench = Bench::start(&with_types(&[PolicyType::AiOptOut]), Options { throttling, ..Options::default() }).await;
    let ask = || bench.call(MANAGEMENT, "DescribeEffectivePolicy", json!({ "PolicyType": AI }));
    assert_eq!([ask().await.code(), ask().await.code()], ["Success", "TooManyRequestsException"]);
}

#[tokio::test]
async fn every_limit_is_of_an_operation_that_exists_here_or_is_never_called() {
    let bench = Bench::start(&organization(), Options::default()).await;
    let mut unknown = Vec::new();
    for limit in LIMITS {
        let answer = bench.call(MANAGEMENT, limit.operation, json!({ "MaxResults": "x" })).await;
        if answer.code() == "UnknownOperationException" {
            unknown.push(limit.operation);
        }
    }
    let never_called = [
        "CancelHandshake",
        "CreateGovCloudAccount",
        "DeclineHandshake",
        "DeleteOrganizationalUnit",
        "DescribeHandshake",
        "DisableAWSServiceAccess",
        "InviteAccountToOrganization",
        "LeaveOrganization",
        "ListCreateAccountStatus",
        "ListHandshakesForAccount",
        "ListHandshakesForOrganization",
        "UpdateOrganizationalUnit",
    ];
    assert_eq!(unknown, never_called);
}

#[tokio::test]
async fn fields_that_aws_retires_or_adds_can_be_left_out() {
    let fields = Fields { state: false, status: true, paths: false };
    let bench = Bench::start(&organization(), Options { fields, ..Options::default() }).await;
    let account = bench.ok(MANAGEMENT, "DescribeAccount", json!({ "AccountId": MEMBER })).await["Account"].clone();
    assert_eq!((&account["State"], &account["Paths"]), (&Value::Null, &Value::Null));
    assert_eq!(account["Status"], "ACTIVE");
    let input = json!({ "OrganizationalUnitId": UNIT });
    let unit = bench.ok(MANAGEMENT, "DescribeOrganizationalUnit", input).await;
    assert_eq!(unit["OrganizationalUnit"]["Path"], Value::Null);
}

#[tokio::test]
async fn the_access_key_says_who_calls() {
    let bench = Bench::start(&organization(), Options::default()).await;
    for (key, account) in [
        (MEMBER, MEMBER),
        ("ASIAXXXX222222222222", MEMBER),
        ("AKIAIOSFODNN7EXAMPLE", MANAGEMENT),
        ("AKIA999999999999", MANAGEMENT),
        ("999999999999", "999999999999"),
    ] {
        let answer = bench.sts(key, "Action=GetCallerIdentity").await;
        assert_eq!(between(&answer.text, "<Account>", "</Account>"), account, "{key}");
    }
    let outside = bench.call("999999999999", "DescribeOrganization", json!({})).await;
    assert_eq!(outside.code(), "AWSOrganizationsNotInUseException");
    let nobody = bench.send("POST", "/", "X-Amz-Target: AWSOrganizationsV20161128.ListRoots\r\n", "{}").await.unwrap();
    assert_eq!(nobody.code(), "MissingAuthenticationTokenException");
}

#[tokio::test]
async fn a_role_may_ask_for_an_external_id_and_a_code() {
    let role = "arn:aws:iam::222222222222:role/Reader";
    let trust = Trust { external_id: Some("secret".to_owned()), mfa: Some(("device".to_owned(), "123456".to_owned())) };
    let trusts = [(role.to_owned(), trust)].into();
    let bench = Bench::start(&organization(), Options { trusts, ..Options::default() }).await;
    let assume = async |more: &str| {
        let role = role.replace(':', "%3A").replace('/', "%2F");
        bench.sts(MANAGEMENT, &format!("Action=AssumeRole&RoleArn={role}&RoleSessionName=test{more}")).await
    };
    for wrong in ["", "&ExternalId=other&SerialNumber=device&TokenCode=123456", "&ExternalId=secret"] {
        let answer = assume(wrong).await;
        assert_eq!((answer.status, between(&answer.text, "<Code>", "</Code>")), (403, "AccessDenied"), "{wrong}");
    }
    let answer = assume("&ExternalId=secret&SerialNumber=device&TokenCode=123456").await;
    let key = between(&answer.text, "<AccessKeyId>", "</AccessKeyId>");
    assert_eq!(bench.call(key, "ListAccounts", json!({})).await.code(), "AccessDeniedException");
}

#[tokio::test]
async fn a_denial_in_the_resource_policy_does_not_bind_the_management_account() {
    let bench = Bench::start(&organization(), Options::default()).await;
    let statement = json!({
        "Effect": "Deny", "Principal": "*", "Action": "organizations:Describe*", "Resource": "*"
    });
    let content = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    bench.ok(MANAGEMENT, "PutResourcePolicy", json!({ "Content": content })).await;
    bench.ok(MANAGEMENT, "DescribeOrganization", json!({})).await;
    let member = bench.call(MEMBER, "DescribeOrganization", json!({})).await;
    assert_eq!(member.code(), "AccessDeniedException");
    bench.ok(MANAGEMENT, "DeleteResourcePolicy", json!({})).await;
    bench.ok(MEMBER, "DescribeOrganization", json!({})).await;
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

#[tokio::test]
async fn the_two_protocols_do_not_mix() {
    let bench = Bench::start(&organization(), Options::default()).await;
    let roots = bench.sts(MANAGEMENT, "Action=ListRoots").await;
    assert_eq!(between(&roots.text, "<Code>", "</Code>"), "InvalidAction");
    let identity = bench.call(MANAGEMENT, "GetCallerIdentity", json!({})).await;
    assert_eq!(identity.code(), "UnknownOperationException");
}

#[tokio::test]
async fn re_attaching_moves_a_policy_to_the_end() {
    let bench = Bench::start(&with_types(&[PolicyType::AiOptOut]), Options::default()).await;
    let first = create_policy(&bench, AI, "first", &setting("optOut")).await;
    let second = create_policy(&bench, AI, "second", &setting("optIn")).await;
    attach(&bench, &first, ROOT).await;
    attach(&bench, &second, ROOT).await;
    let content = async || {
        let answer = bench.ok(MEMBER, "DescribeEffectivePolicy", json!({ "PolicyType": AI })).await;
        answer["EffectivePolicy"]["PolicyContent"].as_str().unwrap().contains("optOut")
    };
    assert!(content().await);
    bench.ok(MANAGEMENT, "DetachPolicy", json!({ "PolicyId": first, "TargetId": ROOT })).await;
    attach(&bench, &first, ROOT).await;
    assert!(!content().await);
}

#[tokio::test]
async fn consolidated_billing_has_no_policies_until_all_features_are_on() {
    let mut snapshot = organization();
    let Some(optout_core::org::Membership::Member(organization)) = &mut snapshot.membership else { return };
    organization.all_features = false;
    let bench = Bench::start(&snapshot, Options::default()).await;
    let enable = json!({ "RootId": ROOT, "PolicyType": AI });
    let refused = bench.call(MANAGEMENT, "EnablePolicyType", enable.clone()).await;
    assert_eq!(refused.code(), "PolicyTypeNotAvailableForOrganizationException");
    let handshake = bench.ok(MANAGEMENT, "EnableAllFeatures", json!({})).await;
    let again = bench.call(MANAGEMENT, "EnableAllFeatures", json!({})).await;
    assert_eq!(again.json()["Reason"], "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION");
    let id = handshake["Handshake"]["Id"].clone();
    bench.ok(MANAGEMENT, "AcceptHandshake", json!({ "HandshakeId": id })).await;
    bench.ok(MANAGEMENT, "EnablePolicyType", enable).await;
}

#[tokio::test]
async fn an_account_without_an_organization_can_make_one_and_delete_it() {
    let mut snapshot = Snapshot::empty(organization().taken, "test", optout_core::org::Partition::Aws);
    snapshot.membership = Some(optout_core::org::Membership::None);
    let bench = Bench::start(&snapshot, Options::default()).await;
    let none = bench.call(MANAGEMENT, "DescribeOrganization", json!({})).await;
    assert_eq!(none.code(), "AWSOrganizationsNotInUseException");
    let made = bench.ok(MANAGEMENT, "CreateOrganization", json!({ "FeatureSet": "ALL" })).await;
    assert_eq!(made["Organization"]["MasterAccountId"], MANAGEMENT);
    let root = bench.ok(MANAGEMENT, "ListRoots", json!({})).await["Roots"][0].clone();
    assert_eq!(root["PolicyTypes"], json!([]));
    bench.ok(MANAGEMENT, "DeleteOrganization", json!({})).await;
    let none = bench.call(MANAGEMENT, "ListAccounts", json!({})).await;
    assert_eq!(none.code(), "AWSOrganizationsNotInUseException");
}

#[tokio::test]
async fn govcloud_does_not_have_the_policy_type() {
    let mut snapshot = organization();
    snapshot.partition = optout_core::org::Partition::GovCloud;
    let bench = Bench::start(&snapshot, Options::default()).await;
    let refused = bench.call(MANAGEMENT, "EnablePolicyType", json!({ "RootId": ROOT, "PolicyType": AI })).await;
    assert_eq!(refused.code(), "PolicyTypeNotAvailableForOrganizationException");
    let account = bench.ok(MANAGEMENT, "DescribeAccount", json!({ "AccountId": MEMBER })).await;
    assert!(account["Account"]["Arn"].as_str().unwrap().starts_with("arn:aws-us-gov:organizations::"));
}

#[tokio::test]
async fn the_sandbox_endpoints_set_faults_and_show_calls_and_state() {
    let bench = Bench::start(&organization(), Options::default()).await;
    let post = async |path: &str, body: &str| bench.send("POST", path, "", body).await.unwrap();
    let get = async |path: &str| bench.send("GET", path, "", "").await.unwrap();
    let faults = r#"[{"operations":["ListRoots"],"when":{"kind":"first","calls":1},"effect":{"kind":"deny"}}]"#;
    assert_eq!(post("/_sandbox/faults", faults).await.status, 200);
    assert_eq!(get("/_sandbox/faults").await.json()[0]["effect"]["kind"], "deny");
    assert_eq!(bench.call(MANAGEMENT, "ListRoots", json!({})).await.code(), "AccessDeniedException");
    bench.ok(MANAGEMENT, "ListRoots", json!({})).await;

    let calls = get("/_sandbox/calls").await.json();
    assert_eq!(calls["counts"]["ListRoots"], 2);
    assert_eq!(calls["calls"][0]["error"], "AccessDeniedException");
    assert_eq!(calls["calls"][1]["caller"], MANAGEMENT);

    let moved = format!(r#"[{{"change":"move-account","account":"{MEMBER}","to":"{UNIT}"}}]"#);
    assert_eq!(post("/_sandbox/changes", &moved).await.status, 200);
    let text = get("/_sandbox/snapshot").await.text;
    let snapshot = optout_core::org::read(&optout_core::source::Source::new("sandbox", text)).unwrap();
    let member = snapshot.accounts.unwrap().into_iter().find(|account: &Account| account.id.to_string() == MEMBER);
    assert_eq!(member.unwrap().parent.unwrap().to_string(), UNIT);

    assert_eq!(post("/_sandbox/reset", "").await.status, 200);
    assert_eq!(get("/_sandbox/calls").await.json()["counts"], json!({}));
    assert_eq!(bench.ok(MANAGEMENT, "ListParents", json!({ "ChildId": MEMBER })).await["Parents"][0]["Id"], ROOT);
    for (wrong, status) in [("/_sandbox/nothing", 404), ("/_sandbox/snapshot", 405)] {
        assert_eq!(post(wrong, "").await.status, status);
    }
    assert_eq!(post("/_sandbox/faults", "[{}]").await.status, 400);
    let stranger = r#"[{"change":"leave-account","account":"999999999999"}]"#;
    assert_eq!(
        post("/_sandbox/changes", stranger).await.json()["message"],
        "`999999999999` is not in the organization"
    );
}

#[tokio::test]
async fn a_saved_state_loads_into_the_same_organization() {
    let bench = Bench::start(&with_accounts(3), Options::default()).await;
    let id = create_policy(&bench, AI, "policy", &setting("optOut")).await;
    attach(&bench, &id, UNIT).await;
    let saved = bench.running.simulator.snapshot();
    let text = optout_core::org::write(&saved);
    let read = optout_core::org::read(&optout_core::source::Source::new("saved", text)).unwrap();
    let again = Bench::start(&read, Options::default()).await;
    let input = json!({ "PolicyType": AI, "TargetId": "300000000002" });
    let (before, after) = (
        bench.ok(MANAGEMENT, "DescribeEffectivePolicy", input.clone()).await,
        again.ok(MANAGEMENT, "DescribeEffectivePolicy", input).await,
    );
    assert_eq!(before["EffectivePolicy"]["PolicyContent"], after["EffectivePolicy"]["PolicyContent"]);
    assert_eq!(optout_core::org::Snapshot { taken: saved.taken, ..again.running.simulator.snapshot() }, saved);
}

#[tokio::test]
async fn hostile_requests_get_answers_not_failures() {
    let bench = Bench::start(&organization(), Options::default()).await;
    for body in ["[1]", "{", "\"x\"", "{\"PolicyType\":5}", &"[".repeat(100_000)] {
        let headers = "X-Amz-Target: AWSOrganizationsV20161128.DescribeEffectivePolicy\r\n\
                       Authorization: AWS4-HMAC-SHA256 Credential=111111111111/x\r\n";
        let answer = bench.send("POST", "/", headers, body).await.unwrap();
        assert_eq!((answer.status, answer.code().as_str()), (400, "SerializationException"), "{body:.20}");
    }
    let unknown = bench.call(MANAGEMENT, "DropTables", json!({})).await;
    assert_eq!((unknown.status, unknown.code().as_str()), (400, "UnknownOperationException"));
    let nothing = bench.send("GET", "/", "", "").await.unwrap();
    assert_eq!(nothing.status, 400);
}
