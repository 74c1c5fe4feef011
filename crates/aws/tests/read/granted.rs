//! What a reading calls is what `optout generate iam-policy` grants for it: nothing is missing, nothing is spare.

use std::collections::BTreeSet;

use optout_core::generate::access::{Purpose, iam_policy};
use optout_core::generate::{Design, Provenance};
use optout_core::org::Partition;
use optout_simulator::{Fields, Options};
use serde_json::Value;

use crate::organization::{TESTS, account_id, organization};
use crate::reader::Reader;

fn granted(purpose: Purpose) -> BTreeSet<String> {
    let sha256 = "0".repeat(64);
    let design = Design {
        provenance: Provenance { what: "tests".into(), intent: "none".into(), sha256, tool_version: "0".into() },
        organization: None,
        management_account: None,
        partition: Partition::Aws,
        root: None,
        enabled_types: None,
        resource_policy: None,
        policies: Vec::new(),
        declared: Vec::new(),
        until: None,
    };
    let output = iam_policy(&design, purpose).unwrap();
    let policy: Value = serde_json::from_str(&output.files[0].text).unwrap();
    let statements = policy["Statement"].as_array().unwrap();
    let actions = statements.iter().flat_map(|it| it["Action"].as_array().unwrap());
    actions.map(|action| action.as_str().unwrap().replace("organizations:", "")).collect()
}

/// What was called of AWS Organizations: of everything, of one account, of one unit, with and without `Paths`.
async fn called(tags: bool) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for paths in [true, false] {
        let options = Options { fields: Fields { paths, ..Fields::default() }, ..Options::default() };
        let mut reader = Reader::of(&organization(), options).await;
        reader.options.tags = tags;
        reader.read().await;
        reader.options.only.accounts.insert(account_id(9));
        reader.options.only.units.insert(TESTS.parse().unwrap());
        reader.read().await;
        all.extend(reader.running.simulator.counts().into_keys());
    }
    // AWS grants it to everybody.
    all.remove("GetCallerIdentity");
    all
}

#[tokio::test]
async fn a_reading_calls_what_is_granted_for_verify_and_nothing_else() {
    assert_eq!(called(false).await, granted(Purpose::Verify));
}

#[tokio::test]
async fn a_reading_with_tags_calls_what_is_granted_for_snapshot_and_nothing_else() {
    assert_eq!(called(true).await, granted(Purpose::Snapshot));
}
