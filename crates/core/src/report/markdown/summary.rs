//! The summary: what fits into a comment on a pull request, however large the organization is.
//!
//! GitHub refuses comments of more than 65,536 characters (`body is too long (maximum is 65536 characters)`); this stays
//! far below, since what is listed is bounded and what is long is cut.

use super::super::Report;
use super::super::case::{Cause, causes};
use super::super::cut::cut;
use super::super::subject::Subjects;
use super::{by_severity, code, count, opening, row, sentence, unknown, verdicts};
use crate::source::shown;

/// How many causes, unknowns and subjects of a cause are shown.
const CAUSES: usize = 12;
const UNKNOWNS: usize = 8;
const SUBJECTS: usize = 3;
/// The longest message and the longest name, in bytes.
const MESSAGE: usize = 240;
const NAME: usize = 60;

/// The report as a summary.
pub(in crate::report) fn render(report: &Report<'_>) -> String {
    let causes = causes(report);
    let sorted = by_severity(&causes);
    [
        format!("### AI services opt-out\n\n{}", opening(report)),
        findings(&sorted, &Subjects::of(report)),
        unknowns(report),
        format!("<details><summary>Accounts by verdict</summary>\n\n{}\n</details>\n", verdicts(report)),
    ]
    .into_iter()
    .filter(|section| !section.is_empty())
    .collect::<Vec<_>>()
    .join("\n")
}

pub(super) fn findings(causes: &[&Cause<'_>], subjects: &Subjects<'_>) -> String {
    if causes.is_empty() {
        return "Every control holds, or is listed below.\n".to_owned();
    }
    let rows: String = causes.iter().take(CAUSES).map(|cause| finding(cause, subjects)).collect();
    format!(
        "| severity | control | for | what |\n| --- | --- | --- | --- |\n{rows}{}",
        more(causes.len(), CAUSES, "causes")
    )
}

fn finding(cause: &Cause<'_>, subjects: &Subjects<'_>) -> String {
    let first = cause.subjects.iter().take(SUBJECTS).map(|subject| {
        let about = subjects.about(subject);
        code(&cut(about.name.as_deref().unwrap_or(&about.id), NAME))
    });
    let first: Vec<String> = first.collect();
    let dots = if cause.subjects.len() > SUBJECTS { ", …" } else { "" };
    let subjects = format!("{}: {}{dots}", count(cause), first.join(", "));
    let accepted = cause.accepted.as_ref().map(|reason| format!(" (accepted: {})", short(reason))).unwrap_or_default();
    row([cause.severity.as_str(), &code(cause.control.id), &subjects, &format!("{}{accepted}", short(cause.message))])
}

fn short(text: &str) -> String {
    sentence(&cut(&shown(text), MESSAGE))
}

fn unknowns(report: &Report<'_>) -> String {
    if report.unknowns.is_empty() {
        return String::new();
    }
    let short = |it: &super::super::Unknown| super::super::Unknown {
        what: cut(&shown(&it.what), MESSAGE),
        reason: cut(&shown(&it.reason), MESSAGE),
        permission: it.permission.as_ref().map(|permission| cut(permission, MESSAGE)),
    };
    let lines: String = report.unknowns.iter().take(UNKNOWNS).map(|it| unknown(&short(it))).collect();
    format!("Not known:\n\n{lines}{}", more(report.unknowns.len(), UNKNOWNS, "things"))
}

fn more(all: usize, shown: usize, what: &str) -> String {
    match all.saturating_sub(shown) {
        0 => String::new(),
        more => format!("\nand {more} more {what}.\n"),
    }
}
