//! Random organizations: what is computed for an account through shared chains is what its own path gives.

use optout_core::check::{Computed, Documents, Keys, Reading, Setting};
use optout_core::org::{TargetId, Tree};
use optout_core::policy::resolve;
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use super::cases;
use super::documents::{SERVICES, document};
use super::organization::Organization;

/// Where units and accounts are, and what is attached where.
#[derive(Debug)]
struct Plan {
    /// The parent of each unit: 0 is the root, else one of the units before it.
    units: Vec<proptest::sample::Index>,
    /// The same of each account.
    accounts: Vec<proptest::sample::Index>,
    policies: Vec<Value>,
    /// Policy and target.
    attachments: Vec<(proptest::sample::Index, proptest::sample::Index)>,
}

fn plan() -> impl Strategy<Value = Plan> {
    let index = any::<proptest::sample::Index>;
    let parts = (vec(index(), 0..6), vec(index(), 1..10), vec(document(), 1..5), vec((index(), index()), 0..14));
    parts.prop_map(|(units, accounts, policies, attachments)| Plan { units, accounts, policies, attachments })
}

fn organization(plan: &Plan) -> Organization {
    let mut organization = Organization::new();
    let mut places = vec!["root".to_owned()];
    for (at, parent) in plan.units.iter().enumerate() {
        let name = format!("unit{at}");
        organization = organization.unit(&name, &places[parent.index(places.len())]);
        places.push(name);
    }
    let mut targets = places.clone();
    for (at, parent) in plan.accounts.iter().enumerate() {
        organization = organization.account(at + 2, &places[parent.index(places.len())]);
        targets.push((at + 2).to_string());
    }
    for (at, document) in plan.policies.iter().enumerate() {
        organization = organization.policy(&format!("policy{at}"), &document.to_string());
    }
    for (policy, target) in &plan.attachments {
        let name = format!("policy{}", policy.index(plan.policies.len()));
        let target = &targets[target.index(targets.len())];
        let id = format!("p-{name:0<8}");
        let attached = organization.snapshot.attachments.as_ref().unwrap().get(&super::organization::target(target));
        if attached.is_none_or(|list| list.iter().all(|it| it.policy.as_str() != id)) {
            organization = organization.attach(&name, target);
        }
    }
    organization
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn what_is_computed_for_an_account_is_what_its_own_path_gives(plan in plan()) {
        let organization = organization(&plan);
        let snapshot = &organization.snapshot;
        let keys = Keys::new(SERVICES.into_iter().skip(1));
        let documents = Documents::of(snapshot);
        let computed = Computed::new(snapshot, &documents, &keys);
        let tree = Tree::new(snapshot).unwrap();
        for account in snapshot.accounts.as_ref().unwrap() {
            let path: Vec<TargetId> = tree.path(account).unwrap();
            let state = resolve(&documents.levels(snapshot, &path).unwrap());
            let effective = state.effective(optout_core::policy::Dialect::Plain);
            let direct = Reading::of_document(&keys, &effective.document);
            let group = computed.get(account.id).unwrap();
            let open = |name: &str| effective.undetermined.iter().any(|path| path.starts_with(&format!("services.{name}.")));
            for (key, name) in keys.iter() {
                let said = group.reading.get(key);
                let own_open = open(name) || (!direct.get(key).own && open("default"));
                let expected: Option<Setting> = direct.get(key).setting.filter(|_| !own_open);
                prop_assert_eq!(said.setting, expected, "{} {}", account.id, name);
            }
        }
    }

    #[test]
    fn accounts_of_one_chain_have_equal_effective_documents(plan in plan()) {
        let organization = organization(&plan);
        let snapshot = &organization.snapshot;
        let documents = Documents::of(snapshot);
        let computed = Computed::new(snapshot, &documents, &Keys::new(SERVICES.into_iter().skip(1)));
        let tree = Tree::new(snapshot).unwrap();
        let account = |id| snapshot.accounts.as_ref().unwrap().iter().find(|it| it.id == id).unwrap();
        for chain in computed.chains.iter() {
            let effective = |id| {
                let path = tree.path(account(id)).unwrap();
                resolve(&documents.levels(snapshot, &path).unwrap()).effective(optout_core::policy::Dialect::Plain)
            };
            let first = effective(chain.accounts()[0]);
            for other in chain.accounts() {
                prop_assert_eq!(&effective(*other), &first);
            }
        }
    }
}
