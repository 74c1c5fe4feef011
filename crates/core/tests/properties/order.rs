//! What is not known is never guessed: with the order of attachment unknown, every order's result is allowed for.

use std::collections::BTreeSet;

use optout_core::policy::{Dialect, Effect, Order, State};
use proptest::prelude::*;
use serde_json::Value;

use super::cases;
use super::documents::{SERVICES, own, path, resolved, tag_path};
use super::resolvers::orders;

/// A value as a text to compare; the order of elements in a list is no difference.
fn plain(value: Option<&Value>) -> String {
    match value {
        Some(Value::Array(list)) => {
            let sorted: BTreeSet<String> = list.iter().map(Value::to_string).collect();
            format!("{sorted:?}")
        }
        Some(other) => other.to_string(),
        None => "absent".into(),
    }
}

fn undetermined(state: &State) -> bool {
    let open = |effect: &Effect| matches!(effect, Effect::Undetermined(_));
    state.settings().iter().any(|(_, setting)| setting.steps().iter().any(|step| open(&step.effect)))
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn every_order_gives_one_of_the_possible_values(path in path()) {
        let unknown = resolved(Dialect::Plain, &path, Order::Unknown);
        let orders: Vec<State> = orders(&path).iter().map(|path| resolved(Dialect::Plain, path, Order::Known)).collect();
        for service in SERVICES {
            let possible: BTreeSet<String> = own(&unknown, service).all().iter().map(|it| plain(it.as_ref())).collect();
            let results = orders.iter().flat_map(|state| own(state, service).all().to_vec());
            let results: BTreeSet<String> = results.map(|it| plain(it.as_ref())).collect();
            prop_assert!(results.is_subset(&possible), "{service}: {results:?} are not all in {possible:?}");
            // Decided exactly where all orders agree, as far as the rules decide at all.
            if !undetermined(&unknown) {
                prop_assert_eq!(results, possible, "{}", service);
            }
        }
    }

    #[test]
    fn every_order_gives_one_of_the_possible_lists(path in tag_path()) {
        let unknown = resolved(Dialect::Tag, &path, Order::Unknown);
        let orders: Vec<State> = orders(&path).iter().map(|path| resolved(Dialect::Tag, path, Order::Known)).collect();
        for (at, setting) in unknown.settings() {
            let path: Vec<&str> = at.split('.').collect();
            let possible: BTreeSet<String> = setting.value().all().iter().map(|it| plain(it.as_ref())).collect();
            for state in &orders {
                let values = state.setting(&path).map(|setting| setting.value().all().to_vec()).unwrap_or(vec![None]);
                for value in values {
                    prop_assert!(possible.contains(&plain(value.as_ref())), "{at}: {value:?} is not in {possible:?}");
                }
            }
        }
    }

    #[test]
    fn a_known_order_leaves_nothing_to_the_order(path in path()) {
        let state = resolved(Dialect::Plain, &path, Order::Known);
        for (_, setting) in state.settings() {
            let open = setting.steps().iter().any(|step| matches!(step.effect, Effect::DependsOnOrder(_)));
            prop_assert!(!open);
        }
        prop_assert!(state.effective(Dialect::Plain).undetermined.is_empty() || undetermined(&state));
    }
}
