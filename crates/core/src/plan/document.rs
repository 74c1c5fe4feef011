//! Documents for what managed policies have to say: as much in writing as fits, then less, then several policies.

use std::collections::BTreeSet;

use serde_json::{Map, Value, json};

use super::desired::{Below, Content, Statement};
use crate::intent::{Choice, DEFAULT_SERVICE};
use crate::policy::{AI_OPT_OUT_LIMIT, characters};

const CONTROLS: &str = "@@operators_allowed_for_child_policies";

/// How much is written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Form {
    /// Every list, also those that add nothing to the rules as they are known today.
    Full,
    /// Only the lists that decide something.
    Short,
}

/// The documents that say `content`: minified, each within AWS's limit of 2,500 characters.
///
/// No service is in two of them, so their order does not matter.
pub(super) fn documents(content: &Content) -> Vec<String> {
    let full = document(content, content.statements.iter(), Form::Full);
    if characters(&full) <= AI_OPT_OUT_LIMIT {
        return vec![full];
    }
    split(content)
}

fn split(content: &Content) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut taken: Vec<(&String, &Statement)> = Vec::new();
    let mut only_statements = content.clone();
    for entry in &content.statements {
        taken.push(entry);
        let head = if parts.is_empty() { content } else { &only_statements };
        if characters(&document(head, taken.iter().copied(), Form::Short)) > AI_OPT_OUT_LIMIT {
            taken.pop();
            parts.push(document(head, taken.drain(..), Form::Short));
            only_statements.services_closed = false;
            taken.push(entry);
        }
    }
    let head = if parts.is_empty() { content } else { &only_statements };
    parts.push(document(head, taken.into_iter(), Form::Short));
    parts
}

fn document<'c>(head: &Content, statements: impl Iterator<Item = (&'c String, &'c Statement)>, form: Form) -> String {
    let mut services = Map::new();
    if head.services_closed {
        services.insert(CONTROLS.into(), json!(["@@none"]));
    }
    services.extend(statements.map(|(service, said)| (service.clone(), entry(service, *said, form))));
    json!({ "services": services }).to_string()
}

fn entry(service: &str, said: Statement, form: Form) -> Value {
    let mut entry = Map::new();
    if said.below != Below::Unsaid && (form == Form::Full || service == DEFAULT_SERVICE) {
        entry.insert(CONTROLS.into(), json!(["@@none"]));
    }
    let mut setting = Map::new();
    match said.below {
        Below::Closed => drop(setting.insert(CONTROLS.into(), json!(["@@none"]))),
        Below::Open if form == Form::Full => drop(setting.insert(CONTROLS.into(), json!(["@@assign"]))),
        Below::Open | Below::Unsaid => {}
    }
    setting.insert("@@assign".into(), said.value.as_str().into());
    entry.insert("opt_out_policy".into(), Value::Object(setting));
    Value::Object(entry)
}

/// Whether two documents say the same: compared as values, since spaces and the order of keys mean nothing.
pub(super) fn same(left: &str, right: &str) -> bool {
    let value = |text: &str| serde_json::from_str::<Value>(text).ok();
    left == right || value(left).is_some_and(|left| Some(left) == value(right))
}

/// Whether a document assigns this choice to any service.
pub(super) fn says(content: &str, choice: Choice) -> bool {
    !services_with(content, choice).is_empty()
}

/// Whether some service that the old document opts out is not opted out by the new one.
pub(super) fn stops_opting_out(old: &str, new: &str) -> bool {
    !services_with(old, Choice::OptOut).is_subset(&services_with(new, Choice::OptOut))
}

/// Whether some service that the old document opts in is not opted in by the new one.
pub(super) fn stops_opting_in(old: &str, new: &str) -> bool {
    !services_with(old, Choice::OptIn).is_subset(&services_with(new, Choice::OptIn))
}

fn services_with(content: &str, choice: Choice) -> BTreeSet<String> {
    let value: Value = serde_json::from_str(content).unwrap_or_default();
    let services = value.get("services").and_then(Value::as_object).into_iter().flatten();
    let assigned = services.filter(|(_, entry)| assigned(entry) == Some(choice.as_str()));
    assigned.map(|(service, _)| service.clone()).collect()
}

fn assigned(entry: &Value) -> Option<&str> {
    entry.get("opt_out_policy")?.get("@@assign")?.as_str()
}

/// The document without the services that it opts in and `new` does not, minified.
pub(super) fn without_opt_ins(content: &str, new: &str) -> String {
    let kept = services_with(new, Choice::OptIn);
    let mut value: Value = serde_json::from_str(content).unwrap_or_default();
    if let Some(services) = value.get_mut("services").and_then(Value::as_object_mut) {
        services.retain(|service, entry| kept.contains(service) || assigned(entry) != Some(Choice::OptIn.as_str()));
    }
    value.to_string()
}

/// What a document says, in a line for people: the description of policies that carry exceptions.
pub(super) fn summary(name: &str, content: &str) -> String {
    let value: Value = serde_json::from_str(content).unwrap_or_default();
    let services = value.get("services").and_then(Value::as_object);
    let said =
        services.into_iter().flatten().filter_map(|(service, entry)| Some(format!("{service} {}", assigned(entry)?)));
    let text = format!("Exceptions of {name} and what keeps them narrow: {}", said.collect::<Vec<_>>().join(", "));
    text.chars().take(512).collect()
}
