//! The report over many organizations for people: the answer, a table of all, then whatever does not hold.

use crate::fleet::{Entry, FleetReport, Outcome};
use crate::report::{Styled, Tone, text};
use crate::source::shown;

/// The widest column; what is longer stands out to the right.
const WIDEST: usize = 40;

const HEAD: [&str; 6] = ["organization", "id", "verdict", "accounts", "findings", "what is not known"];

/// The report as text; `all` names every subject and shows every account.
pub(super) fn render(report: &FleetReport<'_>, all: bool) -> Styled {
    let mut out = Styled::default();
    headline(report, &mut out);
    table(report, &mut out);
    let open = |entry: &&Entry<'_>| all || entry.outcome() != Outcome::Holds;
    report.entries.iter().filter(open).for_each(|entry| details(entry, all, &mut out));
    out.line();
    let (tone, words) = match report.outcome() {
        Outcome::Failed => (Tone::Bad, "Not every organization could be read."),
        Outcome::Fails => (Tone::Bad, "It does not hold."),
        Outcome::Undetermined => (Tone::Doubtful, "It could not be determined."),
        Outcome::Holds => (Tone::Good, "It holds."),
    };
    out.push(tone, words).line();
    out
}

fn headline(report: &FleetReport<'_>, out: &mut Styled) {
    let verdict = report.verdict();
    out.push(text::tone(verdict), verdict.as_str().to_uppercase()).plain("  ");
    out.push(Tone::Strong, super::sentence(report)).line();
    let accounts = super::accounts(&report.verdicts());
    if !accounts.is_empty() {
        out.push(Tone::Faint, format!("accounts: {accounts}")).line();
    }
    out.push(Tone::Faint, format!("fleet: {}", shown(&report.origin.path))).line().line();
}

fn table(report: &FleetReport<'_>, out: &mut Styled) {
    let rows: Vec<[String; 6]> = report.entries.iter().map(row).collect();
    let head = HEAD.map(str::to_owned);
    let widths: Vec<usize> = (0..HEAD.len()).map(|at| width(&head, &rows, at)).collect();
    line(&head, &widths, Tone::Faint, out);
    for (entry, row) in report.entries.iter().zip(&rows) {
        line(row, &widths, tone(entry), out);
    }
}

fn row(entry: &Entry<'_>) -> [String; 6] {
    let id = entry.organization().map(ToString::to_string).unwrap_or_else(|| "-".to_owned());
    let verdict = super::verdict(entry).to_uppercase();
    let dash = |text: String| if text.is_empty() { "-".to_owned() } else { text };
    let (accounts, findings) = (dash(super::accounts(&entry.verdicts())), dash(super::findings(entry)));
    [entry.name.clone(), id, verdict, accounts, findings, super::why(entry)].map(|cell| shown(&cell).into_owned())
}

fn width(head: &[String; 6], rows: &[[String; 6]], at: usize) -> usize {
    let cells = std::iter::once(head).chain(rows).filter_map(|row| row.get(at));
    cells.map(|cell| cell.chars().count()).filter(|width| *width <= WIDEST).max().unwrap_or(WIDEST)
}

/// A row; the verdict has the tone.
fn line(row: &[String; 6], widths: &[usize], tone: Tone, out: &mut Styled) {
    let last = row.iter().rposition(|cell| !cell.is_empty()).unwrap_or_default();
    out.plain("  ");
    for (at, (cell, width)) in row.iter().zip(widths).enumerate().take(last + 1) {
        out.push(if at == 2 || tone == Tone::Faint { tone } else { Tone::Plain }, cell.clone());
        if at < last {
            out.plain(" ".repeat((width + 2).saturating_sub(cell.chars().count()).max(1)));
        }
    }
    out.line();
}

fn tone(entry: &Entry<'_>) -> Tone {
    match entry.outcome() {
        Outcome::Failed | Outcome::Fails => Tone::Bad,
        Outcome::Undetermined => Tone::Doubtful,
        Outcome::Holds => Tone::Good,
    }
}

fn details(entry: &Entry<'_>, all: bool, out: &mut Styled) {
    out.line().push(Tone::Strong, format!("== {}", shown(&entry.name))).line();
    match (entry.report(), entry.trouble()) {
        (Some(report), _) => drop(out.append(text::body(report, all))),
        (None, Some(trouble)) => {
            out.push(Tone::Bad, "FAILED").plain(format!("  {}", shown(&trouble.message))).line();
            if !trouble.help.is_empty() {
                out.push(Tone::Faint, format!("help: {}", shown(&trouble.help))).line();
            }
            out.push(Tone::Faint, format!("from {}", shown(&entry.origin))).line();
        }
        (None, None) => {}
    }
}
