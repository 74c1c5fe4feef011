//! The service keys in question, each as a small number: what is computed per account is a table over them.

use std::collections::HashMap;
use std::sync::Arc;

/// A service key's number; 0 is `default`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key(pub(super) usize);

impl Key {
    /// `default`.
    pub const DEFAULT: Self = Self(0);

    /// The number, 0 for `default`.
    #[must_use]
    pub const fn index(self) -> usize {
        self.0
    }
}

/// `default`, the catalogue's services, then keys met in live documents that the catalogue does not know.
#[derive(Debug, Clone)]
pub struct Keys {
    names: Vec<Arc<str>>,
    numbers: HashMap<Arc<str>, Key>,
    known: usize,
}

impl Keys {
    /// The keys of a catalogue (without `default`), in its order.
    #[must_use]
    pub fn new<'a>(services: impl IntoIterator<Item = &'a str>) -> Self {
        let mut keys = Self { names: Vec::new(), numbers: HashMap::new(), known: 0 };
        std::iter::once("default").chain(services).for_each(|name| keys.insert(name));
        keys.known = keys.names.len();
        keys
    }

    /// Adds a key met in a live document, unless it is there.
    pub(super) fn insert(&mut self, name: &str) {
        if !self.numbers.contains_key(name) {
            let name: Arc<str> = name.into();
            self.numbers.insert(Arc::clone(&name), Key(self.names.len()));
            self.names.push(name);
        }
    }

    /// Every key, `default` first.
    pub fn iter(&self) -> impl Iterator<Item = (Key, &str)> {
        self.names.iter().enumerate().map(|(at, name)| (Key(at), name.as_ref()))
    }

    /// How many keys there are, `default` included.
    #[must_use]
    pub fn len(&self) -> usize {
        self.names.len()
    }

    /// Never: `default` is always there.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// The name of a key.
    #[must_use]
    pub fn name(&self, key: Key) -> &str {
        self.names.get(key.0).map_or("", AsRef::as_ref)
    }

    /// The key of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<Key> {
        self.numbers.get(name).copied()
    }

    /// Whether the catalogue knows the key; the others are services newer than the catalogue.
    #[must_use]
    pub const fn is_known(&self, key: Key) -> bool {
        key.0 < self.known
    }
}
