//! JUnit XML, as build servers read it: one suite per control, one case per subject for which it does not hold.
//!
//! Some case fails or errs if and only if the
//! program ends with 2 or 3: what was accepted, and what is less grave than the line, is skipped with the reason.

use super::case::{Case, cases};
use super::subject::Subjects;
use super::test_results::{Ending, Suite, TestCase, document};
use super::{Report, answer};
use crate::check::{Control, Decision, Finding};

/// The report as JUnit XML.
pub(super) fn render(report: &Report<'_>) -> String {
    document(&suites(report, "optout"))
}

/// A suite for the decision and one per control, each name begun with `start`.
pub(super) fn suites(report: &Report<'_>, start: &str) -> Vec<Suite> {
    let (subjects, at) = (Subjects::of(report), report.assessment.at);
    let mut suites = vec![Suite { name: format!("{start}.decision"), at, cases: vec![decision(report)] }];
    for (control, cases) in cases(report) {
        let cases = cases.iter().map(|case| test_case(report, &subjects, control, case)).collect();
        suites.push(Suite { name: format!("{start}.{}", control.id), at, cases });
    }
    suites
}

/// The answer itself as a case.
fn decision(report: &Report<'_>) -> TestCase {
    let assessment = report.assessment;
    let message = format!("{}: {}", assessment.verdict, answer::sentence(assessment));
    let ending = match report.decision {
        Decision::Holds => Ending::Passed,
        Decision::Fails => Ending::Failed { kind: assessment.verdict.as_str(), message, text: unknowns(report) },
        Decision::Undetermined => Ending::Open { message: format!("{message}\n{}", unknowns(report)) },
    };
    TestCase { name: "decision".to_owned(), ending }
}

fn unknowns(report: &Report<'_>) -> String {
    let line = |unknown: &super::Unknown| format!("unknown: {}: {}\n", unknown.what, unknown.reason);
    report.unknowns.iter().map(line).collect()
}

fn test_case(report: &Report<'_>, subjects: &Subjects<'_>, control: &'static Control, case: &Case<'_>) -> TestCase {
    match case {
        Case::Holds => TestCase { name: "holds".to_owned(), ending: Ending::Passed },
        Case::Open(why) => {
            let message = format!("it could not be determined: {why}");
            let counts = control.severity >= report.fail_on;
            let ending = if counts { Ending::Open { message } } else { Ending::Skipped { message } };
            TestCase { name: "undetermined".to_owned(), ending }
        }
        Case::Fails(finding, accepted) => {
            let about = subjects.about(&finding.subject);
            let place = about.path.as_ref().map(|path| format!(" {path}")).unwrap_or_default();
            let name = format!("{}{place}", about.label());
            TestCase { name, ending: failed(report, control, finding, accepted.as_deref()) }
        }
    }
}

fn failed(report: &Report<'_>, control: &Control, finding: &Finding, accepted: Option<&str>) -> Ending {
    let (severity, line) = (finding.severity, report.fail_on);
    match accepted {
        Some(reason) => Ending::Skipped { message: format!("accepted: {reason}: {}", finding.message) },
        None if severity < line => {
            Ending::Skipped { message: format!("{severity}, less than {line}: {}", finding.message) }
        }
        None => Ending::Failed {
            kind: severity.as_str(),
            message: finding.message.to_string(),
            text: format!("{}\nmend: {}\n", control.title, control.remedy),
        },
    }
}
