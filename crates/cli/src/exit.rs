//! What the program ends with: the same numbers for every command.

use std::process::ExitCode;

use optout_core::check::Decision;
use optout_core::fleet::Outcome;

/// How a command ended. When several apply, the first of wrong, fails, undetermined, holds counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Exit {
    /// 0: it holds, or there was nothing to decide.
    Holds,
    /// 1: something went wrong.
    Wrong,
    /// 2: it does not hold, or there are changes.
    Fails,
    /// 3: it could not be determined.
    Undetermined,
    /// 64: the command line was not understood (`EX_USAGE` of sysexits).
    Usage,
}

impl Exit {
    /// The number.
    pub(crate) const fn code(self) -> u8 {
        match self {
            Self::Holds => 0,
            Self::Wrong => 1,
            Self::Fails => 2,
            Self::Undetermined => 3,
            Self::Usage => 64,
        }
    }

    /// Which of two counts.
    pub(crate) fn and(self, other: Self) -> Self {
        let rank = |exit| match exit {
            Self::Usage => 0,
            Self::Wrong => 1,
            Self::Fails => 2,
            Self::Undetermined => 3,
            Self::Holds => 4,
        };
        if rank(other) < rank(self) { other } else { self }
    }

    /// 2 where something fails, else 0.
    pub(crate) const fn fails_if(fails: bool) -> Self {
        if fails { Self::Fails } else { Self::Holds }
    }
}

impl From<Decision> for Exit {
    fn from(decision: Decision) -> Self {
        match decision {
            Decision::Holds => Self::Holds,
            Decision::Fails => Self::Fails,
            Decision::Undetermined => Self::Undetermined,
        }
    }
}

impl From<Outcome> for Exit {
    fn from(outcome: Outcome) -> Self {
        match outcome {
            Outcome::Failed => Self::Wrong,
            Outcome::Fails => Self::Fails,
            Outcome::Undetermined => Self::Undetermined,
            Outcome::Holds => Self::Holds,
        }
    }
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit.code())
    }
}

#[cfg(test)]
mod tests {
    use super::Exit::{Fails, Holds, Undetermined, Wrong};

    #[test]
    fn a_known_failure_beats_an_unknown() {
        assert_eq!(Undetermined.and(Fails), Fails);
        assert_eq!(Fails.and(Wrong), Wrong);
        assert_eq!(Holds.and(Undetermined), Undetermined);
    }
}
