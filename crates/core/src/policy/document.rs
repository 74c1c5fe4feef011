//! A policy document as the language sees it: at every place the operators, the controls and the keys below.
//!
//! The same form serves all policy types. It is total: what is not of the language (a bare value, an unknown operator)
//! is passed over here, since saying so is admission's job.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::operator::CONTROLS;
use super::{Controls, Dialect, Json, JsonKind, Operator, parse_json};
use crate::source::{Problem, Span};

/// A policy document, ready to be merged.
#[derive(Debug, Clone, PartialEq)]
pub struct Document {
    /// The outermost object.
    pub root: Entry,
}

/// One place in a document.
#[derive(Debug, Clone, PartialEq)]
pub struct Entry {
    /// The key as it is written; empty for the outermost object.
    pub name: Arc<str>,
    /// Where the key stands.
    pub span: Span,
    /// What the value-setting operators say, in the order of [`Operator::ALL`].
    values: [Option<ValueAt>; 3],
    /// What children may do here, and where that is said.
    pub controls: Option<(Controls, Span)>,
    /// The keys below, by the form in which the policy type compares them.
    pub children: BTreeMap<Arc<str>, Entry>,
}

/// The value of an operator, with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct ValueAt {
    /// The value.
    pub value: Arc<Value>,
    /// Where the operator stands.
    pub span: Span,
}

impl Document {
    /// Reads a document's text.
    ///
    /// # Errors
    /// Every problem of the text: not JSON, keys that stand twice, not an object.
    pub fn parse(dialect: Dialect, text: &str) -> Result<Self, Vec<Problem>> {
        let (json, mut problems) = parse_json(text);
        if let Some(json) = json.as_ref().filter(|json| json.as_object().is_none()) {
            let message = format!("a policy document is an object, not {}", json.describe());
            problems.push(Problem::new("policy-root", message).at(json.span).help("start with `{\"services\": …}`"));
        }
        match json {
            Some(json) if problems.is_empty() => Ok(Self::new(dialect, &json)),
            _ => Err(problems),
        }
    }

    /// The document of a JSON value; anything but an object is an empty document.
    #[must_use]
    pub fn new(dialect: Dialect, json: &Json) -> Self {
        Self { root: Entry::new(dialect, "".into(), json.span, json) }
    }
}

impl Entry {
    fn new(dialect: Dialect, name: Arc<str>, span: Span, json: &Json) -> Self {
        let mut entry = Self { name, span, values: [None, None, None], controls: None, children: BTreeMap::new() };
        for member in json.as_object().into_iter().flatten() {
            entry.read(dialect, &member.key, member.key_span, &member.value);
        }
        entry
    }

    fn read(&mut self, dialect: Dialect, key: &str, span: Span, value: &Json) {
        let folded = dialect.fold_operator(key);
        if folded == CONTROLS {
            self.controls = self.controls.or_else(|| controls(dialect, value).map(|controls| (controls, span)));
        } else if let Some(operator) = Operator::of(&folded) {
            let value = ValueAt { value: Arc::new(dialect.value(value.to_value())), span };
            self.slot(operator).get_or_insert(value);
        } else if !key.starts_with("@@") && matches!(value.kind, JsonKind::Object(_)) {
            let folded = Arc::from(dialect.fold(key));
            self.children.entry(folded).or_insert_with(|| Self::new(dialect, key.into(), span, value));
        }
    }

    fn slot(&mut self, operator: Operator) -> &mut Option<ValueAt> {
        let [assign, append, remove] = &mut self.values;
        match operator {
            Operator::Assign => assign,
            Operator::Append => append,
            Operator::Remove => remove,
        }
    }

    /// What `operator` says here.
    #[must_use]
    pub const fn value(&self, operator: Operator) -> Option<&ValueAt> {
        let [assign, append, remove] = &self.values;
        match operator {
            Operator::Assign => assign.as_ref(),
            Operator::Append => append.as_ref(),
            Operator::Remove => remove.as_ref(),
        }
    }
}

fn controls(dialect: Dialect, value: &Json) -> Option<Controls> {
    let words: Option<Vec<String>> =
        value.as_array()?.iter().map(|word| word.as_str().map(|word| dialect.fold_operator(word))).collect();
    Controls::of(words.as_ref()?.iter().map(String::as_str))
}
