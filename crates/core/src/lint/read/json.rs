//! JSON: the project's own reader; strings know where their characters stand, behind escapes too.

use super::value::{Entry, Text, Value, ValueKind};
use crate::policy::parse_json;
use crate::source::Problem;

/// The value of a JSON text, as far as it can be read, and what is wrong with it.
pub(in crate::lint) fn read(text: &str) -> (Option<Value>, Vec<Problem>) {
    let (json, problems) = parse_json(text);
    (json.map(|json| placed(Value::from(&json), text)), problems)
}

/// Strings get their places.
fn placed(mut value: Value, text: &str) -> Value {
    let span = value.span;
    value.kind = match value.kind {
        ValueKind::Text(known) => {
            let written = text.get(span.start + 1..span.end.saturating_sub(1)).unwrap_or_default();
            let places = places(written, span.start + 1, known.value.len());
            ValueKind::Text(Text { value: known.value, places })
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
        | ValueKind::Encoded(..)
        | ValueKind::File { .. }
        | ValueKind::Open(_)) => other,
    };
    value
}

/// Where the bytes of a string of this length stand that is written from `start` on; nothing where that does not come out.
fn places(written: &str, start: usize, length: usize) -> Vec<(usize, usize)> {
    let (mut places, mut text, mut at) = (vec![(0, start)], 0, 0);
    while let Some((read, meant)) = written.get(at..).and_then(piece) {
        (text, at) = (text + meant, at + read);
        if read != meant {
            places.push((text, start + at));
        }
    }
    if text == length { places } else { Vec::new() }
}

/// The bytes of the first character as it is written, and of what it stands for.
fn piece(rest: &str) -> Option<(usize, usize)> {
    let first = rest.chars().next()?;
    let unit = |at: usize| rest.get(at..at + 6)?.strip_prefix("\\u").and_then(|it| u32::from_str_radix(it, 16).ok());
    match (first, unit(0), unit(6)) {
        ('\\', Some(0xD800..=0xDBFF), Some(0xDC00..=0xDFFF)) => Some((12, 4)),
        ('\\', Some(code), _) => Some((6, char::from_u32(code).map_or(3, char::len_utf8))),
        ('\\', None, _) => Some((2, 1)),
        _ => Some((first.len_utf8(), first.len_utf8())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn behind_escapes_every_byte_is_where_it_is_written() {
        let text = r#"{"a": "x\"é\u00e9\ud83d\ude00\\y"}"#;
        let value = read(text).0.unwrap();
        let ValueKind::Text(inner) = &value.get("a").unwrap().kind else { panic!("{value:?}") };
        assert_eq!(inner.value, "x\"éé😀\\y");
        assert_eq!(inner.place(0), text.find('x'));
        assert_eq!(inner.place(inner.value.find('😀').unwrap()), text.find("\\ud83d"));
        assert_eq!(inner.place(inner.value.find('y').unwrap()), text.find('y'));
    }

    #[test]
    fn a_text_in_a_text_has_the_places_of_the_outer_one() {
        let text = r#"{"a": "{\"b\": \"c\\n\u00e9d\"}"}"#;
        let value = read(text).0.unwrap();
        let ValueKind::Text(outer) = value.get("a").unwrap().kind.clone() else { panic!("{value:?}") };
        let inner = read(&outer.value).0.unwrap();
        let ValueKind::Text(inner) = inner.get("b").unwrap().kind.clone() else { panic!("{inner:?}") };
        let inner = inner.within(&outer);
        assert_eq!(inner.value, "c\néd");
        assert_eq!(inner.place(0), text.find('c'));
        assert_eq!(inner.place(inner.value.find('d').unwrap()), text.find('d'));
    }
}
