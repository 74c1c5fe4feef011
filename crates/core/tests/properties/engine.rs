//! Laws of inheritance.

use optout_core::policy::{Dialect, Effect, Operator, Order};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::cases;
use super::documents::{CONTROLS, SERVICES, document, path, resolved, resolved_texts, tag_path};

/// Documents that say nothing, not even that a key exists.
fn nothing() -> impl Strategy<Value = Option<Value>> {
    let documents = [json!({}), json!({"services": {}}), json!({"services": {CONTROLS: ["@@all"]}})];
    prop_oneof![Just(None), proptest::sample::select(documents.to_vec()).prop_map(Some)]
}

/// A document that sets some services and forbids everything below: the list of services and every setting.
fn locked() -> impl Strategy<Value = Value> {
    let value = || proptest::sample::select(vec!["optOut", "optIn"]);
    (value(), proptest::option::of(value()), any::<bool>()).prop_map(|(default, lex, lock_nodes)| {
        let setting = |value: &str| {
            let mut service = json!({"opt_out_policy": {"@@assign": value, CONTROLS: ["@@none"]}});
            if lock_nodes {
                service[CONTROLS] = json!(["@@none"]);
            }
            service
        };
        let mut services = json!({CONTROLS: ["@@none"], "default": setting(default)});
        if let Some(lex) = lex {
            services["lex"] = setting(lex);
        }
        json!({"services": services})
    })
}

/// Every leaf of a document with its path.
fn leaves(document: &Value, path: &mut Vec<String>, visit: &mut impl FnMut(&[String], &Value)) {
    match document {
        Value::Object(members) => {
            for (key, value) in members {
                path.push(key.clone());
                leaves(value, path, visit);
                path.pop();
            }
        }
        leaf => visit(path, leaf),
    }
}

proptest! {
    #![proptest_config(cases(200))]

    #[test]
    fn resolving_is_deterministic(path in path()) {
        let (one, two) = [(); 2].map(|()| resolved(Dialect::Plain, &path, Order::Unknown)).into();
        prop_assert_eq!(format!("{one:?}"), format!("{two:?}"));
    }

    #[test]
    fn the_order_of_keys_in_a_document_means_nothing(path in path()) {
        let backwards: Vec<Vec<String>> = path.iter().map(|level| level.iter().map(backwards).collect()).collect();
        let (one, two) = (resolved(Dialect::Plain, &path, Order::Known), resolved_texts(Dialect::Plain, &backwards, Order::Known));
        prop_assert_eq!(one.effective(Dialect::Plain), two.effective(Dialect::Plain));
    }

    #[test]
    fn a_level_that_says_nothing_changes_nothing(path in path(), nothing in nothing(), at in any::<proptest::sample::Index>()) {
        let mut with = path.clone();
        with.insert(at.index(path.len() + 1), nothing.into_iter().collect());
        let (without, with) = [&path, &with].map(|path| resolved(Dialect::Plain, path, Order::Unknown)).into();
        // A document with `services` and nothing in it names `services`; that alone may leave open what was forbidden
        // by a lock on the outermost level, and decides nothing else.
        let open = with.effective(Dialect::Plain).undetermined;
        let was_open = without.effective(Dialect::Plain).undetermined;
        if open == was_open {
            prop_assert_eq!(without.effective(Dialect::Plain), with.effective(Dialect::Plain));
        } else {
            prop_assert!(path.iter().flatten().any(|document| document.get(CONTROLS).is_some()));
        }
    }

    #[test]
    fn a_last_level_that_assigns_nothing_changes_nothing(path in path(), services in proptest::sample::subsequence(SERVICES.to_vec(), 0..=3)) {
        let mut with = path.clone();
        let named = services.into_iter().map(|key| (key.to_owned(), json!({"opt_out_policy": {CONTROLS: ["@@none"]}})));
        with.push(vec![json!({"services": named.collect::<serde_json::Map<_, _>>()})]);
        let (without, with) = [&path, &with].map(|path| resolved(Dialect::Plain, path, Order::Unknown)).into();
        prop_assert_eq!(without.effective(Dialect::Plain), with.effective(Dialect::Plain));
    }

    #[test]
    fn nothing_below_changes_what_is_fully_locked(locked in locked(), below in path()) {
        let alone = resolved(Dialect::Plain, &vec![vec![locked.clone()]], Order::Known);
        let mut path = vec![vec![locked]];
        path.extend(below);
        let with = resolved(Dialect::Plain, &path, Order::Unknown);
        prop_assert_eq!(alone.effective(Dialect::Plain), with.effective(Dialect::Plain));
    }

    #[test]
    fn every_setting_of_the_effective_document_has_its_reasons(path in path()) {
        let state = resolved(Dialect::Plain, &path, Order::Known);
        let mut result = Ok(());
        leaves(&state.effective(Dialect::Plain).document, &mut Vec::new(), &mut |at, value| {
            let at: Vec<&str> = at.iter().map(String::as_str).collect();
            let steps = state.setting(&at).map(|setting| setting.steps()).unwrap_or_default();
            let last = steps.iter().rfind(|step| step.effect == Effect::Applied);
            if last.map(|step| step.value.as_ref()) != Some(value) {
                result = Err(TestCaseError::fail(format!("{at:?} is {value}, its steps are {steps:?}")));
            }
        });
        result?;
    }

    #[test]
    fn replaying_the_steps_of_a_list_gives_its_value(path in tag_path()) {
        let state = resolved(Dialect::Tag, &path, Order::Known);
        for (at, setting) in state.settings() {
            let mut value: Option<Vec<Value>> = None;
            for step in setting.steps().iter().filter(|step| step.effect == Effect::Applied) {
                value = Some(replay(value.unwrap_or_default(), step.operator, step.value.as_array().unwrap()));
            }
            let decided = setting.steps().iter().all(|step| !matches!(step.effect, Effect::Undetermined(_)));
            if decided && setting.value().is_decided() {
                prop_assert_eq!(setting.value().value().cloned(), value.map(Value::from), "{}", at);
            }
        }
    }

    #[test]
    fn the_place_of_a_step_is_its_operator_in_the_text(document in document()) {
        let text = document.to_string();
        let state = resolved(Dialect::Plain, &vec![vec![document]], Order::Known);
        for (_, setting) in state.settings() {
            for step in setting.steps() {
                prop_assert_eq!(text.get(step.span.start..step.span.end), Some("\"@@assign\""));
            }
            for limit in setting.limits() {
                prop_assert_eq!(text.get(limit.span.start + 1..limit.span.end - 1), Some(CONTROLS));
            }
        }
    }

    #[test]
    fn what_may_be_done_below_is_what_then_has_an_effect(path in path(), service in proptest::sample::select(SERVICES.to_vec())) {
        use optout_core::policy::Permission;
        let state = resolved(Dialect::Plain, &path, Order::Unknown);
        let at = ["services", service, "opt_out_policy"];
        let permission = state.permission(&at, Operator::Assign);
        let mut with = path;
        with.push(vec![json!({"services": {service: {"opt_out_policy": {"@@assign": "optIn"}}}})]);
        let after = resolved(Dialect::Plain, &with, Order::Unknown);
        let effect = after.setting(&at).and_then(|setting| setting.steps_backwards().next()).map(|step| step.effect.clone());
        let expected = match permission {
            Permission::Open => Effect::Applied,
            Permission::Blocked(cause) => Effect::Blocked(cause),
            Permission::Undetermined(cause) => Effect::Undetermined(cause),
        };
        prop_assert_eq!(effect, Some(expected));
    }
}

/// The text of a document with the keys of every object in the other order.
fn backwards(document: &Value) -> String {
    match document {
        Value::Object(members) => {
            let members = members.iter().rev().map(|(key, value)| format!("\"{key}\":{}", backwards(value)));
            format!("{{{}}}", members.collect::<Vec<_>>().join(","))
        }
        other => other.to_string(),
    }
}

fn replay(mut list: Vec<Value>, operator: Operator, operand: &[Value]) -> Vec<Value> {
    match operator {
        Operator::Assign => operand.to_vec(),
        Operator::Append => {
            list.extend(operand.iter().filter(|value| !list.contains(value)).cloned().collect::<Vec<_>>());
            list
        }
        Operator::Remove => list.into_iter().filter(|value| !operand.contains(value)).collect(),
    }
}
