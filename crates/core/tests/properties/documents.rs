//! Random policy documents, and random paths of them from a root down.

use optout_core::policy::{Dialect, Document, Order, Possible, State, resolve};
use proptest::collection::vec;
use proptest::option::weighted;
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::{Map, Value, json};

use super::resolvers::{Path, level_of, resolved_by};

/// Few keys, so that documents meet.
pub(crate) const SERVICES: [&str; 3] = ["default", "lex", "polly"];

pub(crate) const CONTROLS: &str = "@@operators_allowed_for_child_policies";

/// A list of child controls.
pub(crate) fn controls() -> impl Strategy<Value = Value> {
    let some = subsequence(vec!["@@assign", "@@append", "@@remove"], 1..=3);
    prop_oneof![3 => Just(vec!["@@none"]), 1 => Just(vec!["@@all"]), 2 => some].prop_map(|words| json!(words))
}

fn object(members: impl IntoIterator<Item = (&'static str, Option<Value>)>) -> Value {
    let members = members.into_iter().filter_map(|(key, value)| value.map(|value| (key.to_owned(), value)));
    Value::Object(members.collect::<Map<_, _>>())
}

/// What stands under `opt_out_policy`.
fn setting() -> impl Strategy<Value = Value> {
    let value = weighted(0.8, select(vec!["optOut", "optIn"]).prop_map(Value::from));
    (value, weighted(0.3, controls())).prop_map(|(value, controls)| object([("@@assign", value), (CONTROLS, controls)]))
}

fn service() -> impl Strategy<Value = Value> {
    let members = (weighted(0.8, setting()), weighted(0.2, controls()));
    members.prop_map(|(setting, controls)| object([("opt_out_policy", setting), (CONTROLS, controls)]))
}

/// An AI services opt-out policy that AWS would accept, with every kind of gap and lock.
pub(crate) fn document() -> impl Strategy<Value = Value> {
    let services = (weighted(0.5, service()), weighted(0.5, service()), weighted(0.4, service()));
    (services, weighted(0.25, controls()), weighted(0.1, controls())).prop_map(
        |((default, lex, polly), inner, outer)| {
            let services = object([("default", default), ("lex", lex), ("polly", polly), (CONTROLS, inner)]);
            object([("services", Some(services)), (CONTROLS, outer)])
        },
    )
}

/// A path of one to four levels with up to three documents each.
pub(crate) fn path() -> impl Strategy<Value = Path> {
    vec(vec(document(), 0..=3), 1..=4)
}

fn list() -> impl Strategy<Value = Value> {
    subsequence(vec!["red", "blue", "green"], 0..=3).prop_map(|colours| json!(colours))
}

/// A place that holds a list: every operator, alone or together.
fn list_setting() -> impl Strategy<Value = Value> {
    let operators = (weighted(0.5, list()), weighted(0.4, list()), weighted(0.3, list()), weighted(0.2, controls()));
    operators.prop_map(|(assign, append, remove, controls)| {
        object([("@@assign", assign), ("@@append", append), ("@@remove", remove), (CONTROLS, controls)])
    })
}

/// A tag policy: two keys, each with lists that are set, added to and taken from.
pub(crate) fn tag_document() -> impl Strategy<Value = Value> {
    let rule = (weighted(0.8, list_setting()), weighted(0.4, list_setting()), weighted(0.2, controls()));
    let rule = rule.prop_map(|(values, enforced, controls)| {
        object([("tag_value", values), ("enforced_for", enforced), (CONTROLS, controls)])
    });
    let rule = rule.boxed();
    (weighted(0.7, rule.clone()), weighted(0.5, rule), weighted(0.2, controls())).prop_map(|(cost, team, controls)| {
        object([("tags", Some(object([("cost", cost), ("team", team), (CONTROLS, controls)])))])
    })
}

/// A path of tag policies.
pub(crate) fn tag_path() -> impl Strategy<Value = Path> {
    vec(vec(tag_document(), 0..=3), 1..=4)
}

/// The state at the end of a path.
pub(crate) fn resolved(dialect: Dialect, path: &Path, order: Order) -> State {
    resolved_by(resolve, dialect, path, order)
}

/// The state at the end of a path of texts.
pub(crate) fn resolved_texts(dialect: Dialect, path: &[Vec<String>], order: Order) -> State {
    let parse = |text: &String| Document::parse(dialect, text).unwrap();
    let documents: Vec<Vec<Document>> = path.iter().map(|level| level.iter().map(parse).collect()).collect();
    let levels = documents.iter().enumerate().map(|(depth, level)| level_of(depth, level, order));
    resolve(&levels.collect::<Vec<_>>())
}

/// What a service's own setting may be.
pub(crate) fn own(state: &State, service: &str) -> Possible {
    let setting = state.setting(&["services", service, "opt_out_policy"]);
    setting.map_or_else(Possible::absent, |setting| setting.value().clone())
}
