//! A snapshot as parts and back. What differs from one reading to the next, the times at which AWS was asked, has a part of
//! its own; texts of documents are parts, however many accounts share them; e-mail addresses are left out.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use serde_json::{Map, Value, json};

use super::part::{Lookup, Parts, all_items, part};
use super::{EvidenceError, Hash, Record};
use crate::org::{self, Snapshot};
use crate::source::Source;

/// The lists of the file form, each with the key by which it is cut: of an item, or of the map that it is.
const LISTS: &[(&str, Key)] = &[
    ("accounts", Key::Field("id")),
    ("units", Key::Field("id")),
    ("policies", Key::Field("id")),
    ("attachments", Key::Map),
    ("answers", Key::Map),
    ("invalid", Key::Map),
    ("delegates", Key::Field("account")),
    ("unread", Key::Field("operation")),
];

#[derive(Clone, Copy)]
enum Key {
    /// A list of objects with this field.
    Field(&'static str),
    /// A map: an item is the key and the value.
    Map,
}

/// The name of the part with the times at which AWS was asked: milliseconds, the first after `taken`, each other after the
/// one before it, in the order of the accounts.
const ASKED: &str = "asked";

/// Takes a snapshot apart.
pub(super) fn take_apart(snapshot: &Snapshot, parts: &mut Parts) -> BTreeMap<String, Hash> {
    let mut file = org::to_value(snapshot);
    let mut names = BTreeMap::new();
    let Some(map) = file.as_object_mut() else { return names };
    map.remove("taken");
    for (name, key) in LISTS {
        if let Some(list) = map.remove(*name) {
            let items = keyed(list, *key).into_iter().map(|(at, item)| (at, lean(name, item, parts)));
            let items: Vec<_> = items.collect();
            names.insert((*name).to_owned(), parts.list(items));
        }
    }
    if !snapshot.answers.is_empty() {
        names.insert(ASKED.to_owned(), parts.value(&asked(snapshot)));
    }
    names.insert("head".to_owned(), parts.value(&file));
    names
}

fn keyed(list: Value, key: Key) -> Vec<(String, Value)> {
    match (list, key) {
        (Value::Array(items), Key::Field(field)) => items
            .into_iter()
            .map(|item| (item.get(field).and_then(Value::as_str).unwrap_or_default().to_owned(), item))
            .collect(),
        (Value::Object(map), Key::Map) => {
            map.into_iter().map(|(key, value)| (key.clone(), json!([key, value]))).collect()
        }
        (_, Key::Field(_) | Key::Map) => Vec::new(),
    }
}

/// An item without what is kept elsewhere, or not at all.
fn lean(list: &str, mut item: Value, parts: &mut Parts) -> Value {
    match list {
        "accounts" => drop(item.as_object_mut().and_then(|account| account.remove("email"))),
        "policies" => outsource(item.as_object_mut(), parts),
        "answers" => {
            let mut answer = item.get_mut(1).and_then(Value::as_object_mut);
            answer.iter_mut().for_each(|answer| drop(answer.remove("asked")));
            outsource(answer, parts);
        }
        _ => {}
    }
    item
}

/// A document's text becomes a part, named by its hash.
fn outsource(object: Option<&mut Map<String, Value>>, parts: &mut Parts) {
    if let Some(content) = object.and_then(|object| object.get_mut("content")) {
        *content = json!({ "sha256": parts.value(content) });
    }
}

/// The hash of the document that an item of `policies` or `answers` names.
pub(super) fn document(list: &str, item: &Value) -> Option<Result<Hash, ()>> {
    let object = if list == "answers" { item.get(1)? } else { item };
    let content = object.get("content")?;
    Some(content.get("sha256").and_then(Value::as_str).and_then(|text| text.parse().ok()).ok_or(()))
}

fn asked(snapshot: &Snapshot) -> Vec<i64> {
    let mut before = snapshot.taken.as_millisecond();
    let step = |answer: &org::Answer| {
        let at = answer.asked.as_millisecond();
        at - std::mem::replace(&mut before, at)
    };
    snapshot.answers.values().map(step).collect()
}

/// Puts the snapshot of a record together again: what was taken apart, without e-mail addresses, and with the times at which
/// AWS was asked in milliseconds.
///
/// # Errors
/// Where a part is missing, was changed, or the whole is no valid snapshot.
pub fn snapshot_of(record: &Record, lookup: &Lookup<'_>) -> Result<Snapshot, EvidenceError> {
    let head = record.part("head").ok_or(EvidenceError::NoPart("head"))?;
    let mut file: Map<String, Value> =
        serde_json::from_str(&part(lookup, head)?).map_err(|_| EvidenceError::Form(*head))?;
    file.insert("taken".to_owned(), json!(record.taken));
    for (name, key) in LISTS {
        if let Some(list) = record.part(name) {
            let mut items = all_items(lookup, list)?;
            items.iter_mut().try_for_each(|item| insource(name, item, lookup, list))?;
            file.insert((*name).to_owned(), joined(items, *key).ok_or(EvidenceError::Form(*list))?);
        }
    }
    if let Some(times) = record.part(ASKED) {
        insert_times(&mut file, &part(lookup, times)?, record.taken).ok_or(EvidenceError::Form(*times))?;
    }
    let text = Value::Object(file).to_string();
    org::read(&Source::new("record", text.as_str())).map_err(|error| EvidenceError::Snapshot(error.to_string()))
}

fn insource(list: &str, item: &mut Value, lookup: &Lookup<'_>, of: &Hash) -> Result<(), EvidenceError> {
    if !matches!(list, "policies" | "answers") {
        return Ok(());
    }
    let Some(hash) = document(list, item) else { return Ok(()) };
    let hash = hash.map_err(|()| EvidenceError::Form(*of))?;
    let text = serde_json::from_str(&part(lookup, &hash)?).map_err(|_| EvidenceError::Form(hash))?;
    let object = if list == "answers" { item.get_mut(1) } else { Some(item) };
    if let Some(content) = object.and_then(|object| object.get_mut("content")) {
        *content = text;
    }
    Ok(())
}

fn joined(items: Vec<Value>, key: Key) -> Option<Value> {
    match key {
        Key::Field(_) => Some(Value::Array(items)),
        Key::Map => items.into_iter().map(serde_json::from_value::<(String, Value)>).collect::<Result<_, _>>().ok(),
    }
}

fn insert_times(file: &mut Map<String, Value>, text: &str, taken: Timestamp) -> Option<()> {
    let steps: Vec<i64> = serde_json::from_str(text).ok()?;
    let answers = file.get_mut("answers")?.as_object_mut()?;
    // Whatever order a map has elsewhere, times are in the order of the accounts.
    let mut accounts: Vec<String> = answers.keys().cloned().collect();
    accounts.sort_unstable();
    let mut at = Timestamp::from_millisecond(taken.as_millisecond()).ok()?;
    for (account, step) in accounts.iter().zip(&steps) {
        at = at.checked_add(SignedDuration::from_millis(*step)).ok()?;
        answers.get_mut(account)?.as_object_mut()?.insert(ASKED.to_owned(), json!(at));
    }
    (accounts.len() == steps.len()).then_some(())
}
