//! The day of an opt-out taken from what proves it, the dashboard for each tool, and what an audit takes of usage.

#![expect(
    clippy::indexing_slicing,
    reason = "what is not as expected ends a test; these functions are called by tests alone"
)]

use serde_json::{Value, json};

use crate::harness::{Optout, Ran};

const ACME: &str = include_str!("../../../../examples/acme/organization.json");
const TRAIL: &str = include_str!("../../../../examples/acme/trail.json");
const BY_TRAIL: &str = "generate dashboard --with body --opted-out trail --trail trail.json --organization org.json";

/// The example with nothing attached but the policies that opt out, all of them valid, as it was read at a time.
fn organization(taken: &str, attached: bool) -> String {
    let mut value: Value = serde_json::from_str(ACME).unwrap();
    let all = value["attachments"].clone();
    let kept = json!({"r-acme": all["r-acme"], "ou-acme-producti": all["ou-acme-producti"]});
    value["attachments"] = if attached { kept } else { json!({}) };
    (value["taken"], value["answers"], value["invalid"]) = (taken.into(), json!({}), json!({}));
    value.to_string()
}

/// The events by which the example opted out, and no later ones.
fn events() -> String {
    let mut value: Value = serde_json::from_str(TRAIL).unwrap();
    value["Records"].as_array_mut().unwrap().truncate(5);
    value.to_string()
}

fn marks(ran: &Ran) -> Value {
    let body = ran.json();
    let graph = body["widgets"].as_array().unwrap().iter().find(|it| it["type"] == "metric").unwrap().clone();
    graph["properties"]["annotations"]["vertical"][0]["value"].clone()
}

#[test]
fn events_that_prove_the_day_mark_it() {
    let whole = organization("2026-11-24T06:00:00Z", true);
    let ran = Optout::new(BY_TRAIL).file("org.json", whole).file("trail.json", events()).run();
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(marks(&ran), "2026-09-14T00:00:00.000Z");
    assert!(
        ran.stderr.contains("became opted out on 2026-09-14 (UTC), by the events of CloudTrail, if no event"),
        "{ran}"
    );
}

#[test]
fn events_that_prove_none_name_the_days_on_which_accounts_became_opted_out() {
    let ran = Optout::new(BY_TRAIL).file("org.json", ACME).file("trail.json", TRAIL).run();
    assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran}");
    assert!(ran.stderr.contains("prove no single day") && ran.stderr.contains(" on 2026-09-14"), "{ran}");
    assert!(ran.stderr.contains("`--opted-out DATE`"), "{ran}");
    let without = Optout::new("generate dashboard --opted-out trail").run();
    assert_eq!(without.code, 64, "{without}");
    assert!(without.stderr.contains("`--organization FILE`"), "{without}");
}

fn recorded(before: &str, after: &str) -> Ran {
    let record = "verify --organization org.json --evidence none --record";
    let first = Optout::new(record).file("org.json", organization(before, false)).run();
    let second = first.then(record).file("org.json", organization(after, true)).run();
    second.then("generate dashboard --with body --opted-out history").run()
}

#[test]
fn records_prove_the_day_where_somebody_looked_before_and_after_on_it() {
    let ran = recorded("2026-09-14T06:00:00Z", "2026-09-14T18:00:00Z");
    assert_eq!(ran.code, 0, "{ran}");
    assert_eq!(marks(&ran), "2026-09-14T00:00:00.000Z");
    let open = recorded("2026-09-10T06:00:00Z", "2026-09-14T18:00:00Z");
    assert_eq!(open.code, 1, "{open}");
    assert!(open.stderr.contains("on 2026-09-10, and first seen opted out on 2026-09-14"), "{open}");
}

#[test]
fn terraform_takes_the_region_from_its_variable_and_nothing_else() {
    let ran = Optout::new("generate dashboard --with terraform --opted-out 2026-10-05 --region eu-central-1").run();
    assert_eq!(ran.code, 0, "{ran}");
    assert!(ran.stdout.contains("resource \"aws_cloudwatch_dashboard\" \"optout\" {"), "{ran}");
    assert!(ran.stdout.contains("default     = \"eu-central-1\"") && !ran.stdout.contains("${"), "{ran}");
    assert_eq!(ran.stdout.matches("eu-central-1").count(), 1, "{ran}");
}

#[test]
fn an_audit_says_what_a_state_of_a_monitor_must_be() {
    let audit = Optout::new("audit --organization acme.json --monitor state.gz").acme().file("state.gz", "nonsense");
    let ran = audit.run();
    assert_eq!(ran.code, 1, "{ran}");
    assert!(ran.stderr.contains("`state.gz` is no state of a monitor") && ran.stderr.contains("aws s3 cp"), "{ran}");
}

#[test]
fn bills_alone_are_asked_for_usage_alone() {
    let intent = "organization = \"o-acmeexample\"\npolicy.name = \"opt-out\"\n";
    let policy = |words: &str| Optout::new(&format!("generate iam-policy {words}")).file("optout.toml", intent).run();
    let all = policy("--for usage");
    assert!(all.stdout.contains("ce:GetCostAndUsage") && all.stdout.contains("cloudwatch:GetMetricData"), "{all}");
    let bills = policy("--for usage --bills-only");
    assert!(bills.stdout.contains("ce:GetCostAndUsage") && !bills.stdout.contains("cloudwatch:"), "{bills}");
    assert_eq!(policy("--for verify --bills-only").code, 64);
}
