//! The line from which on a finding makes a command fail.

use clap::ValueEnum;
use optout_core::check::Severity;

/// A severity, as it is given on the command line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(crate) enum Line {
    Info,
    Low,
    Medium,
    High,
    Critical,
}

impl From<Line> for Severity {
    fn from(line: Line) -> Self {
        match line {
            Line::Info => Self::Info,
            Line::Low => Self::Low,
            Line::Medium => Self::Medium,
            Line::High => Self::High,
            Line::Critical => Self::Critical,
        }
    }
}
