//! What the organization's policy does not reach, as other commands wrote it: machines (`optout.workstation/1`) and sites
//! (`optout.website/1`), read back for reports and audits.
//!
//! Only what these need is taken; of that, everything must be there and have its form. Fields that are new in a later
//! version of the same form are no mistake.

mod machine;
mod read;
mod site;
#[cfg(test)]
mod tests;

pub use machine::{Setting, Tool, Workstation};
pub use site::{Crawler, Site, Sites};

use serde::Deserialize;

/// The verdict of a machine, a tool, a setting, a site or a crawler.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The tool is not there.
    NotInstalled,
    /// Nothing is shared.
    OptedOut,
    /// It could not be determined.
    Unknown,
    /// Something is shared.
    Sharing,
}

impl Verdict {
    /// The word for people and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::OptedOut => "opted-out",
            Self::Sharing => "sharing",
            Self::Unknown => "unknown",
            Self::NotInstalled => "not-installed",
        }
    }

    /// `Some(true)` where it shares, `None` where that is open.
    #[must_use]
    pub const fn shares(self) -> Option<bool> {
        match self {
            Self::Sharing => Some(true),
            Self::OptedOut | Self::NotInstalled => Some(false),
            Self::Unknown => None,
        }
    }
}
