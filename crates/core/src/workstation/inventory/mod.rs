//! The answer for one machine in the forms of inventory tools. Nothing here decides anything.

mod json;
mod junit;
mod ocsf;
#[cfg(test)]
mod tests;

pub use json::{FORMAT, render as json};
pub use junit::render as junit;
pub use ocsf::render as ocsf;

use jiff::Timestamp;

use super::report::{Finding, Report};
use super::terms::Kind;
use super::verdict::Verdict;

/// A machine that was looked at.
#[derive(Debug, Clone, Copy)]
pub struct Looked<'a> {
    /// What was found.
    pub report: &'a Report,
    /// What the machine is called; `None` where that is not known.
    pub machine: Option<&'a str>,
    /// The home directory that was looked at.
    pub home: &'a str,
    /// When it was looked at.
    pub at: Timestamp,
    /// The version of the program.
    pub tool_version: &'a str,
}

impl<'a> Looked<'a> {
    /// What the machine is called, or else its home directory.
    const fn name(&self) -> &'a str {
        match self.machine {
            Some(name) => name,
            None => self.home,
        }
    }

    /// What is said of the machine as a whole: the worst of content, then that of usage data.
    fn verdicts(&self) -> [(Kind, Verdict); 2] {
        [(Kind::Content, self.report.content), (Kind::Telemetry, self.report.telemetry)]
    }
}

/// What a setting is about, in words.
const fn about(kind: Kind) -> &'static str {
    match kind {
        Kind::Content => "content",
        Kind::Telemetry => "telemetry",
    }
}

/// A setting with its place: what tells two findings of one tool apart.
fn label(finding: &Finding) -> String {
    let instance = finding.instance.as_ref().map(|name| format!(" in {name}")).unwrap_or_default();
    let path = finding.path.as_ref().map(|path| format!(" ({path})")).unwrap_or_default();
    format!("{} {}{instance}{path}", about(finding.kind), finding.key)
}
