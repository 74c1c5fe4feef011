//! Who publishes to Security Hub: from what was said, else from the snapshot.

use optout_core::org::{Partition, Snapshot};
use optout_core::report::{Format, Options, Publication, UnknownPublisherError};
use serde_json::Value;

use super::{accepted, acme, origin, reported};

fn first(snapshot: &Snapshot, publication: Publication) -> Result<(String, String), UnknownPublisherError> {
    let options = Options { publication, ..Options::default() };
    let rendered = reported(snapshot, &accepted("x"), origin(), |report| Format::Asff.render(report, &options));
    let findings: Value = serde_json::from_str(&rendered?.into_text()).unwrap();
    let text = |name: &str| findings[0][name].as_str().unwrap().to_owned();
    Ok((text("AwsAccountId"), text("ProductArn")))
}

#[test]
fn whoever_read_the_organization_publishes_unless_somebody_else_is_named() {
    let mut snapshot = acme();
    snapshot.caller.as_mut().unwrap().account = "550000000001".parse().unwrap();
    let (account, product) = first(&snapshot, Publication::default()).unwrap();
    assert_eq!(account, "550000000001");
    assert_eq!(product, "arn:aws:securityhub:us-east-1:550000000001:product/550000000001/default");
    let said = Publication {
        account: Some("999999999999".parse().unwrap()),
        region: Some("eu-central-1".to_owned()),
        product_arn: None,
    };
    let (account, product) = first(&snapshot, said).unwrap();
    assert_eq!(account, "999999999999");
    assert_eq!(product, "arn:aws:securityhub:eu-central-1:999999999999:product/999999999999/default");
}

#[test]
fn without_a_caller_the_management_account_publishes() {
    let mut snapshot = acme();
    snapshot.caller = None;
    assert_eq!(first(&snapshot, Publication::default()).unwrap().0, "111111111111");
}

#[test]
fn nobody_is_guessed() {
    let mut snapshot = acme();
    (snapshot.caller, snapshot.membership) = (None, None);
    assert_eq!(first(&snapshot, Publication::default()), Err(UnknownPublisherError::Account));
    let mut elsewhere = acme();
    elsewhere.partition = Partition::Other("aws-eusc".to_owned());
    assert_eq!(first(&elsewhere, Publication::default()), Err(UnknownPublisherError::Region));
}
