//! Markdown (GitHub's flavour): a whole document, and a summary that fits into a comment.
//!
//! The document names every account and every subject, in the order in which somebody reads: the answer, how sure, what
//! does not hold with its remedy, what is not known, the accounts, where it all comes from, what it does not prove.

mod document;
mod escape;
mod fleet;
mod summary;

pub(super) use document::render as document;
pub(super) use fleet::{render as fleet, summary as fleet_summary};
pub(super) use summary::render as summary;

use super::case::Cause;
use super::{Report, Unknown, answer, json};
use crate::check::{Decision, Severity};
use crate::source::shown;
pub(crate) use escape::code;
use escape::{cell, sentence};

/// The heading, the answer and whose it is.
fn opening(report: &Report<'_>) -> String {
    let assessment = report.assessment;
    let basis = answer::basis(assessment);
    let basis = if basis.is_empty() { basis } else { format!("Basis: {}.\n", sentence(&basis)) };
    let computed = if assessment.computed_counts {
        "AWS's answers were not used, as asked: every verdict is computed.\n"
    } else {
        ""
    };
    format!(
        "**{}**: {}. {}\n\n{basis}{computed}Read {} from {}.\n",
        assessment.verdict.as_str(),
        sentence(&answer::sentence(assessment)),
        decision(report.decision),
        assessment.snapshot.taken.strftime("%Y-%m-%d %H:%M UTC"),
        code(&report.origin.organization),
    )
}

const fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Holds => "It holds.",
        Decision::Fails => "It does not hold.",
        Decision::Undetermined => "It could not be determined.",
    }
}

/// How many subjects, in words.
fn count(cause: &Cause<'_>) -> String {
    match (cause.subjects.first().map(|subject| subject.kind()), cause.subjects.len()) {
        (Some("account"), many) => answer::accounts(many),
        (Some(kind), 1) => kind.to_owned(),
        (Some(_), many) => format!("{many} subjects"),
        (None, _) => String::new(),
    }
}

fn unknown(unknown: &Unknown) -> String {
    let permission = unknown.permission.as_ref().map(|it| format!(" Needs {}.", code(it))).unwrap_or_default();
    format!("- **{}**: {}.{permission}\n", sentence(&unknown.what), sentence(&unknown.reason))
}

/// Counted accounts by verdict, as a table.
fn verdicts(report: &Report<'_>) -> String {
    let assessment = report.assessment;
    let counts = json::tally(assessment.counted().map(|account| account.verdict.as_str()));
    let row = |(verdict, count): (&&str, &usize)| format!("| {verdict} | {count} |\n");
    let rows: String = counts.iter().map(row).collect();
    let apart = assessment.accounts.len() - assessment.counted().count();
    let apart = if apart > 0 {
        format!("| not counted (suspended, closed or not yet active) | {apart} |\n")
    } else {
        String::new()
    };
    format!("| verdict | accounts |\n| --- | ---: |\n{rows}{apart}")
}

/// Critical first.
fn by_severity<'c, 'r>(causes: &'c [Cause<'r>]) -> Vec<&'c Cause<'r>> {
    let mut sorted: Vec<&Cause<'_>> = causes.iter().collect();
    let rank = |severity: Severity| std::cmp::Reverse(severity);
    sorted.sort_by_key(|cause| (cause.accepted.is_some(), rank(cause.severity)));
    sorted
}

/// A row of a table.
fn row<const N: usize>(cells: [&str; N]) -> String {
    format!("| {} |\n", cells.map(cell).join(" | "))
}

/// A file that decided, with its hash.
fn file(what: &str, named: Option<&(String, String)>) -> String {
    let line = |(path, hash): &(String, String)| format!("- {what}: {}, SHA-256 `{}`\n", code(path), shown(hash));
    named.map(line).unwrap_or_default()
}
