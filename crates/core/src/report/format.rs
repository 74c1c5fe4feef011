//! The formats of a report: one closed list. Whoever adds one is led by the compiler to every place that must know it.

use super::publication::{Publication, UnknownPublisherError};
use super::{Report, Styled, asff, csv, html, json, junit, markdown, ocsf, oscal, sarif, text};
use crate::source::shown_json;

/// A format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// For people at a terminal.
    Text,
    /// `optout.report/1`: everything, for machines.
    Json,
    /// One self-contained page for people without a terminal.
    Html,
    /// A whole document for people.
    Markdown,
    /// What fits into a comment on a pull request.
    MarkdownSummary,
    /// One row per account × service.
    Csv,
    /// Test results, as build servers read them.
    Junit,
    /// SARIF 2.1.0: one result per cause.
    Sarif,
    /// Findings for AWS Security Hub.
    Asff,
    /// Compliance Findings of the Open Cybersecurity Schema Framework.
    Ocsf,
    /// OSCAL assessment results.
    Oscal,
}

/// What a format may need beside the report.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// Whether the text names every account and every subject. Documents do so always.
    pub all: bool,
    /// Where findings for Security Hub would be published.
    pub publication: Publication,
}

/// A report in some format.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Rendered {
    /// Text with tones, to be coloured where it is printed.
    Styled(Styled),
    /// Bytes as they are: nothing in them steers a terminal.
    Text(String),
}

impl Rendered {
    /// The text without colours.
    #[must_use]
    pub fn into_text(self) -> String {
        match self {
            Self::Styled(styled) => styled.to_string(),
            Self::Text(text) => text,
        }
    }
}

impl Format {
    /// Every format, in the order of the help.
    pub const ALL: &'static [Self] = &[
        Self::Text,
        Self::Json,
        Self::Html,
        Self::Markdown,
        Self::MarkdownSummary,
        Self::Csv,
        Self::Junit,
        Self::Sarif,
        Self::Asff,
        Self::Ocsf,
        Self::Oscal,
    ];

    /// Its name on the command line.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Html => "html",
            Self::Markdown => "markdown",
            Self::MarkdownSummary => "markdown-summary",
            Self::Csv => "csv",
            Self::Junit => "junit",
            Self::Sarif => "sarif",
            Self::Asff => "asff",
            Self::Ocsf => "ocsf",
            Self::Oscal => "oscal",
        }
    }

    /// What it is for, in one line.
    #[must_use]
    pub const fn about(self) -> &'static str {
        match self {
            Self::Text => "For people at a terminal",
            Self::Json => "Everything, for machines: versioned, with a schema in docs/schemas",
            Self::Html => "One page for people without a terminal: needs no network and no other file",
            Self::Markdown => "A whole document for people",
            Self::MarkdownSummary => "What fits into a comment on a pull request",
            Self::Csv => "One row per account and service, for spreadsheets",
            Self::Junit => "Test results, as build servers read them",
            Self::Sarif => "SARIF 2.1.0, one result per cause, for code scanning",
            Self::Asff => "Findings for AWS Security Hub (BatchImportFindings)",
            Self::Ocsf => "OCSF Compliance Findings, for SIEMs",
            Self::Oscal => "OSCAL assessment results, for auditors",
        }
    }

    /// The ends of a file's name that say this format, without the first dot.
    #[must_use]
    pub const fn extensions(self) -> &'static [&'static str] {
        match self {
            Self::Text => &["txt"],
            Self::Json => &["json"],
            Self::Html => &["html", "htm"],
            Self::Markdown => &["md", "markdown"],
            Self::MarkdownSummary => &["summary.md"],
            Self::Csv => &["csv"],
            Self::Junit => &["xml"],
            Self::Sarif => &["sarif", "sarif.json"],
            Self::Asff => &["asff.json"],
            Self::Ocsf => &["ocsf.json"],
            Self::Oscal => &["oscal.json"],
        }
    }

    /// The format that a file's name says: the longest end that fits, whatever its case; `None` where none does.
    #[must_use]
    pub fn of_file_name(name: &str) -> Option<Self> {
        let name = name.to_ascii_lowercase();
        let ends = Self::ALL.iter().flat_map(|format| format.extensions().iter().map(move |end| (*end, *format)));
        let fits = |(end, _): &(&str, Self)| name.strip_suffix(end).is_some_and(|stem| stem.ends_with('.'));
        ends.filter(fits).max_by_key(|(end, _)| end.len()).map(|(_, format)| format)
    }

    /// The report in this format; equal reports and options give equal bytes.
    ///
    /// # Errors
    /// Where findings for Security Hub are wanted and nobody said which account publishes them.
    pub fn render(self, report: &Report<'_>, options: &Options) -> Result<Rendered, UnknownPublisherError> {
        let text = match self {
            Self::Text => return Ok(Rendered::Styled(text::render(report, options.all))),
            Self::Json => shown_json(&json::render(report, false)).into_owned(),
            Self::Html => html::render(report),
            Self::Markdown => markdown::document(report),
            Self::MarkdownSummary => markdown::summary(report),
            Self::Csv => csv::render(report),
            Self::Junit => junit::render(report),
            Self::Sarif => sarif::render(report),
            Self::Asff => asff::render(report, &options.publication)?,
            Self::Ocsf => ocsf::render(report),
            Self::Oscal => oscal::render(report),
        };
        Ok(Rendered::Text(text))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::Format;

    #[test]
    fn names_and_ends_are_of_one_format_each() {
        let names: BTreeSet<&str> = Format::ALL.iter().map(|format| format.as_str()).collect();
        assert_eq!(names.len(), Format::ALL.len());
        let ends: Vec<&str> = Format::ALL.iter().flat_map(|format| format.extensions()).copied().collect();
        assert_eq!(ends.iter().collect::<BTreeSet<_>>().len(), ends.len());
    }

    #[test]
    fn the_longest_end_of_a_file_name_decides() {
        let formats = ["a.json", "a.b.OCSF.json", "x.sarif", "ocsf.json", "x.summary.md", "README.md", "junit.xml"];
        let found = formats.map(|name| Format::of_file_name(name).map(Format::as_str));
        let expected = ["json", "ocsf", "sarif", "json", "markdown-summary", "markdown", "junit"].map(Some);
        assert_eq!(found, expected);
        for unclear in ["", "report", "json", "x.html.gz", ".csvx", "/dev/null"] {
            assert_eq!(Format::of_file_name(unclear), None, "{unclear}");
        }
    }
}
