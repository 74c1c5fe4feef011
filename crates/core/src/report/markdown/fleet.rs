//! Many organizations: the answer over all, a table, then what does not hold of each; and what of it fits into a comment.

use super::super::case::causes;
use super::super::cut::cut;
use super::super::fleet;
use super::super::subject::Subjects;
use super::summary::findings;
use super::{by_severity, code, row, sentence, unknown};
use crate::fleet::{Entry, FleetReport, Outcome};
use crate::source::shown;

/// How many organizations a summary has a row for, and the longest text in one, in bytes.
const ROWS: usize = 100;
const LONGEST: usize = 120;

/// The report as a document.
pub(in crate::report) fn render(report: &FleetReport<'_>) -> String {
    let open: Vec<&Entry<'_>> = report.entries.iter().filter(|it| it.outcome() != Outcome::Holds).collect();
    let sections: String = open.into_iter().map(section).collect();
    let origin = &report.origin;
    format!(
        "# AI services opt-out: {} organizations\n\n{}\n{}{sections}\n## Where this comes from\n\n- fleet: {}, SHA-256 `{}`\n- judged as of {} by optout {}\n",
        report.entries.len(),
        opening(report),
        table(report, usize::MAX),
        code(&origin.path),
        shown(&origin.sha256),
        origin.at,
        shown(&origin.tool_version),
    )
}

/// The report as a summary.
pub(in crate::report) fn summary(report: &FleetReport<'_>) -> String {
    let more = match report.entries.len().saturating_sub(ROWS) {
        0 => String::new(),
        more => format!("\nand {more} more organizations, none of them worse.\n"),
    };
    format!("### AI services opt-out\n\n{}\n{}{more}", opening(report), table(report, ROWS))
}

fn opening(report: &FleetReport<'_>) -> String {
    let accounts = fleet::accounts(&report.verdicts());
    let accounts = if accounts.is_empty() { accounts } else { format!("Accounts: {}.\n", sentence(&accounts)) };
    format!("**{}**: {}.\n{accounts}", report.verdict().as_str(), sentence(&fleet::sentence(report)))
}

fn table(report: &FleetReport<'_>, most: usize) -> String {
    let head = row(["organization", "id", "verdict", "accounts", "findings", "what is not known"]);
    let rows: String = report.entries.iter().take(most).map(line).collect();
    format!("{head}| --- | --- | --- | --- | --- | --- |\n{rows}")
}

fn line(entry: &Entry<'_>) -> String {
    let id = entry.organization().map(|id| code(id.as_str())).unwrap_or_default();
    let short = |text: &str| sentence(&cut(&shown(text), LONGEST));
    row([
        &code(&cut(&entry.name, LONGEST)),
        &id,
        fleet::verdict(entry),
        &fleet::accounts(&entry.verdicts()),
        &fleet::findings(entry),
        &short(&fleet::why(entry)),
    ])
}

fn section(entry: &Entry<'_>) -> String {
    let mut out = format!("\n## {}\n\n{}.\n", code(&entry.name), sentence(&fleet::said(entry)));
    if let Some(trouble) = entry.trouble().filter(|trouble| !trouble.help.is_empty()) {
        out.push_str(&format!("\n{}.\n", sentence(&trouble.help)));
    }
    let Some(report) = entry.report() else { return out };
    let causes = causes(report);
    if !causes.is_empty() {
        out.push('\n');
        out.push_str(&findings(&by_severity(&causes), &Subjects::of(report)));
    }
    if !report.unknowns.is_empty() {
        out.push_str("\nNot known:\n\n");
        report.unknowns.iter().for_each(|it| out.push_str(&unknown(it)));
    }
    out
}
