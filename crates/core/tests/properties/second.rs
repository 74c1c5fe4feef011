//! The engine against the second resolver, which another hand wrote from the rules alone.

use std::collections::{BTreeMap, BTreeSet};

use optout_core::policy::{Dialect, Order, Possible, State};
use proptest::prelude::*;
use serde_json::Value;

use super::cases;
use super::documents::{Path, orders, path, resolved, tag_path};
use super::naive;

/// The leaves of an effective document, by their dotted path.
fn leaves(document: &Value, path: &str, into: &mut BTreeMap<String, Value>) {
    match document {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
            leaves(value, &path, into);
        }),
        leaf => drop(into.insert(path.to_owned(), leaf.clone())),
    }
}

fn leaves_of(document: &Value) -> BTreeMap<String, Value> {
    let mut all = BTreeMap::new();
    leaves(document, "", &mut all);
    all
}

/// What the naive resolver leaves open, by dotted path.
fn open(outcome: &naive::Outcome) -> BTreeSet<String> {
    outcome.unknown.iter().map(|place| place.join(".")).collect()
}

fn possible(state: &State, path: &str) -> Possible {
    let path: Vec<&str> = path.split('.').collect();
    state.setting(&path).map_or_else(Possible::absent, |setting| setting.value().clone())
}

/// Equal but for the order of elements in a list.
fn alike(left: Option<&Value>, right: Option<&Value>) -> bool {
    match (left, right) {
        (Some(Value::Array(left)), Some(Value::Array(right))) => {
            left.len() == right.len() && left.iter().all(|element| right.contains(element))
        }
        (left, right) => left == right,
    }
}

/// Every setting that either of them knows.
fn paths(state: &State, outcomes: &[&naive::Outcome]) -> BTreeSet<String> {
    let ours = state.settings().into_iter().map(|(path, _)| path);
    let theirs = outcomes.iter().flat_map(|outcome| leaves_of(&outcome.unfinished).into_keys().chain(open(outcome)));
    ours.chain(theirs).collect()
}

fn agree(dialect: Dialect, policy_type: &str, path: &Path) -> Result<(), TestCaseError> {
    let state = resolved(dialect, path, Order::Known);
    let naive = naive::resolve(policy_type, path);
    let values = leaves_of(&naive.unfinished);
    for setting in paths(&state, &[&naive]) {
        let ours = possible(&state, &setting);
        if open(&naive).contains(&setting) {
            prop_assert!(ours.all().iter().any(|it| it.as_ref() == values.get(&setting)), "{} {:?}", setting, ours);
        } else {
            prop_assert!(ours.is_decided(), "{} is {:?} here and {:?} there", setting, ours, values.get(&setting));
            prop_assert_eq!(ours.value(), values.get(&setting), "{}", setting);
        }
    }
    if open(&naive).is_empty() {
        prop_assert_eq!(state.effective(dialect).document, naive.document);
    }
    Ok(())
}

/// With the order unknown the engine allows for what the second resolver says of every order, and decides only what all
/// orders agree on.
fn agree_in_every_order(dialect: Dialect, policy_type: &str, path: &Path) -> Result<(), TestCaseError> {
    let state = resolved(dialect, path, Order::Unknown);
    let outcomes: Vec<naive::Outcome> = orders(path).iter().map(|path| naive::resolve(policy_type, path)).collect();
    for setting in paths(&state, &outcomes.iter().collect::<Vec<_>>()) {
        let ours = possible(&state, &setting);
        let open = outcomes.iter().any(|outcome| open(outcome).contains(&setting));
        let values: Vec<Option<Value>> =
            outcomes.iter().map(|outcome| leaves_of(&outcome.unfinished).remove(&setting)).collect();
        for value in &values {
            let allowed = ours.all().iter().any(|it| alike(it.as_ref(), value.as_ref()));
            prop_assert!(allowed, "{} may be {:?}, which is not among {:?}", setting, value, ours);
        }
        let differ = values.iter().any(|value| !alike(value.as_ref(), values.first().and_then(Option::as_ref)));
        prop_assert!(ours.is_decided() != (open || differ), "{}: {:?}, {:?}, open {}", setting, ours, values, open);
    }
    Ok(())
}

proptest! {
    #![proptest_config(cases(150))]

    #[test]
    fn both_resolvers_agree_on_opt_out_policies(path in path()) {
        agree(Dialect::Plain, "AISERVICES_OPT_OUT_POLICY", &path)?;
    }

    #[test]
    fn both_resolvers_agree_on_tag_policies(path in tag_path()) {
        agree(Dialect::Tag, "TAG_POLICY", &path)?;
    }

    #[test]
    fn opt_out_policies_are_decided_exactly_where_every_order_agrees(path in path()) {
        agree_in_every_order(Dialect::Plain, "AISERVICES_OPT_OUT_POLICY", &path)?;
    }
}
