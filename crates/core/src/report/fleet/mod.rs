//! The report over many organizations, in the formats that can say it: from one [`FleetReport`], with the blocks of the
//! report about one.

mod csv;
mod json;
mod junit;
mod sarif;
mod text;

pub use json::FORMAT;

use std::collections::BTreeMap;

use super::{Format, Rendered, answer, html, markdown};
use crate::check::AccountVerdict;
use crate::fleet::{Entry, FleetReport, Outcome};
use crate::source::shown_json;

/// What a report over many organizations may need beside it.
#[derive(Debug, Clone, Copy, Default)]
pub struct FleetOptions {
    /// Whether the text names every account and every subject.
    pub all: bool,
    /// Whether a file about each organization stands beside the page, to which it leads.
    pub linked: bool,
}

/// A format that is about one organization.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a report in the format `{}` is about one organization", .0.as_str())]
pub struct OneOrganizationError(pub Format);

impl OneOrganizationError {
    /// What to do about it.
    pub const HELP: &'static str = "name a folder: `--output FOLDER/` gets one file an organization";
}

/// Whether one document of the format can be about many organizations.
#[must_use]
pub const fn is_over_all(format: Format) -> bool {
    match format {
        Format::Text
        | Format::Json
        | Format::Html
        | Format::Markdown
        | Format::MarkdownSummary
        | Format::Csv
        | Format::Junit
        | Format::Sarif => true,
        Format::Asff | Format::Ocsf | Format::Oscal => false,
    }
}

/// The report in a format; equal reports and options give equal bytes.
///
/// # Errors
/// Where a document of the format is about one organization.
pub fn render(
    format: Format,
    report: &FleetReport<'_>,
    options: FleetOptions,
) -> Result<Rendered, OneOrganizationError> {
    let text = match format {
        Format::Text => return Ok(Rendered::Styled(text::render(report, options.all))),
        Format::Json => shown_json(&json::render(report)).into_owned(),
        Format::Html => html::fleet(report, options.linked),
        Format::Markdown => markdown::fleet(report),
        Format::MarkdownSummary => markdown::fleet_summary(report),
        Format::Csv => csv::render(report),
        Format::Junit => junit::render(report),
        Format::Sarif => sarif::render(report),
        Format::Asff | Format::Ocsf | Format::Oscal => return Err(OneOrganizationError(format)),
    };
    Ok(Rendered::Text(text))
}

/// The answer over all in one sentence, without a full stop.
pub(super) fn sentence(report: &FleetReport<'_>) -> String {
    let all = report.entries.len();
    let counts: BTreeMap<Outcome, usize> = report.outcomes().into_iter().collect();
    let count = |outcome| counts.get(&outcome).copied().unwrap_or_default();
    let holds = match (count(Outcome::Holds), all) {
        (0, 1) => "it does not hold for the 1 organization, or is not known".to_owned(),
        (1, 1) => "it holds for the 1 organization".to_owned(),
        (holds, _) if holds == all => format!("it holds for all {all} organizations"),
        (holds, _) => format!("it holds for {holds} of {all} organizations"),
    };
    let more = [
        (Outcome::Fails, "it does not for"),
        (Outcome::Undetermined, "it could not be determined for"),
        (Outcome::Failed, "nothing can be said of"),
    ];
    let more = more.into_iter().filter(|(outcome, _)| count(*outcome) > 0);
    more.fold(holds, |text, (outcome, words)| format!("{text}; {words} {}", count(outcome)))
}

/// Accounts by verdict in words: `2 opted-in, 12 opted-out`.
pub(super) fn accounts(verdicts: &[(AccountVerdict, usize)]) -> String {
    let part = |(verdict, count): &(AccountVerdict, usize)| format!("{count} {verdict}");
    verdicts.iter().map(part).collect::<Vec<_>>().join(", ")
}

/// Findings that nobody accepted in words: `1 critical, 3 high`.
pub(super) fn findings(entry: &Entry<'_>) -> String {
    entry.findings().iter().map(|(severity, count)| format!("{count} {severity}")).collect::<Vec<_>>().join(", ")
}

/// The verdict in the words of tables: `failed` where there is none.
pub(super) fn verdict(entry: &Entry<'_>) -> &'static str {
    match entry.report() {
        Some(report) => report.assessment.verdict.as_str(),
        None => Outcome::Failed.as_str(),
    }
}

/// What failed and why, in a line: the trouble, else the first unknown and how many more there are.
pub(super) fn why(entry: &Entry<'_>) -> String {
    if let Some(trouble) = entry.trouble() {
        return trouble.message.clone();
    }
    let unknowns = entry.report().map(|report| report.unknowns.as_slice()).unwrap_or_default();
    let first = unknowns.first().map(|it| format!("{}: {}", it.what, it.reason)).unwrap_or_default();
    match unknowns.len().saturating_sub(1) {
        0 => first,
        more => format!("{first}; and {more} more unknown"),
    }
}

/// What is said of an organization in a sentence, without a full stop.
pub(super) fn said(entry: &Entry<'_>) -> String {
    match entry.report() {
        Some(report) => answer::sentence(report.assessment),
        None => why(entry),
    }
}
