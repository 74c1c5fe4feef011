//! Other people's text, made safe to show: nothing in it can move a cursor, hide a word or start a new line.

use std::borrow::Cow;
use std::fmt::Write as _;

/// The text with every character that is not plainly visible replaced by its code, like `\u{1b}`.
///
/// Replaced are control characters, line and paragraph separators, and the format characters that reorder or hide text
/// (bidirectional controls, zero-width characters, tags). A backslash stays as it is: the result is for reading, not
/// for parsing.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    replaced(text, is_hidden, |safe, character| safe.extend(character.escape_unicode()))
}

/// The same for a text of several lines: line feeds stay.
#[must_use]
pub fn shown_lines(text: &str) -> Cow<'_, str> {
    let hidden = |character| character != '\n' && is_hidden(character);
    replaced(text, hidden, |safe, character| safe.extend(character.escape_unicode()))
}

/// A JSON text in which such characters are written as JSON escapes: an equal value, safe to show.
///
/// Outside its strings JSON has no such characters but white space, which stays.
#[must_use]
pub fn shown_json(json: &str) -> Cow<'_, str> {
    let hidden = |character| !matches!(character, '\n' | '\r' | '\t') && is_hidden(character);
    replaced(json, hidden, |safe, character| {
        for unit in character.encode_utf16(&mut [0; 2]) {
            let _ = write!(safe, "\\u{unit:04x}");
        }
    })
}

fn replaced(text: &str, hidden: impl Fn(char) -> bool, replace: impl Fn(&mut String, char)) -> Cow<'_, str> {
    if !text.contains(&hidden) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().fold(String::with_capacity(text.len() + 8), |mut safe, character| {
        if hidden(character) {
            replace(&mut safe, character)
        } else {
            safe.push(character)
        }
        safe
    }))
}

/// Whether a character is not plainly visible.
pub(super) fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::{is_hidden, shown, shown_json, shown_lines};

    #[test]
    fn escapes_and_reordering_become_visible() {
        assert_eq!(shown("a\u{1b}[31mb\r\n"), "a\\u{1b}[31mb\\u{d}\\u{a}");
        assert_eq!(shown("x\u{202e}y\u{200b}\u{9b}"), "x\\u{202e}y\\u{200b}\\u{9b}");
    }

    #[test]
    fn ordinary_text_stays_as_it_is() {
        for text in ["Z\u{fc}rich \u{65e5}\u{672c} \\ \"quoted\"", ""] {
            assert!(matches!(shown(text), std::borrow::Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn no_hidden_character_survives() {
        let all: String = (0..=0x1_0fff).filter_map(char::from_u32).collect();
        assert!(!shown(&all).chars().any(is_hidden));
        assert!(!shown_lines(&all).chars().any(|character| character != '\n' && is_hidden(character)));
        assert_eq!(shown_lines("a\nb\r\n"), "a\nb\\u{d}\n");
    }

    #[test]
    fn json_keeps_its_value() {
        let value = serde_json::json!({"a\u{9b}31m": ["\u{202e}\u{7f}\u{1b}", "\u{e0041}"]});
        let text = serde_json::to_string_pretty(&value).unwrap();
        let safe = shown_json(&text);
        assert_eq!(serde_json::from_str::<serde_json::Value>(&safe).unwrap(), value);
        assert!(!safe.chars().any(|character| character != '\n' && is_hidden(character)), "{safe}");
    }
}
