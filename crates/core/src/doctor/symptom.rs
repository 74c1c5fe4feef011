//! What people complain of.

use serde::{Serialize, Serializer};

/// A complaint, as people put it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Symptom {
    /// "The policy type is not enabled."
    TypeNotEnabled,
    /// "The policy is not taking effect."
    NoEffect,
    /// "A service behaves differently since the opt-out."
    BehavesDifferently,
}

impl Symptom {
    /// Every one, in the order in which they are looked at.
    pub const ALL: [Self; 3] = [Self::TypeNotEnabled, Self::NoEffect, Self::BehavesDifferently];

    /// The word used everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::TypeNotEnabled => "type-not-enabled",
            Self::NoEffect => "no-effect",
            Self::BehavesDifferently => "behaves-differently",
        }
    }

    /// The complaint in a sentence.
    #[must_use]
    pub const fn title(self) -> &'static str {
        match self {
            Self::TypeNotEnabled => "The policy type is not enabled",
            Self::NoEffect => "The policy is not taking effect",
            Self::BehavesDifferently => "A service behaves differently since the opt-out",
        }
    }
}

impl Serialize for Symptom {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
