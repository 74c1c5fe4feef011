//! What only advice needs: read where it was asked for, and nowhere else.

use optout_aws::pace::Operation;
use optout_simulator::{Effect, Options, When};

use crate::organization::{MEMBER, STRAY, organization};
use crate::reader::Reader;

async fn reader() -> Reader {
    let mut snapshot = organization();
    snapshot.trusted_services = Some((0..25).map(|number| format!("service{number:02}.amazonaws.com")).collect());
    let mut reader = Reader::of(&snapshot, Options::default()).await;
    reader.options.landscape = true;
    reader
}

#[tokio::test]
async fn services_and_names_are_read_to_the_last_page() {
    let reading = reader().await.read().await;
    let services = reading.snapshot.trusted_services.clone().unwrap();
    assert!(services.len() >= 25 && services.is_sorted(), "{services:?}");
    assert!(reading.count(Operation::ListAWSServiceAccessForOrganization) >= 2);
    let stray = organization().policies.unwrap().into_iter().find(|policy| policy.id.as_str() == STRAY).unwrap().name;
    assert!(reading.snapshot.control_policies.unwrap().contains(&stray));
}

#[tokio::test]
async fn nobody_asks_for_them_otherwise() {
    let mut reader = reader().await;
    reader.options.landscape = false;
    let reading = reader.read().await;
    assert_eq!((&reading.snapshot.trusted_services, &reading.snapshot.control_policies), (&None, &None));
    assert_eq!(reading.count(Operation::ListAWSServiceAccessForOrganization), 0);
}

#[tokio::test]
async fn what_is_denied_is_missing_with_its_permission() {
    let reader = reader().await;
    reader.fault("ListAWSServiceAccessForOrganization", When::Always, Effect::Deny);
    let snapshot = reader.read().await.snapshot;
    assert_eq!(snapshot.trusted_services, None);
    let unread = snapshot.unread.iter().find(|entry| entry.part.as_str() == "trusted-services").unwrap();
    assert_eq!(unread.permission.as_deref(), Some("organizations:ListAWSServiceAccessForOrganization"));
    assert!(snapshot.control_policies.is_some());
}

#[tokio::test]
async fn a_member_account_may_read_neither() {
    let mut reader = reader().await;
    reader.caller = MEMBER;
    let snapshot = reader.read().await.snapshot;
    assert_eq!((snapshot.trusted_services, snapshot.control_policies), (None, None));
    assert!(snapshot.unread.iter().any(|entry| entry.part.as_str() == "control-policies"));
}
