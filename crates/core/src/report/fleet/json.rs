//! `optout.fleet-report/1`: the report over many organizations for machines, every `optout.report/1` in it.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::fleet::{Entry, FleetReport};
use crate::report::json::FileV1;

/// The name of the form.
pub const FORMAT: &str = "optout.fleet-report/1";

/// The report as JSON text, equal bytes for equal reports.
pub(super) fn render(report: &FleetReport<'_>) -> String {
    // INVARIANT: every map key below is a string, which is all that could make this fail.
    serde_json::to_string_pretty(&FleetV1::of(report)).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(title = "optout.fleet-report/1"))]
struct FleetV1<'a> {
    /// Always `optout.fleet-report/1`.
    format: &'static str,
    /// The version of optout.
    tool_version: &'a str,
    /// The time judged by (RFC 3339).
    at: String,
    /// The worst verdict of the organizations; one that failed is `unknown`.
    verdict: &'static str,
    /// `failed`, `fails`, `undetermined` or `holds`: the first of them that is true of an organization.
    outcome: &'static str,
    /// What the program ends with: 1, 2, 3 or 0 for the outcomes in their order.
    exit_code: u8,
    fleet: NamedV1<'a>,
    summary: SummaryV1,
    /// The organizations, the worst first.
    organizations: Vec<OrganizationV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "FleetFileV1"))]
struct NamedV1<'a> {
    /// The path of the fleet's file.
    path: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "FleetSummaryV1"))]
struct SummaryV1 {
    organizations: usize,
    /// Organizations by outcome.
    outcomes: BTreeMap<&'static str, usize>,
    /// Counted accounts of all organizations by verdict.
    verdicts: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[cfg_attr(test, schemars(rename = "FleetOrganizationV1"))]
struct OrganizationV1<'a> {
    /// As in the fleet's file.
    name: &'a str,
    /// What files about it are called, without an end.
    file_name: &'a str,
    /// Where it was to be read from, in words.
    source: &'a str,
    /// `failed`, `fails`, `undetermined` or `holds`.
    outcome: &'static str,
    verdict: &'static str,
    /// With `failed`: why.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<ProblemV1<'a>>,
    /// Without `failed`: its report.
    #[serde(skip_serializing_if = "Option::is_none")]
    report: Option<FileV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ProblemV1<'a> {
    message: &'a str,
    #[serde(skip_serializing_if = "str::is_empty")]
    help: &'a str,
}

impl<'a> FleetV1<'a> {
    fn of(report: &'a FleetReport<'a>) -> Self {
        let outcome = report.outcome();
        Self {
            format: FORMAT,
            tool_version: &report.origin.tool_version,
            at: report.origin.at.to_string(),
            verdict: report.verdict().as_str(),
            outcome: outcome.as_str(),
            exit_code: outcome.exit_code(),
            fleet: NamedV1 { path: &report.origin.path, sha256: &report.origin.sha256 },
            summary: SummaryV1 {
                organizations: report.entries.len(),
                outcomes: report.outcomes().into_iter().map(|(it, count)| (it.as_str(), count)).collect(),
                verdicts: report.verdicts().into_iter().map(|(it, count)| (it.as_str(), count)).collect(),
            },
            organizations: report.entries.iter().map(organization).collect(),
        }
    }
}

fn organization<'a>(entry: &'a Entry<'a>) -> OrganizationV1<'a> {
    OrganizationV1 {
        name: &entry.name,
        file_name: &entry.file_name,
        source: &entry.origin,
        outcome: entry.outcome().as_str(),
        verdict: entry.verdict().as_str(),
        problem: entry.trouble().map(|it| ProblemV1 { message: &it.message, help: &it.help }),
        report: entry.report().map(FileV1::of),
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("fleet-report-1.json", &crate::published::written::<super::FleetV1<'static>>());
    }
}
