//! What is attached at one target.

use std::sync::Arc;

use super::document::Entry;
use super::{Document, Operator};

/// The documents attached at one target.
#[derive(Debug, Clone)]
pub struct Level<'a> {
    /// The target: its id, or what a person calls it.
    pub target: Arc<str>,
    /// The documents.
    pub documents: Vec<Attached<'a>>,
    /// Whether the documents are known to stand in the order of attachment.
    pub order: Order,
}

/// A document at a target.
#[derive(Debug, Clone)]
pub struct Attached<'a> {
    /// The policy: its id, or the name of its file.
    pub policy: Arc<str>,
    /// The document.
    pub document: &'a Document,
}

/// Whether the order of attachment is known. No Organizations API returns it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Order {
    /// The documents stand in the order of attachment.
    Known,
    /// They may have been attached in any order.
    Unknown,
}

/// Whether the order in which these documents were attached could matter: two of them assign different values to one
/// setting.
#[must_use]
pub fn could_depend_on_order(documents: &[&Document]) -> bool {
    let roots: Vec<&Entry> = documents.iter().map(|document| &document.root).collect();
    any_conflict_below(&roots)
}

fn any_conflict_below(entries: &[&Entry]) -> bool {
    let mut keys: Vec<&Arc<str>> = entries.iter().flat_map(|entry| entry.children.keys()).collect();
    keys.sort_unstable();
    keys.dedup();
    keys.into_iter().any(|key| {
        let same: Vec<&Entry> = entries.iter().filter_map(|entry| entry.children.get(key)).collect();
        same.len() > 1 && (assigns_differ(&same) || any_conflict_below(&same))
    })
}

fn assigns_differ(entries: &[&Entry]) -> bool {
    let mut values = entries.iter().filter_map(|entry| entry.value(Operator::Assign)).map(|it| it.value.as_ref());
    let first = values.next();
    values.any(|value| Some(value) != first)
}
