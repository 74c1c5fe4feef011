//! The suites of all organizations in one document, each suite named after its organization.

use crate::fleet::{Entry, FleetReport};
use crate::report::junit::{Ending, Suite, TestCase, document, suites};

/// The report as JUnit XML.
pub(super) fn render(report: &FleetReport<'_>) -> String {
    let all: Vec<Suite> = report.entries.iter().flat_map(|entry| of(report, entry)).collect();
    document(&all)
}

fn of(report: &FleetReport<'_>, entry: &Entry<'_>) -> Vec<Suite> {
    let start = format!("optout.{}", entry.file_name);
    if let Some(one) = entry.report() {
        return suites(one, &start);
    }
    let message = format!("{}: {}", entry.name, super::why(entry));
    let case = TestCase { name: "decision".to_owned(), ending: Ending::Open { message } };
    vec![Suite { name: format!("{start}.decision"), at: report.origin.at, cases: vec![case] }]
}
