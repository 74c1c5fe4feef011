//! The ids of AWS Organizations as types with checked constructors.
//!
//! Forms: botocore 1.44.5, organizations model (`shared` patterns of AccountId, OrganizationId, RootId,
//! OrganizationalUnitId, PolicyId), read 2026-11-23.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// A text that is not an id of the kind that was expected.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` is not {expected}")]
pub struct InvalidIdError {
    text: String,
    expected: &'static str,
}

impl InvalidIdError {
    fn new(text: &str, expected: &'static str) -> Self {
        Self { text: text.chars().take(80).collect(), expected }
    }
}

/// An account id: twelve digits. Kept as a number, so that half a million of them are small.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct AccountId(u64);

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&format!("{:012}", self.0))
    }
}

impl fmt::Debug for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:012}", self.0)
    }
}

impl FromStr for AccountId {
    type Err = InvalidIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit());
        let number = text.parse().ok().filter(|_| digits);
        number.map(Self).ok_or_else(|| InvalidIdError::new(text, "an account id (twelve digits)"))
    }
}

/// Whether `text` after `prefix` has `length` characters that are all `allowed`.
fn has_form(text: &str, prefix: &str, length: std::ops::RangeInclusive<usize>, allowed: fn(u8) -> bool) -> bool {
    text.strip_prefix(prefix).is_some_and(|rest| length.contains(&rest.len()) && rest.bytes().all(allowed))
}

fn lower_or_digit(byte: u8) -> bool {
    byte.is_ascii_lowercase() || byte.is_ascii_digit()
}

fn is_unit(text: &str) -> bool {
    let Some((root, own)) = text.strip_prefix("ou-").and_then(|rest| rest.split_once('-')) else { return false };
    has_form(root, "", 4..=32, lower_or_digit) && has_form(own, "", 8..=32, lower_or_digit)
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident, $expected:literal, $is:expr) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as text.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl FromStr for $name {
            type Err = InvalidIdError;

            fn from_str(text: &str) -> Result<Self, Self::Err> {
                let is: fn(&str) -> bool = $is;
                if is(text) { Ok(Self(text.into())) } else { Err(InvalidIdError::new(text, $expected)) }
            }
        }
    };
}

text_id!(
    /// An organization id, like `o-exampleorgid`.
    OrganizationId, "an organization id (like `o-exampleorgid`)", |text| has_form(text, "o-", 10..=32, lower_or_digit)
);
text_id!(
    /// A root id, like `r-exam`.
    RootId, "a root id (like `r-exam`)", |text| has_form(text, "r-", 4..=32, lower_or_digit)
);
text_id!(
    /// An organizational unit id, like `ou-exam-exampleouid`.
    UnitId, "an organizational unit id (like `ou-exam-exampleou1`)", is_unit
);
text_id!(
    /// A policy id, like `p-examplepolicyid`.
    PolicyId, "a policy id (like `p-examplepolicyid`)",
    |text| has_form(text, "p-", 8..=128, |byte| byte.is_ascii_alphanumeric() || byte == b'_')
);

/// Something a policy can be attached to.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TargetId {
    /// The root.
    Root(RootId),
    /// An organizational unit.
    Unit(UnitId),
    /// An account.
    Account(AccountId),
}

impl fmt::Display for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Root(id) => id.fmt(f),
            Self::Unit(id) => id.fmt(f),
            Self::Account(id) => id.fmt(f),
        }
    }
}

impl fmt::Debug for TargetId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}

impl FromStr for TargetId {
    type Err = InvalidIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let root = || text.parse().map(Self::Root);
        let unit = || text.parse().map(Self::Unit);
        let account = || text.parse().map(Self::Account);
        let neither = |_| InvalidIdError::new(text, "the id of a root, an organizational unit or an account");
        root().or_else(|_| unit()).or_else(|_| account()).map_err(neither)
    }
}

macro_rules! serde_as_text {
    ($($name:ident),*) => {$(
        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = std::borrow::Cow::<'de, str>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    )*};
}

serde_as_text!(AccountId, OrganizationId, RootId, UnitId, PolicyId, TargetId);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn account_ids_keep_leading_zeros() {
        let id: AccountId = "000000000012".parse().unwrap();
        assert_eq!(id.to_string(), "000000000012");
        for wrong in ["12", "+00000000012", "00000000001a", "0000000000123", ""] {
            assert!(wrong.parse::<AccountId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn targets_know_their_kind() {
        assert!(matches!("r-exam".parse(), Ok(TargetId::Root(_))));
        assert!(matches!("ou-exam-12345678".parse(), Ok(TargetId::Unit(_))));
        assert!(matches!("111111111111".parse(), Ok(TargetId::Account(_))));
        for wrong in ["", "r-", "r-EXAM", "ou-exam-1", "p-12345678", "ou-exam_12345678"] {
            assert!(wrong.parse::<TargetId>().is_err(), "{wrong}");
        }
    }

    #[test]
    fn an_invalid_id_says_what_was_expected() {
        let error = "x".parse::<PolicyId>().unwrap_err();
        assert_eq!(error.to_string(), "`x` is not a policy id (like `p-examplepolicyid`)");
    }
}
