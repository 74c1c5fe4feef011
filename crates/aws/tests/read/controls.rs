//! Service control policies: read only when asked for, with documents and targets, and what is denied is named.

use std::collections::BTreeSet;

use optout_aws::pace::Operation;
use optout_core::audit::{Checklists, ItemResult, Observations, Profile, Question, Status, audit};
use optout_core::catalogue::Catalogue;
use optout_core::check::{self, Severity, assess};
use optout_core::org::{AttachedPolicy, Part, Policy, PolicyType, Snapshot, TargetId, UnreadReason};
use optout_core::report::{NothingAccepted, Origin, Report};
use optout_simulator::{Effect, Options, When};

use crate::organization::{ROOT, SALES, organization};
use crate::reader::{Reader, Reading};

const REGIONS: &str = r#"{"Version":"2012-10-17","Statement":{"Effect":"Deny","Action":"*","Resource":"*","Condition":{"StringNotEquals":{"aws:RequestedRegion":["eu-central-1"]}}}}"#;
/// More targets than one page of a listing holds.
const MANY: usize = 25;

fn controlled() -> Snapshot {
    let mut snapshot = organization();
    let accounts: Vec<TargetId> =
        snapshot.accounts.iter().flatten().take(MANY).map(|account| TargetId::Account(account.id)).collect();
    let policy = |id: &str, targets: Vec<TargetId>| AttachedPolicy {
        policy: Policy {
            id: id.parse().unwrap(),
            name: format!("control {id}"),
            description: "keeps Regions".to_owned(),
            policy_type: PolicyType::ServiceControl,
            aws_managed: false,
            content: Some(REGIONS.into()),
            tags: None,
        },
        targets: Some(targets),
    };
    let both = vec![ROOT.parse().unwrap(), SALES.parse().unwrap()];
    snapshot.service_control_policies = Some(vec![policy("p-regions01", both), policy("p-regions02", accounts)]);
    snapshot
}

async fn reader() -> Reader {
    let mut reader = Reader::of(&controlled(), Options::default()).await;
    reader.options.service_control_policies = true;
    reader
}

fn read(reading: &Reading) -> Option<Vec<(String, bool, Option<usize>)>> {
    let policies = reading.snapshot.service_control_policies.as_ref()?;
    let one = |it: &AttachedPolicy| {
        (it.policy.id.to_string(), it.policy.content.is_some(), it.targets.as_ref().map(Vec::len))
    };
    Some(policies.iter().map(one).collect())
}

/// What is missing of the service control policies: operation and reason.
fn missing(reading: &Reading) -> Vec<(String, UnreadReason, Option<String>)> {
    let of_part = reading.snapshot.unread.iter().filter(|unread| unread.part == Part::ServiceControlPolicies);
    of_part.map(|unread| (unread.operation.clone(), unread.reason, unread.permission.clone())).collect()
}

#[tokio::test]
async fn they_are_not_read_unless_asked_for() {
    let mut reader = reader().await;
    reader.options.service_control_policies = false;
    let reading = reader.read().await;
    assert_eq!((read(&reading), missing(&reading).len()), (None, 0));
}

#[tokio::test]
async fn they_are_read_with_documents_and_every_page_of_targets() {
    let reading = reader().await.read().await;
    let expected = [
        ("p-FullAWSAccess", true, None),
        ("p-regions01", true, Some(2)),
        ("p-regions02", true, Some(MANY)),
        ("p-strayscp01", true, Some(0)),
    ];
    let expected = expected.map(|(id, content, targets)| (id.to_owned(), content, targets)).to_vec();
    assert_eq!(read(&reading), Some(expected));
    assert_eq!(missing(&reading), []);
    let policies = reading.snapshot.service_control_policies.unwrap();
    let regions = policies.iter().find(|it| it.policy.id.as_str() == "p-regions01").unwrap();
    assert_eq!(regions.policy.content.as_deref(), Some(REGIONS), "byte for byte");
    let targets: BTreeSet<String> = regions.targets.iter().flatten().map(ToString::to_string).collect();
    assert_eq!(targets, BTreeSet::from([ROOT.to_owned(), SALES.to_owned()]));
}

#[tokio::test]
async fn what_is_denied_is_named_with_the_permission_and_nothing_is_made_up() {
    for (operation, permission) in [
        (Operation::ListPolicies, "organizations:ListPolicies"),
        (Operation::DescribePolicy, "organizations:DescribePolicy"),
        (Operation::ListTargetsForPolicy, "organizations:ListTargetsForPolicy"),
    ] {
        let reader = reader().await;
        reader.fault(operation.as_str(), When::Always, Effect::Deny);
        let reading = reader.read().await;
        let missing = missing(&reading);
        assert!(!missing.is_empty(), "{operation}");
        for (named, reason, needed) in missing {
            assert_eq!((named.as_str(), reason), (operation.as_str(), UnreadReason::AccessDenied));
            assert_eq!(needed.as_deref(), Some(permission));
        }
        let policies = read(&reading);
        match operation {
            Operation::ListPolicies => assert_eq!(policies, None),
            Operation::DescribePolicy => assert!(policies.unwrap().iter().all(|(_, content, _)| !content)),
            _ => assert!(policies.unwrap().iter().all(|(.., targets)| targets.is_none())),
        }
    }
}

/// What an audit makes of a reading: the item about Region controls.
fn audited(snapshot: &Snapshot) -> ItemResult {
    let question = check::Question::plain(snapshot, Catalogue::embedded());
    let assessment = assess(&question);
    let report = Report::new(&assessment, Severity::High, &NothingAccepted, Origin::default());
    let audit = audit(&Question {
        report: &report,
        intent: None,
        checklists: Checklists::embedded(),
        profiles: &[Profile::DataResidency],
        observations: &Observations::default(),
    });
    audit.items.into_iter().find(|item| item.id == "region-controls").unwrap()
}

#[tokio::test]
async fn an_audit_of_a_full_reading_sees_that_every_member_account_is_bound() {
    let item = audited(&reader().await.read().await.snapshot);
    assert_eq!(item.status, Status::Met, "{:?}", item.evidence);
    assert!(item.evidence[0].details.concat().contains("only eu-central-1"), "{:?}", item.evidence);
}

#[tokio::test]
async fn an_audit_of_a_reading_with_a_denial_is_not_assessed_and_never_met() {
    for operation in [Operation::ListPolicies, Operation::DescribePolicy, Operation::ListTargetsForPolicy] {
        let reader = reader().await;
        reader.fault(operation.as_str(), When::Always, Effect::Deny);
        let item = audited(&reader.read().await.snapshot);
        assert_eq!(item.status, Status::NotAssessed, "{operation}: {:?}", item.evidence);
        let told = format!("{:?}", item.evidence);
        assert!(told.contains(&format!("needs {}", operation.permission())), "{operation}: {told}");
    }
}
