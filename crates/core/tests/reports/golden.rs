//! Golden outputs.

use optout_core::report::Format;

use super::{accepted, acme, origin, rendered, reported};

#[test]
fn the_example_organization_in_every_format() {
    // Of the page nobody reads a difference: `report_html.rs` says what must be in it.
    for format in Format::ALL.iter().filter(|format| **format != Format::Html) {
        let text = reported(&acme(), &accepted("a study"), origin(), |report| rendered(report, *format));
        insta::assert_snapshot!(format!("acme.{}", format.as_str()), text);
    }
}

#[test]
fn equal_input_and_clock_give_equal_bytes() {
    for format in Format::ALL {
        let once = || reported(&acme(), &accepted("a study"), origin(), |report| rendered(report, *format));
        assert_eq!(once(), once(), "{}", format.as_str());
    }
}

#[test]
fn every_format_ends_with_one_line_feed() {
    for format in Format::ALL {
        let text = reported(&acme(), &accepted("a study"), origin(), |report| rendered(report, *format));
        assert!(text.ends_with('\n') && !text.ends_with("\n\n"), "{}", format.as_str());
    }
}
