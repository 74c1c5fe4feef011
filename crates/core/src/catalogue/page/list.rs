//! A list as both readers give it: items with their own text, without that of the lists inside them.

use std::str::FromStr;

use crate::catalogue::ServiceKey;
use crate::source::Span;

/// One list of a page.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct List {
    pub(super) items: Vec<Item>,
    /// Whether its end was seen; the page may have been cut off.
    pub(super) closed: bool,
    pub(super) span: Span,
}

/// One item of a list.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(super) struct Item {
    /// Its text without markup.
    pub(super) text: String,
    /// The code it begins with, if it does.
    pub(super) code: Option<String>,
}

impl Item {
    /// The key the item begins with: its leading code, or all of it when it is a single word, or `default` before a dash.
    pub(super) fn key(&self) -> Option<ServiceKey> {
        let text = self.code.as_deref().unwrap_or(&self.text);
        let visible: String = text.chars().filter(|character| !is_zero_width(*character)).collect();
        ServiceKey::from_str(explained_default(visible.trim())).ok()
    }

    /// Its first words on one line, for people.
    pub(super) fn summary(&self) -> String {
        let words: Vec<&str> = self.text.split_whitespace().take(12).collect();
        let visible = |character: &char| !character.is_control() && !is_zero_width(*character);
        words.join(" ").chars().filter(visible).take(80).collect()
    }
}

/// `default` of `default – what it stands for`, for copies without code marks; other text unchanged.
fn explained_default(text: &str) -> &str {
    let after = text.strip_prefix(ServiceKey::DEFAULT).unwrap_or_default().trim_start();
    if after.starts_with(['-', '\u{2013}', '\u{2014}', ':']) { ServiceKey::DEFAULT } else { text }
}

/// Marks that pages put into long words so that browsers may break them.
const fn is_zero_width(character: char) -> bool {
    matches!(character, '\u{200b}'..='\u{200f}' | '\u{ad}' | '\u{2060}' | '\u{feff}')
}
