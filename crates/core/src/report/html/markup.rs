//! HTML that other people's text cannot leave: markup is a literal of this program, everything else is escaped.

use std::fmt::{Display, Write as _};

use crate::source::{shown, shown_lines};

/// A piece of HTML.
#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Html(String);

impl Html {
    /// Markup: only what is written in this program can be given here.
    pub(super) fn raw(&mut self, markup: &'static str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    /// Text, or the value of a quoted attribute: nothing in it is markup, hidden or moves anything.
    pub(super) fn text(&mut self, text: &str) -> &mut Self {
        self.escape(&shown(text));
        self
    }

    /// A sentence in which what stands between two backticks is code.
    pub(super) fn prose(&mut self, text: &str) -> &mut Self {
        if text.matches('`').count() % 2 == 1 {
            return self.text(text);
        }
        for (at, part) in text.split('`').enumerate() {
            match at % 2 {
                0 => self.text(part),
                _ => self.raw("<code>").text(part).raw("</code>"),
            };
        }
        self
    }

    /// Something that shows itself, as text.
    pub(super) fn show(&mut self, value: impl Display) -> &mut Self {
        self.text(&value.to_string())
    }

    /// Text of several lines, for preformatted elements.
    pub(super) fn lines(&mut self, text: &str) -> &mut Self {
        self.escape(&shown_lines(text));
        self
    }

    /// A name that somebody gave: its direction of writing stays its own.
    pub(super) fn name(&mut self, name: &str) -> &mut Self {
        self.raw("<bdi>").text(name).raw("</bdi>")
    }

    /// Other HTML.
    pub(super) fn html(&mut self, other: &Self) -> &mut Self {
        self.0.push_str(&other.0);
        self
    }

    /// JSON text inside a script element, where no `<` may stand: it is written as an escape, which means the same.
    pub(super) fn json(&mut self, json: &str) -> &mut Self {
        for character in json.chars() {
            match character {
                '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => {
                    // INVARIANT: writing into a text cannot fail.
                    let _ = write!(self.0, "\\u{:04x}", u32::from(character));
                }
                other => self.0.push(other),
            }
        }
        self
    }

    /// How many bytes it has.
    pub(super) const fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is nothing.
    pub(super) const fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The text of the whole.
    pub(super) fn into_text(self) -> String {
        self.0
    }

    fn escape(&mut self, text: &str) {
        for character in text.chars() {
            match character {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                other if is_no_character(other) => self.0.extend(other.escape_unicode()),
                other => self.0.push(other),
            }
        }
    }
}

/// Code points that are no characters and never will be: HTML forbids them.
pub(super) const fn is_no_character(character: char) -> bool {
    let code = character as u32;
    code & 0xfffe == 0xfffe || (code >= 0xfdd0 && code <= 0xfdef)
}

#[cfg(test)]
mod tests {
    use super::Html;

    #[test]
    fn text_is_never_markup() {
        let mut html = Html::default();
        html.raw("<p title=\"").text("\"><script>alert('1')</script>").raw("\">").text("a & b\u{202e}\u{ffff}");
        let expected =
            "<p title=\"&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;\">a &amp; b\\u{202e}\\u{ffff}";
        assert_eq!(html.into_text(), expected);
    }

    #[test]
    fn backticks_in_pairs_are_code() {
        let prose = |text| {
            let mut html = Html::default();
            html.prose(text);
            html.into_text()
        };
        assert_eq!(prose("by `p-1`, `<b>`."), "by <code>p-1</code>, <code>&lt;b&gt;</code>.");
        assert_eq!(prose("odd ` one"), "odd ` one");
    }

    #[test]
    fn json_cannot_end_its_element() {
        let mut html = Html::default();
        html.json(r#"["</script><!--","&"]"#);
        let text = html.into_text();
        assert!(!text.contains(['<', '>', '&']), "{text}");
        assert_eq!(serde_json::from_str::<Vec<String>>(&text).unwrap(), ["</script><!--", "&"]);
    }
}
