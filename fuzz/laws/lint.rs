//! What holds for the lint of any text: every finding has its place, and what is mended is read again.

use optout_core::catalogue::Catalogue;
use optout_core::lint::{Input, fixed, lint_repository};
use optout_core::source::Source;

/// `text` as the only file of a repository, called `name`.
pub fn holds(name: &str, text: &str) {
    let inputs = |text: &str| vec![Input { source: Source::new(name, text), named: false }];
    let given = inputs(text);
    for checked in lint_repository(&given, Catalogue::embedded()) {
        for finding in &checked.findings {
            let lines = checked.lines();
            let (from, to) = (lines.position(finding), lines.end(finding));
            assert!((from.line, from.column) <= (to.line, to.column), "{from:?} {to:?}");
            let _ = lines.excerpt(finding);
        }
    }
    for mended in fixed(&given, Catalogue::embedded()).into_values() {
        let again = inputs(&mended);
        let _ = lint_repository(&again, Catalogue::embedded());
        for twice in fixed(&again, Catalogue::embedded()).into_values() {
            assert_eq!(twice, mended, "a second mending changes more");
        }
    }
}
