//! Other people's text made safe to look at: what a terminal would obey or hide is replaced by something visible.
//!
//! Control characters (so also escape sequences), marks that reorder text, and characters without a shape. Each is
//! replaced by one character, so columns stay where they are.

use std::borrow::Cow;
use std::fmt::Write as _;

/// `text` on one line, with everything that a terminal would obey or hide made visible.
///
/// ```
/// use optout_core::source::shown;
/// assert_eq!(shown("prod \u{1b}[31m\n"), "prod \u{241b}[31m\u{240a}");
/// assert_eq!(shown("a\u{202e}b"), "a\u{fffd}b");
/// ```
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    replaced(text, is_unsafe)
}

/// The same for a text of several lines: line feeds stay.
#[must_use]
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    replaced(text, |character| character != '\n' && is_unsafe(character))
}

/// A JSON text in which the same characters are written as escapes: an equal value, safe in a terminal.
///
/// Between values JSON has no such characters but white space, which stays.
#[must_use]
pub fn shown_json(json: &str) -> Cow<'_, str> {
    let escaped = |character: char| !matches!(character, '\n' | '\r' | '\t') && is_unsafe(character);
    if !json.contains(escaped) {
        return Cow::Borrowed(json);
    }
    let mut out = String::with_capacity(json.len() + 16);
    for character in json.chars() {
        if escaped(character) {
            character.encode_utf16(&mut [0; 2]).iter().for_each(|unit| {
                let _ = write!(out, "\\u{unit:04x}");
            });
        } else {
            out.push(character);
        }
    }
    Cow::Owned(out)
}

fn replaced(text: &str, replace: impl Fn(char) -> bool) -> Cow<'_, str> {
    if !text.contains(&replace) {
        return Cow::Borrowed(text);
    }
    text.chars().map(|character| if replace(character) { visible(character) } else { character }).collect()
}

/// Controls, line and paragraph separators, marks that reorder or hide text, tags.
fn is_unsafe(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}'
                | '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}'
                | '\u{e0000}'..='\u{e0fff}'
        )
}

/// The picture of a control character where Unicode has one, else the replacement character.
fn visible(character: char) -> char {
    match u32::from(character) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).unwrap_or('\u{fffd}'),
        0x7f => '\u{2421}',
        _ => '\u{fffd}',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ordinary_text_of_any_language_stays_as_it_is() {
        for text in ["", "Zürich – Büro", "日本語", "עברית", "a b", "👩 x"] {
            assert!(matches!(shown(text), Cow::Borrowed(same) if same == text), "{text}");
        }
    }

    #[test]
    fn no_control_character_and_no_direction_mark_survives() {
        let all: String = (0..=0x1_0fff).filter_map(char::from_u32).collect();
        for text in [shown(&all), shown_lines(&all)] {
            assert!(!text.chars().any(|character| character != '\n' && is_unsafe(character)));
            assert_eq!(text.chars().count(), all.chars().count());
        }
        assert!(!shown(&all).contains('\n'));
    }

    #[test]
    fn json_keeps_its_value() {
        let value = serde_json::json!({"a\u{9b}31m": ["\u{202e}\u{7f}\u{1b}", "\u{e0041}"]});
        let text = serde_json::to_string_pretty(&value).unwrap();
        let safe = shown_json(&text);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
        assert!(!safe.chars().any(|character| character != '\n' && is_unsafe(character)), "{safe}");
    }
}
