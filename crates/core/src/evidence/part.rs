//! Parts: texts that are stored once, under the hash of their bytes. Long lists are cut where their own keys say, so that a
//! change in one place leaves all other pieces, and their hashes, as they were.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_json::Value;

use super::canonical::canonical;
use super::{EvidenceError, Hash};

/// The parts of a record, or of a store.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Parts(BTreeMap<Hash, String>);

impl Parts {
    /// Adds a text.
    pub(super) fn text(&mut self, text: String) -> Hash {
        let hash = Hash::of(&text);
        self.0.entry(hash).or_insert(text);
        hash
    }

    /// Adds a value.
    pub(super) fn value(&mut self, value: &impl Serialize) -> Hash {
        self.text(canonical(value))
    }

    /// Adds a list whose items have keys: pieces of some sixty-four items, and the list of the pieces.
    ///
    /// A piece ends after an item whose key has a hash with a last byte that is a multiple of 64. Items are sorted by key
    /// and text.
    pub(super) fn list(&mut self, items: impl IntoIterator<Item = (String, Value)>) -> Hash {
        let mut items: Vec<(String, String)> = items.into_iter().map(|(key, item)| (key, canonical(&item))).collect();
        items.sort_unstable();
        let mut pieces: Vec<(String, Hash)> = Vec::new();
        let mut rest = items.as_slice();
        while let Some((first, _)) = rest.first() {
            let end = rest.iter().position(|(key, _)| Hash::of(key).cuts()).map_or(rest.len(), |at| at + 1);
            let (piece, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            let lines: Vec<&str> = piece.iter().map(|(_, item)| item.as_str()).collect();
            pieces.push((first.clone(), self.text(lines.join("\n"))));
            rest = after;
        }
        let lines: Vec<String> = pieces.iter().map(canonical).collect();
        self.text(lines.join("\n"))
    }

    /// Every part, by hash.
    pub fn iter(&self) -> impl Iterator<Item = (&Hash, &str)> {
        self.0.iter().map(|(hash, text)| (hash, text.as_str()))
    }

    /// The text of a part.
    #[must_use]
    pub fn get(&self, hash: &Hash) -> Option<&str> {
        self.0.get(hash).map(String::as_str)
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

/// Where parts are looked up: the text stored under a hash, `None` where there is none, or why it cannot be read.
pub type Lookup<'a> = dyn Fn(&Hash) -> Result<Option<String>, String> + 'a;

/// The text of a part, if it is the one of its hash.
pub(super) fn part(lookup: &Lookup<'_>, hash: &Hash) -> Result<String, EvidenceError> {
    match lookup(hash) {
        Ok(Some(text)) if Hash::of(&text) == *hash => Ok(text),
        Ok(Some(_)) => Err(EvidenceError::Changed(*hash)),
        Ok(None) => Err(EvidenceError::Missing(*hash)),
        Err(why) => Err(EvidenceError::Unreadable(*hash, why)),
    }
}

/// The pieces of a list: the first key and the hash of each.
pub(super) fn pieces(lookup: &Lookup<'_>, list: &Hash) -> Result<Vec<(String, Hash)>, EvidenceError> {
    let text = part(lookup, list)?;
    pieces_of(&text).ok_or(EvidenceError::Form(*list))
}

/// The pieces that the text of a list names.
pub(super) fn pieces_of(text: &str) -> Option<Vec<(String, Hash)>> {
    text.lines().map(|line| serde_json::from_str(line).ok()).collect()
}

/// The items of a piece.
pub(super) fn items(lookup: &Lookup<'_>, piece: &Hash) -> Result<Vec<Value>, EvidenceError> {
    let text = part(lookup, piece)?;
    text.lines().map(|line| serde_json::from_str(line).map_err(|_| EvidenceError::Form(*piece))).collect()
}

/// Every item of a list.
pub(super) fn all_items(lookup: &Lookup<'_>, list: &Hash) -> Result<Vec<Value>, EvidenceError> {
    let mut all = Vec::new();
    for (_, piece) in pieces(lookup, list)? {
        all.extend(items(lookup, &piece)?);
    }
    Ok(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(keys: impl Iterator<Item = u64>) -> (Parts, Hash) {
        let mut parts = Parts::default();
        let hash = parts.list(keys.map(|key| (format!("{key:012}"), serde_json::json!({ "id": key }))));
        (parts, hash)
    }

    #[test]
    fn a_list_is_put_together_again_in_the_order_of_its_keys() {
        let (parts, hash) = list((0..1_000).rev());
        assert!((8..40).contains(&parts.len()), "{}", parts.len());
        let items = all_items(&|hash| Ok(parts.get(hash).map(str::to_owned)), &hash).unwrap();
        let ids: Vec<u64> = items.iter().map(|item| item["id"].as_u64().unwrap()).collect();
        assert_eq!(ids, (0..1_000).collect::<Vec<_>>());
        let (empty, hash) = list(0..0);
        assert_eq!(all_items(&|hash| Ok(empty.get(hash).map(str::to_owned)), &hash), Ok(Vec::new()));
    }

    #[test]
    fn one_item_more_or_less_leaves_the_other_pieces_as_they_were() {
        let (whole, _) = list(0..1_000);
        for missing in [0, 500, 999] {
            let (less, _) = list((0..1_000).filter(|key| *key != missing));
            let new = less.iter().filter(|(hash, _)| whole.get(hash).is_none()).count();
            assert!((1..=2).contains(&new), "{missing}: {new} new parts");
        }
    }

    #[test]
    fn a_part_that_is_another_or_missing_is_never_handed_out() {
        let hash = Hash::of("a");
        assert_eq!(part(&|_| Ok(Some("b".into())), &hash), Err(EvidenceError::Changed(hash)));
        assert_eq!(part(&|_| Ok(None), &hash), Err(EvidenceError::Missing(hash)));
        assert_eq!(part(&|_| Err("no".into()), &hash), Err(EvidenceError::Unreadable(hash, "no".into())));
    }
}
