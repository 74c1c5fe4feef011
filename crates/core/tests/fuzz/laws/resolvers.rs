//! The engine of inheritance against the second resolver, which another hand wrote from the rules alone: the law of both the fuzz
//! target and the property tests.

#[path = "../../../../../tests/naive/mod.rs"]
mod naive;

use std::collections::{BTreeMap, BTreeSet};

use optout_core::policy::{Attached, Dialect, Document, Level, Order, Possible, State};
use serde_json::Value;

/// The documents of a path: by level, each in order of attachment.
pub(crate) type Path = Vec<Vec<Value>>;

/// Resolves the levels of a path.
pub(crate) type Engine = fn(&[Level<'_>]) -> State;

/// The state at the end of a path, by this engine.
pub(crate) fn resolved_by(engine: Engine, dialect: Dialect, path: &Path, order: Order) -> State {
    let parse = |document: &Value| Document::parse(dialect, &document.to_string()).expect("a document can be read");
    let documents: Vec<Vec<Document>> = path.iter().map(|level| level.iter().map(parse).collect()).collect();
    let levels = documents.iter().enumerate().map(|(depth, level)| level_of(depth, level, order));
    engine(&levels.collect::<Vec<_>>())
}

/// The level of a path at this depth.
pub(crate) fn level_of(depth: usize, documents: &[Document], order: Order) -> Level<'_> {
    let attached = documents.iter().enumerate();
    let attached = attached.map(|(at, document)| Attached { policy: format!("{depth}.{at}").into(), document });
    Level { target: format!("level {depth}").into(), documents: attached.collect(), order }
}

/// The dialect by the name of its policy type.
fn dialect(policy_type: &str) -> Dialect {
    match policy_type {
        "TAG_POLICY" => Dialect::Tag,
        "BACKUP_POLICY" => Dialect::Backup,
        "CHATBOT_POLICY" => Dialect::Chatbot,
        _ => Dialect::Plain,
    }
}

/// The settings of a document by their place: the keys from the root down, in the form in which the policy type compares them.
type Settings = BTreeMap<Vec<String>, Value>;

fn leaves(document: &Value, fold: fn(&str) -> String, place: &mut Vec<String>, into: &mut Settings) {
    match document {
        Value::Object(members) => members.iter().for_each(|(key, value)| {
            place.push(fold(key));
            leaves(value, fold, place, into);
            place.pop();
        }),
        leaf => drop(into.insert(place.clone(), leaf.clone())),
    }
}

fn settings_of(outcome: &naive::Outcome, policy_type: &str) -> Settings {
    let mut all = BTreeMap::new();
    leaves(&outcome.unfinished, fold(policy_type), &mut Vec::new(), &mut all);
    all
}

/// What the policy type does to a key before it compares it.
fn fold(policy_type: &str) -> fn(&str) -> String {
    match policy_type {
        "TAG_POLICY" | "CHATBOT_POLICY" => |key| key.to_lowercase(),
        _ => |key| key.to_owned(),
    }
}

fn possible(state: &State, place: &[String]) -> Possible {
    let place: Vec<&str> = place.iter().map(String::as_str).collect();
    state.setting(&place).map_or_else(Possible::absent, |setting| setting.value().clone())
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
fn places(state: &State, policy_type: &str, outcomes: &[naive::Outcome]) -> BTreeSet<Vec<String>> {
    let ours = state.settings().into_iter().map(|(path, _)| path.split('.').map(fold(policy_type)).collect());
    let theirs = outcomes.iter();
    let theirs = theirs.flat_map(|it| settings_of(it, policy_type).into_keys().chain(it.unknown.iter().cloned()));
    ours.chain(theirs).collect()
}

/// With a known order both know the same of every setting, and print the same document.
pub(crate) fn agree(engine: Engine, policy_type: &str, path: &Path) -> Result<(), String> {
    let state = resolved_by(engine, dialect(policy_type), path, Order::Known);
    let naive = naive::resolve(policy_type, path);
    let values = settings_of(&naive, policy_type);
    for place in places(&state, policy_type, std::slice::from_ref(&naive)) {
        let (ours, theirs) = (possible(&state, &place), values.get(&place));
        let agrees = if naive.unknown.contains(&place) {
            ours.all().iter().any(|it| it.as_ref() == theirs)
        } else {
            ours.is_decided() && ours.value() == theirs
        };
        if !agrees {
            let open = naive.unknown.contains(&place);
            return Err(format!("{place:?} is {ours:?} here and {theirs:?} there (open: {open})"));
        }
    }
    let document = state.effective(dialect(policy_type)).document;
    if naive.unknown.is_empty() && document != naive.document {
        return Err(format!("the document is {document} here and {} there", naive.document));
    }
    Ok(())
}

/// With the order unknown the engine allows for what the second resolver says of every order, and decides only what all
/// orders agree on.
pub(crate) fn agree_in_every_order(engine: Engine, policy_type: &str, path: &Path) -> Result<(), String> {
    let state = resolved_by(engine, dialect(policy_type), path, Order::Unknown);
    let outcomes: Vec<naive::Outcome> = orders(path).iter().map(|path| naive::resolve(policy_type, path)).collect();
    let all_values: Vec<Settings> = outcomes.iter().map(|outcome| settings_of(outcome, policy_type)).collect();
    for place in places(&state, policy_type, &outcomes) {
        let ours = possible(&state, &place);
        let open = outcomes.iter().any(|outcome| outcome.unknown.contains(&place));
        let values: Vec<Option<&Value>> = all_values.iter().map(|values| values.get(&place)).collect();
        for value in &values {
            if !ours.all().iter().any(|it| alike(it.as_ref(), *value)) {
                return Err(format!("{place:?} may be {value:?}, which is not among {ours:?}"));
            }
        }
        let first = values.first().copied().flatten();
        let mean_the_same = values.iter().all(|value| alike(*value, first));
        // The second resolver leaves open what is only taken from a list that is not there, which is nothing either way.
        let is_nothing = policy_type != "AISERVICES_OPT_OUT_POLICY" && ours.is_present() == Some(false);
        // The engine leaves open in what order the elements of a list come, also where every order of policies gives the same.
        let is_only_order = ours.all().iter().all(|value| alike(value.as_ref(), first));
        let agrees = if ours.is_decided() {
            mean_the_same && (!open || is_nothing)
        } else {
            open || !mean_the_same || is_only_order
        };
        if !agrees {
            return Err(format!("{place:?}: {ours:?} here, {values:?} there, open {open}"));
        }
    }
    Ok(())
}

/// Every order of the items.
fn permutations<T: Clone>(items: &[T]) -> Vec<Vec<T>> {
    if items.len() < 2 {
        return vec![items.to_vec()];
    }
    let mut all = Vec::new();
    for at in 0..items.len() {
        let mut rest = items.to_vec();
        let first = rest.remove(at);
        all.extend(permutations(&rest).into_iter().map(|mut tail| {
            tail.insert(0, first.clone());
            tail
        }));
    }
    all
}

/// The path in every order of attachment at each level.
pub(crate) fn orders(path: &Path) -> Vec<Path> {
    path.iter().fold(vec![Vec::new()], |so_far, level| {
        let extend = |path: &Path| {
            let path = path.clone();
            permutations(level).into_iter().map(move |level| path.iter().cloned().chain([level]).collect())
        };
        so_far.iter().flat_map(extend).collect()
    })
}
