//! Laws that every plan keeps, over random organizations and intents.

use std::collections::BTreeMap;

use proptest::prelude::*;

use super::organizations::{SERVICES, after, any_exceptions, any_organization, at, intent, root, settings, wanted};
use crate::catalogue::Catalogue;
use crate::org::{PolicyId, Snapshot, TargetId};
use crate::plan::simulate::{WhatIf, what_if};
use crate::plan::{MANAGED_TAG, Options, apply_to, plan};

fn any_case(others: usize) -> impl Strategy<Value = (Snapshot, Vec<super::organizations::Exception>, &'static str)> {
    let lock = prop::sample::select(vec!["full", "full", "partial", "none"]);
    any_organization(others).prop_flat_map(move |snapshot| {
        let exceptions = any_exceptions(&snapshot);
        (Just(snapshot), exceptions, lock.clone())
    })
}

/// Everything that belongs to others: their policies, and where they are attached in which order.
fn of_others(snapshot: &Snapshot) -> (Vec<crate::org::Policy>, BTreeMap<TargetId, Vec<PolicyId>>) {
    let policies = snapshot.policies.iter().flatten();
    let others: Vec<_> =
        policies.filter(|it| !it.tags.as_ref().unwrap().contains_key(MANAGED_TAG.0)).cloned().collect();
    let is_other = |id: &PolicyId| others.iter().any(|it| it.id == *id);
    let attached = snapshot.attachments.iter().flatten().map(|(target, list)| {
        (target.clone(), list.iter().map(|it| it.policy.clone()).filter(is_other).collect::<Vec<_>>())
    });
    let attached = attached.filter(|(_, list)| !list.is_empty()).collect();
    (others, attached)
}

/// Few cases unless `PROPTEST_CASES` says how many.
fn config() -> ProptestConfig {
    let cases = if std::env::var_os("PROPTEST_CASES").is_some() { ProptestConfig::default().cases } else { 48 };
    ProptestConfig { cases, max_shrink_iters: 300, ..ProptestConfig::default() }
}

fn forget_order(snapshot: &mut Snapshot) {
    snapshot.attachments.iter_mut().flat_map(BTreeMap::values_mut).flatten().for_each(|it| it.attached = None);
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn where_only_managed_policies_are_the_intent_holds_afterwards((snapshot, exceptions, lock) in any_case(0)) {
        let intent = intent(&snapshot, lock, &exceptions);
        let first = plan(&intent, &snapshot, Catalogue::embedded(), at(), &Options::default()).unwrap();
        prop_assert_eq!(&first.obstacles, &vec![]);
        let mut after = after(&snapshot, &first.steps);
        prop_assert_eq!(settings(&after), wanted(&intent, &snapshot));
        forget_order(&mut after);
        let second = plan(&intent, &after, Catalogue::embedded(), at(), &Options::default()).unwrap();
        prop_assert!(second.is_empty(), "{:#?}", second);
    }

    /// Whoever creates what is wanted with other tools gets what `apply` makes.
    #[test]
    fn what_is_wanted_is_what_is_there_after_the_plan((snapshot, exceptions, lock) in any_case(2)) {
        let intent = intent(&snapshot, lock, &exceptions);
        let steps = plan(&intent, &snapshot, Catalogue::embedded(), at(), &Options::default()).unwrap().steps;
        let mut after = snapshot.clone();
        let possible = steps.iter().all(|planned| apply_to(&mut after, &planned.step, at()).is_ok());
        prop_assume!(possible);
        let day = at().to_string().get(..10).unwrap().parse().unwrap();
        let found = crate::plan::wanted(&intent, &snapshot, day, &Options::default()).unwrap();
        let wanted: BTreeMap<String, _> = found.into_iter().map(|it| {
            let content: serde_json::Value = serde_json::from_str(&it.content).unwrap();
            let mut targets = it.targets.clone();
            targets.sort();
            (it.name.clone(), (it.description, content, targets))
        }).collect();
        let managed = after.policies.iter().flatten().filter(|it| it.tags.as_ref().unwrap().contains_key(MANAGED_TAG.0));
        let there: BTreeMap<String, _> = managed.map(|it| {
            let content: serde_json::Value = serde_json::from_str(it.content.as_deref().unwrap()).unwrap();
            let attached = after.attachments.iter().flatten();
            let targets = attached.filter(|(_, list)| list.iter().any(|one| one.policy == it.id));
            let targets: Vec<TargetId> = targets.map(|(target, _)| target.clone()).collect();
            (it.name.clone(), (it.description.clone(), content, targets))
        }).collect();
        prop_assert_eq!(wanted, there);
    }

    #[test]
    fn at_no_moment_is_an_account_not_opted_out_that_was_before_and_will_be_after((snapshot, exceptions, lock) in any_case(0)) {
        prop_assume!(!exceptions.iter().any(|it| it.1 == root() && it.2 == "optIn"));
        let intent = intent(&snapshot, lock, &exceptions);
        let plan = plan(&intent, &snapshot, Catalogue::embedded(), at(), &Options::default()).unwrap();
        let before = settings(&super::super::model::model_of(&snapshot));
        let end = wanted(&intent, &snapshot);
        let mut model = super::super::model::model_of(&snapshot);
        for planned in &plan.steps {
            apply_to(&mut model, &planned.step, at()).unwrap();
            for (key, word) in settings(&model) {
                let allowed = [&word, &before[&key], &end[&key]].map(|it| it == "opt-out");
                prop_assert!(allowed != [false, true, true], "{:?} {} after {:?} of {:#?}", key, word, planned.step, plan.steps);
            }
        }
    }

    #[test]
    fn a_full_lock_leaves_no_hole_at_any_target_that_exists(
        (snapshot, exceptions, _) in any_case(0),
        service in prop::sample::select(SERVICES.to_vec()),
        at_target in any::<prop::sample::Index>(),
    ) {
        let intent = intent(&snapshot, "full", &exceptions);
        let plan = plan(&intent, &snapshot, Catalogue::embedded(), at(), &Options::default()).unwrap();
        let after = after(&snapshot, &plan.steps);
        let units = after.units.iter().flatten().map(|unit| TargetId::Unit(unit.id.clone()));
        let accounts = after.accounts.iter().flatten().map(|account| TargetId::Account(account.id));
        let targets: Vec<TargetId> = units.chain(accounts).collect();
        let target = at_target.get(&targets).clone();
        let attack = WhatIf::OptIn { service: service.into(), target };
        let changes = what_if(&after, &attack, &SERVICES[1..], at()).unwrap().changes;
        let settings: Vec<_> = changes.iter().flat_map(|change| &change.settings).collect();
        prop_assert!(settings.is_empty(), "{:?} {:#?} {:#?}", attack, settings, plan.steps);
    }

    #[test]
    fn nothing_of_others_changes_and_a_second_plan_has_nothing_to_do((snapshot, exceptions, lock) in any_case(4)) {
        let intent = intent(&snapshot, lock, &exceptions);
        let first = plan(&intent, &snapshot, Catalogue::embedded(), at(), &Options::default()).unwrap();
        let after = after(&super::super::model::model_of(&snapshot), &first.steps);
        prop_assert_eq!(of_others(&after), of_others(&snapshot));
        if first.obstacles.is_empty() {
            prop_assert_eq!(settings(&after), wanted(&intent, &snapshot));
        } else {
            prop_assert!(first.obstacles.iter().all(|it| !it.help.is_empty()));
        }
        let second = plan(&intent, &after, Catalogue::embedded(), at(), &Options::default()).unwrap();
        prop_assert_eq!(&second.steps, &vec![]);
        prop_assert_eq!(&second.obstacles, &first.obstacles);
        prop_assert_eq!(&second.changes, &vec![]);
    }

    #[test]
    fn what_obstacles_name_mends_them((snapshot, exceptions, lock) in any_case(3)) {
        let intent = intent(&snapshot, lock, &exceptions);
        let mut options = Options::default();
        for _ in 0..8 {
            let plan = plan(&intent, &snapshot, Catalogue::embedded(), at(), &options).unwrap();
            let named: Vec<PolicyId> = plan.obstacles.iter().flat_map(|it| it.policies.clone()).collect();
            if plan.obstacles.is_empty() {
                let after = after(&super::super::model::model_of(&snapshot), &plan.steps);
                prop_assert_eq!(settings(&after), wanted(&intent, &snapshot));
                return Ok(());
            }
            prop_assert!(!named.is_empty(), "nobody to blame: {:#?}", plan.obstacles);
            options.prune.extend(named);
        }
        prop_assert!(false, "still not mended with {options:?}");
    }

    #[test]
    fn equal_input_gives_equal_plans((snapshot, exceptions, lock) in any_case(2)) {
        let intent = intent(&snapshot, lock, &exceptions);
        let make = || plan(&intent, &snapshot, Catalogue::embedded(), at(), &Options::default()).unwrap();
        prop_assert_eq!(make(), make());
    }
}
