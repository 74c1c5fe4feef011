//! Organizations and intents: small ones built by hand, and random ones that follow from a seed.

use std::collections::BTreeMap;
use std::fmt::Write;

use optout_core::org::{
    Account, AccountState, Attachment, Membership, Organization, Partition, Policy, PolicyId, PolicyType,
    PolicyTypeState, PolicyTypeStatus, Root, Snapshot, TargetId, Unit,
};
use optout_core::plan::MANAGED_TAG;

pub(crate) const ROOT: &str = "r-acme";
pub(crate) const MANAGEMENT: &str = "000000000100";
pub(crate) const SERVICES: [&str; 5] = ["default", "lex", "polly", "q", "transcribe"];

pub(crate) fn unit(number: usize) -> String {
    format!("ou-acme-0000000{number}")
}

pub(crate) fn account(number: usize) -> String {
    format!("{:012}", 100 + number)
}

/// `units` and `accounts` are the parents: 0 is the root, n the n-th unit.
pub(crate) fn organization(units: &[usize], accounts: &[usize], enabled: bool) -> Snapshot {
    let mut snapshot = Snapshot::empty("2026-11-24T06:00:00Z".parse().unwrap(), "test", Partition::Aws);
    let parent = |number: &usize| -> TargetId {
        if *number == 0 { ROOT.parse().unwrap() } else { unit(*number).parse().unwrap() }
    };
    snapshot.membership = Some(Membership::Member(Organization {
        id: "o-exampleorgid".parse().unwrap(),
        management_account: MANAGEMENT.parse().unwrap(),
        all_features: true,
    }));
    let on = PolicyTypeStatus { policy_type: PolicyType::AiOptOut, state: PolicyTypeState::Enabled };
    let policy_types = if enabled { vec![on] } else { Vec::new() };
    snapshot.root = Some(Root { id: ROOT.parse().unwrap(), name: "Root".into(), policy_types });
    let unit_of = |(at, up): (usize, &usize)| Unit {
        id: unit(at + 1).parse().unwrap(),
        name: format!("unit {}", at + 1),
        parent: parent(up),
    };
    snapshot.units = Some(units.iter().enumerate().map(unit_of).collect());
    let account_of = |(at, up): (usize, &usize)| Account {
        id: account(at).parse().unwrap(),
        name: format!("account {at}"),
        email: None,
        state: AccountState::Active,
        parent: Some(parent(up)),
        joined: None,
    };
    snapshot.accounts = Some(accounts.iter().enumerate().map(account_of).collect());
    snapshot.policies = Some(Vec::new());
    snapshot.attachments = Some(BTreeMap::new());
    snapshot
}

/// Adds a policy and attaches it.
pub(crate) fn add(snapshot: &mut Snapshot, name: &str, content: &str, managed: bool, targets: &[String]) -> PolicyId {
    let policies = snapshot.policies.as_mut().unwrap();
    let id: PolicyId = format!("p-{:08}", policies.len() + 1).parse().unwrap();
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
        let attached = snapshot.attachments.as_mut().unwrap().entry(target.parse().unwrap()).or_default();
        attached.push(Attachment { policy: id.clone(), attached: None });
    }
    id
}

/// A document that assigns one value to one service.
pub(crate) fn document(service: &str, value: &str) -> String {
    format!("{{\"services\":{{\"{service}\":{{\"opt_out_policy\":{{\"@@assign\":\"{value}\"}}}}}}}}")
}

/// An exception: service, target, value, until.
pub(crate) type Exception = (&'static str, String, &'static str, &'static str);

pub(crate) fn intent_for(organization: &str, lock: &str, exceptions: &[Exception]) -> String {
    let mut text = format!(
        "organization = \"{organization}\"\nlock = \"{lock}\"\n[policy]\nname = \"opt-out\"\ndescription = \"d\"\n"
    );
    for (service, target, value, until) in exceptions {
        let line = format!("[[exceptions]]\nservice = \"{service}\"\ntarget = \"{target}\"\nvalue = \"{value}\"\n");
        write!(text, "{line}reason = \"r\"\napprover = \"a\"\nuntil = {until}\n").unwrap();
    }
    text
}

pub(crate) fn intent(exceptions: &[Exception]) -> String {
    intent_for("o-exampleorgid", "full", exceptions)
}

/// Three units, five accounts, managed policies to be changed, moved and removed, one of somebody else; and an intent
/// that needs every kind of step but creating an organization.
pub(crate) fn every_step() -> (Snapshot, String) {
    let mut snapshot = organization(&[0, 1, 0], &[0, 1, 2, 2, 3], true);
    add(&mut snapshot, "old name", &document("default", "optOut"), true, &[ROOT.into()]);
    add(&mut snapshot, "left over", &document("polly", "optIn"), true, &[unit(2)]);
    add(&mut snapshot, "theirs", &document("lex", "optOut"), false, &[account(4)]);
    add(&mut snapshot, "nowhere", &document("q", "optOut"), false, &[]);
    let exceptions = [
        ("transcribe", unit(1), "optIn", "2099-12-31"),
        ("transcribe", account(2), "optOut", "2099-12-31"),
        ("lex", account(0), "optIn", "2099-12-31"),
    ];
    (snapshot, intent(&exceptions))
}

/// Numbers that look random and follow from a seed (SplitMix64).
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub(crate) fn below(&mut self, most: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % most as u64).unwrap()
    }

    fn of<'t, T>(&mut self, list: &'t [T]) -> &'t T {
        &list[self.below(list.len())]
    }
}

/// A random organization and intent. Policies of others are attached where they are in nobody's way, or nowhere.
pub(crate) fn random(seed: u64) -> (Snapshot, String) {
    let mut dice = Dice::new(seed);
    let units: Vec<usize> = (0..dice.below(6)).map(|at| dice.below(at + 1)).collect();
    let accounts: Vec<usize> = (0..=dice.below(6)).map(|_| dice.below(units.len() + 1)).collect();
    let enabled = dice.below(5) > 0;
    let mut snapshot = organization(&units, &accounts, enabled);
    let targets: Vec<String> = std::iter::once(ROOT.to_owned())
        .chain((1..=units.len()).map(unit))
        .chain((0..accounts.len()).map(account))
        .collect();
    for at in 0..dice.below(4) {
        let content = random_document(&mut dice);
        let places = if enabled { some(&mut dice, &snapshot, &targets) } else { Vec::new() };
        let name = if at == 0 && dice.below(2) == 0 { "opt-out".to_owned() } else { format!("policy {at}") };
        add(&mut snapshot, &name, &content, true, &places);
    }
    add(&mut snapshot, "of nobody", &document("lex", "optIn"), false, &[]);
    let exceptions = exceptions(&mut dice, &targets);
    let lock = *dice.of(&["full", "full", "partial", "none"]);
    (snapshot, intent_for("o-exampleorgid", lock, &exceptions))
}

fn some(dice: &mut Dice, snapshot: &Snapshot, targets: &[String]) -> Vec<String> {
    let mut places: Vec<String> = (0..dice.below(4)).map(|_| dice.of(targets).clone()).collect();
    places.sort();
    places.dedup();
    let attached = snapshot.attachments.as_ref().unwrap();
    places.retain(|it| attached.get(&it.parse::<TargetId>().unwrap()).is_none_or(|list| list.len() < 3));
    places
}

fn random_document(dice: &mut Dice) -> String {
    const LIST: &str = r#""@@operators_allowed_for_child_policies":["@@none"]"#;
    let mut services = BTreeMap::new();
    for _ in 0..=dice.below(2) {
        let value = *dice.of(&[r#""@@assign":"optOut""#, r#""@@assign":"optIn""#]);
        let list = if dice.below(2) == 0 { format!("{LIST},") } else { String::new() };
        services.insert(*dice.of(&SERVICES), format!("{{\"opt_out_policy\":{{{list}{value}}}}}"));
    }
    let entries: Vec<String> = services.iter().map(|(service, entry)| format!("\"{service}\":{entry}")).collect();
    format!("{{\"services\":{{{}}}}}", entries.join(","))
}

fn exceptions(dice: &mut Dice, targets: &[String]) -> Vec<Exception> {
    let mut all = BTreeMap::new();
    for _ in 0..dice.below(5) {
        let key = (*dice.of(&SERVICES), dice.of(targets).clone());
        all.insert(key, (*dice.of(&["optIn", "optIn", "optOut"]), *dice.of(&["2099-12-31", "2026-11-23"])));
    }
    all.into_iter().map(|((service, target), (value, until))| (service, target, value, until)).collect()
}
