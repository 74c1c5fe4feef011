//! Annotations of evaluations: at most 256 characters, cut between two of them, with what was left out counted.
//!
//! AWS documents the limit in characters; they are counted here in units of UTF-16, in which no text is shorter.
//! <https://docs.aws.amazon.com/config/latest/APIReference/API_Evaluation.html>, read 2026-11-24.

use optout_aws::evaluations::ANNOTATION;
use optout_core::source::shown;

/// A text to which things are listed as long as there is room.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Annotation(String);

impl Annotation {
    /// One that begins with `text`.
    #[must_use]
    pub fn new(text: &str) -> Self {
        Self(fitting(text))
    }

    /// Adds `text` whole, where it fits.
    #[must_use]
    pub fn and(self, text: &str) -> Self {
        let longer = format!("{}{text}", self.0);
        if units(&longer) <= ANNOTATION { Self(longer) } else { self }
    }

    /// Adds `head` and as many of `items` as fit, and how many more there are; nothing where not even one fits.
    #[must_use]
    pub fn listing(self, head: &str, items: &[String]) -> Self {
        let fits = |count: &usize| units(&self.listed(head, items, *count)) <= ANNOTATION;
        match (1..=items.len()).rev().find(fits) {
            Some(count) => Self(self.listed(head, items, count)),
            None => self,
        }
    }

    fn listed(&self, head: &str, items: &[String], count: usize) -> String {
        let first = items.iter().take(count).map(String::as_str).collect::<Vec<_>>().join(", ");
        let more = match items.len().saturating_sub(count) {
            0 => String::new(),
            more => format!(" and {more} more"),
        };
        format!("{}{head}{first}{more}", self.0)
    }

    /// The text.
    #[must_use]
    pub fn text(self) -> String {
        self.0
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

/// `text` without what controls a terminal, cut with an ellipsis where it is too long for an annotation.
#[must_use]
pub fn fitting(text: &str) -> String {
    let text = shown(text);
    if units(&text) <= ANNOTATION {
        return text.into_owned();
    }
    let mut length = 1;
    let fits = |letter: &char| {
        length += letter.len_utf16();
        length <= ANNOTATION
    };
    text.chars().take_while(fits).collect::<String>() + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_characters() {
        for letter in ["a", "ä", "€", "𝄞"] {
            let cut = fitting(&letter.repeat(300));
            let most = (ANNOTATION - 1) / letter.encode_utf16().count();
            assert_eq!(cut, letter.repeat(most) + "…", "{letter}");
            assert!(units(&cut) <= ANNOTATION);
        }
        assert_eq!(fitting(&"a".repeat(ANNOTATION)), "a".repeat(ANNOTATION));
        assert!(!fitting("a\u{1b}[31m").contains('\u{1b}'));
    }

    #[test]
    fn a_list_says_how_many_more_there_are() {
        let items: Vec<String> = (0..500).map(|number| format!("{number:012}")).collect();
        let text = Annotation::new("500 accounts").listing(": ", &items).text();
        assert!(units(&text) <= ANNOTATION, "{text}");
        let (_, more) = text.rsplit_once(" and ").unwrap();
        let named = text.matches(", ").count() + 1;
        assert_eq!(more, format!("{} more", 500 - named));
        assert!(named > 10, "{text}");
        let short = Annotation::new("2 accounts").listing(": ", &items[..2]).text();
        assert_eq!(short, "2 accounts: 000000000000, 000000000001");
    }

    #[test]
    fn what_does_not_fit_is_left_out_whole() {
        let full = Annotation::new(&"a".repeat(250));
        assert_eq!(full.clone().and("; seven."), full);
        assert_eq!(full.clone().listing(": ", &["b".repeat(20)]), full);
        assert_eq!(full.clone().listing(": ", &[]), full);
    }
}
