//! Developers' machines and websites: what was found there, when, and what it would take to end it.

use super::markup::Html;
use super::words::Look;
use super::{Page, Section};
use crate::reach::{Site, Sites, Tool, Verdict, Workstation};

pub(super) const WORKSTATIONS: Section = Section {
    id: "workstations",
    title: "Developers’ machines",
    count: |page| Some(page.report.workstations.len()),
    present: |page| !page.report.workstations.is_empty(),
    body: workstations,
};

pub(super) const WEBSITES: Section = Section {
    id: "websites",
    title: "Websites",
    count: |page| Some(sites(page).count()),
    present: |page| sites(page).next().is_some(),
    body: websites,
};

const ABOUT_MACHINES: &str = "What `optout workstation check` found when each machine was looked at. The organization’s \
    policy does not reach these settings, and they do not change the answer above.";
const ABOUT_SITES: &str = "What `optout website check` found when each site was looked at. The organization’s policy \
    says nothing to crawlers, and this does not change the answer above.";

fn sites<'p>(page: &Page<'p, '_>) -> impl Iterator<Item = (&'p Sites, &'p Site)> {
    page.report.websites.iter().flat_map(|together| together.sites.iter().map(move |site| (together, site)))
}

fn workstations(page: &Page<'_, '_>, out: &mut Html) {
    out.raw("<p>").prose(ABOUT_MACHINES).raw("</p>\n");
    table(out, "Table: developers’ machines", &["Machine", "System", "Looked at", "Content", "Usage data", "Tools"]);
    page.report.workstations.iter().for_each(|machine| workstation(out, machine));
    out.raw("</tbody></table></section>\n");
}

fn table(out: &mut Html, label: &'static str, titles: &[&'static str]) {
    out.raw("<section class=\"scroll\" aria-label=\"").raw(label).raw("\" tabindex=\"0\"><table class=\"plain\">\n");
    out.raw("<thead><tr>");
    for title in titles {
        out.raw("<th scope=\"col\">").raw(title).raw("</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
}

fn workstation(out: &mut Html, machine: &Workstation) {
    out.raw("<tr><th scope=\"row\">");
    if let Some(name) = &machine.machine {
        out.name(name).raw("<br>");
    }
    out.raw("<code>").text(&machine.home).raw("</code></th><td>").text(&machine.os).raw("</td><td>");
    time(out, machine.at);
    out.raw("</td><td>");
    look(machine.content).chip(out);
    out.raw("</td><td>");
    look(machine.telemetry).chip(out);
    out.raw("</td><td>");
    tools(out, machine);
    out.raw("</td></tr>\n");
}

fn time(out: &mut Html, at: jiff::Timestamp) {
    out.raw("<time datetime=\"").show(at).raw("\">").show(at.strftime("%Y-%m-%d %H:%M UTC")).raw("</time>");
}

fn tools(out: &mut Html, machine: &Workstation) {
    if machine.installed().next().is_none() {
        out.raw("none is installed");
        return;
    }
    out.raw("<ul>\n");
    machine.installed().for_each(|it| tool(out, it));
    out.raw("</ul>\n");
}

fn tool(out: &mut Html, tool: &Tool) {
    out.raw("<li>").text(tool.name());
    for (what, verdict) in [(": content ", tool.content), ("; usage data ", tool.telemetry)] {
        if let Some(verdict) = verdict {
            out.raw(what).raw(verdict.word());
        }
    }
    for setting in tool.settings.iter().filter(|setting| setting.verdict.shares() != Some(false)) {
        out.raw("<br><code>").text(&setting.key).raw("</code>");
        if let Some(path) = &setting.path {
            out.raw(" in <code>").text(path).raw("</code>");
        }
        if !setting.menu.is_empty() {
            out.raw(": ").prose(&setting.menu);
        }
    }
    out.raw("</li>\n");
}

fn websites(page: &Page<'_, '_>, out: &mut Html) {
    out.raw("<p>").prose(ABOUT_SITES).raw("</p>\n");
    table(out, "Table: websites", &["Site", "Looked at", "Kept out", "Verdict", "Its robots.txt", "Let in"]);
    sites(page).for_each(|(together, site)| website(out, together, site));
    out.raw("</tbody></table></section>\n");
}

fn website(out: &mut Html, together: &Sites, site: &Site) {
    out.raw("<tr><th scope=\"row\"><code>").text(&site.name).raw("</code></th><td>");
    time(out, together.at);
    out.raw("</td><td><code>").text(&site.preset).raw("</code></td><td>");
    look(site.verdict).chip(out);
    out.raw("</td><td>").text(&site.fetch).raw("</td><td>");
    for (at, crawler) in site.let_in().enumerate() {
        out.raw(if at == 0 { "<code>" } else { "<br><code>" }).text(&crawler.token).raw("</code> (");
        out.text(&crawler.vendor).raw(", ").text(&crawler.purpose).raw("): ").raw(crawler.verdict.word());
    }
    out.raw("</td></tr>\n");
}

/// The look of a verdict about a machine or a site.
const fn look(verdict: Verdict) -> Look {
    let (class, shape, word, meaning) = match verdict {
        Verdict::Sharing => ("bad", "✕", "Sharing", "Something is shared."),
        Verdict::Unknown => ("doubt", "?", "Unknown", "It could not be determined. That is neither good nor bad news."),
        Verdict::OptedOut => ("good", "✓", "Opted out", "Nothing is shared."),
        Verdict::NotInstalled => ("quiet", "●", "Not installed", "There is nothing that could share."),
    };
    Look { class, shape, word, meaning }
}
