//! What a saved page has that the catalogue lacks, and the other way round.

use std::fmt::Write as _;

use jiff::civil::Date;

use super::Page;
use crate::catalogue::{Catalogue, Pairing, ServiceKey};

/// How a page and a catalogue differ.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Comparison {
    /// Keys of the page that the catalogue lacks, in the order of the page.
    pub new: Vec<ServiceKey>,
    /// Keys of the catalogue that the page lacks. AWS was never seen to remove one: mostly the page is an older copy.
    pub gone: Vec<ServiceKey>,
    /// Whether the keys that both have stand in the same order.
    pub same_order: bool,
    /// Items of the list that could not be read as keys.
    pub unread: Vec<String>,
}

impl Comparison {
    /// Whether there is nothing to do.
    #[must_use]
    pub const fn is_current(&self) -> bool {
        self.new.is_empty() && self.gone.is_empty() && self.unread.is_empty()
    }

    /// Entries for the new keys, to be pasted into the data file: what the page does not say is for a person to look up.
    ///
    /// `source` is the address of the page, `read` the day it was saved. Empty when nothing is new.
    #[must_use]
    pub fn toml(&self, source: &str, read: Date) -> String {
        let source = toml::Value::from(source);
        let mut text = String::new();
        for key in &self.new {
            let _ = write!(
                text,
                "\n[[service]]\nkey = \"{key}\"\n# Name and pairing: look the key up on the page that lists the supported services.\n\
                 name = \"{key}\"\npairing = \"{}\"\nfirst_seen = {{ date = \"{read}\", source = {source}, read = {read} }}\n\
                 source = {source}\nread = {read}\n",
                Pairing::Unknown.word(),
            );
        }
        text
    }
}

/// Compares the keys of `page` with those of `catalogue`; `default` is in both.
#[must_use]
pub fn compare(page: &Page, catalogue: &Catalogue) -> Comparison {
    let ours: Vec<&ServiceKey> = catalogue.services().iter().map(|service| &service.key).collect();
    let new = page.keys.iter().filter(|key| !ours.contains(key)).cloned().collect();
    let gone = ours.iter().filter(|key| !page.keys.contains(key)).map(|key| (*key).clone()).collect();
    let theirs = page.keys.iter().filter(|key| ours.contains(key));
    let common = ours.iter().copied().filter(|key| page.keys.contains(key));
    Comparison { new, gone, same_order: theirs.eq(common), unread: page.unread.clone() }
}
