//! What a client meets on the wire: pages, rate limits, fields, protocols, the sandbox's own endpoints.

mod support;

use optout_core::org::{Account, PolicyType};
use optout_simulator::{Fields, LIMITS, Options, Pages, Rate, Throttling};
use serde_json::{Value, json};
use support::{Bench, MANAGEMENT, MEMBER, ROOT, UNIT, between, organization, with_accounts, with_types};

const AI: &str = "AISERVICES_OPT_OUT_POLICY";

#[tokio::test]
async fn lists_come_in_pages_of_twenty_with_nothing_lost() {
    let bench = Bench::start(&with_accounts(50), Options::default()).await;
    let pages = bench.pages("ListAccounts", "Accounts", json!({})).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [20, 20, 12]);
}

#[tokio::test]
async fn pages_can_be_smaller_and_empty() {
    let options = Options { pages: Pages { size: 3, empty_every: Some(2) }, ..Options::default() };
    let bench = Bench::start(&with_accounts(5), options).await;
    let pages = bench.pages("ListChildren", "Children", json!({ "ParentId": UNIT, "ChildType": "ACCOUNT" })).await;
    assert_eq!(pages.iter().map(Vec::len).collect::<Vec<_>>(), [3, 0, 2]);
}

#[tokio::test]
async fn the_documented_buckets_throttle_with_http_400() {
    let throttling = Throttling::Documented { undocumented: None };
    // Time all but stands still, so that no token comes back while the test runs.
    let options = Options { throttling, time_scale: 1e-6, ..Options::default() };
    let bench = Bench::start(&organization(), options).await;
    let mut codes = Vec::new();
    for _ in 0..4 {
        codes.push(bench.call(MANAGEMENT, "ListRoots", json!({})).await);
    }
    let throttled = "TooManyRequestsException";
    let seen: Vec<(u16, String)> = codes.iter().map(|answer| (answer.status, answer.code())).collect();
    let expected = [(200, "Success"), (200, "Success"), (400, throttled), (400, throttled)];
    assert_eq!(seen, expected.map(|(status, code)| (status, code.to_owned())));
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
async fn the_two_protocols_do_not_mix() {
    let bench = Bench::start(&organization(), Options::default()).await;
    let roots = bench.sts(MANAGEMENT, "Action=ListRoots").await;
    assert_eq!(between(&roots.text, "<Code>", "</Code>"), "InvalidAction");
    let identity = bench.call(MANAGEMENT, "GetCallerIdentity", json!({})).await;
    assert_eq!(identity.code(), "UnknownOperationException");
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
