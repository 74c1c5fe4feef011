//! What events did to verdicts, put together backwards and forwards from a snapshot.

use optout_core::check::AccountVerdict;
use optout_core::trail::{Effect, Entry, Timeline, Topic, Trail, TrailReport, Trust, Wanted, Window, json, text};
use serde_json::json;

use super::events::{attach, create, detach, move_account, record, service_event, stream, switch, trail, update};
use super::organization::{Organization, id};

const OPT_OUT: &str = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optOut"}}}}"#;
const OPT_IN: &str = r#"{"services":{"default":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;
const LEX_IN: &str = r#"{"services":{"lex":{"opt_out_policy":{"@@assign":"optIn"}}}}"#;

fn timeline(organization: &Organization, trail: &Trail) -> Timeline {
    Timeline::new(trail, Some(&organization.snapshot), &organization.catalogue, &Wanted::default())
}

/// What each event did: the accounts, and their verdicts before and after (`-` for none), `?` for unknown ones.
fn effects(organization: &Organization, records: &[String]) -> Vec<String> {
    timeline(organization, &trail(records)).entries.iter().map(effect).collect()
}

fn effect(entry: &Entry) -> String {
    let word = |verdict: Option<AccountVerdict>| verdict.map_or("-", AccountVerdict::as_str);
    match &entry.effect {
        Effect::None => "none".to_owned(),
        Effect::Unknown(why) => why.clone(),
        Effect::Known { changes, unknown, .. } => {
            let changes = changes.iter().map(|change| {
                let accounts: Vec<_> =
                    change.accounts.iter().map(|id| id.to_string().trim_start_matches('0').to_owned()).collect();
                format!("{}: {} → {}", accounts.join(" "), word(change.before), word(change.after))
            });
            let unknown = (*unknown > 0).then(|| format!("{unknown} unknown"));
            changes.chain(unknown).collect::<Vec<_>>().join(", ")
        }
    }
}

#[test]
fn from_nothing_to_opted_out_is_told_step_by_step() {
    let organization = Organization::new().account(2, "root").attached("base", OPT_OUT, "root");
    let records = [
        switch(1, "2026-11-01T00:00:00Z", true),
        create(2, "2026-11-01T00:00:10Z", "p-base0000", OPT_OUT),
        attach(3, "2026-11-01T00:00:20Z", "p-base0000", "r-exam"),
    ];
    assert_eq!(effects(&organization, &records), ["", "none", "1 2: not-opted-out → opted-out"]);
    assert_eq!(timeline(&organization, &trail(&records)).trust, Trust::IfComplete);
}

#[test]
fn an_opt_in_that_is_gone_again_is_found_with_its_document() {
    let organization = Organization::new().account(2, "root").attached("base", OPT_OUT, "root");
    let records = [
        create(1, "2026-11-01T00:00:00Z", "p-lexin000", LEX_IN),
        attach(2, "2026-11-01T00:00:10Z", "p-lexin000", "000000000002"),
        detach(3, "2026-11-02T00:00:00Z", "p-lexin000", "000000000002"),
        record(4, "2026-11-02T00:00:10Z", "DeletePolicy", json!({"policyId": "p-lexin000"})),
    ];
    let expected = ["none", "2: opted-out → opted-in", "2: opted-in → opted-out", "none"];
    assert_eq!(effects(&organization, &records), expected);
    let entries = timeline(&organization, &trail(&records)).entries;
    let weakens: Vec<bool> = entries.iter().map(|entry| entry.effect.weakens()).collect();
    assert_eq!(weakens, [false, true, false, false]);
}

#[test]
fn a_document_from_before_the_events_is_unknown_and_not_guessed() {
    let organization = Organization::new().attached("base", OPT_OUT, "root");
    let records = [update(1, "2026-11-01T00:00:00Z", "p-base0000", OPT_OUT)];
    assert_eq!(effects(&organization, &records), ["1: unknown → opted-out, 1 unknown"]);
    let records = [
        update(1, "2026-11-01T00:00:00Z", "p-base0000", OPT_IN),
        update(2, "2026-11-02T00:00:00Z", "p-base0000", OPT_OUT),
    ];
    assert_eq!(effects(&organization, &records), ["1: unknown → opted-in, 1 unknown", "1: opted-in → opted-out"]);
}

#[test]
fn a_policy_of_unknown_type_that_is_gone_leaves_verdicts_unknown_while_it_was_attached() {
    let organization = Organization::new().account(2, "root").attached("base", OPT_OUT, "root");
    let records = [
        attach(1, "2026-11-01T00:00:00Z", "p-mystery0", "000000000002"),
        detach(2, "2026-11-02T00:00:00Z", "p-mystery0", "000000000002"),
        record(3, "2026-11-03T00:00:00Z", "DeletePolicy", json!({"policyId": "p-mystery0"})),
    ];
    let expected = ["2: opted-out → unknown, 1 unknown", "2: unknown → opted-out, 1 unknown", "none"];
    assert_eq!(effects(&organization, &records), expected);
    let entries = timeline(&organization, &trail(&records)).entries;
    assert!(entries.iter().all(|entry| entry.policy_type.as_ref().unwrap().as_str() == "unknown"));
    // One that nobody deleted and that is none of the opt-out policies there are: of another type.
    assert_eq!(effects(&organization, &records[..2]), ["none", "none"]);
}

#[test]
fn switching_the_type_off_and_on_leaves_what_was_attached_before_unknown() {
    let organization = Organization::new().attached("base", OPT_OUT, "root");
    let records = [
        switch(1, "2026-11-01T00:00:00Z", false),
        switch(2, "2026-11-02T00:00:00Z", true),
        attach(3, "2026-11-03T00:00:00Z", "p-base0000", "r-exam"),
    ];
    let expected = ["1: unknown → not-opted-out, 1 unknown", "", "1: not-opted-out → opted-out"];
    assert_eq!(effects(&organization, &records), expected);
}

#[test]
fn accounts_that_come_move_and_go() {
    let organization = Organization::new().unit("sales", "root").account(2, "sales").attached("base", OPT_OUT, "sales");
    let details = |account: &str| json!({"createAccountStatus": {"state": "SUCCEEDED", "accountId": account}});
    let records = [
        service_event(1, "2026-11-01T00:00:00Z", "CreateAccountResult", details("000000000002")),
        move_account(2, "2026-11-02T00:00:00Z", "000000000002", "r-exam", "ou-exam-sales000"),
        record(3, "2026-11-03T00:00:00Z", "RemoveAccountFromOrganization", json!({"accountId": "000000000009"})),
    ];
    let expected =
        ["2: - → not-opted-out, 1 unknown", "2: not-opted-out → opted-out, 1 unknown", "9: unknown → -, 1 unknown"];
    assert_eq!(effects(&organization, &records), expected);
}

#[test]
fn events_after_the_snapshot_are_followed_forwards() {
    let organization = Organization::new().account(2, "root").attached("base", OPT_OUT, "root");
    let records = [
        create(1, "2026-12-01T00:00:00Z", "p-lexin000", LEX_IN),
        attach(2, "2026-12-01T00:00:10Z", "p-lexin000", "000000000002"),
        detach(3, "2026-12-02T00:00:00Z", "p-base0000", "r-exam"),
        switch(4, "2026-12-03T00:00:00Z", false),
    ];
    let expected = [
        "none",
        "2: opted-out → opted-in",
        "1: opted-out → not-opted-out, 2: opted-in → opted-in",
        "2: opted-in → not-opted-out",
    ];
    assert_eq!(effects(&organization, &records), expected);
}

#[test]
fn within_one_second_events_are_told_together() {
    let organization = Organization::new().account(2, "root").attached("base", OPT_OUT, "root");
    let second = "2026-11-01T00:00:00Z";
    let records = [attach(1, second, "p-base0000", "r-exam"), switch(2, "2026-10-31T00:00:00Z", true)];
    assert_eq!(effects(&organization, &records), ["", "1 2: not-opted-out → opted-out"]);
    let records = [attach(1, second, "p-base0000", "r-exam"), detach(2, second, "p-base0000", "r-exam")];
    // Which of both came first cannot be told: what held before is not known.
    let expected = "1 2: unknown → opted-out, 2 unknown";
    assert_eq!(effects(&organization, &records), [expected, expected]);
}

#[test]
fn events_that_do_not_fit_together_are_told() {
    let organization = Organization::new().attached("base", OPT_OUT, "root");
    let trust = |records: &[String]| timeline(&organization, &trail(records)).trust;
    let contradicted = |records: &[String]| matches!(trust(records), Trust::Contradicted(what) if what.len() == 1);
    assert!(contradicted(&[detach(1, "2026-11-01T00:00:00Z", "p-base0000", "r-exam")]));
    assert!(contradicted(&[attach(1, "2026-11-01T00:00:00Z", "p-base0000", "000000000001")]));
    assert!(contradicted(&[update(1, "2026-11-01T00:00:00Z", "p-base0000", OPT_IN)]));
    assert!(contradicted(&[move_account(1, "2026-11-01T00:00:00Z", "000000000001", "r-exam", "ou-exam-sales000")]));
    assert_eq!(trust(&[attach(1, "2026-11-01T00:00:00Z", "p-base0000", "r-exam")]), Trust::IfComplete);
}

#[test]
fn without_a_snapshot_nothing_is_said_of_verdicts() {
    let organization = Organization::new();
    let trail = trail(&[attach(1, "2026-11-01T00:00:00Z", "p-base0000", "r-exam")]);
    let timeline = Timeline::new(&trail, None, &organization.catalogue, &Wanted::default());
    assert!(timeline.entries[0].effect.is_unknown());
    assert_eq!(timeline.trust, Trust::Nothing);
}

#[test]
fn only_what_is_wanted_is_told() {
    let organization = Organization::new().account(2, "root").attached("base", OPT_OUT, "root");
    let trail = trail(&[
        create(1, "2026-11-01T00:00:00Z", "p-base0000", OPT_OUT),
        attach(2, "2026-11-02T00:00:00Z", "p-base0000", "r-exam"),
        move_account(3, "2026-11-03T00:00:00Z", "000000000001", "ou-exam-sales000", "r-exam"),
    ]);
    let names = |wanted: &Wanted| {
        let timeline = Timeline::new(&trail, Some(&organization.snapshot), &organization.catalogue, wanted);
        timeline.entries.into_iter().map(|entry| entry.event.name).collect::<Vec<_>>()
    };
    assert_eq!(names(&Wanted { topics: vec![Topic::Policies], accounts: Vec::new() }), ["CreatePolicy"]);
    assert_eq!(names(&Wanted { topics: Vec::new(), accounts: vec![id(2)] }), ["AttachPolicy"]);
    assert_eq!(names(&Wanted { topics: Vec::new(), accounts: vec![id(9)] }), Vec::<String>::new());
}

#[test]
fn both_forms_are_the_same_every_time_and_hold_no_hostile_character() {
    let organization = Organization::new().account(2, "root").attached("base", OPT_OUT, "root");
    let hostile = attach(1, "2026-11-02T00:00:00Z", "p-base0000", "r-exam").replace("agent/1", "\\u001b[2J\\u202eevil");
    let trail = trail(&[hostile, create(2, "2026-11-01T00:00:00Z", "p-base0000", OPT_OUT)]);
    let timeline = timeline(&organization, &trail);
    let report = TrailReport {
        trail: &trail,
        timeline: &timeline,
        snapshot: Some(&organization.snapshot),
        organization: Some("snapshot.json"),
        source: "events.json",
        window: Window::default(),
        tool_version: "test",
    };
    let shown = text(&report, false).to_string();
    assert!(shown.contains("\\u{1b}[2J\\u{202e}evil") && !shown.contains(['\u{1b}', '\u{202e}']), "{shown}");
    assert_eq!(shown, text(&report, false).to_string());
    let value: serde_json::Value = serde_json::from_str(&json(&report)).unwrap();
    let schema = include_str!("../../../../docs/schemas/trail-1.json");
    let schema = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    assert!(schema.is_valid(&value));
    assert_eq!(value["events"][1]["effect"]["changes"][0]["after"], "opted-out");
}

#[test]
fn the_published_examples_of_events_are_told_whole() {
    let organization = Organization::new();
    let trail = stream(include_str!("../data/trail/events.json"));
    let timeline = timeline(&organization, &trail);
    let report = TrailReport {
        trail: &trail,
        timeline: &timeline,
        snapshot: None,
        organization: None,
        source: "events.json",
        window: Window::default(),
        tool_version: "test",
    };
    insta::assert_snapshot!(text(&report, false).to_string());
}
