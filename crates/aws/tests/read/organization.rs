//! The organization of the tests: units four deep, policies at every kind of target, accounts in every state.

use std::collections::BTreeMap;

use jiff::Timestamp;
use optout_core::org::{
    Account, AccountId, AccountState, Attachment, Delegate, InvalidPolicy, Membership, Organization, Partition, Policy,
    PolicyType, PolicyTypeState, PolicyTypeStatus, Root, Snapshot, Unit,
};

pub(crate) const ROOT: &str = "r-exam";
pub(crate) const SALES: &str = "ou-exam-sales001";
pub(crate) const NORTH: &str = "ou-exam-north001";
pub(crate) const DEEP: &str = "ou-exam-deepest1";
pub(crate) const TESTS: &str = "ou-exam-tests001";
pub(crate) const LAB: &str = "ou-exam-labs0001";
pub(crate) const EMPTY: &str = "ou-exam-empty001";
pub(crate) const LOCK: &str = "p-lockpolicy";
pub(crate) const SALES_POLICY: &str = "p-salespolicy";
pub(crate) const FIRST: &str = "p-firstoftwo";
pub(crate) const SECOND: &str = "p-secondoftwo";
pub(crate) const UNATTACHED: &str = "p-unattached";
pub(crate) const STRAY: &str = "p-strayscp01";
pub(crate) const MANAGEMENT: usize = 1;
pub(crate) const DELEGATE: usize = 3;
pub(crate) const MEMBER: usize = 5;
pub(crate) const WITH_OWN_POLICY: usize = 10;
pub(crate) const INVALID: usize = 20;
pub(crate) const ACCOUNTS: usize = 45;

pub(crate) fn account_id(number: usize) -> AccountId {
    format!("{number:012}").parse().unwrap()
}

fn account(number: usize) -> Account {
    let places = [ROOT, SALES, NORTH, DEEP, TESTS, LAB];
    let state = match number {
        43 => AccountState::Suspended,
        44 => AccountState::Closed,
        45 => AccountState::PendingClosure,
        _ => AccountState::Active,
    };
    Account {
        id: account_id(number),
        name: format!("account {number} <b>\u{1b}[31m"),
        email: Some(format!("account-{number}@example.com")),
        state,
        parent: Some(places[number % places.len()].parse().unwrap()),
        joined: Some(Timestamp::from_second(1_700_000_000).unwrap()),
    }
}

fn unit(id: &str, parent: &str) -> Unit {
    Unit { id: id.parse().unwrap(), name: format!("unit {id}"), parent: parent.parse().unwrap() }
}

fn policy(id: &str, name: &str, policy_type: PolicyType, value: &str) -> Policy {
    let content = match policy_type {
        PolicyType::AiOptOut => {
            format!("{{\"services\": {{\"lex\": {{\"opt_out_policy\": {{\"@@assign\": \"{value}\"}}}}}}}}")
        }
        _ => "{\"Version\":\"2012-10-17\",\"Statement\":[]}".to_owned(),
    };
    Policy {
        id: id.parse().unwrap(),
        name: name.to_owned(),
        description: String::new(),
        policy_type,
        aws_managed: false,
        content: Some(content.into()),
        tags: Some(BTreeMap::from([("owner".to_owned(), "privacy".to_owned())])),
    }
}

/// The whole organization, as somebody who may see everything would read it.
pub(crate) fn organization() -> Snapshot {
    let mut snapshot = Snapshot::empty(Timestamp::from_second(1_795_000_000).unwrap(), "test", Partition::Aws);
    let id = "o-exampleorgid".parse().unwrap();
    let management_account = account_id(MANAGEMENT);
    snapshot.membership = Some(Membership::Member(Organization { id, management_account, all_features: true }));
    let on = |policy_type| PolicyTypeStatus { policy_type, state: PolicyTypeState::Enabled };
    let policy_types = [PolicyType::ServiceControl, PolicyType::AiOptOut].map(on).into();
    snapshot.root = Some(Root { id: ROOT.parse().unwrap(), name: "Root".into(), policy_types });
    let places = [(DEEP, NORTH), (EMPTY, ROOT), (LAB, TESTS), (NORTH, SALES), (SALES, ROOT), (TESTS, ROOT)];
    snapshot.units = Some(places.into_iter().map(|(id, parent)| unit(id, parent)).collect());
    snapshot.accounts = Some((1..=ACCOUNTS).map(account).collect());
    snapshot.policies = Some(policies());
    snapshot.attachments = Some(attachments());
    let reason = InvalidPolicy {
        code: "KEY_REQUIRED".into(),
        message: "a key is missing".into(),
        path: "services".into(),
        policies: vec![LOCK.into()],
    };
    snapshot.invalid = Some(BTreeMap::from([(account_id(INVALID), vec![reason])]));
    let services = Some(vec!["account.amazonaws.com".to_owned()]);
    snapshot.delegates = Some(vec![Delegate { account: account_id(DELEGATE), services }]);
    snapshot.resource_policy = Some(None);
    snapshot
}

fn policies() -> Vec<Policy> {
    vec![
        policy(FIRST, "first", PolicyType::AiOptOut, "optOut"),
        policy(LOCK, "lock", PolicyType::AiOptOut, "optOut"),
        policy(SALES_POLICY, "sales", PolicyType::AiOptOut, "optIn"),
        policy(SECOND, "second", PolicyType::AiOptOut, "optIn"),
        policy(STRAY, "ai-services-opt-out", PolicyType::ServiceControl, ""),
        policy(UNATTACHED, "unattached", PolicyType::AiOptOut, "optOut"),
    ]
}

fn attachments() -> BTreeMap<optout_core::org::TargetId, Vec<Attachment>> {
    let own = account_id(WITH_OWN_POLICY).to_string();
    let placed = [(ROOT, vec![LOCK]), (SALES, vec![SALES_POLICY]), (TESTS, vec![FIRST, SECOND]), (&own, vec![FIRST])];
    let attached = |id: &str| Attachment { policy: id.parse().unwrap(), attached: None };
    placed.into_iter().map(|(target, ids)| (target.parse().unwrap(), ids.into_iter().map(attached).collect())).collect()
}
