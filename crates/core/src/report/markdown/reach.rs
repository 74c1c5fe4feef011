//! Developers' machines and websites in the document.

use super::super::Report;
use super::{code, row, sentence};
use crate::reach::{Site, Sites, Tool, Workstation};

const MACHINES: &str = "## Developers' machines\n\nNo organization policy reaches these settings; they do not change the answer above.\n\n\
    | machine | home | system | looked at | content | usage data | tools |\n| --- | --- | --- | --- | --- | --- | --- |\n";
const SITES: &str = "## Websites\n\nNo organization policy speaks to crawlers; this does not change the answer above.\n\n\
    | site | looked at | kept out | verdict | its robots.txt | let in |\n| --- | --- | --- | --- | --- | --- |\n";

/// The section about machines; nothing where none was given.
pub(super) fn workstations(report: &Report<'_>) -> String {
    if report.workstations.is_empty() {
        return String::new();
    }
    report.workstations.iter().map(workstation).fold(MACHINES.to_owned(), |text, row| text + &row)
}

fn workstation(machine: &Workstation) -> String {
    let tools: Vec<String> = machine.installed().map(tool).collect();
    row([
        &machine.machine.as_deref().map(code).unwrap_or_default(),
        &code(&machine.home),
        &sentence(&machine.os),
        &machine.at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        machine.content.word(),
        machine.telemetry.word(),
        &tools.join("; "),
    ])
}

fn tool(tool: &Tool) -> String {
    let open = tool.settings.iter().filter(|setting| setting.verdict.shares() != Some(false));
    let keys: Vec<String> = open.map(|setting| format!("{} {}", setting.verdict.word(), code(&setting.key))).collect();
    let name = sentence(tool.name());
    if keys.is_empty() { format!("{name}: opted-out") } else { format!("{name}: {}", keys.join(", ")) }
}

/// The section about sites; nothing where none was given.
pub(super) fn websites(report: &Report<'_>) -> String {
    let rows = report.websites.iter().flat_map(|together| together.sites.iter().map(|site| website(together, site)));
    let rows: String = rows.collect();
    if rows.is_empty() { rows } else { format!("{SITES}{rows}") }
}

fn website(together: &Sites, site: &Site) -> String {
    let let_in: Vec<String> =
        site.let_in().map(|crawler| format!("{} ({})", code(&crawler.token), sentence(&crawler.vendor))).collect();
    row([
        &code(&site.name),
        &together.at.strftime("%Y-%m-%d %H:%M UTC").to_string(),
        &code(&site.preset),
        site.verdict.word(),
        &sentence(&site.fetch),
        &let_in.join(", "),
    ])
}
