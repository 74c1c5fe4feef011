//! The words of the answer: setting, verdict, basis.

use crate::org::AccountId;
use crate::words::words;

words! {
    /// What the effective policy says for one service.
    Setting {
        /// `optOut`.
        OptOut = "opt-out",
        /// `optIn`.
        OptIn = "opt-in",
        /// Nothing: AWS's default applies, and AWS may use the content.
        Unset = "unset",
        /// Something this program does not know; never a pass.
        Unrecognised = "unrecognised",
    }
}

words! {
    /// The verdict of an account × service.
    ServiceVerdict {
        /// AWS may not use the content.
        OptedOut = "opted-out",
        /// AWS may: a policy says so.
        OptedIn = "opted-in",
        /// AWS may: no policy says anything.
        NotOptedOut = "not-opted-out",
        /// AWS may: a policy says so, and the intent allows it on this date.
        Excepted = "excepted",
        /// It could not be determined.
        Unknown = "unknown",
    }
}

words! {
    /// The verdict of an account or of the organization, best first: the worst of several is the greatest.
    AccountVerdict {
        /// `default` itself is an exception; nothing else is wrong.
        Excepted = "excepted",
        /// Opted out, of future services too.
        OptedOut = "opted-out",
        /// Every known service is opted out, a future one would not be.
        OptedOutToday = "opted-out-today",
        /// Something could not be read or is not recognised.
        Unknown = "unknown",
        /// A service, or `default`, is unset.
        NotOptedOut = "not-opted-out",
        /// A service, or `default`, is opted in without an exception.
        OptedIn = "opted-in",
    }
}

/// Whose answer a verdict rests on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Basis {
    /// AWS's, asked for this account.
    Aws,
    /// AWS's, asked for this other account with the same chain.
    AwsChain(AccountId),
    /// Ours, from the attached policies.
    Computed,
}

impl Basis {
    /// The word used everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Aws => "aws",
            Self::AwsChain(_) => "aws-chain",
            Self::Computed => "computed",
        }
    }

    /// Whether AWS itself answered.
    #[must_use]
    pub const fn is_aws(self) -> bool {
        match self {
            Self::Aws | Self::AwsChain(_) => true,
            Self::Computed => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worst_verdict_is_the_greatest() {
        use AccountVerdict::{NotOptedOut, OptedIn, OptedOut, OptedOutToday, Unknown};
        assert!(OptedIn > NotOptedOut && NotOptedOut > Unknown && Unknown > OptedOutToday && OptedOutToday > OptedOut);
    }
}
