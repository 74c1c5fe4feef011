//! A value as YAML: blocks for what has parts, one line for everything else. What it writes is read the same by YAML 1.1
//! and 1.2: a text stands without quotation marks only where no reader could take it for anything else.

use std::fmt::Write as _;

use serde_json::Value;

use crate::source::shown;

/// The value as a YAML document.
pub(super) fn document(value: &Value) -> String {
    let mut text = String::new();
    match value {
        Value::Object(_) | Value::Array(_) if !is_empty(value) => block(value, 0, &mut text),
        other => text.push_str(&(scalar(other) + "\n")),
    }
    text
}

fn is_empty(value: &Value) -> bool {
    value.as_object().is_some_and(serde_json::Map::is_empty) || value.as_array().is_some_and(Vec::is_empty)
}

fn block(value: &Value, indent: usize, text: &mut String) {
    let pad = "  ".repeat(indent);
    for (key, value) in value.as_object().into_iter().flatten() {
        text.push_str(&format!("{pad}{}:", quoted(key)));
        entry(value, indent + 1, text);
    }
    for value in value.as_array().into_iter().flatten() {
        match value {
            Value::Object(_) if !is_empty(value) => item(value, indent, text),
            other => {
                text.push_str(&format!("{pad}-"));
                entry(other, indent + 1, text);
            }
        }
    }
}

/// A map in a list: its first key stands beside the dash.
fn item(value: &Value, indent: usize, text: &mut String) {
    let mut inner = String::new();
    block(value, indent + 1, &mut inner);
    let pad = "  ".repeat(indent);
    let rest = inner.strip_prefix(&format!("{pad}  ")).unwrap_or(&inner);
    text.push_str(&format!("{pad}- {rest}"));
}

fn entry(value: &Value, indent: usize, text: &mut String) {
    if matches!(value, Value::Object(_) | Value::Array(_)) && !is_empty(value) {
        text.push('\n');
        block(value, indent, text);
    } else {
        text.push_str(&format!(" {}\n", scalar(value)));
    }
}

fn scalar(value: &Value) -> String {
    match value {
        Value::String(text) => quoted(text),
        Value::Object(_) => "{}".to_owned(),
        Value::Array(_) => "[]".to_owned(),
        Value::Null | Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

/// Words that some reader takes for something else than a text.
const WORDS: [&str; 10] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan"];

fn is_plain(text: &str) -> bool {
    let letter = |character: char| character.is_ascii_alphanumeric() || matches!(character, '_' | '.' | '-');
    // `::` stands inside types of resources, and no reader ends a key there.
    let parts = text.split("::");
    text.starts_with(|first: char| first.is_ascii_alphabetic())
        && parts.into_iter().all(|part| !part.is_empty() && part.chars().all(letter))
        && !WORDS.contains(&text.to_ascii_lowercase().as_str())
}

fn quoted(text: &str) -> String {
    if is_plain(text) {
        return text.to_owned();
    }
    let mut quoted = String::from('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            other if is_printable(other) => quoted.push(other),
            other => drop(write!(quoted, "\\U{:08x}", u32::from(other))),
        }
    }
    quoted + "\""
}

/// Whether it may stand in a file as it is: YAML allows it, and a person sees it.
fn is_printable(character: char) -> bool {
    let allowed = matches!(character, ' '..='~' | '\u{a0}'..='\u{d7ff}' | '\u{e000}'..='\u{fffd}' | '\u{10000}'..);
    allowed && matches!(shown(character.encode_utf8(&mut [0; 4])), std::borrow::Cow::Borrowed(_))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::document;

    #[test]
    fn blocks_lists_and_scalars() {
        let value = json!({"A": {"B": [{"Key": "k", "Value": ""}, "x", []], "C": {}}, "@@assign": "yes", "n": 1});
        let text =
            "\"@@assign\": \"yes\"\nA:\n  B:\n    - Key: k\n      Value: \"\"\n    - x\n    - []\n  C: {}\n\"n\": 1\n";
        assert_eq!(document(&value), text);
    }

    #[test]
    fn what_could_be_read_otherwise_is_quoted() {
        for text in
            ["2010-09-09", "1e3", "a: b", "#", "a #b", "*a", "&a", "!Ref", "", " ", "-", "No", "0x1", "a:", "\u{85}"]
        {
            assert!(document(&json!(text)).starts_with('"'), "{text}");
        }
        assert_eq!(
            document(&json!("\u{1b}\u{202e}\t\r\u{feff}")),
            "\"\\U0000001b\\U0000202e\\U00000009\\U0000000d\\U0000feff\"\n"
        );
        assert_eq!(document(&json!("AWS::Organizations::Policy")), "AWS::Organizations::Policy\n");
    }
}
