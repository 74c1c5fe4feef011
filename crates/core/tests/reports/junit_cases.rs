//! JUnit, read back by `quick-xml`.

use std::collections::BTreeMap;

use optout_core::check::{Decision, Severity};
use optout_core::report::Report;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::{accepted, acme, cases, origin, rendered, reported};

type Attributes = BTreeMap<String, String>;

/// Every element with its attributes.
fn read(text: &str) -> Vec<(String, Attributes)> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut elements = Vec::new();
    loop {
        match reader.read_event().unwrap() {
            Event::Start(start) | Event::Empty(start) => elements.push(element(&start)),
            Event::GeneralRef(reference) => {
                assert!(["amp", "lt", "gt", "quot", "apos"].contains(&&*reference), "{reference:?}");
            }
            Event::Text(_) | Event::End(_) | Event::Decl(_) => {}
            Event::Eof => return elements,
            other => panic!("{other:?}"),
        }
    }
}

fn element(start: &BytesStart<'_>) -> (String, Attributes) {
    let attribute = |attribute: quick_xml::events::attributes::Attribute<'_>| {
        let value = quick_xml::escape::unescape(&attribute.value).unwrap().into_owned();
        (attribute.key.as_ref().to_owned(), value)
    };
    let attributes = start.attributes().map(|it| attribute(it.unwrap())).collect();
    (start.name().as_ref().to_owned(), attributes)
}

fn count(elements: &[(String, Attributes)], name: &str) -> usize {
    elements.iter().filter(|(it, _)| it == name).count()
}

/// One case for the decision and one for each case of each control; counts that are true; only characters of XML 1.0.
pub(crate) fn check(text: &str, report: &Report<'_>, account: Option<&str>) -> Result<(), TestCaseError> {
    let elements = read(text);
    prop_assert_eq!(count(&elements, "testsuite"), report.outcomes.len() + 1);
    prop_assert_eq!(count(&elements, "testcase"), cases(report) + 1);
    let whole = &elements[0].1;
    for (attribute, element) in
        [("failures", "failure"), ("errors", "error"), ("skipped", "skipped"), ("tests", "testcase")]
    {
        prop_assert_eq!(&whole[attribute], &count(&elements, element).to_string(), "{}", attribute);
    }
    let forbidden = text.contains(['\u{fffe}', '\u{ffff}']);
    prop_assert!(!forbidden);
    let names = || elements.iter().filter(|(it, _)| it == "testcase").map(|(_, attributes)| &attributes["name"]);
    if let Some(account) = account {
        // Neither hidden nor allowed in XML.
        let account = account.replace('\u{fffe}', "\\u{fffe}").replace('\u{ffff}', "\\u{ffff}");
        prop_assert!(names().any(|name| name.contains(&format!("({account})"))), "{}", account);
    }
    Ok(())
}

/// Some case fails or errs if and only if the program would not end with 0.
#[test]
fn it_is_red_where_the_program_fails() {
    for line in Severity::ALL {
        let assessment = super::assessed(Box::leak(Box::new(acme())));
        let accepted = accepted("a study");
        let report = Report::new(&assessment, *line, &accepted, origin());
        let elements = read(&rendered(&report, optout_core::report::Format::Junit));
        let red = count(&elements, "failure") + count(&elements, "error");
        assert_eq!(red > 0, report.decision != Decision::Holds, "{line}");
    }
}

#[test]
fn what_was_accepted_is_skipped_and_says_why() {
    let text = reported(&acme(), &accepted("a study"), origin(), |report| {
        rendered(report, optout_core::report::Format::Junit)
    });
    let elements = read(&text);
    let skipped = elements
        .iter()
        .filter(|(name, attributes)| name == "skipped" && attributes["message"].starts_with("accepted: a study"));
    assert!(skipped.count() > 0);
}
