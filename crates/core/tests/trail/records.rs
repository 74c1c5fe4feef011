//! Records: every documented form is read, every other one is told, none is lost.

use optout_core::trail::{Change, Collector, KnownType, Topic, Trail, Types, Window};

use super::events::{attach, record, stream, trail};

const EVENTS: &str = include_str!("../data/trail/events.json");

fn names(trail: &Trail) -> Vec<&str> {
    trail.events.iter().map(|event| event.name.as_str()).collect()
}

#[test]
fn every_kind_of_event_is_understood() {
    let trail = stream(EVENTS);
    assert_eq!(trail.problems, []);
    let kinds: std::collections::BTreeSet<&str> = names(&trail).into_iter().collect();
    let all: std::collections::BTreeSet<&str> = optout_core::trail::NAMES.iter().copied().collect();
    let missing: Vec<_> = all.difference(&kinds).collect();
    assert_eq!(missing, [&"CreateGovCloudAccount", &"CreateOrganization", &"DeleteOrganization", &"EnableAllFeatures"]);
    let topics: std::collections::BTreeSet<Topic> = trail.events.iter().map(|event| event.change.topic()).collect();
    assert_eq!(topics.len(), Topic::ALL.len());
    assert_eq!((trail.seen.records, trail.seen.organizations, trail.seen.failed), (39, 38, 2));
}

#[test]
fn who_did_it_is_told_with_role_session_and_permission_set() {
    let trail = stream(EVENTS);
    let actor = &trail.events.first().unwrap().actor;
    assert_eq!(actor.session.as_deref(), Some("ann@example.com"));
    assert!(actor.role.as_deref().unwrap().contains("/aws-reserved/sso.amazonaws.com/"));
    assert_eq!(actor.identity_center.as_ref().unwrap().permission_set.as_deref(), Some("PolicyAdmin"));
}

#[test]
fn a_type_is_known_from_the_event_that_created_the_policy_and_else_unknown() {
    let trail = stream(EVENTS);
    let types = Types::new(&trail.events, None);
    let of = |id: &str| types.of(&id.parse().unwrap(), trail.events.first().unwrap().time);
    assert!(of("p-base0000").is_opt_out());
    assert_eq!(of("p-deny0000").as_str(), "SERVICE_CONTROL_POLICY");
    assert_eq!(of("p-FullAWSAccess").as_str(), "SERVICE_CONTROL_POLICY");
    assert_eq!(of("p-mystery0"), KnownType::Unknown);
}

#[test]
fn a_hidden_document_is_not_taken_for_one() {
    let text = EVENTS.replace(
        r#"{\"services\":{\"lex\":{\"opt_out_policy\":{\"@@assign\":\"optIn\"}}}}"#,
        "HIDDEN_DUE_TO_SECURITY_REASONS",
    );
    let hidden = stream(&text).events.into_iter().filter(|event| {
        matches!(&event.change, Change::CreatePolicy { content: optout_core::trail::Written::Hidden, .. })
    });
    assert_eq!(hidden.count(), 1);
}

#[test]
fn events_are_in_the_order_of_time_and_there_once() {
    let (late, early) = (
        attach(2, "2026-11-02T00:00:00Z", "p-aaaaaaaa", "r-exam"),
        attach(1, "2026-11-01T00:00:00Z", "p-bbbbbbbb", "r-exam"),
    );
    let trail = trail(&[late.clone(), early.clone(), late.clone(), early]);
    assert_eq!(trail.events.iter().map(|event| event.id.as_str()).collect::<Vec<_>>(), ["e-0001", "e-0002"]);
    assert_eq!((trail.seen.duplicates, trail.problems.len()), (2, 0));
    let forged = trail_of_two(late.clone(), late.replace("p-aaaaaaaa", "p-cccccccc"));
    assert_eq!(forged.problems.len(), 1, "{:?}", forged.problems);
    assert!(forged.problems.first().unwrap().message.contains("says something else"));
}

fn trail_of_two(left: String, right: String) -> Trail {
    trail(&[left, right])
}

#[test]
fn times_outside_the_window_are_left_out() {
    let window = Window {
        since: Some("2026-10-01T09:00:05Z".parse().unwrap()),
        until: Some("2026-10-05T09:00:00Z".parse().unwrap()),
    };
    let mut collector = Collector::new(window);
    let mut stream = collector.stream("events.json");
    stream.feed(EVENTS.as_bytes());
    stream.finish();
    let trail = collector.finish();
    assert_eq!(names(&trail), ["AttachPolicy", "DetachPolicy"]);
    assert_eq!(trail.seen.outside, 32);
}

#[test]
fn answers_of_lookup_events_hold_the_event_as_a_text() {
    let inner = attach(1, "2026-11-01T00:00:00Z", "p-aaaaaaaa", "r-exam");
    let outer = serde_json::json!({"Events": [{"EventId": "x", "EventName": "AttachPolicy", "CloudTrailEvent": inner}], "NextToken": "t"});
    for text in [outer.to_string(), serde_json::to_string_pretty(&outer).unwrap()] {
        assert_eq!(stream(&text).events.len(), 1);
    }
    let broken = serde_json::json!({"Events": [{"CloudTrailEvent": "{"}]}).to_string();
    assert!(stream(&broken).problems.first().unwrap().message.starts_with("in `CloudTrailEvent`: "));
}

#[test]
fn digests_are_passed_over() {
    let digest =
        r#"{"awsAccountId":"111111111111","digestStartTime":"2026-11-01T00:00:00Z","logFiles":[{"s3Object":"x"}]}"#;
    let trail = stream(digest);
    assert_eq!((trail.seen.digests, trail.seen.records, trail.problems.len()), (1, 0, 0));
}

#[test]
fn what_is_needed_and_not_there_is_told_with_its_place() {
    let good = attach(1, "2026-11-01T00:00:00Z", "p-aaaaaaaa", "r-exam");
    let cases = [
        (good.replace("\"policyId\"", "\"policyID\""), "`requestParameters.policyId` is missing"),
        (good.replace("\"p-aaaaaaaa\"", "5"), "`requestParameters.policyId` is a number, expected a text"),
        (good.replace("\"p-aaaaaaaa\"", "[]"), "`requestParameters.policyId` is a list, expected a text"),
        (good.replace("p-aaaaaaaa", "../etc"), "`requestParameters.policyId`: `../etc` is not a policy id"),
        (good.replace("r-exam", "x"), "`requestParameters.targetId`: `x` is not"),
        (good.replace("2026-11-01T00:00:00Z", "yesterday"), "`eventTime` is `yesterday`, expected a time like"),
        (good.replace("\"eventID\"", "\"id\""), "`eventID` is missing"),
        (good.replace("\"organizations.amazonaws.com\"", "7"), "it is no CloudTrail event: invalid type"),
        (good.replace("\"eventSource\"", "\"source\""), "it is no CloudTrail event: `eventSource` is missing"),
        ("[1]".to_owned(), "expected an object"),
        ("{\"a\":1,}".to_owned(), "it is no CloudTrail event"),
    ];
    for (broken, message) in cases {
        let trail = stream(&format!("{{\"Records\":[{good},\n {broken}]}}"));
        assert_eq!(trail.events.len(), 1, "{broken}");
        let problem = trail.problems.first().unwrap_or_else(|| panic!("{broken} is no problem")).to_string();
        assert!(problem.starts_with("events.json:2:2: record 2: "), "{problem}");
        assert!(problem.contains(message), "{problem}");
    }
}

#[test]
fn bytes_that_are_no_text_are_told_and_the_rest_is_read() {
    let good = attach(1, "2026-11-01T00:00:00Z", "p-aaaaaaaa", "r-exam");
    let mut bytes = format!("{good}\n{{\"eventSource\":\"").into_bytes();
    bytes.extend(b"\xff\xfe\"}\n");
    bytes.extend(good.replace("e-0001", "e-0002").into_bytes());
    let mut collector = Collector::new(Window::default());
    let mut stream = collector.stream("x");
    stream.feed(&bytes);
    stream.finish();
    let trail = collector.finish();
    assert_eq!(trail.events.len(), 2);
    assert_eq!(trail.problems.first().unwrap().to_string(), "x:2:1: record 2: it is not valid UTF-8 from byte 17 on");
}

#[test]
fn deep_nesting_is_told_and_does_not_end_the_program() {
    let deep = format!(
        "{{\"eventSource\":\"organizations.amazonaws.com\",\"eventName\":\"AttachPolicy\",\"x\":{}{}}}",
        "[".repeat(100_000),
        "]".repeat(100_000)
    );
    let trail = stream(&deep);
    assert_eq!((trail.events.len(), trail.problems.len()), (0, 1), "{:?}", trail.problems);
}

#[test]
fn problems_are_counted_beyond_those_that_are_kept() {
    let trail = stream(&"{}\n".repeat(1_000));
    assert_eq!((trail.seen.problems, trail.problems.len()), (1_000, 100));
}

#[test]
fn other_peoples_texts_are_cut_where_they_are_too_long() {
    let long = record(1, "2026-11-01T00:00:00Z", "DeletePolicy", serde_json::json!({"policyId": "p-aaaaaaaa"}));
    let trail = stream(&long.replace("agent/1", &"ü".repeat(100_000)));
    let agent = trail.events.first().unwrap().user_agent.clone().unwrap();
    assert!(agent.len() < 3_000 && agent.ends_with('…'));
}

#[test]
fn gathering_in_parts_gives_the_same_as_at_once() {
    let whole = {
        let mut collector = Collector::new(Window::default());
        for name in ["a", "b"] {
            let mut stream = collector.stream(name);
            stream.feed(EVENTS.as_bytes());
            stream.finish();
        }
        collector.finish()
    };
    let mut merged = Collector::new(Window::default());
    for name in ["b", "a"] {
        let mut part = Collector::new(Window::default());
        let mut stream = part.stream(name);
        EVENTS.as_bytes().chunks(97).for_each(|bytes| stream.feed(bytes));
        stream.finish();
        merged.merge(part);
    }
    assert_eq!(merged.finish(), whole);
}
