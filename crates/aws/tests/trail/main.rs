//! CloudTrail's event history, read page by page and slice by slice, whatever goes wrong.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics fails, which is what it is for"
)]

mod fake;
#[path = "../../../../tests/loopback/mod.rs"]
#[expect(dead_code, reason = "CloudTrail is always asked at the same path")]
mod loopback;

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use jiff::{SignedDuration, Timestamp};
use optout_aws::cancel::Cancel;
use optout_aws::request::FailureKind;
use optout_aws::session::{Keys, Session, SessionOptions};
use optout_aws::trail::{LookedUp, LookupOptions, look_up};

use fake::{Entry, Fake, error};

const NOW: &str = "2026-11-24T12:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// An AttachPolicy event, so many hours ago.
fn attached(hours: i64) -> Entry {
    let time = (now() - SignedDuration::from_hours(hours)).as_second();
    Entry { time, name: "AttachPolicy".into(), record: Some(format!("{{\"eventID\":\"{hours}\"}}")) }
}

async fn session(fake: &Fake) -> Session {
    let keys = Keys { access_key_id: "AKIAIOSFODNN7EXAMPLE".into(), secret_access_key: "secret".into() };
    let options = SessionOptions {
        endpoint_url: Some(fake.url.clone()),
        region: Some("eu-central-1".into()),
        keys: Some(keys),
        time_scale: 1_000.0,
        ..SessionOptions::default()
    };
    Session::open(&options).await.unwrap()
}

async fn all(fake: &Fake) -> LookedUp {
    let options = LookupOptions { since: None, until: None, now: now() };
    look_up(&session(fake).await, options, &|_| {}, &Cancel::new()).await
}

fn ids(found: &LookedUp) -> Vec<i64> {
    let id = |record: &String| {
        serde_json::from_str::<serde_json::Value>(record).unwrap()["eventID"].as_str().unwrap().parse().unwrap()
    };
    found.records.iter().map(id).collect()
}

#[tokio::test]
async fn every_event_of_ninety_days_is_read_newest_first() {
    let hours: Vec<i64> = (0..=90 * 24).step_by(3).collect();
    let fake = Fake::start(hours.iter().map(|it| attached(*it)).collect(), |_, _| None);
    let found = all(&fake).await;
    assert_eq!(ids(&found), hours);
    assert_eq!((found.events, found.missing), (hours.len(), None));
    let coverage = found.coverage.unwrap();
    assert_eq!(coverage.account.unwrap().to_string(), "111111111111");
    assert_eq!(coverage.region, "us-east-1");
    assert_eq!((coverage.from, coverage.until), (now() - SignedDuration::from_hours(90 * 24), now()));
    assert_eq!(coverage.settled_until(), now() - SignedDuration::from_hours(1));
    // Nine slices of ten days, 80 events and so two pages each; the oldest has one more event.
    assert_eq!(fake.asked().len(), 9 * 2);
}

#[tokio::test]
async fn requests_are_signed_for_the_home_of_organizations_and_ask_for_its_events_only() {
    let fake = Fake::start(vec![attached(1)], |_, _| None);
    all(&fake).await;
    let first = fake.asked()[0].clone();
    assert_eq!(first.content_type, "application/x-amz-json-1.1");
    assert!(first.target.ends_with(".LookupEvents") && first.authorization.contains("/us-east-1/cloudtrail/"));
    let attribute =
        serde_json::json!([{"AttributeKey": "EventSource", "AttributeValue": "organizations.amazonaws.com"}]);
    assert_eq!((&first.body["LookupAttributes"], &first.body["MaxResults"]), (&attribute, &50.into()));
}

#[tokio::test]
async fn only_the_time_that_was_asked_for_is_asked_of_aws() {
    let fake = Fake::start((0..100).map(attached).collect(), |_, _| None);
    let at = |hours| Some(now() - SignedDuration::from_hours(hours));
    let options = LookupOptions { since: at(20), until: at(10), now: now() };
    let found = look_up(&session(&fake).await, options, &|_| {}, &Cancel::new()).await;
    assert_eq!(ids(&found), (10..=20).collect::<Vec<_>>());
    let long_ago = LookupOptions { since: at(1_000_000), until: at(95 * 24), now: now() };
    let found = look_up(&session(&fake).await, long_ago, &|_| {}, &Cancel::new()).await;
    assert_eq!((found.events, found.coverage, fake.asked().len()), (0, None, 1));
}

#[tokio::test]
async fn events_that_do_not_matter_are_counted_and_not_kept_and_one_without_a_record_is() {
    let mut entries = vec![attached(1)];
    entries.push(Entry { name: "ListAccounts".into(), ..attached(2) });
    entries.push(Entry { record: None, ..attached(3) });
    let fake = Fake::start(entries, |_, _| None);
    let found = all(&fake).await;
    assert_eq!((found.events, found.records.len()), (3, 2));
    assert!(found.records[1].starts_with("event 11111111"), "{:?}", found.records);
}

#[tokio::test]
async fn a_denial_is_told_with_its_code_and_ends_the_reading() {
    let fake = Fake::start(vec![attached(1)], |_, _| error("AccessDeniedException"));
    let found = all(&fake).await;
    let missing = found.missing.unwrap();
    assert_eq!((missing.failure.kind, found.coverage, found.events), (FailureKind::Denied, None, 0));
    assert_eq!(fake.asked().len(), 1);
}

#[tokio::test]
async fn throttling_and_server_errors_lose_nothing() {
    let fake = Fake::start((0..200).map(attached).collect(), |_, number| match number % 3 {
        0 => error("ThrottlingException"),
        1 => Some((503, serde_json::json!({}))),
        _ => None,
    });
    let found = all(&fake).await;
    assert_eq!((ids(&found), found.missing), ((0..200).collect(), None));
}

#[tokio::test]
async fn a_token_that_is_not_accepted_any_more_begins_the_slice_anew() {
    let refused = AtomicBool::new(false);
    let fake = Fake::start((0..120).map(attached).collect(), move |asked, _| {
        let first = !asked.body["NextToken"].is_null() && !refused.swap(true, Ordering::Relaxed);
        first.then(|| error("InvalidNextTokenException")).flatten()
    });
    let found = all(&fake).await;
    assert_eq!((ids(&found), found.missing), ((0..120).collect(), None));
}

#[tokio::test]
async fn what_was_read_before_a_failure_stays_and_the_rest_is_told() {
    let hours: Vec<i64> = (0..90).map(|day| day * 24).collect();
    let boundary = (now() - SignedDuration::from_hours(25 * 24)).as_second();
    let fake = Fake::start(hours.iter().map(|it| attached(*it)).collect(), move |asked, _| {
        let too_old = asked.body["StartTime"].as_f64().unwrap() < boundary as f64;
        too_old.then(|| error("OperationNotPermittedException")).flatten()
    });
    let found = all(&fake).await;
    assert_eq!(ids(&found), hours.into_iter().take_while(|it| *it <= 20 * 24).collect::<Vec<_>>());
    let LookedUp { coverage: Some(coverage), missing: Some(missing), .. } = found else { panic!("{found:?}") };
    assert_eq!(coverage.from.as_second() - 1, missing.until.as_second());
    assert_eq!(missing.from, now() - SignedDuration::from_hours(90 * 24));
}

#[tokio::test]
async fn a_reading_that_is_stopped_returns_what_it_has() {
    let cancel = Cancel::new();
    let stop = Arc::new(cancel.clone());
    let fake = Fake::start((0..90).map(|day| attached(day * 24)).collect(), move |_, number| {
        if number == 2 {
            stop.cancel();
        }
        None
    });
    let options = LookupOptions { since: None, until: None, now: now() };
    let found = look_up(&session(&fake).await, options, &|_| {}, &cancel).await;
    assert_eq!(found.missing.as_ref().unwrap().failure.kind, FailureKind::Stopped);
    assert_eq!(ids(&found), (0..=20).map(|day| day * 24).collect::<Vec<_>>());
}
