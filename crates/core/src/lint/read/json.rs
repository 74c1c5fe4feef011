//! JSON: the project's own reader; strings that hold no escapes know where their characters stand.

use super::value::{Entry, Text, Value, ValueKind};
use crate::policy::parse_json;
use crate::source::Problem;

/// The value of a JSON text, as far as it can be read, and what is wrong with it.
pub(in crate::lint) fn read(text: &str) -> (Option<Value>, Vec<Problem>) {
    let (json, problems) = parse_json(text);
    (json.map(|json| placed(Value::from(&json), text)), problems)
}

/// Strings without escapes get their places.
fn placed(mut value: Value, text: &str) -> Value {
    let verbatim = |value: &Value, known: &str| {
        let start = value.span.start + 1;
        text.get(start..start + known.len()) == Some(known)
    };
    value.kind = match value.kind {
        ValueKind::Text(known) if verbatim(&Value::new(value.span, ValueKind::Null), &known.value) => {
            ValueKind::Text(Text::verbatim(known.value, value.span.start + 1))
        }
        ValueKind::List(elements) => ValueKind::List(elements.into_iter().map(|it| placed(it, text)).collect()),
        ValueKind::Map(entries) => ValueKind::Map(
            entries
                .into_iter()
                .map(|it| Entry { key: it.key, key_span: it.key_span, value: placed(it.value, text) })
                .collect(),
        ),
        other @ (ValueKind::Null
        | ValueKind::Bool(_)
        | ValueKind::Number(_)
        | ValueKind::Text(_)
        | ValueKind::Encoded(..)
        | ValueKind::File { .. }
        | ValueKind::Open(_)) => other,
    };
    value
}
