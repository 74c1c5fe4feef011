//! The key of a service in an opt-out policy.
//!
//! AWS accepts only keys it knows, without trimming and with their capitalization (recorded answers of CreatePolicy, 2026-09). All
//! 38 known ones are lower-case letters, two of them in two parts joined by `::`.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

/// No known key is longer than 25 characters; one that is longer than this is a mistake.
const LONGEST_KEY: usize = 64;

/// A text that cannot be a service key.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{text}` cannot be a service key")]
pub struct InvalidServiceKeyError {
    text: String,
}

impl InvalidServiceKeyError {
    /// What a key looks like, to be shown as help.
    pub const HELP: &str = "a key is made of lower-case letters, digits and hyphens, its parts joined by `::`";

    fn new(text: &str) -> Self {
        let printable = |character: char| if character.is_control() { '\u{fffd}' } else { character };
        Self { text: text.chars().take(LONGEST_KEY).map(printable).collect() }
    }
}

/// A service key in the form AWS gives them, or `default`. Whether AWS knows the service is another question.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ServiceKey(Arc<str>);

impl ServiceKey {
    /// The key that stands for every service without one of its own.
    pub const DEFAULT: &str = "default";

    /// The key as it stands in a policy.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is `default`.
    #[must_use]
    pub fn is_default(&self) -> bool {
        self.as_str() == Self::DEFAULT
    }
}

impl FromStr for ServiceKey {
    type Err = InvalidServiceKeyError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let valid = text.len() <= LONGEST_KEY && text.split("::").all(is_part);
        if valid { Ok(Self(text.into())) } else { Err(InvalidServiceKeyError::new(text)) }
    }
}

fn is_part(part: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
    !part.is_empty() && part.bytes().all(allowed) && !part.starts_with('-') && !part.ends_with('-')
}

impl fmt::Display for ServiceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl fmt::Debug for ServiceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl AsRef<str> for ServiceKey {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl std::borrow::Borrow<str> for ServiceKey {
    fn borrow(&self) -> &str {
        self.as_str()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_with_parts_and_digits_are_keys() {
        for key in ["default", "q", "lex", "connecthealth::operations", "a1::b-2::c"] {
            assert_eq!(key.parse::<ServiceKey>().unwrap().as_str(), key);
        }
    }

    #[test]
    fn words_of_the_policy_language_and_slips_are_no_keys() {
        let long = "a".repeat(LONGEST_KEY + 1);
        let bad = [
            "",
            " ",
            "Lex",
            "lex ",
            "opt_out_policy",
            "@@assign",
            "optOut",
            "a:b",
            "a::",
            "::a",
            "a::::b",
            "*",
            "-a",
            "a-",
            "l\u{e9}x",
            "a b",
            long.as_str(),
        ];
        for text in bad {
            assert!(text.parse::<ServiceKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn the_message_is_short_and_printable_whatever_the_text() {
        let error = format!("\u{1b}[31m{}", "x".repeat(1_000_000)).parse::<ServiceKey>().unwrap_err();
        assert!(error.to_string().len() < 200 && !error.to_string().contains('\u{1b}'));
    }
}
