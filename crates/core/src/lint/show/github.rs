//! Annotations of GitHub Actions: workflow commands, one line a finding.
//!
//! <https://docs.github.com/en/actions/reference/workflows-and-actions/workflow-commands>, read 2026-11-24.

use crate::check::Severity;
use crate::lint::Checked;

/// One line a finding, with its place.
#[must_use]
pub fn github(checked: &[Checked]) -> String {
    checked.iter().flat_map(lines).collect()
}

fn lines(checked: &Checked) -> Vec<String> {
    let lines = checked.lines();
    let line = |finding: &crate::lint::Finding| {
        let (start, end) = (lines.position(finding), lines.end(finding));
        let help = finding.help.as_deref().map(|help| format!("\n{help}")).unwrap_or_default();
        format!(
            "::{} file={},line={},endLine={},col={},endColumn={},title={}::{}\n",
            level(finding.severity),
            property(&checked.source.name),
            start.line,
            end.line,
            start.column,
            end.column,
            property(finding.rule),
            data(&format!("{}{help}", finding.message))
        )
    };
    checked.findings.iter().map(line).collect()
}

const fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "notice",
    }
}

fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::Catalogue;
    use crate::source::Source;

    #[test]
    fn other_peoples_names_cannot_make_a_command_of_their_own() {
        let source = Source::new("a,b:\n::error::x.json", "{\"services\": {}, \"Services\": 1}");
        let text = github(&[crate::lint::lint(&source, Catalogue::embedded())]);
        assert!(
            text.lines().all(|line| line.starts_with("::error file=a%2Cb%3A%0A%3A%3Aerror%3A%3Ax.json,line=1,")),
            "{text}"
        );
    }
}
