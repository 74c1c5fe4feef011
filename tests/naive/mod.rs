//! The second resolver: the rules of inheritance in the plainest code that follows them, to check other code against.
//!
//! Written from the rules alone, without a look at the engine it is compared with. A place is a list of keys; what is
//! known is kept in maps from places; every level is applied to what the levels above left. It is slow and does not
//! explain itself.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::{Map, Value};

/// The keys from the root of the document down.
pub(crate) type Place = Vec<String>;

const CONTROLS: &str = "@@operators_allowed_for_child_policies";

/// What a resolution came to.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Outcome {
    /// The effective document. Settings in `unknown` have the value they have if the doubtful documents are ignored.
    pub(crate) document: Value,
    /// The same before the type's finishing rules: keys as they were written first, nothing defaulted.
    pub(crate) unfinished: Value,
    /// Settings that the rules do not decide: a child changed a key that was named but empty in a closed container.
    pub(crate) unknown: BTreeSet<Place>,
}

/// Each test reads the parts it needs; this reads them all, so that none is unused anywhere.
const _: fn(Outcome) -> (Value, Value, BTreeSet<Place>) = |it| (it.document, it.unfinished, it.unknown);

/// Resolves `levels` (root, units, account; each the documents in order of attachment).
pub(crate) fn resolve(policy_type: &str, levels: &[Vec<Value>]) -> Outcome {
    let mut known = Known { any_case: matches!(policy_type, "TAG_POLICY" | "CHATBOT_POLICY"), ..Known::default() };
    for level in levels {
        known.apply(level);
    }
    let unfinished = known.print();
    Outcome { document: finish(policy_type, &known, &unfinished), unfinished, unknown: known.unknown }
}

/// What the levels so far came to.
#[derive(Default)]
struct Known {
    any_case: bool,
    /// Settings that have a value.
    values: BTreeMap<Place, Value>,
    /// Child control lists: what later levels may still do.
    controls: BTreeMap<Place, BTreeSet<String>>,
    /// Every place that a document named and was not forbidden to, with its spelling.
    named: BTreeMap<Place, String>,
    unknown: BTreeSet<Place>,
}

/// One operator in one document.
struct Operation {
    place: Place,
    operator: String,
    value: Value,
}

/// Whether a level may name a place.
#[derive(PartialEq)]
enum Naming {
    Allowed,
    Forbidden,
    Undetermined,
}

impl Known {
    fn apply(&mut self, level: &[Value]) {
        let mut operations = Vec::new();
        let mut spellings = Vec::new();
        for document in level {
            self.collect(&mut Vec::new(), document, &mut operations, &mut spellings);
        }
        operations.retain(|it| self.naming(&it.place) != Naming::Forbidden);
        // What may have been named may be there: what is done to it further down is undetermined too.
        spellings.retain(|(place, _): &(Place, String)| self.naming(place) != Naming::Forbidden);

        let places: BTreeSet<Place> = operations.iter().map(|it| it.place.clone()).collect();
        let mut changed = Vec::new();
        for place in places {
            let here: Vec<&Operation> = operations.iter().filter(|it| it.place == place).collect();
            let may: Vec<&Operation> = here.into_iter().filter(|it| self.may(&place, &it.operator)).collect();
            if may.is_empty() {
                continue;
            }
            if self.naming(&place) == Naming::Undetermined {
                self.unknown.insert(place);
            } else {
                changed.push((place.clone(), new_value(self.values.get(&place), &may)));
            }
        }
        self.close(&operations);
        for (place, value) in changed {
            match value {
                Some(value) => drop(self.values.insert(place, value)),
                None => drop(self.values.remove(&place)),
            }
        }
        for (place, spelling) in spellings {
            self.named.entry(place).or_insert(spelling);
        }
    }

    /// Lists every operator and every named place of a document.
    fn collect(
        &self,
        place: &mut Place,
        node: &Value,
        operations: &mut Vec<Operation>,
        spellings: &mut Vec<(Place, String)>,
    ) {
        let Some(fields) = node.as_object() else { return };
        for (key, value) in fields {
            let normal = if self.any_case { key.to_lowercase() } else { key.clone() };
            if normal.starts_with("@@") {
                // Value operators at the root of a document have no effect.
                if normal == CONTROLS || !place.is_empty() {
                    operations.push(Operation { place: place.clone(), operator: normal, value: value.clone() });
                }
                continue;
            }
            place.push(normal);
            spellings.push((place.clone(), key.clone()));
            self.collect(place, value, operations, spellings);
            place.pop();
        }
    }

    /// Whether anything at or below a place has a value.
    fn exists(&self, place: &[String]) -> bool {
        self.values.keys().any(|other| other.starts_with(place))
    }

    /// A container's list governs adding keys to it, and says nothing about keys that exist.
    fn naming(&self, place: &[String]) -> Naming {
        let mut naming = Naming::Allowed;
        for length in 1..=place.len() {
            let (container, key) = (first(place, length - 1), first(place, length));
            let closed = self
                .controls
                .get(container)
                .is_some_and(|list| !list.contains("@@assign") && !list.contains("@@append"));
            if closed && !self.exists(key) {
                if !self.named.contains_key(key) {
                    return Naming::Forbidden;
                }
                naming = Naming::Undetermined;
            }
        }
        naming
    }

    /// Whether a setting's own list, from the levels above, lets an operator be used.
    fn may(&self, place: &Place, operator: &str) -> bool {
        operator != CONTROLS && self.controls.get(place).is_none_or(|list| list.contains(operator))
    }

    /// Lists at one target intersect with each other and with what came from above.
    fn close(&mut self, operations: &[Operation]) {
        for it in operations.iter().filter(|it| it.operator == CONTROLS) {
            let list = listed(&it.value);
            let now = match self.controls.get(&it.place) {
                Some(before) => before.intersection(&list).cloned().collect(),
                None => list,
            };
            self.controls.insert(it.place.clone(), now);
        }
    }

    fn print(&self) -> Value {
        let mut document = Value::Object(Map::new());
        for (place, value) in &self.values {
            // Indexing an object by a new key puts `null` there.
            let mut node = &mut document;
            for (length, key) in (1..).zip(place) {
                let spelling = self.named.get(first(place, length)).unwrap_or(key).clone();
                if !node.is_object() {
                    *node = Value::Object(Map::new());
                }
                node = &mut node[spelling];
            }
            *node = value.clone();
        }
        document
    }
}

fn first(place: &[String], length: usize) -> &[String] {
    place.get(..length).unwrap_or_default()
}

/// What a child control list leaves: `@@all` is everything, `@@none` nothing.
fn listed(value: &Value) -> BTreeSet<String> {
    let names: BTreeSet<String> =
        value.as_array().into_iter().flatten().filter_map(|it| it.as_str()).map(str::to_lowercase).collect();
    let every = ["@@assign", "@@append", "@@remove"].map(str::to_owned);
    if names.contains("@@all") { every.into() } else { every.into_iter().filter(|it| names.contains(it)).collect() }
}

/// At one target: the first `@@assign`, then every `@@append` without duplicates, then every `@@remove`.
fn new_value(inherited: Option<&Value>, operations: &[&Operation]) -> Option<Value> {
    let values = |operator: &str| -> Vec<&Value> {
        operations.iter().filter(|it| it.operator == operator).map(|it| &it.value).collect()
    };
    let mut value = values("@@assign").first().copied().or(inherited).cloned();
    for added in values("@@append") {
        let list = value.get_or_insert_with(|| Value::Array(Vec::new()));
        if let (Some(list), Some(added)) = (list.as_array_mut(), added.as_array()) {
            for item in added {
                if !list.contains(item) {
                    list.push(item.clone());
                }
            }
        }
    }
    for removed in values("@@remove") {
        if let (Some(Value::Array(list)), Some(removed)) = (&mut value, removed.as_array()) {
            list.retain(|item| !removed.contains(item));
        }
    }
    value
}

fn finish(policy_type: &str, known: &Known, unfinished: &Value) -> Value {
    match policy_type {
        "TAG_POLICY" => finish_tags(known),
        "BACKUP_POLICY" | "CHATBOT_POLICY" => lower_case(unfinished).unwrap_or_else(|| Value::Object(Map::new())),
        _ => unfinished.clone(),
    }
}

/// Keys in lower case; objects with nothing in them vanish.
fn lower_case(value: &Value) -> Option<Value> {
    let Some(fields) = value.as_object() else { return Some(value.clone()) };
    let fields = fields.iter().filter_map(|(key, value)| Some((key.to_lowercase(), lower_case(value)?)));
    let fields: Map<String, Value> = fields.collect();
    if fields.is_empty() { None } else { Some(Value::Object(fields)) }
}

/// Every tag that was named has an entry: its key in lower case, `tag_key` defaulting to it, `tag_value` to `["*"]`,
/// scalars as strings, an emptied `enforced_for` gone.
fn finish_tags(known: &Known) -> Value {
    let mut tags = Map::new();
    for place in known.named.keys() {
        let [root, tag] = place.as_slice() else { continue };
        if root != "tags" {
            continue;
        }
        let mut entry = Map::new();
        entry.insert("tag_key".to_owned(), Value::String(tag.clone()));
        entry.insert("tag_value".to_owned(), Value::Array(vec![Value::String("*".to_owned())]));
        for (setting, value) in known.values.iter().filter(|(other, _)| other.len() == 3 && other.starts_with(place)) {
            entry.extend(setting.last().map(|name| (name.clone(), as_strings(value))));
        }
        entry.retain(|key, value| key != "enforced_for" || value.as_array().is_none_or(|list| !list.is_empty()));
        tags.insert(tag.clone(), Value::Object(entry));
    }
    if tags.is_empty() { Value::Object(Map::new()) } else { serde_json::json!({ "tags": tags }) }
}

fn as_strings(value: &Value) -> Value {
    let Some(items) = value.as_array() else { return value.clone() };
    let mut strings: Vec<Value> = Vec::new();
    for item in items {
        let text = item.as_str().map_or_else(|| item.to_string(), str::to_owned);
        if !strings.contains(&Value::String(text.clone())) {
            strings.push(Value::String(text));
        }
    }
    Value::Array(strings)
}
