//! The order of attachment: what recorded events settle, and what they leave open.

use jiff::{SignedDuration, Timestamp};
use optout_core::check::{AccountVerdict, ServiceVerdict};
use optout_core::trail::{Collector, Coverage, Trail, Window, settle_order};
use serde_json::json;

use super::events::{attach, detach, record, service_event, switch, trail};
use super::organization::{NOW, Organization, id};

const LEX_IN: &str = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;
const LEX_OUT: &str = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
const OPT_OUT: &str = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;

/// Two policies at the root that disagree about Amazon Lex: `p-inlex000`, `p-outlex00`.
fn disputed() -> Organization {
    Organization::new()
        .attached("base", OPT_OUT, "root")
        .attached("inlex", LEX_IN, "root")
        .attached("outlex", LEX_OUT, "root")
}

/// When the three were attached.
fn attached(base: &str, inlex: &str, outlex: &str) -> Vec<String> {
    vec![
        attach(1, base, "p-base0000", "r-exam"),
        attach(2, inlex, "p-inlex000", "r-exam"),
        attach(3, outlex, "p-outlex00", "r-exam"),
    ]
}

/// Why the order at the root is still open, and what the verdict of Amazon Lex then is.
fn settled(mut organization: Organization, trail: &Trail) -> (Option<String>, ServiceVerdict) {
    let found = settle_order(&mut organization.snapshot, trail);
    assert_eq!(found.len(), 1);
    let assessment = organization.assess();
    let result = assessment.result(id(1)).unwrap();
    let lex = assessment.service(result, assessment.keys.get("lex").unwrap());
    assert_eq!(lex == ServiceVerdict::Unknown, result.verdict == AccountVerdict::Unknown);
    (found.into_iter().next().unwrap().open, lex)
}

fn open(organization: Organization, trail: &Trail, reason: &str) {
    let (why, lex) = settled(organization, trail);
    assert_eq!(lex, ServiceVerdict::Unknown);
    let why = why.unwrap_or_default();
    assert!(why.contains(reason), "{why}");
}

#[test]
fn the_policy_attached_first_counts() {
    let (first, second, third) = ("2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z", "2026-11-01T00:00:02Z");
    let one = settled(disputed(), &trail(&attached(first, second, third)));
    let other = settled(disputed(), &trail(&attached(first, third, second)));
    assert_eq!((one, other), ((None, ServiceVerdict::OptedIn), (None, ServiceVerdict::OptedOut)));
}

#[test]
fn within_one_second_the_order_stays_open() {
    let same = attached("2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z", "2026-11-01T00:00:01Z");
    open(disputed(), &trail(&same), "within the same second");
}

#[test]
fn attaching_again_moves_a_policy_to_the_end() {
    let mut records = attached("2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z", "2026-11-01T00:00:02Z");
    records.push(detach(4, "2026-11-02T00:00:00Z", "p-inlex000", "r-exam"));
    open(disputed(), &trail(&records), "by the events it is not attached");
    records.push(attach(5, "2026-11-03T00:00:00Z", "p-inlex000", "r-exam"));
    assert_eq!(settled(disputed(), &trail(&records)), (None, ServiceVerdict::OptedOut));
    records.push(detach(6, "2026-11-04T00:00:00Z", "p-outlex00", "r-exam"));
    records.push(attach(7, "2026-11-04T00:00:00Z", "p-outlex00", "r-exam"));
    open(disputed(), &trail(&records), "attached and detached within the same second");
}

#[test]
fn switching_the_type_off_detaches_everything() {
    let mut records = attached("2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z", "2026-11-01T00:00:02Z");
    records.extend([switch(4, "2026-11-02T00:00:00Z", false), switch(5, "2026-11-02T00:01:00Z", true)]);
    open(disputed(), &trail(&records), "by the events it is not attached");
    records.push(attach(6, "2026-11-03T00:00:00Z", "p-base0000", "r-exam"));
    records.push(attach(7, "2026-11-03T00:00:01Z", "p-outlex00", "r-exam"));
    records.push(attach(8, "2026-11-03T00:00:02Z", "p-inlex000", "r-exam"));
    assert_eq!(settled(disputed(), &trail(&records)), (None, ServiceVerdict::OptedOut));
    let only_off = [switch(4, "2026-11-02T00:00:00Z", false)];
    open(disputed(), &trail(&only_off), "everything was detached since");
}

#[test]
fn an_account_that_left_and_came_back_lost_what_was_attached_to_it() {
    let at_account = || {
        let organization = Organization::new().account(2, "root").attached("base", OPT_OUT, "root");
        organization.attached("inlex", LEX_IN, "2").attached("outlex", LEX_OUT, "2")
    };
    let mut records = vec![
        attach(1, "2026-11-01T00:00:00Z", "p-inlex000", "000000000002"),
        attach(2, "2026-11-01T00:00:01Z", "p-outlex00", "000000000002"),
    ];
    let mut organization = at_account().snapshot;
    assert_eq!(settle_order(&mut organization, &trail(&records))[0].open, None);
    records.push(service_event(
        3,
        "2026-11-02T00:00:00Z",
        "AccountDepartedOrganization",
        json!({"accountId": "000000000002"}),
    ));
    let mut organization = at_account().snapshot;
    assert!(settle_order(&mut organization, &trail(&records))[0].open.is_some());
}

#[test]
fn events_after_the_snapshot_say_nothing_of_it() {
    let mut records = attached("2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z", "2026-11-01T00:00:02Z");
    records.push(detach(4, "2026-12-01T00:00:00Z", "p-inlex000", "r-exam"));
    assert_eq!(settled(disputed(), &trail(&records)), (None, ServiceVerdict::OptedIn));
}

#[test]
fn whoever_else_may_attach_must_have_been_seen() {
    let policy = r#"{"Statement":[{"Effect":"Allow","Principal":{"AWS":"arn:aws:iam::000000000007:root"},"Action":"organizations:*","Resource":"*"}]}"#;
    let delegated = || disputed().change(|it| it.resource_policy = Some(Some(policy.into())));
    let mut records = attached("2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z", "2026-11-01T00:00:02Z");
    open(delegated(), &trail(&records), "the events of account 000000000007");
    records.push(
        records[0]
            .replace("e-0001", "e-0009")
            .replace("\"recipientAccountId\":\"000000000001\"", "\"recipientAccountId\":\"000000000007\"")
            .replace("AttachPolicy", "ListRoots"),
    );
    assert_eq!(settled(delegated(), &trail(&records)), (None, ServiceVerdict::OptedIn));
    open(disputed().change(|it| it.resource_policy = None), &trail(&records), "could not be read");
    open(disputed(), &trail(&[]), "the events of account 000000000001");
    let put = |time| record(8, time, "PutResourcePolicy", json!({"content": "HIDDEN_DUE_TO_SECURITY_REASONS"}));
    records.push(put("2026-10-31T23:59:59Z"));
    assert_eq!(settled(delegated(), &trail(&records)), (None, ServiceVerdict::OptedIn));
    for time in ["2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z", "2026-11-05T00:00:00Z"] {
        records.pop();
        records.push(put(time));
        open(delegated(), &trail(&records), "changed after one of them was attached");
    }
}

/// The trail of LookupEvents that answered to the end, long enough after the snapshot.
fn looked_up(records: &[String], change: impl FnOnce(&mut Coverage)) -> Trail {
    let taken: Timestamp = NOW.parse().unwrap();
    let hours = |hours| taken.checked_add(SignedDuration::from_hours(hours)).unwrap();
    let mut coverage = Coverage {
        account: Some(id(1)),
        region: "us-east-1".to_owned(),
        from: hours(-90 * 24),
        until: hours(2),
        asked: hours(2),
    };
    change(&mut coverage);
    let mut collector = Collector::new(Window::default());
    collector.cover(coverage);
    let mut stream = collector.stream("LookupEvents");
    records.iter().for_each(|record| stream.feed(format!("{record}\n").as_bytes()));
    stream.finish();
    collector.finish()
}

#[test]
fn the_one_that_was_not_attached_during_a_whole_window_is_older() {
    let mut records = attached("2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z", "2026-11-01T00:00:02Z");
    // The attaching of the one that opts in lies before the window.
    records.remove(1);
    open(disputed(), &trail(&records), "the attaching of 1 of its policies is not among the events");
    assert_eq!(settled(disputed(), &looked_up(&records, |_| {})), (None, ServiceVerdict::OptedIn));
    records.remove(0);
    open(disputed(), &looked_up(&records, |_| {}), "2 of its policies were attached before the events begin");
}

#[test]
fn a_window_that_is_not_proven_whole_proves_nothing() {
    let mut records = attached("2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z", "2026-11-01T00:00:02Z");
    records.remove(1);
    let missing = "not among the events";
    let taken: Timestamp = NOW.parse().unwrap();
    open(disputed(), &looked_up(&records, |it| it.account = Some(id(7))), "not among the events");
    open(disputed(), &looked_up(&records, |it| it.region = "eu-west-1".into()), missing);
    // Asked at once, the newest events may not be visible yet.
    open(disputed(), &looked_up(&records, |it| it.asked = taken), missing);
    open(disputed(), &looked_up(&records, |it| it.until = taken - SignedDuration::from_secs(1)), missing);
    records.push("{\"eventSource\":\"organizations.amazonaws.com\"}".to_owned());
    open(disputed(), &looked_up(&records, |_| {}), missing);
}

#[test]
fn two_windows_with_a_gap_between_them_are_not_one() {
    let mut records = attached("2026-11-01T00:00:00Z", "2026-11-01T00:00:01Z", "2026-11-01T00:00:02Z");
    records.remove(1);
    let with_gap = |gap: i64| {
        let first = looked_up(&records, |it| {
            it.until = "2026-10-01T00:00:00Z".parse().unwrap();
            it.asked = "2026-10-02T00:00:00Z".parse().unwrap();
        });
        let mut second = looked_up(&records, |it| {
            it.from = "2026-10-01T00:00:00Z".parse::<Timestamp>().unwrap() + SignedDuration::from_secs(gap);
        });
        second.coverage.extend(first.coverage);
        let mut organization = disputed().snapshot;
        settle_order(&mut organization, &second);
        optout_core::trail::complete_since(&organization, &second).unwrap()
    };
    assert_eq!(with_gap(0).to_string(), "2026-08-26T12:00:00Z");
    assert_eq!(with_gap(1).to_string(), "2026-10-01T00:00:01Z");
}
