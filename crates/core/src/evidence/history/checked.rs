//! The check of a chain, for people and machines (`optout.history-check/1`).

use serde::Serialize;

use crate::check::Decision;
use crate::evidence::{Checked, Problem};
use crate::report::{Styled, Tone, json};
use crate::source::shown;

/// The name of the form.
pub const FORMAT: &str = "optout.history-check/1";

/// What a check found.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct CheckedFile {
    /// Always `optout.history-check/1`.
    format: &'static str,
    /// `holds`: as it was recorded, up to the anchor. `fails`: not. `undetermined`: consistent, but there was no anchor.
    decision: &'static str,
    /// How many records there are.
    records: u64,
    /// How many parts there are.
    parts: u64,
    /// The head of the chain as it is now.
    head: Option<String>,
    /// The last record that an anchor proves.
    anchored: Option<u64>,
    /// What is not as it was recorded.
    problems: Vec<ProblemFile>,
    /// What is odd, and what cannot be excluded.
    notes: Vec<String>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ProblemFile {
    /// The record in which it is.
    record: Option<u64>,
    /// The part of it.
    part: Option<String>,
    /// What is wrong.
    message: String,
}

/// For machines.
#[must_use]
pub fn file(checked: &Checked) -> CheckedFile {
    let problem = |it: &Problem| ProblemFile { record: it.record, part: it.part.clone(), message: it.message.clone() };
    CheckedFile {
        format: FORMAT,
        decision: json::decision(checked.decision()),
        records: checked.records,
        parts: checked.parts,
        head: checked.head.map(|head| head.to_string()),
        anchored: checked.anchored,
        problems: checked.problems.iter().map(problem).collect(),
        notes: checked.notes.clone(),
    }
}

/// For people.
#[must_use]
pub fn text(checked: &Checked) -> Styled {
    let mut out = Styled::default();
    let records = checked.records;
    match (checked.decision(), checked.anchored) {
        (Decision::Holds, Some(anchored)) => {
            out.push(Tone::Good, "UNCHANGED").plain("  ");
            out.push(Tone::Strong, format!("records 1 to {anchored} of {records} are those of the anchor")).line();
        }
        (Decision::Fails, _) => {
            out.push(Tone::Bad, "CHANGED").plain("  ");
            out.push(Tone::Strong, format!("{} things are not as they were recorded", checked.problems.len())).line();
        }
        (Decision::Holds | Decision::Undetermined, _) => {
            out.push(Tone::Doubtful, "CONSISTENT").plain("  ");
            out.push(
                Tone::Strong,
                format!("{records} records fit together; nothing proves that they are the old ones"),
            );
            out.line();
        }
    }
    checked.problems.iter().for_each(|it| problem(it, &mut out));
    for note in &checked.notes {
        out.push(Tone::Faint, format!("  note: {note}")).line();
    }
    if let Some(head) = checked.head {
        out.push(Tone::Faint, format!("chain head {head}")).line();
    }
    out
}

fn problem(problem: &Problem, out: &mut Styled) {
    let place = match (problem.record, &problem.part) {
        (Some(record), Some(part)) => format!("record {record}, {}: ", shown(part)),
        (Some(record), None) => format!("record {record}: "),
        (None, _) => String::new(),
    };
    out.push(Tone::Bad, "  ✗ ").plain(format!("{place}{}", shown(&problem.message))).line();
}
