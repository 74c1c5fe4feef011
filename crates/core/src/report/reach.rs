//! Developers' machines and websites in the report for machines.

use serde::Serialize;

use super::Report;
use crate::reach::{Crawler, Setting, Site, Sites, Tool, Workstation};

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct WorkstationV1<'a> {
    /// What the machine is called; `null` where its file does not say.
    machine: Option<&'a str>,
    home: &'a str,
    os: &'a str,
    /// When it was looked at (RFC 3339).
    at: String,
    /// `opted-out`, `sharing`, `unknown` or `not-installed`, as everywhere below.
    content: &'static str,
    /// Usage data.
    telemetry: &'static str,
    /// Those that are installed, as far as that is known.
    tools: Vec<ToolV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ToolV1<'a> {
    id: &'a str,
    name: &'a str,
    content: Option<&'static str>,
    telemetry: Option<&'static str>,
    settings: Vec<SettingV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SettingV1<'a> {
    /// `content` or `telemetry`.
    kind: &'a str,
    key: &'a str,
    verdict: &'static str,
    path: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct WebsiteV1<'a> {
    /// The address or path of its robots.txt.
    name: &'a str,
    /// When it was looked at (RFC 3339).
    at: String,
    /// The crawlers that were to be kept out.
    preset: &'a str,
    verdict: &'static str,
    /// What fetching came to.
    fetch: &'a str,
    /// Those of the preset that may fetch it, or of which that is open.
    let_in: Vec<CrawlerV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CrawlerV1<'a> {
    token: &'a str,
    vendor: &'a str,
    purpose: &'a str,
    verdict: &'static str,
}

pub(super) fn workstations<'a>(report: &'a Report<'_>) -> Vec<WorkstationV1<'a>> {
    report.workstations.iter().map(workstation).collect()
}

fn workstation(machine: &Workstation) -> WorkstationV1<'_> {
    WorkstationV1 {
        machine: machine.machine.as_deref(),
        home: &machine.home,
        os: &machine.os,
        at: machine.at.to_string(),
        content: machine.content.word(),
        telemetry: machine.telemetry.word(),
        tools: machine.installed().map(tool).collect(),
    }
}

fn tool(tool: &Tool) -> ToolV1<'_> {
    ToolV1 {
        id: &tool.id,
        name: tool.name(),
        content: tool.content.map(|verdict| verdict.word()),
        telemetry: tool.telemetry.map(|verdict| verdict.word()),
        settings: tool.settings.iter().map(setting).collect(),
    }
}

fn setting(setting: &Setting) -> SettingV1<'_> {
    let Setting { kind, key, verdict, path, menu: _ } = setting;
    SettingV1 { kind, key, verdict: verdict.word(), path: path.as_deref() }
}

pub(super) fn websites<'a>(report: &'a Report<'_>) -> Vec<WebsiteV1<'a>> {
    let sites = report.websites.iter().flat_map(|together| together.sites.iter().map(move |site| (together, site)));
    sites.map(|(together, site)| website(together, site)).collect()
}

fn website<'a>(together: &Sites, site: &'a Site) -> WebsiteV1<'a> {
    WebsiteV1 {
        name: &site.name,
        at: together.at.to_string(),
        preset: &site.preset,
        verdict: site.verdict.word(),
        fetch: &site.fetch,
        let_in: site.let_in().map(crawler).collect(),
    }
}

fn crawler(crawler: &Crawler) -> CrawlerV1<'_> {
    let Crawler { token, vendor, purpose, in_preset: _, verdict } = crawler;
    CrawlerV1 { token, vendor, purpose, verdict: verdict.word() }
}
