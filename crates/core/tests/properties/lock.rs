//! The lock of an account × service against brute force: one more document is attached last, and we look.

use std::collections::{BTreeMap, BTreeSet};

use optout_core::check::{AccountLock, Computed, Documents, Group, Hole, Keys, Lock, Setting};
use optout_core::policy::{Dialect, Order};
use proptest::prelude::*;
use serde_json::{Value, json};

use super::cases;
use super::documents::{CONTROLS, SERVICES, document, own, resolved};
use super::organization::{Organization, id};
use super::resolvers::Path;

/// Documents at the root, at a unit, and at the account in it.
fn places() -> impl Strategy<Value = [Vec<Value>; 3]> {
    let few = |most| proptest::collection::vec(document(), 0..=most);
    (few(2), few(2), few(1)).prop_map(|(root, unit, account)| [root, unit, account])
}

/// The same, where the account's own documents assign nothing.
fn places_that_do_not_decide() -> impl Strategy<Value = [Vec<Value>; 3]> {
    places().prop_map(|[root, unit, account]| [root, unit, account.into_iter().map(without_values).collect()])
}

fn without_values(document: Value) -> Value {
    match document {
        Value::Object(members) => {
            let kept = members.into_iter().filter(|(key, _)| key != "@@assign");
            kept.map(|(key, value)| (key, without_values(value))).collect()
        }
        other => other,
    }
}

fn organization(places: &[Vec<Value>; 3]) -> Organization {
    let start = Organization::new().unit("sales", "root").account(2, "sales");
    let targets = ["root", "sales", "2"];
    let documents = places.iter().zip(targets).flat_map(|(level, target)| level.iter().map(move |it| (it, target)));
    documents
        .enumerate()
        .fold(start, |it, (at, (document, target))| it.attached(&format!("number{at}"), &document.to_string(), target))
}

/// Everything that one more document can do: assign to one service or two, with and without controls.
fn attempts() -> Vec<Value> {
    let mut attempts = Vec::new();
    for value in ["optOut", "optIn"] {
        for service in SERVICES {
            for setting in [json!({"@@assign": value}), json!({"@@assign": value, CONTROLS: ["@@none"]})] {
                attempts.push(json!({"services": {service: {"opt_out_policy": setting}}}));
                attempts.push(json!({"services": {CONTROLS: ["@@all"], service: {CONTROLS: ["@@none"], "opt_out_policy": setting}}}));
            }
        }
        let both = |it: &str| json!({"opt_out_policy": {"@@assign": it}});
        attempts.push(json!({"services": {"default": both(value), "lex": both("optIn"), "polly": both("optOut")}}));
    }
    attempts
}

/// What may hold for a service at the end of a path: its own value, else that of `default`, else nothing.
fn holds(path: &Path, service: &str) -> BTreeSet<String> {
    let state = resolved(Dialect::Plain, path, Order::Unknown);
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let default = own(&state, "default");
    let mut all = BTreeSet::new();
    for value in own(&state, service).all() {
        match value {
            Some(value) => drop(all.insert(text(value))),
            None => all.extend(default.all().iter().map(|it| it.as_ref().map_or("unset".to_owned(), text))),
        }
    }
    all
}

/// The path with one more document, last at the account.
fn with(places: &[Vec<Value>; 3], attempt: &Value) -> Path {
    let mut path = places.to_vec();
    path.last_mut().unwrap().push(attempt.clone());
    path
}

/// What may hold after each attempt, of an account that assigns nothing itself.
fn outcomes(places: &[Vec<Value>; 3], service: &str) -> Vec<BTreeSet<String>> {
    attempts().iter().map(|attempt| holds(&with(places, attempt), service)).collect()
}

fn computed(organization: &Organization) -> (Keys, Computed) {
    let keys = Keys::new(SERVICES.into_iter().skip(1));
    let documents = Documents::of(&organization.snapshot);
    let computed = Computed::new(&organization.snapshot, &documents, &keys);
    (keys, computed)
}

fn locks(keys: &Keys, group: &Group) -> BTreeMap<String, Lock> {
    keys.iter().map(|(key, name)| (name.to_owned(), group.locks[key.index()].clone())).collect()
}

proptest! {
    #![proptest_config(cases(100))]

    #[test]
    fn a_lock_says_what_one_more_document_can_do(places in places_that_do_not_decide()) {
        let organization = organization(&places);
        let (keys, computed) = computed(&organization);
        for (service, lock) in locks(&keys, computed.get(id(2)).unwrap()) {
            let before = holds(&places.to_vec(), &service);
            let after = outcomes(&places, &service);
            let can = after.iter().any(|one| after.iter().chain([&before]).any(|other| one.is_disjoint(other)));
            let may = after.iter().any(|one| *one != before);
            match lock {
                Lock::Full => prop_assert!(!may, "{service} is full but {before:?} can become {after:?}"),
                Lock::None(_) => prop_assert!(can, "{service} is {lock:?} but {before:?} stays {after:?}"),
                // What may be anything already may stay anything.
                Lock::Unknown => prop_assert!(!can, "{service} is unknown, {before:?} {after:?}"),
            }
        }
    }

    #[test]
    fn the_named_hole_is_the_hole(places in places_that_do_not_decide()) {
        let organization = organization(&places);
        let (keys, computed) = computed(&organization);
        for (service, lock) in locks(&keys, computed.get(id(2)).unwrap()) {
            let at = match &lock {
                Lock::None(Hole::Services | Hole::Setting(_)) => service.as_str(),
                Lock::None(Hole::Default) => "default",
                Lock::None(Hole::Account(_)) | Lock::Full | Lock::Unknown => continue,
            };
            let through = ["optIn", "optOut"].map(|value| {
                holds(&with(&places, &json!({"services": {at: {"opt_out_policy": {"@@assign": value}}}})), &service)
            });
            prop_assert!(through[0].is_disjoint(&through[1]), "{service}: {lock:?} changes nothing: {through:?}");
            let has_own = own(&resolved(Dialect::Plain, &places.to_vec(), Order::Unknown), &service).is_present();
            if service != "default" {
                prop_assert_eq!(matches!(lock, Lock::None(Hole::Setting(_))), has_own == Some(true), "{:?}", lock);
            }
        }
    }

    #[test]
    fn a_service_that_the_account_itself_decides_is_not_locked(places in places()) {
        let organization = organization(&places);
        let (keys, computed) = computed(&organization);
        let group = computed.get(id(2)).unwrap();
        let above = &places[..2].to_vec();
        for (service, lock) in locks(&keys, group) {
            let key = keys.get(&service).unwrap();
            let changed = holds(above, &service).is_disjoint(&holds(&places.to_vec(), &service));
            // Whether it is the service's own value or that of `default` may be undetermined.
            let known = own(&resolved(Dialect::Plain, &places.to_vec(), Order::Unknown), &service).is_present().is_some();
            if changed && known {
                prop_assert!(matches!(lock, Lock::None(Hole::Account(_))), "{service}: {lock:?}");
            }
            // What is said of a decided setting is what the path gives.
            let said = group.reading.get(key).setting.map(Setting::as_str);
            let means: BTreeSet<String> = holds(&places.to_vec(), &service);
            if let Some(said) = said {
                let word = |it: &String| it.replace("optOut", "opt-out").replace("optIn", "opt-in");
                prop_assert_eq!(means.iter().map(word).collect::<Vec<_>>(), vec![said.to_owned()]);
            }
        }
    }

    #[test]
    fn the_lock_of_an_account_sums_up_its_services(places in places()) {
        let organization = organization(&places);
        let (keys, computed) = computed(&organization);
        let group = computed.get(id(2)).unwrap();
        let locks = locks(&keys, group);
        let open = |lock: &Lock| matches!(lock, Lock::None(_));
        let expected = match &locks["default"] {
            lock if open(lock) => AccountLock::None,
            Lock::Unknown => AccountLock::Unknown,
            _ if locks.values().any(open) => AccountLock::Partial,
            _ if locks.values().all(|lock| *lock == Lock::Full) => AccountLock::Full,
            _ => AccountLock::Unknown,
        };
        prop_assert_eq!(group.lock, expected);
    }
}
