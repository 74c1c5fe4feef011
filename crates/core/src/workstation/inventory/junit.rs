//! JUnit XML: one suite for the machine, one per tool that is there, a case per setting and place.
//!
//! Some case fails or errs if and only if the program ends with 2 or 3: usage data that does not count is skipped with the
//! reason.

use super::{Looked, about, label};
use crate::report::test_results::{Ending, Suite, TestCase, document};
use crate::workstation::report::Finding;
use crate::workstation::terms::Kind;
use crate::workstation::verdict::Verdict;

/// The machine as test results; usage data can fail them only where `telemetry_counts`.
#[must_use]
pub fn render(looked: &Looked<'_>, telemetry_counts: bool) -> String {
    let counts = |kind: Kind| match kind {
        Kind::Content => true,
        Kind::Telemetry => telemetry_counts,
    };
    let whole = looked.verdicts().into_iter().map(|(kind, verdict)| {
        let message = format!("{} of {}: {verdict}", about(kind), looked.name());
        TestCase { name: about(kind).to_owned(), ending: ending(verdict, counts(kind), message, String::new()) }
    });
    let suite = |name: &str, cases| Suite { name: format!("optout.{name}"), at: looked.at, cases };
    let mut suites = vec![suite("workstation", whole.collect())];
    for product in looked.report.products.iter().filter(|product| !product.findings.is_empty()) {
        let cases = product.findings.iter().map(|finding| case(finding, counts(finding.kind))).collect();
        suites.push(suite(&product.id, cases));
    }
    document(&suites)
}

fn case(finding: &Finding, counts: bool) -> TestCase {
    let message = format!("{}: {}", finding.verdict, finding.reason);
    let notes: String = finding.notes.iter().map(|note| format!("{note}\n")).collect();
    let text = format!("set it: {}\n{notes}source: {}\n", finding.menu, finding.source);
    TestCase { name: label(finding), ending: ending(finding.verdict, counts, message, text) }
}

fn ending(verdict: Verdict, counts: bool, message: String, text: String) -> Ending {
    match verdict {
        Verdict::OptedOut | Verdict::NotInstalled => Ending::Passed,
        Verdict::Sharing | Verdict::Unknown if !counts => {
            Ending::Skipped { message: format!("usage data does not count here: {message}") }
        }
        Verdict::Sharing => Ending::Failed { kind: verdict.word(), message, text },
        Verdict::Unknown => Ending::Open { message: format!("{message}\n{text}").trim_end().to_owned() },
    }
}
