//! JUnit XML, as build servers read it: one suite per control, one case per subject for which it does not hold.
//!
//! There is no standard; elements and attributes are those that build servers have in common, as
//! <https://github.com/testmoapp/junitxml> describes them (read 2026-11-24). Some case fails or errs if and only if the
//! program ends with 2 or 3: what was accepted, and what is less grave than the line, is skipped with the reason.

use std::fmt::Write as _;

use quick_xml::escape::escape;

use super::case::{Case, cases};
use super::subject::Subjects;
use super::{Report, answer};
use crate::check::{Control, Decision, Finding};
use crate::source::shown;

/// What a case came to.
pub(super) enum Ending {
    Passed,
    Skipped { message: String },
    Failed { kind: &'static str, message: String, text: String },
    Open { message: String },
}

pub(super) struct TestCase {
    pub(super) name: String,
    pub(super) ending: Ending,
}

/// Cases that belong together.
pub(super) struct Suite {
    pub(super) name: String,
    pub(super) at: jiff::Timestamp,
    pub(super) cases: Vec<TestCase>,
}

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

/// Suites as a document.
pub(super) fn document(suites: &[Suite]) -> String {
    let all = Counts::of(suites.iter().flat_map(|suite| &suite.cases));
    let mut out = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"optout\" {all}>\n");
    for suite in suites {
        let (counts, at) = (Counts::of(suite.cases.iter()), suite.at.strftime("%Y-%m-%dT%H:%M:%S"));
        let _ = writeln!(out, "  <testsuite name=\"{}\" {counts} timestamp=\"{at}\">", xml(&suite.name));
        suite.cases.iter().for_each(|case| write_case(&mut out, &suite.name, case));
        out.push_str("  </testsuite>\n");
    }
    out + "</testsuites>\n"
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

fn write_case(out: &mut String, suite: &str, case: &TestCase) {
    let _ = write!(out, "    <testcase name=\"{}\" classname=\"{}\" time=\"0\"", xml(&case.name), xml(suite));
    let _ = match &case.ending {
        Ending::Passed => writeln!(out, "/>"),
        Ending::Skipped { message } => writeln!(out, "><skipped message=\"{}\"/></testcase>", xml(message)),
        Ending::Failed { kind, message, text } => {
            let (message, text) = (xml(message), xml_lines(text));
            writeln!(out, "><failure type=\"{kind}\" message=\"{message}\">{text}</failure></testcase>")
        }
        Ending::Open { message } => {
            let first = message.lines().next().unwrap_or_default();
            let (first, text) = (xml(first), xml_lines(message));
            writeln!(out, "><error type=\"undetermined\" message=\"{first}\">{text}</error></testcase>")
        }
    };
}

#[derive(Default)]
struct Counts {
    tests: usize,
    failures: usize,
    errors: usize,
    skipped: usize,
}

impl Counts {
    fn of<'c>(cases: impl Iterator<Item = &'c TestCase>) -> Self {
        let mut counts = Self::default();
        for case in cases {
            counts.tests += 1;
            match case.ending {
                Ending::Passed => {}
                Ending::Skipped { .. } => counts.skipped += 1,
                Ending::Failed { .. } => counts.failures += 1,
                Ending::Open { .. } => counts.errors += 1,
            }
        }
        counts
    }
}

impl std::fmt::Display for Counts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Self { tests, failures, errors, skipped } = self;
        write!(f, "tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\" skipped=\"{skipped}\" time=\"0\"")
    }
}

/// The text for an attribute or an element, in one line.
fn xml(text: &str) -> String {
    escape(valid(&shown(text))).into_owned()
}

/// The text for an element; its own line feeds stay.
fn xml_lines(text: &str) -> String {
    text.lines().map(xml).collect::<Vec<_>>().join("\n")
}

/// Without the two characters that are neither hidden nor allowed in XML 1.0
/// (<https://www.w3.org/TR/xml/#charsets>).
fn valid(text: &str) -> String {
    text.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}")
}
