//! Organizations and intents for tests: small ones built by hand, and random ones.

use std::collections::BTreeMap;
use std::fmt::Write;

use jiff::Timestamp;
use proptest::prelude::*;

use crate::catalogue::Catalogue;
use crate::check::{Computed, Documents, Keys};
use crate::intent::{Intent, Known, ResolvedIntent};
use crate::org::{
    Account, AccountState, Attachment, Membership, Organization, Partition, Policy, PolicyType, PolicyTypeState,
    PolicyTypeStatus, Root, Snapshot, TargetId, Tree, Unit,
};
use crate::plan::{MANAGED_TAG, PlannedStep, Step, apply_to};
use crate::source::Source;

/// The services that random policies and intents are about.
pub(in crate::plan) const SERVICES: [&str; 5] = ["default", "lex", "polly", "q", "transcribe"];

pub(in crate::plan) fn at() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

pub(in crate::plan) fn root() -> TargetId {
    "r-acme".parse().unwrap()
}

pub(in crate::plan) fn unit(number: usize) -> TargetId {
    format!("ou-acme-0000000{number}").parse().unwrap()
}

pub(in crate::plan) fn account(number: usize) -> TargetId {
    format!("{:012}", 100 + number).parse().unwrap()
}

/// An organization with the type enabled. `units` and `accounts` are the parents: 0 is the root, n the n-th unit.
pub(in crate::plan) fn organization(units: &[usize], accounts: &[usize]) -> Snapshot {
    let mut snapshot = Snapshot::empty(at(), "test", Partition::Aws);
    let parent = |number: &usize| if *number == 0 { root() } else { unit(*number) };
    snapshot.membership = Some(Membership::Member(Organization {
        id: "o-exampleorgid".parse().unwrap(),
        management_account: "000000000100".parse().unwrap(),
        all_features: true,
    }));
    let enabled = PolicyTypeStatus { policy_type: PolicyType::AiOptOut, state: PolicyTypeState::Enabled };
    snapshot.root = Some(Root { id: "r-acme".parse().unwrap(), name: "Root".into(), policy_types: vec![enabled] });
    let unit_of = |(at, up): (usize, &usize)| Unit {
        id: match unit(at + 1) {
            TargetId::Unit(id) => id,
            other => panic!("{other}"),
        },
        name: format!("unit {}", at + 1),
        parent: parent(up),
    };
    snapshot.units = Some(units.iter().enumerate().map(unit_of).collect());
    let account_of = |(at, up): (usize, &usize)| Account {
        id: account(at).to_string().parse().unwrap(),
        name: format!("account {at}"),
        email: None,
        state: AccountState::Active,
        parent: Some(parent(up)),
        joined: None,
    };
    snapshot.accounts = Some(accounts.iter().enumerate().map(account_of).collect());
    snapshot.policies = Some(Vec::new());
    snapshot.attachments = Some(BTreeMap::new());
    snapshot.invalid = Some(BTreeMap::new());
    snapshot
}

/// Adds a policy and attaches it.
pub(in crate::plan) fn add(snapshot: &mut Snapshot, name: &str, content: &str, managed: bool, targets: &[TargetId]) {
    let policies = snapshot.policies.as_mut().unwrap();
    let id: crate::org::PolicyId = format!("p-{:08}", policies.len() + 1).parse().unwrap();
    let tag = managed.then(|| (MANAGED_TAG.0.to_owned(), MANAGED_TAG.1.to_owned()));
    policies.push(Policy {
        id: id.clone(),
        name: name.into(),
        description: "as it is".into(),
        policy_type: PolicyType::AiOptOut,
        aws_managed: false,
        content: Some(content.into()),
        tags: Some(tag.into_iter().collect()),
    });
    for target in targets {
        let attached = snapshot.attachments.as_mut().unwrap().entry(target.clone()).or_default();
        attached.push(Attachment { policy: id.clone(), attached: None });
    }
}

/// An exception: service, target, value, until.
pub(in crate::plan) type Exception = (&'static str, TargetId, &'static str, &'static str);

/// The text of an intent.
pub(in crate::plan) fn intent_text(lock: &str, exceptions: &[Exception]) -> String {
    let mut text = format!(
        "organization = \"o-exampleorgid\"\nlock = \"{lock}\"\n[policy]\nname = \"opt-out\"\ndescription = \"d\"\n"
    );
    for (service, target, value, until) in exceptions {
        let line = format!("[[exceptions]]\nservice = \"{service}\"\ntarget = \"{target}\"\nvalue = \"{value}\"\n");
        write!(text, "{line}reason = \"r\"\napprover = \"a\"\nuntil = {until}\n").unwrap();
    }
    text
}

pub(in crate::plan) fn known() -> Known<'static> {
    Known::new(Catalogue::embedded().services().iter().map(|service| service.key.as_str()), [])
}

pub(in crate::plan) fn intent(snapshot: &Snapshot, lock: &str, exceptions: &[Exception]) -> ResolvedIntent {
    let source = Source::new("o.toml", intent_text(lock, exceptions));
    Intent::parse(&source, &known()).unwrap().resolve(snapshot).unwrap()
}

/// The settings of every account × service by our engine: `(account, service) → word`.
pub(in crate::plan) fn settings(snapshot: &Snapshot) -> BTreeMap<(TargetId, String), String> {
    let documents = Documents::of(snapshot);
    let keys = Keys::new(SERVICES.iter().skip(1).copied().chain(["glue"]));
    let computed = Computed::new(snapshot, &documents, &keys);
    let mut settings = BTreeMap::new();
    for account in snapshot.accounts.iter().flatten() {
        let group = computed.get(account.id).unwrap();
        for (key, name) in keys.iter() {
            let word = group.reading.get(key).setting.map_or("unknown", |setting| setting.as_str());
            settings.insert((TargetId::Account(account.id), name.to_owned()), word.to_owned());
        }
    }
    settings
}

/// What the intent wants of every account × service, found the long way round.
pub(in crate::plan) fn wanted(intent: &ResolvedIntent, snapshot: &Snapshot) -> BTreeMap<(TargetId, String), String> {
    let tree = Tree::new(snapshot).unwrap();
    let day = at().to_string().get(..10).unwrap().parse().unwrap();
    let mut wanted = BTreeMap::new();
    for account in snapshot.accounts.iter().flatten() {
        let path = tree.path(account).unwrap();
        for service in SERVICES.iter().chain(&["glue"]) {
            let mut word = "opt-out";
            for target in &path {
                let said = |name: &str| {
                    let all = intent.exceptions.iter().filter(|it| it.exception.until >= day);
                    all.rev().find(|it| it.target == *target && it.exception.service == name)
                };
                if let Some(it) = said(service).or_else(|| said("default")) {
                    word = if it.exception.value.as_str() == "optIn" { "opt-in" } else { "opt-out" };
                }
            }
            wanted.insert((TargetId::Account(account.id), (*service).to_owned()), word.to_owned());
        }
    }
    wanted
}

/// The snapshot after the steps; every step must be possible.
pub(in crate::plan) fn after(snapshot: &Snapshot, steps: &[PlannedStep]) -> Snapshot {
    let mut model = snapshot.clone();
    steps.iter().for_each(|planned| apply_to(&mut model, &planned.step, at()).unwrap());
    model
}

/// The steps in short, for comparison in tests.
pub(in crate::plan) fn short(steps: &[PlannedStep]) -> Vec<String> {
    let line = |planned: &PlannedStep| match &planned.step {
        Step::CreateOrganization {} => "create organization".into(),
        Step::EnablePolicyType { root } => format!("enable {root}"),
        Step::CreatePolicy { name, content, .. } => format!("create {name} {content}"),
        Step::UpdatePolicy { policy, name, description, content } => {
            format!("update {policy} {name:?} {description:?} {}", content.as_deref().unwrap_or("-"))
        }
        Step::TagResource { policy, .. } => format!("tag {policy}"),
        Step::AttachPolicy { policy, target } => format!("attach {policy} {target}"),
        Step::DetachPolicy { policy, target } => format!("detach {policy} {target}"),
        Step::UntagResource { policy, .. } => format!("untag {policy}"),
        Step::DeletePolicy { policy } => format!("delete {policy}"),
        Step::DisablePolicyType { root } => format!("disable {root}"),
    };
    steps.iter().map(line).collect()
}

/// A random document: some services, values, lists.
pub(in crate::plan) fn document() -> impl Strategy<Value = String> {
    let lists = prop::sample::select(vec!["", r#""@@operators_allowed_for_child_policies":["@@none"]"#]);
    let value = prop::sample::select(vec![r#""@@assign":"optOut""#, r#""@@assign":"optIn""#, ""]);
    let entry = (prop::sample::select(SERVICES.to_vec()), lists.clone(), value);
    let entries = prop::collection::btree_map(prop::sample::select(SERVICES.to_vec()), entry, 0..3);
    (lists, entries).prop_map(|(list, entries)| {
        let entry = |(service, (_, list, value)): (&&str, &(&str, &str, &str))| {
            let fields: Vec<&str> = [*list, *value].into_iter().filter(|it| !it.is_empty()).collect();
            format!("\"{service}\":{{\"opt_out_policy\":{{{}}}}}", fields.join(","))
        };
        let entries = entries.iter().map(entry);
        let all: Vec<String> = std::iter::once(list.to_owned()).filter(|it| !it.is_empty()).chain(entries).collect();
        format!("{{\"services\":{{{}}}}}", all.join(","))
    })
}

/// Which target: 0 is the root, then units, then accounts.
fn target(number: usize, units: usize, accounts: usize) -> TargetId {
    match number % (1 + units + accounts) {
        0 => root(),
        it if it <= units => unit(it),
        it => account(it - units - 1),
    }
}

/// A random organization; `others` is how many policies of others it has at most.
pub(in crate::plan) fn any_organization(others: usize) -> impl Strategy<Value = Snapshot> {
    let units = prop::collection::vec(any::<usize>(), 0..6);
    let accounts = prop::collection::vec(any::<usize>(), 1..7);
    let policy = |managed: bool| (document(), Just(managed), prop::collection::vec(any::<usize>(), 0..4));
    let policies = (prop::collection::vec(policy(true), 0..4), prop::collection::vec(policy(false), 0..=others));
    (units, accounts, policies, any::<bool>()).prop_map(|(units, accounts, (mut policies, others), named)| {
        let units: Vec<usize> = units.iter().enumerate().map(|(at, up)| up % (at + 1)).collect();
        let accounts: Vec<usize> = accounts.iter().map(|up| up % (units.len() + 1)).collect();
        let mut snapshot = organization(&units, &accounts);
        policies.extend(others);
        for (at, (content, managed, targets)) in policies.into_iter().enumerate() {
            let mut targets: Vec<TargetId> =
                targets.into_iter().map(|it| target(it, units.len(), accounts.len())).collect();
            targets.sort();
            targets.dedup();
            targets.retain(|it| snapshot.attachments.as_ref().unwrap().get(it).is_none_or(|list| list.len() < 3));
            let name = if named && at == 0 && managed { "opt-out".to_owned() } else { format!("policy {at}") };
            add(&mut snapshot, &name, &content, managed, &targets);
        }
        snapshot
    })
}

/// Random exceptions for an organization, no two for one service at one target.
pub(in crate::plan) fn any_exceptions(snapshot: &Snapshot) -> impl Strategy<Value = Vec<Exception>> + use<> {
    let units = snapshot.units.as_ref().unwrap().len();
    let accounts = snapshot.accounts.as_ref().unwrap().len();
    let key = (prop::sample::select(SERVICES.to_vec()), any::<usize>());
    let key = key.prop_map(move |(service, at)| (service, target(at, units, accounts)));
    let said = (
        prop::sample::select(vec!["optIn", "optIn", "optOut"]),
        prop::sample::select(vec!["2026-11-24", "2027-01-01", "2026-11-23"]),
    );
    prop::collection::btree_map(key, said, 0..5).prop_map(|all| {
        all.into_iter().map(|((service, target), (value, until))| (service, target, value, until)).collect()
    })
}
