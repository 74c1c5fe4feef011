//! What appeared, changed and healed, and what nobody may call healed.

use std::collections::BTreeSet;

use optout_core::check::Severity;
use optout_core::publish::{ChangeKind, Changes, Judged, PublishedFinding, Standing, Status};

use super::{acme, earlier, everything, finding, many, now, published, standing};

fn kinds(changes: &Changes) -> Vec<(ChangeKind, String)> {
    changes.changes.iter().map(|change| (change.kind, change.finding.subject.id.clone())).collect()
}

fn old(number: usize) -> PublishedFinding {
    PublishedFinding { created: earlier(), updated: earlier(), ..finding(number, "workload") }
}

#[test]
fn each_finding_appeared_changed_healed_or_stands() {
    let graver = PublishedFinding { severity: Severity::Critical, ..finding(2, "workload") };
    let before = standing(vec![old(1), old(2), old(3)]);
    let changes = Changes::between(&before, &[finding(1, "workload"), graver, finding(4, "new")], &everything(), now());
    let id = |number: usize| format!("{number:012}");
    let expected = [(ChangeKind::Changed, id(2)), (ChangeKind::Healed, id(3)), (ChangeKind::Appeared, id(4))];
    assert_eq!(kinds(&changes), expected);
    assert_eq!(changes.same.len(), 1);
    let times: Vec<_> = changes.changes.iter().map(|change| change.finding.created).collect();
    assert_eq!(times, [earlier(), earlier(), now()], "what stood before keeps its time");
    assert_eq!(changes.same[0].created, earlier());
    assert_eq!(changes.changes[1].finding.status, Status::Passed);
    assert_eq!(changes.changes[1].finding.updated, now());
}

#[test]
fn what_was_not_judged_goes_on_standing() {
    let before = standing(vec![old(1), old(2)]);
    let of_one =
        Judged { accounts: Some(BTreeSet::from(["000000000001".parse().unwrap()])), others: false, ..everything() };
    let changes = Changes::between(&before, &[], &of_one, now());
    assert_eq!(kinds(&changes), [(ChangeKind::Healed, "000000000001".to_owned())]);
    assert_eq!(changes.carried, [old(2)]);
    assert_eq!(changes.seen().count(), 1, "what nobody looked at is not imported again");
    assert_eq!(changes.stand(&BTreeSet::new()).findings, [old(2)]);
    let open = Judged { open: BTreeSet::from(["default-opted-out".to_owned()]), ..everything() };
    for judged in [open, Judged::nothing()] {
        let changes = Changes::between(&before, &[], &judged, now());
        assert_eq!((changes.changes.len(), changes.carried.len()), (0, 2), "{judged:?}");
    }
}

#[test]
fn an_account_that_is_gone_or_known_to_be_fine_heals_though_others_leave_the_control_open() {
    let listed = [("000000000001", true), ("000000000002", false)].map(|(id, known)| (id.parse().unwrap(), known));
    let open = BTreeSet::from(["default-opted-out".to_owned(), "effective-policy-valid".to_owned()]);
    let judged = Judged { open, listed: Some(listed.into_iter().collect()), ..everything() };
    let changes = Changes::between(&standing(vec![old(1), old(2), old(3)]), &[], &judged, now());
    let healed = [1, 3].map(|number: usize| (ChangeKind::Healed, format!("{number:012}")));
    assert_eq!((kinds(&changes), changes.carried), (healed.to_vec(), vec![old(2)]));
    let other = PublishedFinding { control: "effective-policy-valid".to_owned(), ..old(1) };
    assert!(!judged.covers(&other), "a verdict says nothing of what the control looks at");
}

#[test]
fn what_did_not_arrive_is_announced_again_until_it_does() {
    let unsent = |changes: &Changes| changes.changes.iter().map(|change| change.finding.id.clone()).collect();
    let first = Changes::between(&standing(vec![old(1)]), &[finding(2, "new")], &everything(), now());
    let stands = first.stand(&unsent(&first));
    let read = Standing::read(&stands.write()).unwrap();
    assert_eq!(read, stands);
    let second = Changes::between(&read, &[finding(2, "new")], &everything(), now());
    assert_eq!(kinds(&second), kinds(&first));
    let third = Changes::between(&second.stand(&BTreeSet::new()), &[finding(2, "new")], &everything(), now());
    assert_eq!((third.changes.len(), third.same.len()), (0, 1));
}

#[test]
fn a_finding_that_comes_back_before_its_healing_was_told_has_changed() {
    let healed = Changes::between(&standing(vec![old(1)]), &[], &everything(), now());
    let stands = healed.stand(&BTreeSet::from([old(1).id]));
    let back = Changes::between(&stands, &[finding(1, "workload")], &everything(), now());
    assert_eq!(kinds(&back), [(ChangeKind::Changed, "000000000001".to_owned())]);
    assert_eq!(back.changes[0].finding.created, earlier());
}

#[test]
fn any_number_of_findings_is_compared_and_none_is_lost() {
    for count in [0, 1, 100, 101, 10_000] {
        let all = many(count);
        let appeared = Changes::between(&Standing::default(), &all, &everything(), now());
        assert_eq!(appeared.count(ChangeKind::Appeared), count);
        let stands = appeared.stand(&BTreeSet::new());
        assert_eq!(stands.findings, all);
        let healed = Changes::between(&stands, &[], &everything(), now());
        assert_eq!((healed.count(ChangeKind::Healed), healed.stand(&BTreeSet::new())), (count, Standing::default()));
    }
}

#[test]
fn a_second_run_over_the_same_organization_changes_nothing() {
    let first = published(&acme(), Standing::default());
    let changes = first.changes();
    assert!(changes.count(ChangeKind::Appeared) > 3 && changes.same.is_empty(), "{:?}", kinds(&changes));
    assert!(changes.changes.iter().all(|change| change.finding.status != Status::Passed));
    let second = published(&acme(), changes.stand(&BTreeSet::new())).changes();
    assert_eq!((second.changes.len(), second.same.len()), (0, changes.changes.len()));
}

#[test]
fn another_text_is_not_what_stood_before() {
    for text in ["", "{}", "[]", "{\"format\":\"optout.standing/2\",\"findings\":[],\"unsent\":{}}"] {
        assert!(Standing::read(text).is_err(), "{text}");
    }
}

#[test]
fn what_may_have_arrived_late_is_told_once_more_where_it_is_other_now() {
    let graver = || PublishedFinding { severity: Severity::Critical, ..finding(2, "workload") };
    // Sent here, late: 1 and 2 are open, 3 has healed, 4 has healed. By then 1 is as it was sent, 2 is graver, 3 is open again,
    // 4 has healed indeed, and 5, which was sent as open, is not there any more.
    let passed = |number| PublishedFinding { status: Status::Passed, ..finding(number, "workload") };
    let sent = [finding(1, "workload"), finding(2, "workload"), passed(3), passed(4), finding(5, "workload")];
    let now_open = [finding(1, "workload"), graver(), finding(3, "workload")];
    let stood = standing(vec![finding(1, "workload"), graver(), finding(3, "workload")]);
    let changes = Changes::between(&stood.after_late(&sent, &now_open), &now_open, &everything(), now());
    let id = |number: usize| format!("{number:012}");
    let expected = [(ChangeKind::Changed, id(2)), (ChangeKind::Changed, id(3)), (ChangeKind::Healed, id(5))];
    assert_eq!(kinds(&changes), expected);
    assert_eq!(changes.same.len(), 1);
}
