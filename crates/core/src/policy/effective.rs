//! The effective document that a state means, and the settings with their reasons.

use std::sync::Arc;

use serde_json::{Map, Value};

use super::node::Node;
use super::{Dialect, Limit, Possible, State, Step};

/// An effective policy document: plain values, no operators.
#[derive(Debug, Clone, PartialEq)]
pub struct Effective {
    /// The document; settings that are not decided are left out.
    pub document: Value,
    /// The paths of the settings that are not decided, like `services.lex.opt_out_policy`.
    pub undetermined: Vec<String>,
}

/// A setting, or a place that only carries controls or forbidden operators.
#[derive(Debug, Clone, Copy)]
pub struct Setting<'a> {
    node: &'a Node,
}

impl<'a> Setting<'a> {
    /// What it is.
    #[must_use]
    pub const fn value(&self) -> &'a Possible {
        &self.node.value
    }

    /// Every value-setting operator met here, from the root down.
    #[must_use]
    pub fn steps(&self) -> Vec<&'a Step> {
        let mut steps: Vec<&Step> = self.steps_backwards().collect();
        steps.reverse();
        steps
    }

    /// The same, the last one first: what decides stands at the beginning.
    pub fn steps_backwards(&self) -> impl Iterator<Item = &'a Step> + use<'a> {
        self.node.steps.backwards()
    }

    /// The controls put here.
    pub fn limits(&self) -> impl Iterator<Item = &'a Limit> {
        self.node.limits.iter()
    }
}

impl State {
    /// The effective document as AWS would return it, finished as the policy type does.
    ///
    /// Finishing rules: recorded answers (`vectors/inheritance.json`); `docs/inheritance.md` lists them.
    #[must_use]
    pub fn effective(&self, dialect: Dialect) -> Effective {
        let document = match dialect {
            Dialect::Plain => plain(&self.root, false),
            Dialect::Backup | Dialect::Chatbot => plain(&self.root, dialect.lowers_keys()),
            Dialect::Tag => tags(&self.root),
        };
        Effective { document: document.unwrap_or_else(empty), undetermined: self.undetermined() }
    }

    /// The merged document before finishing: keys as they were first written, nothing defaulted.
    #[must_use]
    pub fn unfinished(&self) -> Effective {
        Effective { document: plain(&self.root, false).unwrap_or_else(empty), undetermined: self.undetermined() }
    }

    /// The place at `path` (keys in the form the policy type compares them), where any document named it.
    #[must_use]
    pub fn setting(&self, path: &[&str]) -> Option<Setting<'_>> {
        let node = path.iter().try_fold(self.root.as_ref(), |node, key| node.children.get(*key).map(Arc::as_ref))?;
        Some(Setting { node })
    }

    /// The keys below `path`, in order, whether or not they have a value.
    pub fn keys(&self, path: &[&str]) -> impl Iterator<Item = &str> {
        let node = path.iter().try_fold(self.root.as_ref(), |node, key| node.children.get(*key).map(Arc::as_ref));
        node.into_iter().flat_map(|node| node.children.keys().map(AsRef::as_ref))
    }

    /// Every place that any document named, with its path, in order.
    #[must_use]
    pub fn settings(&self) -> Vec<(String, Setting<'_>)> {
        let mut all = Vec::new();
        walk(&self.root, "", &mut |path, node| all.push((path.to_owned(), Setting { node })));
        all
    }

    fn undetermined(&self) -> Vec<String> {
        let open = self.settings().into_iter().filter(|(_, setting)| !setting.value().is_decided());
        open.map(|(path, _)| path).collect()
    }
}

fn walk<'a>(node: &'a Node, path: &str, visit: &mut impl FnMut(&str, &'a Node)) {
    if !node.steps.is_empty() || !node.limits.is_empty() {
        visit(path, node);
    }
    for (key, child) in &node.children {
        let path = if path.is_empty() { key.to_string() } else { format!("{path}.{key}") };
        walk(child, &path, visit);
    }
}

fn empty() -> Value {
    Value::Object(Map::new())
}

/// The values of a place and below; empty containers vanish.
fn plain(node: &Node, lower: bool) -> Option<Value> {
    if let Some(value) = node.value.value() {
        return Some(value.clone());
    }
    let below = node.children.iter().filter_map(|(key, child)| {
        let name = if lower { key.to_string() } else { child.name.to_string() };
        plain(child, lower).map(|value| (name, value))
    });
    let map: Map<String, Value> = below.collect();
    (!map.is_empty()).then_some(Value::Object(map))
}

/// Tag policies: every named tag yields a whole entry, `tag_key` and `tag_value` defaulted, other emptied lists gone.
fn tags(root: &Node) -> Option<Value> {
    let rules = root.children.get("tags")?;
    let named = rules.children.iter().filter(|(_, rule)| rule.named);
    let entries: Map<String, Value> = named.map(|(key, rule)| (key.to_string(), tag(key, rule))).collect();
    let mut document = plain(root, true).and_then(|value| value.as_object().cloned()).unwrap_or_default();
    document.remove("tags");
    if !entries.is_empty() {
        document.insert("tags".into(), Value::Object(entries));
    }
    (!document.is_empty()).then_some(Value::Object(document))
}

fn tag(key: &str, rule: &Node) -> Value {
    let mut entry = plain(rule, true).and_then(|value| value.as_object().cloned()).unwrap_or_default();
    let emptied = |value: &Value| value.as_array().is_some_and(Vec::is_empty);
    entry.retain(|field, value| field == "tag_value" || !emptied(value));
    entry.entry("tag_key").or_insert_with(|| Value::from(key));
    entry.entry("tag_value").or_insert_with(|| Value::from(vec!["*"]));
    Value::Object(entry)
}
