//! Markdown, read back by `pulldown-cmark`.

use optout_core::report::{Format, Report};
use optout_core::source::shown;
use proptest::prelude::*;
use proptest::test_runner::TestCaseError;
use pulldown_cmark::{Event, Options, Parser, Tag};

use super::rendered;

/// What a document is made of.
#[derive(Debug, Default, PartialEq, Eq)]
struct Blocks {
    headings: usize,
    tables: usize,
    rows: usize,
    items: usize,
    /// Links, images, raw HTML and everything else that is not ours to have.
    foreign: Vec<String>,
    code: Vec<String>,
}

fn read(text: &str) -> Blocks {
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_TASKLISTS | Options::ENABLE_FOOTNOTES;
    let mut blocks = Blocks::default();
    for event in Parser::new_ext(text, options) {
        match event {
            Event::Start(Tag::Heading { .. }) => blocks.headings += 1,
            Event::Start(Tag::Table(_)) => blocks.tables += 1,
            Event::Start(Tag::TableRow) => blocks.rows += 1,
            Event::Start(Tag::Item) => blocks.items += 1,
            Event::Code(text) => blocks.code.push(text.into_string()),
            Event::Start(Tag::Paragraph | Tag::TableHead | Tag::TableCell | Tag::List(_) | Tag::Strong)
            | Event::End(_)
            | Event::Text(_)
            | Event::SoftBreak => {}
            Event::Start(Tag::HtmlBlock) => {}
            Event::Html(html)
                if ["<details><summary>Accounts by verdict</summary>\n", "</details>\n"].contains(&&*html) => {}
            other => blocks.foreign.push(format!("{other:?}")),
        }
    }
    blocks
}

/// Headings, rows and items as many as the report has, nothing of anybody's else, names as code.
pub(crate) fn check(report: &Report<'_>, account: &str, unit: &str) -> Result<(), TestCaseError> {
    let assessment = report.assessment;
    let (document, summary) = (rendered(report, Format::Markdown), rendered(report, Format::MarkdownSummary));
    let read_document = read(&document);
    prop_assert_eq!(&read_document.foreign, &Vec::<String>::new(), "{}", document);
    let verdicts: std::collections::BTreeSet<_> = assessment.counted().map(|it| it.verdict).collect();
    // Two suspended accounts of the example are one more row of the first table.
    prop_assert_eq!(read_document.rows, assessment.accounts.len() + verdicts.len() + 1);
    prop_assert_eq!(read_document.tables, 2);
    for name in [account, unit] {
        let name = shown(name);
        // CommonMark takes a space from both ends of a code span that has one at both.
        let has =
            |code: &String| code.replace("\\u{7c}", "|").contains(&name.trim_matches(' ').replace("\\u{7c}", "|"));
        prop_assert!(name.trim().is_empty() || read_document.code.iter().any(has), "{} in {}", name, document);
    }
    prop_assert_eq!(items(report), read_document.items, "{}", document);
    let read_summary = read(&summary);
    prop_assert_eq!(&read_summary.foreign, &Vec::<String>::new(), "{}", summary);
    prop_assert_eq!((read_summary.headings, read_summary.tables), (1, 2));
    prop_assert!(summary.len() < 65_536, "{} bytes", summary.len());
    Ok(())
}

/// One item for each finding and unknown, and what the last two sections have.
fn items(report: &Report<'_>) -> usize {
    report.findings().count() + report.unknowns.len() + 7 + 3
}

#[test]
fn markup_of_others_would_be_found() {
    for text in ["[x](y)", "<b>x</b>", "![x](y)", "*x*", "~~x~~", "    code", "> quote", "---", "- [ ] task"] {
        assert!(!read(text).foreign.is_empty(), "{text}");
    }
}
