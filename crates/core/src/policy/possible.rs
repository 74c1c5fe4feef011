//! A value that may be known, absent, or one of several: what cannot be decided is carried on, never guessed.

use serde_json::Value;

/// Every value that a setting may have; `None` among them means that it may be absent. Never empty.
#[derive(Debug, Clone, PartialEq)]
pub struct Possible(Vec<Option<Value>>);

impl Possible {
    /// Certainly absent.
    #[must_use]
    pub fn absent() -> Self {
        Self(vec![None])
    }

    /// Certainly this value.
    #[must_use]
    pub fn certain(value: Value) -> Self {
        Self(vec![Some(value)])
    }

    /// One of these values, none of them absent; without any, absent.
    #[must_use]
    pub fn one_of(values: impl IntoIterator<Item = Value>) -> Self {
        let mut all = Self(Vec::new());
        values.into_iter().for_each(|value| all.add(Some(value)));
        if all.0.is_empty() { Self::absent() } else { all }
    }

    /// Whether it is decided.
    #[must_use]
    pub fn is_decided(&self) -> bool {
        self.0.len() == 1
    }

    /// The value, where it is decided and there is one.
    #[must_use]
    pub fn value(&self) -> Option<&Value> {
        match self.0.as_slice() {
            [Some(value)] => Some(value),
            _ => None,
        }
    }

    /// Everything it may be.
    #[must_use]
    pub fn all(&self) -> &[Option<Value>] {
        &self.0
    }

    /// Whether there is a value, whichever: `None` where that is not decided.
    #[must_use]
    pub fn is_present(&self) -> Option<bool> {
        let present = self.0.iter().filter(|value| value.is_some()).count();
        match present {
            0 => Some(false),
            some if some == self.0.len() => Some(true),
            _ => None,
        }
    }

    /// What it may be after `change` was applied to whatever it is.
    pub(super) fn map(&self, change: impl Fn(Option<&Value>) -> Option<Value>) -> Self {
        let mut all = Self(Vec::new());
        self.0.iter().for_each(|value| all.add(change(value.as_ref())));
        all
    }

    /// What it may be if it is not decided which of the two holds.
    pub(super) fn or(mut self, other: &Self) -> Self {
        other.0.iter().for_each(|value| self.add(value.clone()));
        self
    }

    fn add(&mut self, value: Option<Value>) {
        if !self.0.contains(&value) {
            self.0.push(value);
        }
    }
}
