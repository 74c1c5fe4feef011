//! Other people's text, made safe to show: nothing in it can move a cursor, hide a word or start a new line.

use std::borrow::Cow;

/// The text with every character that is not plainly visible replaced by its code, like `\u{1b}`.
///
/// Replaced are control characters, line and paragraph separators, and the format characters that reorder or hide text
/// (bidirectional controls, zero-width characters, tags). A backslash stays as it is: the result is for reading, not
/// for parsing.
#[must_use]
pub fn shown(text: &str) -> Cow<'_, str> {
    if !text.chars().any(is_hidden) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.chars().fold(String::with_capacity(text.len() + 8), |mut safe, character| {
        if is_hidden(character) {
            safe.extend(character.escape_unicode())
        } else {
            safe.push(character)
        }
        safe
    }))
}

fn is_hidden(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{61c}' | '\u{115f}'..='\u{1160}' | '\u{180b}'..='\u{180f}' | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{3164}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}'
            | '\u{ffa0}' | '\u{fff0}'..='\u{fffb}' | '\u{e0000}'..='\u{e0fff}')
}

#[cfg(test)]
mod tests {
    use super::shown;

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
}
