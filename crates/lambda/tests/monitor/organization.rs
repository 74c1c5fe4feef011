//! The organization of the tests: everything is opted out by a policy at the root; forty accounts, four units.

use std::collections::BTreeMap;

use jiff::Timestamp;
use optout_core::generate::{Design, Provenance};
use optout_core::org::{
    Account, AccountId, AccountState, Attachment, Membership, Organization, Partition, Policy, PolicyType,
    PolicyTypeState, PolicyTypeStatus, Root, Snapshot, Unit,
};

pub(crate) const ROOT: &str = "r-exam";
pub(crate) const SALES: &str = "ou-exam-sales001";
pub(crate) const NORTH: &str = "ou-exam-north001";
pub(crate) const TESTS: &str = "ou-exam-tests001";
pub(crate) const OUTSIDE: &str = "ou-exam-outside1";
pub(crate) const BASE: &str = "p-base000001";
pub(crate) const OPT_IN: &str = "p-optin00001";
pub(crate) const OPT_OUT: &str = "{\"services\":{\"default\":{\"opt_out_policy\":{\"@@assign\":\"optOut\"}}}}";
pub(crate) const LEX_IN: &str = "{\"services\":{\"lex\":{\"opt_out_policy\":{\"@@assign\":\"optIn\"}}}}";
pub(crate) const ACCOUNTS: usize = 40;

pub(crate) fn account_id(number: usize) -> AccountId {
    format!("{number:012}").parse().unwrap()
}

/// Where an account is: a fifth each in the root and the units.
fn place(number: usize) -> &'static str {
    [ROOT, SALES, NORTH, TESTS, OUTSIDE][number % 5]
}

fn account(number: usize) -> Account {
    Account {
        id: account_id(number),
        name: format!("account {number} <b>\u{1b}[31m"),
        email: None,
        state: AccountState::Active,
        parent: Some(place(number).parse().unwrap()),
        joined: Some(Timestamp::from_second(1_700_000_000).unwrap()),
    }
}

fn unit(id: &str, parent: &str) -> Unit {
    Unit { id: id.parse().unwrap(), name: format!("unit {id}"), parent: parent.parse().unwrap() }
}

fn policy(id: &str, content: &str) -> Policy {
    Policy {
        id: id.parse().unwrap(),
        name: format!("policy {id}"),
        description: String::new(),
        policy_type: PolicyType::AiOptOut,
        aws_managed: false,
        content: Some(content.into()),
        tags: None,
    }
}

/// The root opts out of everything; nothing opts in, though there is a policy that could.
pub(crate) fn organization() -> Snapshot {
    let mut snapshot = Snapshot::empty(Timestamp::from_second(1_795_000_000).unwrap(), "test", Partition::Aws);
    let (id, management_account) = ("o-exampleorgid".parse().unwrap(), account_id(1));
    snapshot.membership = Some(Membership::Member(Organization { id, management_account, all_features: true }));
    let on = |policy_type| PolicyTypeStatus { policy_type, state: PolicyTypeState::Enabled };
    let policy_types = [PolicyType::ServiceControl, PolicyType::AiOptOut].map(on).into();
    snapshot.root = Some(Root { id: ROOT.parse().unwrap(), name: "Root".into(), policy_types });
    let places = [(NORTH, SALES), (OUTSIDE, ROOT), (SALES, ROOT), (TESTS, ROOT)];
    snapshot.units = Some(places.into_iter().map(|(id, parent)| unit(id, parent)).collect());
    snapshot.accounts = Some((1..=ACCOUNTS).map(account).collect());
    snapshot.policies = Some(vec![policy(BASE, OPT_OUT), policy(OPT_IN, LEX_IN)]);
    let attached = Attachment { policy: BASE.parse().unwrap(), attached: None };
    snapshot.attachments = Some(BTreeMap::from([(ROOT.parse().unwrap(), vec![attached])]));
    snapshot.invalid = Some(BTreeMap::new());
    snapshot.delegates = Some(Vec::new());
    snapshot.resource_policy = Some(None);
    snapshot
}

/// What templates are generated from.
pub(crate) fn design() -> Design {
    let (what, intent, sha256) = ("x".to_owned(), "x".to_owned(), "0".repeat(64));
    Design {
        provenance: Provenance { what, intent, sha256, tool_version: "1".to_owned() },
        organization: "o-exampleorgid".parse().ok(),
        management_account: Some(account_id(1)),
        partition: Partition::Aws,
        root: ROOT.parse().ok(),
        enabled_types: None,
        resource_policy: None,
        policies: Vec::new(),
        declared: Vec::new(),
        until: None,
    }
}
