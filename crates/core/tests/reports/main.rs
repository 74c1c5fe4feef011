//! The report in every format: golden outputs for the example organization, and hostile names in organizations that nobody
//! thought of, read back by parsers that nobody here wrote.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics fails, which is what it is for"
)]

mod csv_rows;
mod fleet;
mod golden;
mod hostile;
mod json_forms;
mod junit_cases;
mod limits;
mod markdown_blocks;
mod parties;
mod publisher;
mod reach;

use jiff::Timestamp;
use optout_core::catalogue::Catalogue;
use optout_core::check::{Assessment, Finding, Question, Severity, assess};
use optout_core::org::{Snapshot, read};
use optout_core::report::{Accepted, Format, Options, Origin, Report};
use optout_core::source::Source;

/// The clock of every test.
pub(crate) fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// The example organization.
pub(crate) fn acme() -> Snapshot {
    let text = include_str!("../../../../examples/acme/organization.json");
    read(&Source::new("acme.json", text)).unwrap()
}

/// Accepts findings about one account.
#[derive(Debug)]
pub(crate) struct AcceptsOne {
    pub(crate) subject: &'static str,
    pub(crate) reason: String,
}

impl Accepted for AcceptsOne {
    fn reason(&self, finding: &Finding) -> Option<String> {
        (finding.subject.to_string() == self.subject).then(|| self.reason.clone())
    }
}

pub(crate) fn accepted(reason: &str) -> AcceptsOne {
    AcceptsOne { subject: "220000000001", reason: reason.to_owned() }
}

pub(crate) fn origin() -> Origin {
    Origin {
        organization: "examples/acme/organization.json".to_owned(),
        intent: Some(("optout.toml".to_owned(), "a".repeat(64))),
        baseline: None,
        tool_version: "0.1.0".to_owned(),
    }
}

pub(crate) fn assessed(snapshot: &Snapshot) -> Assessment<'_> {
    assess(&Question { at: now(), ..Question::plain(snapshot, Catalogue::embedded()) })
}

/// What `look` sees in the report of a snapshot.
pub(crate) fn reported<T>(
    snapshot: &Snapshot,
    accepted: &dyn Accepted,
    origin: Origin,
    look: impl FnOnce(&Report<'_>) -> T,
) -> T {
    let assessment = assessed(snapshot);
    look(&Report::new(&assessment, Severity::High, accepted, origin))
}

pub(crate) fn rendered(report: &Report<'_>, format: Format) -> String {
    format.render(report, &Options::default()).unwrap().into_text()
}

/// How many cases a report has: every finding, every control that is open, every control that holds.
pub(crate) fn cases(report: &Report<'_>) -> usize {
    let of = |found: usize, open: bool| (found + usize::from(open)).max(1);
    report.outcomes.iter().map(|(_, outcome)| of(outcome.findings.len(), outcome.unknown.is_some())).sum()
}

/// Whether a character is not plainly visible, by another list than the program's.
pub(crate) fn hides(character: char) -> bool {
    (character.is_control() && character != '\n')
        || matches!(character, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}
