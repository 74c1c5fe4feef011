//! JSON that stays the same through shells, terminals and editors.

use std::fmt::Write as _;

use serde_json::Value;

/// Indented JSON with a line feed at the end; only characters that cannot be seen are escaped.
pub(super) fn pretty(value: &Value) -> String {
    let text = serde_json::to_string_pretty(value).unwrap_or_default();
    crate::source::shown_json(&text).into_owned() + "\n"
}

/// The JSON text with the characters that `must` names as `\u` escapes; outside strings JSON has none of them.
pub(super) fn escaped(json: &str, must: impl Fn(char) -> bool) -> String {
    json.chars().fold(String::with_capacity(json.len()), |mut text, character| {
        if must(character) {
            for unit in character.encode_utf16(&mut [0; 2]) {
                let _ = write!(text, "\\u{unit:04x}");
            }
        } else {
            text.push(character);
        }
        text
    })
}
