//! Region controls: whom they bind, and what leaves that open.

use optout_core::audit::{Answer, Evidence, Status};
use optout_core::org::{AttachedPolicy, Part, PolicyTypeState, Unread, UnreadReason};

use crate::bench::{Bench, control_policy, sound};

const REGIONS: &str = r#"{"Statement":{"Effect":"Deny","NotAction":["iam:*"],"Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1"]}}}}"#;
const SOME: &str = r#"{"Statement":{"Effect":"Deny","Action":"bedrock:*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1"]}}}}"#;

fn with(policies: Option<Vec<AttachedPolicy>>, change: impl FnOnce(&mut Bench)) -> (Status, Evidence) {
    let mut bench = Bench::of(sound());
    bench.snapshot.service_control_policies = policies;
    change(&mut bench);
    let mut item = bench.item("region-controls");
    (item.status, item.evidence.remove(0))
}

fn plain(policies: Vec<AttachedPolicy>) -> (Status, Evidence) {
    with(Some(policies), |_| {})
}

fn unread(reason: UnreadReason, operation: &str) -> Unread {
    Unread {
        part: Part::ServiceControlPolicies,
        subject: None,
        operation: operation.to_owned(),
        reason,
        permission: Some(format!("organizations:{operation}")),
        detail: "no".to_owned(),
    }
}

#[test]
fn one_at_the_root_binds_every_member_account_and_says_what_it_leaves_open() {
    let (status, evidence) = plain(vec![control_policy("p-regions01", REGIONS, &["r-acme"])]);
    assert_eq!(status, Status::Met, "{evidence:?}");
    let details = evidence.details.join("\n");
    assert!(details.contains("attached to r-acme: only eu-central-1; anywhere: iam:*"), "{details}");
    assert!(details.contains("the management account is bound by no service control policy"), "{details}");
}

#[test]
fn accounts_outside_a_unit_are_named() {
    let (status, evidence) = plain(vec![control_policy("p-regions01", REGIONS, &["ou-acme-europe00"])]);
    assert_eq!(status, Status::NotMet);
    assert!(evidence.text.contains("no Region control reaches"), "{}", evidence.text);
    assert!(!evidence.text.contains("111111111111"), "the management account is not asked for: {}", evidence.text);
}

#[test]
fn one_that_denies_a_few_actions_or_is_attached_to_nothing_does_not_count() {
    for policy in [control_policy("p-regions01", SOME, &["r-acme"]), control_policy("p-regions01", REGIONS, &[])] {
        let (status, evidence) = plain(vec![policy]);
        assert_eq!(status, Status::NotMet, "{evidence:?}");
    }
}

#[test]
fn where_they_were_not_read_or_denied_it_is_not_assessed_and_the_permission_is_named() {
    let (status, evidence) = with(None, |_| {});
    assert_eq!((status, evidence.answer), (Status::NotAssessed, Answer::Unknown));
    assert!(evidence.text.contains("--with service-control-policies"), "{}", evidence.text);
    let (status, evidence) =
        with(None, |bench| bench.snapshot.unread.push(unread(UnreadReason::AccessDenied, "ListPolicies")));
    assert_eq!(status, Status::NotAssessed);
    assert!(
        evidence.text.contains("ListPolicies access denied (needs organizations:ListPolicies)"),
        "{}",
        evidence.text
    );
}

#[test]
fn a_policy_that_could_not_be_read_leaves_open_who_is_bound_but_not_who_is_bound_by_others() {
    let hidden = |mut policy: AttachedPolicy| {
        policy.policy.content = None;
        policy
    };
    let gap = |bench: &mut Bench| bench.snapshot.unread.push(unread(UnreadReason::AccessDenied, "DescribePolicy"));
    let policy = || control_policy("p-regions01", REGIONS, &["r-acme"]);
    let (status, evidence) = with(Some(vec![hidden(policy())]), gap);
    assert_eq!(status, Status::NotAssessed, "{evidence:?}");
    let (status, _) = with(Some(vec![hidden(control_policy("p-other00001", REGIONS, &["r-acme"])), policy()]), gap);
    assert_eq!(status, Status::Met);
    let (status, evidence) = plain(vec![control_policy("p-regions01", "not JSON", &["r-acme"])]);
    assert_eq!(status, Status::NotAssessed);
    assert!(evidence.details.concat().contains("cannot be understood: it is not JSON"), "{evidence:?}");
}

#[test]
fn while_the_type_is_off_none_is_in_force() {
    let policies = Some(vec![control_policy("p-regions01", REGIONS, &["r-acme"])]);
    let (status, evidence) = with(policies.clone(), |bench| {
        bench
            .snapshot
            .root
            .as_mut()
            .unwrap()
            .policy_types
            .retain(|it| it.policy_type.as_str() != "SERVICE_CONTROL_POLICY");
    });
    assert_eq!(status, Status::NotMet);
    assert!(evidence.text.contains("off for the root"), "{}", evidence.text);
    let (status, _) = with(policies, |bench| {
        let types = &mut bench.snapshot.root.as_mut().unwrap().policy_types;
        types.iter_mut().for_each(|it| it.state = PolicyTypeState::PendingDisable);
    });
    assert_eq!(status, Status::NotMet);
}

#[test]
fn accounts_without_a_place_stay_open() {
    let (status, evidence) = with(Some(vec![control_policy("p-regions01", REGIONS, &["r-acme"])]), |bench| {
        let accounts = bench.snapshot.accounts.as_mut().unwrap();
        accounts.iter_mut().for_each(|account| account.parent = None);
    });
    assert_eq!(status, Status::NotAssessed, "{evidence:?}");
}
