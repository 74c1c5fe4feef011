//! The machine that is looked at, and what was found on it: values in, no disk.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

use super::terms::Os;

/// Whose settings are looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Machine {
    /// The operating system whose paths apply.
    pub os: Os,
    /// The user's home directory, absolute.
    pub home: String,
    /// The environment; `None` for another machine's files, where it is not known.
    pub environment: Option<BTreeMap<String, String>>,
}

impl Machine {
    /// The value of an environment variable that is set and not empty, as path rules read it.
    #[must_use]
    pub fn directory_variable(&self, name: &str) -> Option<&str> {
        self.environment.as_ref()?.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// `path` with `/` between names, which every operating system here understands.
    #[must_use]
    pub fn slashes(&self, path: &str) -> String {
        match self.os {
            Os::Windows => path.replace('\\', "/"),
            Os::Linux | Os::MacOs => path.to_owned(),
        }
    }
}

/// Why a file that is there could not be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadProblem {
    /// It may not be read.
    Denied,
    /// It is a directory, a device or the like.
    NotAFile,
    /// It is a link to a place outside the home directory: something else manages it.
    LeadsOutside {
        /// Where it leads.
        target: String,
    },
    /// It was there and is gone.
    Vanished,
    /// It is larger than [`super::MAX_BYTES`].
    TooLarge {
        /// Its size in bytes.
        bytes: u64,
    },
    /// Anything else, in words.
    Other(String),
}

impl fmt::Display for ReadProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Denied => f.write_str("the file may not be read"),
            Self::NotAFile => f.write_str("it is not a regular file"),
            Self::LeadsOutside { target } => write!(f, "it is a link to `{target}`, outside the home directory"),
            Self::Vanished => f.write_str("the file was there and is gone"),
            Self::TooLarge { bytes } => write!(f, "it is {bytes} bytes long, more than any settings file"),
            Self::Other(words) => f.write_str(words),
        }
    }
}

/// The bytes of a file, or why they could not be read.
pub type Content = Result<Vec<u8>, ReadProblem>;

/// What was found on the machine, by path as [`super::candidates`] led to it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Facts {
    /// The settings files that are there, with their bytes.
    pub files: BTreeMap<String, Content>,
    /// The markers that are there.
    pub present: BTreeSet<String>,
}
