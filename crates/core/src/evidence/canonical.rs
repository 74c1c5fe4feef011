//! One text for each value: JSON in ASCII, keys in order, no white space. `jq -caS .` writes the same.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde::Serialize;
use serde_json::Value;

/// The canonical text of a value of ours. Numbers are whole ones everywhere in records and parts.
#[must_use]
pub(super) fn canonical(value: &impl Serialize) -> String {
    // INVARIANT: our own structs have texts as keys, which is all that could make this fail.
    let value = serde_json::to_value(value).unwrap_or_default();
    let mut text = String::new();
    write(&value, &mut text);
    text
}

/// Whether a text is the canonical one of its value.
#[must_use]
pub(super) fn is_canonical(text: &str) -> bool {
    serde_json::from_str::<Value>(text).is_ok_and(|value| canonical(&value) == text)
}

fn write(value: &Value, text: &mut String) {
    match value {
        Value::Null => text.push_str("null"),
        Value::Bool(flag) => text.push_str(if *flag { "true" } else { "false" }),
        Value::Number(number) => text.push_str(&number.to_string()),
        Value::String(string) => quoted(string, text),
        Value::Array(list) => {
            text.push('[');
            for (at, item) in list.iter().enumerate() {
                comma(at, text);
                write(item, text);
            }
            text.push(']');
        }
        Value::Object(map) => {
            text.push('{');
            // The order of the map is that of the keys only while nobody asks serde_json for another one.
            let sorted: BTreeMap<_, _> = map.iter().collect();
            for (at, (key, item)) in sorted.into_iter().enumerate() {
                comma(at, text);
                quoted(key, text);
                text.push(':');
                write(item, text);
            }
            text.push('}');
        }
    }
}

fn comma(at: usize, text: &mut String) {
    if at > 0 {
        text.push(',');
    }
}

fn quoted(string: &str, text: &mut String) {
    text.push('"');
    for character in string.chars() {
        match character {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\u{8}' => text.push_str("\\b"),
            '\u{c}' => text.push_str("\\f"),
            ' '..='~' => text.push(character),
            _ => escaped(character, text),
        }
    }
    text.push('"');
}

fn escaped(character: char, text: &mut String) {
    for unit in character.encode_utf16(&mut [0; 2]) {
        let _ = write!(text, "\\u{unit:04x}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WILD: &str = r#"{"b":"a\u007f\u0000\u001f\n\t\b\f\"\\/\u00e9\ud83d\ude00\u2028","a":[1,null,true,{}]}"#;

    #[test]
    fn keys_are_sorted_and_everything_is_ascii() {
        let value: Value = serde_json::from_str(WILD).unwrap();
        // What jq 1.6 writes with -caS.
        let expected = r#"{"a":[1,null,true,{}],"b":"a\u007f\u0000\u001f\n\t\b\f\"\\/\u00e9\ud83d\ude00\u2028"}"#;
        assert_eq!(canonical(&value), expected);
        assert_eq!(serde_json::from_str::<Value>(expected).unwrap(), value);
    }

    #[test]
    fn only_one_text_of_a_value_is_canonical() {
        assert!(is_canonical("{\"a\":1,\"b\":[]}"));
        for other in ["{\"b\":[],\"a\":1}", "{\"a\": 1}", "{\"a\":1,\"a\":1}", "\"\u{e9}\"", "", "[1]\n"] {
            assert!(!is_canonical(other), "{other}");
        }
    }
}
