//! Bills read page by page within a bound, whatever goes wrong, and every request counted.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics fails, which is what it is for"
)]

#[path = "../trail/fake.rs"]
#[expect(dead_code, reason = "it is made for the event history too")]
mod fake;
#[path = "../../../../tests/loopback/mod.rs"]
#[expect(dead_code, reason = "CloudTrail and Cost Explorer are always asked at the same path")]
mod loopback;

use optout_aws::cancel::Cancel;
use optout_aws::session::{Keys, Session, SessionOptions};
use optout_aws::usage::{UsageOptions, read};
use optout_core::usage::{Coverage, Period, Usage, UsageSource};
use serde_json::{Value, json};

use fake::{Asked, Fake, error};

fn period(from: &str, to: &str) -> Period {
    Period { from: from.parse().unwrap(), to: to.parse().unwrap() }
}

fn group(account: &str, service: &str, quantity: &str, cost: &str) -> Value {
    json!({"Keys": [account, service], "Metrics": {
        "UnblendedCost": {"Amount": cost, "Unit": "USD"},
        "UsageQuantity": {"Amount": quantity, "Unit": "N/A"},
    }})
}

fn page(groups: &[Value], next: Option<&str>) -> Value {
    json!({
        "GroupDefinitions": [{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}, {"Type": "DIMENSION", "Key": "SERVICE"}],
        "ResultsByTime": [{
            "TimePeriod": {"Start": "2026-07-01", "End": "2026-08-01"}, "Total": {}, "Groups": groups, "Estimated": false,
        }],
        "NextPageToken": next,
    })
}

/// Five pages, each with one account.
fn five(asked: &Asked) -> Value {
    let at: usize = asked.body["NextPageToken"].as_str().map_or(0, |token| token.parse().unwrap());
    let account = format!("{}", 222_222_222_220_u64 + u64::try_from(at).unwrap());
    let next = (at < 4).then(|| (at + 1).to_string());
    page(&[group(&account, "Amazon Lex", "12.5", "0")], next.as_deref())
}

async fn usage(fake: &Fake, change: impl FnOnce(&mut UsageOptions)) -> Usage {
    let keys = Keys { access_key_id: "AKIAIOSFODNN7EXAMPLE".into(), secret_access_key: "secret".into() };
    let session = SessionOptions {
        endpoint_url: Some(fake.url.clone()),
        region: Some("eu-central-1".into()),
        keys: Some(keys),
        time_scale: 1_000.0,
        ..SessionOptions::default()
    };
    let mut options = UsageOptions {
        period: period("2026-07-01", "2026-09-30"),
        around: None,
        most: 20,
        management: Some("111111111111".parse().unwrap()),
        fall_back: false,
        now: "2026-11-24T12:00:00Z".parse().unwrap(),
    };
    change(&mut options);
    read(&Session::open(&session).await.unwrap(), &options, &|_| {}, &Cancel::new()).await
}

fn accounts(usage: &Usage) -> Vec<String> {
    usage.whole.as_ref().unwrap().rows.iter().map(|row| row.account.to_string()).collect()
}

#[tokio::test]
async fn every_page_is_read_and_every_request_is_counted() {
    let fake = Fake::start(Vec::new(), |asked, _| Some((200, five(asked))));
    let usage = usage(&fake, |_| ()).await;
    assert_eq!(accounts(&usage), ["222222222220", "222222222221", "222222222222", "222222222223", "222222222224"]);
    assert_eq!((usage.requests.sent, usage.requests.cost().to_string().as_str()), (5, "0.05"));
    assert!(usage.missing.is_empty() && usage.whole.unwrap().complete);
    assert_eq!(usage.coverage, Coverage::Organization);
}

#[tokio::test]
async fn requests_ask_by_account_and_service_with_the_day_after_the_last_as_the_end() {
    let fake = Fake::start(Vec::new(), |_, _| Some((200, page(&[], None))));
    let around = ("2026-10-05".parse().unwrap(), period("2026-09-21", "2026-10-19"));
    usage(&fake, |options| options.around = Some(around)).await;
    let [whole, daily]: [Asked; 2] = fake.asked().try_into().unwrap_or_else(|asked| panic!("{asked:?}"));
    assert_eq!(whole.target, "AWSInsightsIndexService.GetCostAndUsage");
    assert!(whole.authorization.contains("/us-east-1/ce/"), "{}", whole.authorization);
    assert_eq!(whole.body["TimePeriod"], json!({"Start": "2026-07-01", "End": "2026-10-01"}));
    assert_eq!(
        (&whole.body["Granularity"], &whole.body["Metrics"]),
        (&"MONTHLY".into(), &json!(["UnblendedCost", "UsageQuantity"]))
    );
    let groups = json!([{"Type": "DIMENSION", "Key": "LINKED_ACCOUNT"}, {"Type": "DIMENSION", "Key": "SERVICE"}]);
    assert_eq!((&whole.body["GroupBy"], &whole.body["Filter"]), (&groups, &Value::Null));
    assert_eq!(daily.body["TimePeriod"], json!({"Start": "2026-09-21", "End": "2026-10-20"}));
    let names = daily.body["Filter"]["Dimensions"]["Values"].as_array().unwrap().clone();
    assert!(names.contains(&"Amazon Lex".into()) && daily.body["Filter"]["Dimensions"]["Key"] == "SERVICE");
}

#[tokio::test]
async fn no_request_is_sent_beyond_the_bound_and_what_is_missing_is_told() {
    let fake = Fake::start(Vec::new(), |asked, _| Some((200, five(asked))));
    let usage = usage(&fake, |options| options.most = 3).await;
    assert_eq!((fake.asked().len(), usage.requests.sent, accounts(&usage).len()), (3, 3, 3));
    assert!(usage.missing[0].reason.contains("--max-requests"), "{:?}", usage.missing);
    assert!(!usage.whole.unwrap().complete);
}

#[tokio::test]
async fn throttled_requests_are_repeated_and_each_counts() {
    let fake = Fake::start(Vec::new(), |asked, number| match number % 2 {
        0 => error("LimitExceededException"),
        _ => Some((200, five(asked))),
    });
    let usage = usage(&fake, |_| ()).await;
    assert_eq!((accounts(&usage).len(), usage.requests.sent), (5, 10));
}

#[tokio::test]
async fn throttling_without_end_stops_at_the_bound() {
    let fake = Fake::start(Vec::new(), |_, _| error("LimitExceededException"));
    let usage = usage(&fake, |options| options.most = 4).await;
    assert_eq!((fake.asked().len(), usage.requests.sent), (4, 4));
    assert_eq!(usage.missing.len(), 1);
}

#[tokio::test]
async fn errors_of_the_bill_are_told_with_what_they_mean() {
    for (code, expected) in [
        ("DataUnavailableException", "never opened"),
        ("BillExpirationException", "older than what Cost Explorer keeps"),
        ("RequestChangedException", "RequestChangedException"),
    ] {
        let fake = Fake::start(Vec::new(), move |_, _| error(code));
        let usage = usage(&fake, |_| ()).await;
        assert!(usage.missing[0].reason.contains(expected), "{code}: {:?}", usage.missing);
        assert_eq!((fake.asked().len(), usage.requests.sent), (1, 1), "{code}");
    }
}

#[tokio::test]
async fn a_denial_names_the_permission_and_metrics_that_cannot_be_read_are_missing_too() {
    let fake = Fake::start(Vec::new(), |_, _| error("AccessDeniedException"));
    let usage = usage(&fake, |options| options.fall_back = true).await;
    assert_eq!(usage.source, UsageSource::CloudWatch);
    assert_eq!(usage.missing[0].permission.as_deref(), Some("ce:GetCostAndUsage"));
    assert_eq!(usage.missing.len(), 2, "{:?}", usage.missing);
    assert_eq!(
        (usage.region.as_deref(), usage.coverage),
        (Some("eu-central-1"), Coverage::Accounts(vec!["111111111111".parse().unwrap()]))
    );
}

#[tokio::test]
async fn an_account_that_is_not_the_payer_speaks_of_what_it_sees_alone() {
    let fake =
        Fake::start(Vec::new(), |_, _| Some((200, page(&[group("111111111111", "Amazon Lex", "1", "0")], None))));
    let usage = usage(&fake, |options| options.management = Some("999999999999".parse().unwrap())).await;
    assert_eq!(usage.coverage, Coverage::Accounts(vec!["111111111111".parse().unwrap()]));
}

#[tokio::test]
async fn answers_that_make_no_sense_are_told_and_not_taken_for_no_use() {
    let odd = [
        page(&[json!({"Keys": ["111111111111"], "Metrics": {}})], None),
        page(&[group("111111111111", "Amazon Lex", "many", "0")], None),
        page(&[group("AWS", "Amazon Lex", "1", "0")], None),
        page(&[json!({"Keys": ["111111111111", "Amazon Lex"], "Metrics": {}})], None),
    ];
    for answer in odd {
        let told = answer.to_string();
        let fake = Fake::start(Vec::new(), move |_, _| Some((200, answer.clone())));
        let usage = usage(&fake, |_| ()).await;
        assert!(!usage.missing.is_empty() && !usage.whole.unwrap().complete, "{told}");
    }
}
