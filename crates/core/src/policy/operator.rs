//! The operators of the language: three that set values, one that limits what children may do.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html>, read 2026-11-23.

use std::fmt;

/// The name of the child control operator.
pub(super) const CONTROLS: &str = "@@operators_allowed_for_child_policies";

/// An operator that sets a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// `@@assign` replaces what was inherited.
    Assign,
    /// `@@append` adds to a list.
    Append,
    /// `@@remove` takes out of a list.
    Remove,
}

impl Operator {
    /// All of them, in the order in which one target applies them.
    pub const ALL: [Self; 3] = [Self::Assign, Self::Append, Self::Remove];

    /// The operator as it is written.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Assign => "@@assign",
            Self::Append => "@@append",
            Self::Remove => "@@remove",
        }
    }

    /// The operator of a key.
    #[must_use]
    pub fn of(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|operator| operator.as_str() == key)
    }

    const fn bit(self) -> u8 {
        match self {
            Self::Assign => 1,
            Self::Append => 2,
            Self::Remove => 4,
        }
    }
}

impl fmt::Display for Operator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Which operators children may use at one place: the value of `@@operators_allowed_for_child_policies`.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Controls(u8);

impl Controls {
    /// `@@all`, which also holds where nothing is said.
    pub const ALL: Self = Self(7);
    /// `@@none`.
    pub const NONE: Self = Self(0);

    /// The controls that a list of words means; `None` for a word that is none of the language.
    #[must_use]
    pub fn of<'a>(words: impl IntoIterator<Item = &'a str>) -> Option<Self> {
        words.into_iter().try_fold(Self::NONE, |so_far, word| Some(Self(so_far.0 | Self::word(word)?.0)))
    }

    fn word(word: &str) -> Option<Self> {
        match word {
            "@@all" => Some(Self::ALL),
            "@@none" => Some(Self::NONE),
            other => Operator::of(other).map(|operator| Self(operator.bit())),
        }
    }

    /// What both allow.
    #[must_use]
    pub const fn and(self, other: Self) -> Self {
        Self(self.0 & other.0)
    }

    /// Whether children may use `operator` here.
    #[must_use]
    pub const fn allows(self, operator: Operator) -> bool {
        self.0 & operator.bit() != 0
    }

    /// Whether children may add keys to a container with these controls: while they hold `@@all`, `@@assign` or
    /// `@@append`.
    ///
    /// Source: AWS's backup policy example 4 and AI opt-out example 1 (vectors `BACKUP-4-append-container`, `AI-01a`).
    #[must_use]
    pub const fn allow_adding(self) -> bool {
        self.allows(Operator::Assign) || self.allows(Operator::Append)
    }
}

impl fmt::Display for Controls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {
            Self::ALL => f.write_str("[@@all]"),
            Self::NONE => f.write_str("[@@none]"),
            some => {
                let allowed = Operator::ALL.into_iter().filter(|operator| some.allows(*operator));
                write!(f, "[{}]", allowed.map(Operator::as_str).collect::<Vec<_>>().join(", "))
            }
        }
    }
}

impl fmt::Debug for Controls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{self}")
    }
}
