//! Lint results for people: each finding with its line of text, then a line for each file.

use optout_core::check::Severity;
use optout_core::lint::{Checked, Finding, Kind, Lines};
use optout_core::report::{Styled, Tone};
use optout_core::source::shown;

/// The report. `walked` is how many files there were in folders, `skipped` how many could not be looked at.
pub(super) fn report(checked: &[Checked], walked: Option<usize>, skipped: usize) -> Styled {
    let mut out = Styled::default();
    for document in checked {
        let lines = document.lines();
        document.findings.iter().for_each(|finding| describe(&mut out, &lines, finding));
        summary(&mut out, document);
    }
    if let Some(files) = walked {
        total(&mut out, checked, files, skipped);
    }
    out
}

fn describe(out: &mut Styled, lines: &Lines<'_>, finding: &Finding) {
    out.push(tone(finding.severity), finding.severity.as_str()).push(Tone::Faint, format!("[{}]", finding.rule));
    out.push(Tone::Strong, format!(": {}", shown(&finding.message))).line();
    out.plain(lines.excerpt(finding));
    if let Some(help) = &finding.help {
        out.push(Tone::Faint, "  help: ").plain(shown(help)).line();
    }
    out.line();
}

fn summary(out: &mut Styled, checked: &Checked) {
    let found = match checked.findings.len() {
        0 => "nothing found".to_owned(),
        many => counted(many, "finding"),
    };
    let suppressed = match checked.suppressed.len() {
        0 => String::new(),
        many => format!(", {many} suppressed"),
    };
    out.plain(format!("{}: ", shown(&checked.source.name)));
    let is_document = checked.kind == Kind::Document;
    if is_document || checked.policies > 0 {
        if !is_document {
            out.plain(format!("{}, ", counted_policies(checked.policies)));
        }
        let (tone, word) = if checked.admissible { (Tone::Good, "admissible") } else { (Tone::Bad, "inadmissible") };
        out.push(tone, word).plain(", ");
    }
    out.plain(format!("{found}{suppressed}\n"));
}

fn total(out: &mut Styled, checked: &[Checked], files: usize, skipped: usize) {
    let policies: usize = checked.iter().map(|it| it.policies).sum();
    let findings: usize = checked.iter().map(|it| it.findings.len()).sum();
    let fixable: usize = checked.iter().flat_map(|it| &it.findings).filter(|it| !it.edits.is_empty()).count();
    let mut line = format!(
        "{} looked at: {}, {}",
        counted(files, "file"),
        counted_policies(policies),
        counted(findings, "finding")
    );
    if fixable > 0 {
        line.push_str(&format!(" ({fixable} can be mended with --fix)"));
    }
    if skipped > 0 {
        line.push_str(&format!("; {} left out, --verbose names them", counted(skipped, "file")));
    }
    out.plain(line).line();
}

fn counted(number: usize, word: &str) -> String {
    if number == 1 { format!("1 {word}") } else { format!("{number} {word}s") }
}

fn counted_policies(number: usize) -> String {
    if number == 1 { "1 policy".to_owned() } else { format!("{number} policies") }
}

const fn tone(severity: Severity) -> Tone {
    match severity {
        Severity::Critical | Severity::High => Tone::Bad,
        Severity::Medium => Tone::Doubtful,
        Severity::Low | Severity::Info => Tone::Faint,
    }
}
