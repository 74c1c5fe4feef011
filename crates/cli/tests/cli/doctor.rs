//! `optout doctor`, on a saved organization and against the simulator with everything that can go wrong there.

use serde_json::Value;

use crate::harness::{Optout, Ran};
use crate::sandbox::Sandbox;

fn acme(arguments: &str) -> Optout {
    Optout::new(&format!("doctor {arguments} --organization acme.json")).acme()
}

fn diagnoses(json: &Value) -> &[Value] {
    json.get("diagnoses").unwrap().as_array().unwrap()
}

/// The ids of the diagnoses of this standing.
fn with(ran: &Ran, standing: &str) -> Vec<String> {
    let json = ran.json();
    let is = |it: &&Value| it.get("standing").unwrap() == standing;
    diagnoses(&json).iter().filter(is).map(|it| it.get("id").unwrap().as_str().unwrap().to_owned()).collect()
}

/// What is missing for a diagnosis.
fn permissions(ran: &Ran) -> Vec<String> {
    let json = ran.json();
    let missing = diagnoses(&json).iter().flat_map(|it| it.get("missing").unwrap().as_array().unwrap());
    let mut all: Vec<String> = missing.filter_map(|it| Some(it.get("permission")?.as_str()?.to_owned())).collect();
    all.sort();
    all.dedup();
    all
}

/// One account, the policy type on, and a policy that opts out, attached to the root.
fn small(attached: bool, enabled: bool) -> String {
    let types = if enabled { r#"{"AISERVICES_OPT_OUT_POLICY":"ENABLED"}"# } else { "{}" };
    let attachments = if attached { r#"{"r-exam":[{"policy":"p-12345678"}]}"# } else { "{}" };
    format!(
        r#"{{"format":"optout.snapshot/1","taken":"2026-11-24T06:00:00Z","tool_version":"0","partition":"aws","scope":"organization",
        "evidence":"none","in_organization":true,
        "organization":{{"id":"o-exampleorgid","management_account":"111111111111","all_features":true}},
        "root":{{"id":"r-exam","name":"Root","policy_types":{types}}},"units":[],
        "accounts":[{{"id":"111111111111","name":"Management","state":"ACTIVE","parent":"r-exam"}},
        {{"id":"222222222222","name":"shop","state":"ACTIVE","parent":"r-exam"}}],
        "policies":[{{"id":"p-12345678","name":"opt-out","type":"AISERVICES_OPT_OUT_POLICY",
        "content":"{{\"services\":{{\"default\":{{\"opt_out_policy\":{{\"@@assign\":\"optOut\"}}}}}}}}"}}],
        "attachments":{attachments},"invalid":{{}},"delegates":[],"resource_policy":{{}}}}"#
    )
}

/// A simulator of it, with the faults.
fn sandbox(snapshot: &str, faults: &[&str]) -> Sandbox {
    let run = Optout::new("sandbox --organization small.json").file("small.json", snapshot);
    Sandbox::of(faults.iter().fold(run, |run, fault| run.arg("--fault").arg(fault)))
}

#[test]
fn a_saved_organization_is_diagnosed_for_people_and_programs() {
    let ran = acme("").run();
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stdout.starts_with("DIAGNOSED  "), "{ran}");
    assert!(ran.stdout.contains("conflicting-opt-in") && ran.stdout.contains("What it is not"), "{ran}");
    ran.assert_harmless();
    let json = acme("--format json").run();
    assert_eq!(json.json()["format"], "optout.doctor/1");
    for id in ["attached-to-nothing", "conflicting-opt-in", "policy-of-another-type", "invalid-effective-policy"] {
        assert!(with(&json, "applies").contains(&id.to_owned()), "{id}: {json}");
    }
}

#[test]
fn one_account_and_one_service_by_name_or_id() {
    let ran = acme("--account voice-study --service lex --symptom no-effect --format json").run();
    assert_eq!((ran.code, with(&ran, "applies")), (2, vec!["conflicting-opt-in".to_owned()]), "{ran}");
    let next =
        ran.json()["diagnoses"].as_array().unwrap().iter().find(|it| it["standing"] == "applies").unwrap()["cases"][0]
            ["next"][0]
            .clone();
    assert_eq!(next, "optout explain 220000000001 lex --organization acme.json");
    let outside = acme("--account 999999999999 --format json --symptom no-effect").run();
    assert!(with(&outside, "applies").contains(&"account-outside".to_owned()), "{outside}");
}

#[test]
fn what_cannot_be_asked_is_wrong_usage_and_a_service_out_of_reach_is_an_answer() {
    let ran = acme("--service trnscribe").run();
    assert_eq!(ran.code, 64, "{ran}");
    assert!(ran.stderr.contains("did you mean `transcribe`?"), "{ran}");
    let ran = acme("--service bedrock --format json").run();
    assert_eq!((ran.code, with(&ran, "applies")), (2, vec!["not-reached".to_owned()]), "{ran}");
}

#[test]
fn a_healthy_organization_read_live_has_nothing() {
    let sandbox = sandbox(&small(true, true), &[]);
    let ran = sandbox.run("doctor --time-scale 1000 --format json").run();
    assert_eq!((ran.code, with(&ran, "applies")), (0, Vec::new()), "{ran}");
    assert_eq!(with(&ran, "unknown"), Vec::<String>::new(), "{ran}");
}

#[test]
fn a_type_that_is_off_and_attachments_that_were_lost_are_told_apart() {
    let off = sandbox(&small(false, false), &[]).run("doctor --time-scale 1000 --format json").run();
    assert_eq!(with(&off, "applies"), ["type-off", "attachments-lost", "attached-to-nothing"], "{off}");
    // Somebody switches the type off and on again: the policy is there, and nothing is attached.
    let change = |enabled: bool| {
        format!(
            r#"{{"operations":["DescribeOrganization"],"when":{{"kind":"nth","call":1}},"effect":{{"kind":"change-after","change":{{"change":"set-policy-type","policy_type":"AISERVICES_OPT_OUT_POLICY","enabled":{enabled}}}}}}}"#
        )
    };
    let sandbox = sandbox(&small(true, true), &[&change(false), &change(true)]);
    let again = sandbox.run("doctor --time-scale 1000 --format json").run();
    assert_eq!(with(&again, "applies"), ["attachments-lost", "attached-to-nothing"], "{again}");
}

#[test]
fn an_answer_that_lags_behind_is_told_from_what_is_attached() {
    let stale = r#"{"operations":["DescribeEffectivePolicy"],"effect":{"kind":"effective","answer":{"kind":"content","text":"{}"}}}"#;
    let sandbox = sandbox(&small(true, true), &[stale]);
    let ran = sandbox.run("doctor --time-scale 1000 --format json").run();
    assert_eq!((ran.code, with(&ran, "applies")), (2, vec!["still-propagating".to_owned()]), "{ran}");
}

#[test]
fn a_change_on_its_way_is_seen_until_it_has_arrived() {
    let mut run = Optout::new("sandbox --organization small.json --propagation").file("small.json", small(true, true));
    // Detached as the reading begins: what is attached says so at once, the effective policy only later.
    run = run.arg("--fault").arg(
        r#"{"operations":["DescribeOrganization"],"when":{"kind":"nth","call":1},"effect":{"kind":"change-after","change":{"change":"detach-policy","policy":"p-12345678","target":"r-exam"}}}"#,
    );
    let sandbox = Sandbox::of(run);
    let ran = sandbox.run("doctor --time-scale 1000 --format json").run();
    assert!(with(&ran, "applies").contains(&"still-propagating".to_owned()), "{ran}");
}

#[test]
fn an_invalid_effective_policy_is_named_with_the_reason() {
    let fault = r#"{"operations":["DescribeOrganization"],"when":{"kind":"nth","call":1},"effect":{"kind":"change-after","change":{"change":"set-invalid","account":"222222222222","policy_type":"AISERVICES_OPT_OUT_POLICY","errors":[{"code":"ELEMENTS_TOO_MANY","message":"too many","path":"services","policies":["p-12345678"]}]}}}"#;
    let sandbox = sandbox(&small(true, true), &[fault]);
    let ran = sandbox.run("doctor --account 222222222222 --time-scale 1000").run();
    assert_eq!(ran.code, 2, "{ran}");
    assert!(ran.stdout.contains("ELEMENTS_TOO_MANY at `services` from `p-12345678`: too many"), "{ran}");
}

#[test]
fn what_may_not_be_read_is_3_with_the_permission() {
    let faults = ["ListPolicies=deny", "DescribeEffectivePolicy=deny"];
    let sandbox = sandbox(&small(true, true), &faults);
    let ran = sandbox.run("doctor --time-scale 1000 --format json").run();
    assert_eq!((ran.code, with(&ran, "applies")), (3, Vec::new()), "{ran}");
    let needed = permissions(&ran);
    assert!(needed.contains(&"organizations:ListPolicies".to_owned()), "{needed:?}");
    assert!(needed.contains(&"organizations:DescribeEffectivePolicy".to_owned()), "{needed:?}");
}

#[test]
fn a_member_account_is_told_what_it_cannot_see() {
    let sandbox = sandbox(&small(false, true), &[]);
    let ran =
        sandbox.run("doctor --time-scale 1000 --format json").environment("AWS_ACCESS_KEY_ID", "222222222222").run();
    assert_eq!((ran.code, with(&ran, "applies")), (2, vec!["seen-from-member".to_owned()]), "{ran}");
    assert!(permissions(&ran).contains(&"organizations:ListRoots".to_owned()), "{ran}");
}
