//! Test results in JUnit's XML: suites of cases with their counts, and other people's text made harmless.
//!
//! There is no standard; elements and attributes are those that build servers have in common, as
//! <https://github.com/testmoapp/junitxml> describes them (read 2026-11-24).

use std::fmt::Write as _;

use jiff::Timestamp;
use quick_xml::escape::escape;

use crate::source::shown;

/// What a case came to.
pub(crate) enum Ending {
    /// It holds.
    Passed,
    /// It does not count.
    Skipped { message: String },
    /// It does not hold.
    Failed { kind: &'static str, message: String, text: String },
    /// It could not be determined.
    Open { message: String },
}

/// A case of a suite.
pub(crate) struct TestCase {
    /// What was tested, within its suite.
    pub(crate) name: String,
    /// What it came to.
    pub(crate) ending: Ending,
}

/// Cases that belong together.
pub(crate) struct Suite {
    /// What they are about.
    pub(crate) name: String,
    /// When that was so.
    pub(crate) at: Timestamp,
    /// The cases, in order.
    pub(crate) cases: Vec<TestCase>,
}

/// Suites as a document.
pub(crate) fn document(suites: &[Suite]) -> String {
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
