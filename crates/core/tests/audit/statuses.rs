//! Every status of every item is reached, and none by a guess.

use std::collections::{BTreeMap, BTreeSet};

use optout_core::audit::{
    AttestMode, Checklists, Item, MonitorState, OptedOutSince, SavedUsage, ServicesInUse, Status, json,
};
use optout_core::check::Decision;
use optout_core::org::{Membership, Part, Scope, Snapshot, Unread, UnreadReason};
use optout_core::reach::{Sites, Workstation};
use optout_core::source::Source;
use optout_core::usage::{Amount, Coverage, Granularity, Period, Requests, Series, Usage, UsageSource};

use crate::bench::{Bench, acme, attestation, control_policy, sound};

const REGIONS: &str = r#"{"Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":"eu-central-1"}}}}"#;

fn machine(verdict: &str) -> Workstation {
    let text = format!(
        r#"{{"format":"optout.workstation/1","at":"2026-11-20T08:00:00Z","home":"/home/ann","os":"linux","content":
        "{verdict}","telemetry":"opted-out","products":[{{"id":"amazon-q-vscode","content":"{verdict}","telemetry":null}}]}}"#
    );
    Workstation::parse(&Source::new("w.json", text)).unwrap()
}

fn site(verdict: &str) -> Sites {
    let text = format!(
        r#"{{"format":"optout.website/1","at":"2026-11-20T08:00:00Z","sites":[{{"name":"https://example.com/robots.txt",
        "preset":"aws-training","verdict":"{verdict}","fetch":"26 bytes"}}]}}"#
    );
    Sites::parse(&Source::new("s.json", text)).unwrap()
}

fn in_use(keys: &[&str]) -> ServicesInUse {
    ServicesInUse { keys: keys.iter().map(|key| (*key).to_owned()).collect(), source: "the tests".to_owned() }
}

fn monitored(read: Option<&str>) -> MonitorState {
    MonitorState {
        origin: "state.gz".to_owned(),
        organization: Some("o-acmeexample".parse().unwrap()),
        read: read.map(|at| at.parse().unwrap()),
        updated: None,
        raised: 0,
        owes: false,
    }
}

fn reviewed(taken: &str) -> SavedUsage {
    let period = Period { from: "2026-07-01".parse().unwrap(), to: "2026-09-30".parse().unwrap() };
    let series =
        Series { granularity: Granularity::Monthly, period, complete: true, estimated: false, rows: Vec::new() };
    let usage = Usage {
        taken: taken.parse().unwrap(),
        caller: Some("111111111111".parse().unwrap()),
        source: UsageSource::CostExplorer,
        region: None,
        coverage: Coverage::Organization,
        requests: Requests { sent: 1, most: 20, price: Amount::ZERO },
        since: None,
        whole: Some(series),
        daily: None,
        missing: Vec::new(),
    };
    SavedUsage { usage, origin: "q3.json".to_owned() }
}

/// Everything that can be read holds.
fn good() -> Bench {
    let mut snapshot = sound();
    snapshot.service_control_policies = Some(vec![control_policy("p-regions01", REGIONS, &["r-acme"])]);
    let mut bench = Bench::of(snapshot);
    bench.observations.workstations = vec![machine("opted-out")];
    bench.observations.websites = vec![site("opted-out")];
    bench.observations.services_in_use = Some(in_use(&["transcribe", "bedrock"]));
    let since = "2026-03-01".parse().unwrap();
    bench.observations.opted_out_since = Some(OptedOutSince { since, source: "120 records".to_owned() });
    bench.observations.monitor = Some(monitored(Some("2026-11-23T12:00:00Z")));
    bench.observations.usage = Some(reviewed("2026-10-05T08:00:00Z"));
    bench
}

/// Everything that can be read fails.
fn bad() -> Bench {
    let mut snapshot = acme();
    snapshot.root.as_mut().unwrap().policy_types.clear();
    snapshot.answers.clear();
    snapshot.invalid = Some([(snapshot.accounts.as_ref().unwrap()[0].id, Vec::new())].into());
    snapshot.service_control_policies = Some(Vec::new());
    let mut bench = Bench::of(snapshot);
    bench.at = "2028-01-01T00:00:00Z";
    bench.observations.workstations = vec![machine("sharing")];
    bench.observations.websites = vec![site("sharing")];
    bench.observations.services_in_use = Some(in_use(&["q"]));
    bench.observations.monitor = Some(monitored(None));
    bench.observations.usage = Some(reviewed("2026-10-05T08:00:00Z"));
    bench
}

/// There is no organization.
fn alone() -> Bench {
    let mut snapshot = sound();
    snapshot.membership = Some(Membership::None);
    snapshot.scope = Scope::Account("111111111111".parse().unwrap());
    Bench::of(snapshot)
}

/// Nothing could be read.
fn blind() -> Bench {
    let mut snapshot = Snapshot::empty(acme().taken, "test", acme().partition);
    snapshot.unread = vec![Unread {
        part: Part::Organization,
        subject: None,
        operation: "DescribeOrganization".to_owned(),
        reason: UnreadReason::AccessDenied,
        permission: Some("organizations:DescribeOrganization".to_owned()),
        detail: "no".to_owned(),
    }];
    Bench::of(snapshot)
}

fn attestations(on: &str, until: &str) -> Vec<String> {
    let taking = Checklists::embedded().items().iter().filter(|item| item.attest.is_some());
    taking.map(|item| attestation(&item.id, on, until)).collect()
}

/// The statuses an item can have at all.
fn possible(item: &Item) -> BTreeSet<Status> {
    use Status::{AttestationExpired, Attested, Met, NotAssessed, NotMet};
    match item.attest.as_ref().map(|attest| attest.mode) {
        None => [Met, NotMet, NotAssessed].into(),
        Some(AttestMode::Alone) => [Attested, AttestationExpired, NotAssessed].into(),
        // What only asks for a date cannot be contradicted.
        Some(AttestMode::Instead) if item.id == "opt-out-date-kept" => {
            [Met, Attested, AttestationExpired, NotAssessed].into()
        }
        Some(AttestMode::Instead) => [Met, NotMet, Attested, AttestationExpired, NotAssessed].into(),
        Some(AttestMode::Also) => [NotMet, Attested, AttestationExpired, NotAssessed].into(),
    }
}

#[test]
fn every_item_reaches_every_status_it_can_have_and_no_other() {
    let valid = attestations("2026-11-01", "2027-11-01");
    let over = attestations("2025-11-01", "2026-11-23");
    let mut unseen = good();
    unseen.observations = Default::default();
    let mut benches = vec![good(), bad(), blind(), alone(), unseen, good().attested(&valid), good().attested(&over)];
    for attested in [&valid, &over] {
        let mut unseen = good().attested(attested);
        unseen.observations = Default::default();
        benches.push(unseen);
    }
    let mut reached: BTreeMap<String, BTreeSet<Status>> = BTreeMap::new();
    for bench in &benches {
        for item in bench.run().items {
            reached.entry(item.id).or_default().insert(item.status);
        }
    }
    let wrong: Vec<String> = Checklists::embedded()
        .items()
        .iter()
        .filter(|item| reached[&item.id] != possible(item))
        .map(|item| format!("{}: {:?} of {:?}", item.id, reached[&item.id], possible(item)))
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn where_everything_holds_and_is_attested_the_audit_holds() {
    let audit = good().attested(&attestations("2026-11-01", "2027-11-01")).run();
    let open: Vec<String> = audit
        .items
        .iter()
        .filter(|item| !matches!(item.status, Status::Met | Status::Attested))
        .map(|item| format!("{} {} {:?}", item.id, item.status, item.reason))
        .collect();
    assert_eq!(open, [""; 0]);
    assert_eq!((audit.decision, audit.unused_attestations.len()), (Decision::Holds, 0));
}

#[test]
fn a_known_failure_beats_an_unknown_and_both_beat_the_rest() {
    assert_eq!(good().run().decision, Decision::Undetermined);
    assert_eq!(bad().run().decision, Decision::Fails);
    assert_eq!(blind().run().decision, Decision::Undetermined);
    let over = good().attested(&attestations("2025-11-01", "2026-11-23"));
    assert_eq!(over.run().decision, Decision::Fails, "an attestation that is over fails");
}

#[test]
fn where_nothing_could_be_read_nothing_is_met() {
    for item in blind().run().items {
        assert_ne!(item.status, Status::Met, "{} {:?}", item.id, item.evidence);
        assert!(item.reason.is_some(), "{}", item.id);
    }
}

#[test]
fn an_attestation_never_outweighs_what_was_read() {
    let valid = attestations("2026-11-01", "2029-11-01");
    let bench = bad().attested(&valid);
    for item in ["assistants-opted-out", "crawlers-kept-out", "baa-covers-services-in-use", "terms-reviewed"] {
        assert_eq!(bench.status(item), Status::NotMet, "{item}");
    }
}

#[test]
fn an_attestation_counts_from_its_day_to_its_end_and_the_longest_counts() {
    let with = |on: &str, until: &str| Bench::of(sound()).attested(&[attestation("quarterly-review", on, until)]);
    assert_eq!(with("2026-11-24", "2026-11-24").status("quarterly-review"), Status::Attested);
    assert_eq!(with("2026-11-01", "2026-11-23").status("quarterly-review"), Status::AttestationExpired);
    let to_come = with("2026-11-25", "2026-12-24").item("quarterly-review");
    assert_eq!(to_come.status, Status::NotAssessed);
    assert_eq!(to_come.reason.as_deref(), Some("the attestation is of 2026-11-25, later than the day of the audit"));
    let two = [
        attestation("quarterly-review", "2026-05-01", "2026-08-01"),
        attestation("quarterly-review", "2026-10-01", "2026-12-31"),
    ];
    let item = Bench::of(sound()).attested(&two).item("quarterly-review");
    let shown = item.attestation.unwrap();
    assert_eq!((item.status, shown.until.to_string().as_str(), shown.valid), (Status::Attested, "2026-12-31", true));
    assert_eq!((shown.by.as_str(), shown.evidence.as_str()), ("Dana", "https://wiki.example.com/quarterly-review"));
}

#[test]
fn attestations_that_no_item_takes_are_told_with_the_reason() {
    let mut bench = Bench::of(sound()).attested(&[
        attestation("policy-type-on", "2026-11-01", "2027-01-01"),
        attestation("quarterly-review", "2026-11-01", "2027-01-01"),
        attestation("no-such-item", "2026-11-01", "2027-01-01"),
    ]);
    bench.profiles = vec![optout_core::audit::Profile::General];
    let unused: Vec<String> =
        bench.run().unused_attestations.iter().map(|it| format!("{}: {}", it.item, it.reason)).collect();
    assert_eq!(
        unused,
        [
            "policy-type-on: this item is decided by what was read, and takes no attestation",
            "quarterly-review: the profiles asked for do not have this item",
            "no-such-item: no checklist has this item",
        ]
    );
}

#[test]
fn verdicts_that_were_only_computed_do_not_meet_an_item_about_aws_s_answer() {
    let mut bench = good();
    bench.snapshot.answers.clear();
    let item = bench.item("effective-opt-out");
    assert_eq!(item.status, Status::NotAssessed);
    assert!(item.reason.unwrap().contains("effective-policies: there is no answer of AWS's"));
}

#[test]
fn without_an_organization_nothing_about_policies_is_met() {
    let audit = alone().run();
    let status = |id: &str| audit.items.iter().find(|item| item.id == id).unwrap().status;
    assert_eq!(status("organization-in-use"), Status::NotMet);
    assert!(audit.items.iter().all(|item| item.status != Status::Met), "{audit:?}");
}

#[test]
fn a_caller_who_sees_only_its_own_account_leaves_the_organization_open() {
    let mut snapshot = sound();
    let own = snapshot.accounts.as_ref().unwrap()[1].id;
    snapshot.accounts.as_mut().unwrap().retain(|account| account.id == own);
    snapshot.scope = Scope::Account(own);
    let item = Bench::of(snapshot).item("root-attached");
    assert_eq!(item.status, Status::NotAssessed);
    assert!(item.reason.unwrap().contains("its own account only"));
}

#[test]
fn services_in_use_are_joined_with_the_list_and_unknown_ones_stay_open() {
    let with = |keys: &[&str]| {
        let mut bench = good();
        bench.observations.services_in_use = Some(in_use(keys));
        bench.item("baa-covers-services-in-use")
    };
    let missing = with(&["transcribe", "q"]);
    assert_eq!(missing.status, Status::NotMet);
    assert!(missing.reason.unwrap().contains("in use, and not on the list: q (the tests)"));
    let unclear = with(&["securityhub", "brandnew"]);
    assert_eq!(unclear.status, Status::NotAssessed);
    assert!(unclear.reason.unwrap().contains("brandnew, securityhub"));
    let mut bench = good();
    bench.observations.services_in_use = None;
    let reason = bench.item("baa-covers-services-in-use").reason.unwrap();
    assert!(reason.contains("which AI services are in use is not known") && reason.contains("codeguruprofiler"));
    assert!(!reason.contains("transcribe"), "{reason}");
}

#[test]
fn old_reports_of_machines_and_sites_say_nothing_about_today() {
    let mut bench = good();
    bench.at = "2027-03-01T00:00:00Z";
    for item in ["assistants-opted-out", "crawlers-kept-out"] {
        let item = bench.item(item);
        assert_eq!(item.status, Status::NotAssessed);
        assert!(item.reason.unwrap().contains("not of the last 90 days"));
    }
    let details = good().item("assistants-opted-out").evidence[0].details.concat();
    assert!(details.contains("/home/ann (linux), looked at 2026-11-20T08:00:00Z"), "{details}");
    let details = good().item("crawlers-kept-out").evidence[0].details.concat();
    assert!(details.contains("https://example.com/robots.txt, looked at 2026-11-20T08:00:00Z"), "{details}");
}

#[test]
fn equal_audits_are_equal_bytes_and_have_their_form() {
    let text = json::render(&good().run());
    assert_eq!(text, json::render(&good().run()));
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!((&value["format"], &value["decision"]), (&"optout.audit/1".into(), &"undetermined".into()));
    let schema = include_str!("../../../../docs/schemas/audit-1.json");
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap();
    let names: Vec<&str> = schema["required"].as_array().unwrap().iter().map(|it| it.as_str().unwrap()).collect();
    assert!(names.iter().all(|name| value.get(name).is_some()), "{names:?}");
}

/// How the item `id` stands with this state of a monitor and this review of usage.
fn watched(change: impl FnOnce(&mut MonitorState, &mut SavedUsage), id: &str) -> (Status, String) {
    let mut bench = good();
    let (mut state, mut review) = (monitored(Some("2026-11-23T12:00:00Z")), reviewed("2026-10-05T08:00:00Z"));
    change(&mut state, &mut review);
    (bench.observations.monitor, bench.observations.usage) = (Some(state), Some(review));
    let item = bench.run().items.into_iter().find(|item| item.id == id).unwrap();
    (item.status, item.evidence[0].text.clone())
}

#[test]
fn a_monitor_counts_by_its_last_full_reading_of_this_organization() {
    let told = |change: fn(&mut MonitorState)| watched(|state, _| change(state), "monitoring-runs");
    let (status, text) = told(|_| ());
    assert_eq!(status, Status::Met);
    assert!(text.contains("2026-11-23T12:00:00Z"), "{text}");
    let (status, text) = told(|state| state.read = Some("2026-11-10T00:00:00Z".parse().unwrap()));
    assert_eq!(status, Status::NotMet);
    assert!(text.contains("more than 168"), "{text}");
    assert_eq!(told(|state| state.read = None).0, Status::NotMet);
    assert_eq!(told(|state| state.read = Some("2027-01-10T00:00:00Z".parse().unwrap())).0, Status::NotAssessed);
    assert_eq!(told(|state| state.organization = Some("o-otherexample".parse().unwrap())).0, Status::NotAssessed);
}

#[test]
fn a_review_of_usage_counts_for_a_quarter_if_it_was_read_to_its_end() {
    let told = |change: fn(&mut Usage)| watched(|_, review| change(&mut review.usage), "usage-watched");
    let (status, text) = told(|_| ());
    assert_eq!(status, Status::Met);
    assert!(text.contains("from 2026-07-01 to 2026-09-30"), "{text}");
    assert_eq!(told(|usage| usage.taken = "2026-08-20T00:00:00Z".parse().unwrap()).0, Status::NotMet);
    assert_eq!(told(|usage| usage.taken = "2027-01-10T00:00:00Z".parse().unwrap()).0, Status::NotAssessed);
    assert_eq!(told(|usage| usage.whole.as_mut().unwrap().complete = false).0, Status::NotAssessed);
    assert_eq!(told(|usage| usage.whole = None).0, Status::NotAssessed);
    assert_eq!(told(|usage| usage.caller = Some("999999999999".parse().unwrap())).0, Status::NotAssessed);
}
