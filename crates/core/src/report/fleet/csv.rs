//! The rows of all organizations in one table: those of the report about one, with the name in the fleet and, in a row of
//! its own, why nothing is known of an organization.

use crate::fleet::{Entry, FleetReport};
use crate::report::csv::{HEADER, cell, render as rows};

/// The columns at the end.
const MORE: &str = ",fleet_name,problem\n";

/// Where the verdict of the account stands among the columns of the report about one.
const VERDICT: &str = "account_verdict";

/// The report as CSV.
pub(super) fn render(report: &FleetReport<'_>) -> String {
    let mut text = HEADER.trim_end().to_owned() + MORE;
    for entry in &report.entries {
        match entry.report() {
            Some(one) => {
                let end = format!(",{},\n", cell(&entry.name));
                // What would break a line is shown as a code, so that a line is a row.
                rows(one).lines().skip(1).for_each(|row| text.extend([row, &end]));
                if one.assessment.accounts.is_empty() {
                    text.push_str(&alone(entry, &super::said(entry)));
                }
            }
            None => text.push_str(&alone(entry, &super::why(entry))),
        }
    }
    text
}

/// The row of an organization without any account.
fn alone(entry: &Entry<'_>, problem: &str) -> String {
    let id = entry.organization().map(ToString::to_string).unwrap_or_default();
    let cells = HEADER.trim_end().split(',').map(|column| match column {
        "organization" => id.clone(),
        VERDICT => entry.verdict().as_str().to_owned(),
        _ => String::new(),
    });
    let cells = cells.collect::<Vec<_>>().join(",");
    format!("{cells},{},{}\n", cell(&entry.name), cell(problem))
}
