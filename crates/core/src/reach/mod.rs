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

/// The verdict of a machine, a tool, a setting, a site or a crawler: of a site never `NotInstalled`.
pub use crate::workstation::Verdict;
