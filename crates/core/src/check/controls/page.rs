//! `docs/controls`: one page a control and an index, made from the table, so that a test can tell when they are stale.

use std::fmt::Write as _;

use super::ALL;
use crate::check::Control;

const MADE: &str = "<!-- Made from crates/core/src/check/controls by a test; change the control, then run it with UPDATE_GENERATED=1. -->\n\n";

/// The page of a control, Markdown.
#[must_use]
pub fn page(control: &Control) -> String {
    let mut page = format!(
        "{MADE}# {}\n\n**{}.** Severity: {}; single findings may be more or less grave.\n\n## Why it matters\n\n{}\n\n\
         ## How to mend it\n\n{}\n\n## Sources\n\n",
        control.id, control.title, control.severity, control.why, control.remedy
    );
    for source in control.sources {
        let _ = writeln!(page, "- {}", linked(source));
    }
    page
}

/// The index of all pages, Markdown.
#[must_use]
pub fn index() -> String {
    let mut page = format!(
        "{MADE}# Controls\n\nWhat `optout verify` looks at. The same texts: `optout controls explain CONTROL`.\n\n\
         | control | severity | what must hold |\n| --- | --- | --- |\n"
    );
    for control in ALL {
        let _ = writeln!(page, "| [{0}]({0}.md) | {1} | {2} |", control.id, control.severity, control.title);
    }
    page
}

/// The address at the start of a source as a link; what follows it stays text.
fn linked(source: &str) -> String {
    match source.split_once(' ') {
        Some((address, rest)) if address.starts_with("https://") => format!("<{address}> {rest}"),
        None if source.starts_with("https://") => format!("<{source}>"),
        _ => source.to_owned(),
    }
}
