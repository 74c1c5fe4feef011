//! What names mean in a script: those that are given a value once.

use std::collections::BTreeMap;

use super::code::Code;
use super::code_value::expression;
use super::value::{Entry, Value, ValueKind};

/// Names that are given a value exactly once in the text.
#[derive(Debug, Default)]
pub(in crate::lint) struct Names(BTreeMap<String, Option<Value>>);

impl Names {
    pub(in crate::lint) fn of(code: &Code<'_>) -> Self {
        let mut names = BTreeMap::new();
        for at in 0..code.tokens.len() {
            if !code.is_name(at) || !begins(code, at) {
                continue;
            }
            let Some(equals) = (at + 1..(at + 8).min(code.tokens.len())).find(|next| code.word(*next) == "=") else {
                continue;
            };
            if equals > at + 1 && code.word(at + 1) != ":" {
                continue;
            }
            let (value, _) = expression(code, equals + 1, 0);
            names.entry(code.word(at).to_owned()).and_modify(|known| *known = None).or_insert(Some(value));
        }
        Self(names)
    }

    /// The value with names replaced that are known.
    pub(in crate::lint) fn resolve(&self, value: &Value) -> Value {
        self.follow(value, 8)
    }

    fn follow(&self, value: &Value, left: usize) -> Value {
        let span = value.span;
        let kind = match &value.kind {
            ValueKind::Open(names) if left > 0 && names.len() == 1 => {
                let name = names.first().map_or("", String::as_str);
                let name = name.strip_prefix("self.").or_else(|| name.strip_prefix("this.")).unwrap_or(name);
                return match self.0.get(name) {
                    Some(Some(known)) => self.follow(known, left - 1),
                    Some(None) | None => value.clone(),
                };
            }
            ValueKind::List(elements) => ValueKind::List(elements.iter().map(|it| self.follow(it, left)).collect()),
            ValueKind::Map(entries) => ValueKind::Map(
                entries
                    .iter()
                    .map(|it| Entry { key: it.key.clone(), key_span: it.key_span, value: self.follow(&it.value, left) })
                    .collect(),
            ),
            ValueKind::Encoded(inner, spacing) => ValueKind::Encoded(Box::new(self.follow(inner, left)), *spacing),
            other @ (ValueKind::Null
            | ValueKind::Bool(_)
            | ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::File { .. }
            | ValueKind::Open(_)) => other.clone(),
        };
        Value::new(span, kind)
    }
}

/// Whether a name begins a statement, or is declared there.
fn begins(code: &Code<'_>, at: usize) -> bool {
    let first = code.get(at).is_some_and(|token| token.indent.is_some());
    let declared = at > 0 && matches!(code.word(at - 1), "const" | "let" | "var" | "readonly" | "static");
    let field = at > 1 && code.word(at - 1) == "." && matches!(code.word(at - 2), "self" | "this");
    first || declared || field
}
