//! Organizations as large as AWS allows, for benchmarks: the same every time.

use std::collections::BTreeMap;

use jiff::Timestamp;
use optout_core::catalogue::Catalogue;
use optout_core::org::{
    Account, AccountId, AccountState, Answer, AnswerContent, Attachment, Membership, Organization, Partition, Policy,
    PolicyId, PolicyType, PolicyTypeState, PolicyTypeStatus, Root, Snapshot, TargetId, Unit,
};

/// How policies are spread.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spread {
    /// A locked policy at the root, one at every tenth unit, one at every hundredth account: what people have.
    Usual,
    /// Five policies at the root, at every unit and at every twentieth account, each naming all 38 services, many at odds.
    Hostile,
}

/// AWS's limits (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>).
pub(crate) const UNITS: usize = 2_000;
pub(crate) const POLICIES: usize = 1_000;
pub(crate) const ACCOUNTS: usize = 50_000;
const DEPTH: usize = 5;

pub(crate) fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

pub(crate) fn account(number: usize) -> AccountId {
    format!("{:012}", 100_000_000_000 + number * 7).parse().unwrap()
}

pub(crate) fn unit(number: usize) -> TargetId {
    format!("ou-exam-{number:08}").parse().unwrap()
}

pub(crate) fn policy(number: usize) -> PolicyId {
    format!("p-{number:08}").parse().unwrap()
}

/// A snapshot of `accounts` accounts in 2,000 units five deep, with 1,000 policies.
pub(crate) fn organization(accounts: usize, spread: Spread) -> Snapshot {
    let mut snapshot = Snapshot::empty(now(), "bench", Partition::Aws);
    let root: TargetId = "r-exam".parse().unwrap();
    snapshot.membership = Some(Membership::Member(Organization {
        id: "o-exampleorgid".parse().unwrap(),
        management_account: account(0),
        all_features: true,
    }));
    let on = PolicyTypeStatus { policy_type: PolicyType::AiOptOut, state: PolicyTypeState::Enabled };
    snapshot.root = Some(Root { id: "r-exam".parse().unwrap(), name: "Root".into(), policy_types: vec![on] });
    snapshot.units = Some((0..UNITS).map(|it| unit_at(it, &root)).collect());
    snapshot.accounts = Some((0..accounts).map(account_at).collect());
    snapshot.policies = Some((0..POLICIES).map(|it| policy_at(it, spread)).collect());
    snapshot.attachments = Some(attachments(accounts, spread, root));
    snapshot.invalid = Some(BTreeMap::new());
    snapshot.delegates = Some(Vec::new());
    snapshot.resource_policy = Some(None);
    snapshot
}

/// Five levels: 5 units in the root, then about four in each.
fn unit_at(number: usize, root: &TargetId) -> Unit {
    let TargetId::Unit(id) = unit(number) else { panic!("a unit") };
    let width = 5;
    let mut parent = root.clone();
    if number >= width {
        let above = (number - width) / 4;
        parent = if depth(above) < DEPTH { unit(above) } else { unit(number % width) };
    }
    Unit { id, name: format!("Unit {number}"), parent }
}

fn depth(number: usize) -> usize {
    if number < 5 { 1 } else { 1 + depth((number - 5) / 4) }
}

pub(crate) fn account_at(number: usize) -> Account {
    let state = if number % 50 == 49 { AccountState::Suspended } else { AccountState::Active };
    let name = format!("workload-{number}-production");
    let parent = if number == 0 { "r-exam".parse().unwrap() } else { unit(number % UNITS) };
    Account { id: account(number), name, email: None, state, parent: Some(parent), joined: None }
}

pub(crate) fn policy_at(number: usize, spread: Spread) -> Policy {
    let content = match (spread, number) {
        (Spread::Usual, 0) => LOCKED.to_owned(),
        (Spread::Usual, _) => {
            format!(r#"{{"services":{{"{}":{{"opt_out_policy":{{"@@assign":"optIn"}}}}}}}}"#, service(number))
        }
        (Spread::Hostile, _) => every_service(number),
    };
    Policy {
        id: policy(number),
        name: format!("policy {number}"),
        description: String::new(),
        policy_type: PolicyType::AiOptOut,
        aws_managed: false,
        content: Some(content.into()),
        tags: None,
    }
}

pub(crate) const LOCKED: &str = r#"{"services":{"@@operators_allowed_for_child_policies":["@@none"],"default":{"@@operators_allowed_for_child_policies":["@@none"],"opt_out_policy":{"@@operators_allowed_for_child_policies":["@@none"],"@@assign":"optOut"}}}}"#;

fn service(number: usize) -> &'static str {
    let services = Catalogue::embedded().services();
    services[number % services.len()].key.as_str()
}

/// A document near the limit of 2,500 characters: all 38 services, in or out by the number of the policy.
fn every_service(number: usize) -> String {
    let services = Catalogue::embedded().services().iter().enumerate();
    let one = |(at, it): (usize, &optout_core::catalogue::Service)| {
        let value = if (number >> (at % 10)) & 1 == 0 { "optOut" } else { "optIn" };
        format!(r#""{}":{{"opt_out_policy":{{"@@assign":"{value}"}}}}"#, it.key.as_str())
    };
    format!(r#"{{"services":{{{}}}}}"#, services.map(one).collect::<Vec<_>>().join(","))
}

fn attachments(accounts: usize, spread: Spread, root: TargetId) -> BTreeMap<TargetId, Vec<Attachment>> {
    let list = |policies: &[usize]| -> Vec<Attachment> {
        let mut policies: Vec<usize> = policies.iter().map(|it| it % POLICIES).collect();
        policies.sort_unstable();
        policies.dedup();
        policies.into_iter().map(|it| Attachment { policy: policy(it), attached: None }).collect()
    };
    let five = |seed: usize| list(&[seed, seed + 1, seed + 17, seed + 31, seed + 101]);
    let (of_root, each, every_unit, every_account) = match spread {
        Spread::Usual => (list(&[0]), 1, 10, 100),
        Spread::Hostile => (five(0), 5, 1, 20),
    };
    let some = |seed: usize| if each == 1 { list(&[1 + seed % (POLICIES - 1)]) } else { five(seed) };
    let units = (0..UNITS).step_by(every_unit).map(|it| (unit(it), some(it)));
    let own = (0..accounts).step_by(every_account).map(|it| (TargetId::Account(account(it)), some(it * 3)));
    std::iter::once((root, of_root)).chain(units).chain(own).collect()
}

/// The same with AWS's answer for every account, as `--evidence all` reads it.
pub(crate) fn answered(mut snapshot: Snapshot) -> Snapshot {
    let out: std::sync::Arc<str> = r#"{"services":{"default":{"opt_out_policy":"optOut"}}}"#.into();
    let ids = snapshot.accounts.iter().flatten().map(|account| account.id);
    let answer = |id| {
        (id, Answer { content: AnswerContent::Document(out.as_ref().into()), last_updated: Some(now()), asked: now() })
    };
    snapshot.answers = ids.map(answer).collect();
    snapshot
}
