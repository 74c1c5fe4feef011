//! The page over many organizations: the answer, a table of all, and what does not hold of each. It needs no script.
//!
//! Built from the same blocks as the page about one, with its style; where the pages about each stand beside it, it leads
//! to them.

use super::markup::Html;
use super::{STYLE, digest, head, words};
use crate::check::AccountVerdict;
use crate::fleet::{Entry, FleetReport, Outcome};
use crate::report::case::{Cause, causes_by_gravity};
use crate::report::fleet as whole;

/// The page; `linked` where `FILE-NAME.html` beside it is the page about each organization.
pub(in crate::report) fn render(report: &FleetReport<'_>, linked: bool) -> String {
    let mut out = Html::default();
    out.raw("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    policy(&mut out);
    out.raw("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    out.raw("<meta name=\"color-scheme\" content=\"light dark\">\n<meta name=\"referrer\" content=\"no-referrer\">\n");
    out.raw("<title>AI opt-out report: ").text(words::account(report.verdict()).word).raw(", ");
    out.text(&words::counted(report.entries.len(), "organization"));
    out.raw("</title>\n<style>").raw(STYLE).raw("</style>\n</head>\n<body>\n");
    out.raw("<a class=\"skip\" href=\"#main\">Skip to the answer</a>\n");
    masthead(report, &mut out);
    out.raw("<div class=\"columns\">\n");
    contents(report, &mut out);
    out.raw("<main id=\"main\" tabindex=\"-1\">\n");
    answer(report, &mut out);
    table(report, linked, &mut out);
    open(report).for_each(|(at, entry)| section(at, entry, linked, &mut out));
    provenance(report, &mut out);
    out.raw("</main>\n</div>\n</body>\n</html>\n");
    out.into_text()
}

/// No request of any kind, no frame, no form, no script; one style.
fn policy(out: &mut Html) {
    out.raw("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src '");
    out.text(&digest::source(STYLE));
    out.raw("'; base-uri 'none'; form-action 'none'; require-trusted-types-for 'script'; trusted-types 'none'\">\n");
}

fn masthead(report: &FleetReport<'_>, out: &mut Html) {
    out.raw("<header class=\"masthead\"><p class=\"brand\">optout <span>AI services opt-out report</span></p><p>");
    out.text(&words::counted(report.entries.len(), "organization")).raw(", ");
    out.text(&head::time(report.origin.at)).raw("</p></header>\n");
}

/// Those that do not hold, with their places in the table.
fn open<'r, 'a>(report: &'r FleetReport<'a>) -> impl Iterator<Item = (usize, &'r Entry<'a>)> {
    report.entries.iter().enumerate().filter(|(_, entry)| entry.outcome() != Outcome::Holds)
}

fn contents(report: &FleetReport<'_>, out: &mut Html) {
    out.raw("<nav class=\"contents\" aria-label=\"Contents\">\n<ul>\n<li><a href=\"#answer\">The answer</a></li>\n");
    out.raw("<li><a href=\"#organizations\">The organizations</a></li>\n");
    for (at, entry) in open(report) {
        out.raw("<li><a href=\"#organization-").show(at).raw("\">").name(&entry.name).raw("</a></li>\n");
    }
    out.raw("<li><a href=\"#provenance\">Where this comes from</a></li>\n</ul>\n</nav>\n");
}

fn answer(report: &FleetReport<'_>, out: &mut Html) {
    let look = words::account(report.verdict());
    out.raw("<section id=\"answer\" class=\"answer ").raw(look.class).raw("\" aria-labelledby=\"answer-title\">\n");
    out.raw("<p class=\"question\">May AWS use this content to improve its AI services?</p>\n<p class=\"verdict\">");
    look.chip(out);
    out.raw("<span class=\"decision\">").raw(decision(report.outcome())).raw("</span></p>\n<h1 id=\"answer-title\">");
    out.text(&capitalized(&whole::sentence(report))).raw(".</h1>\n<ul class=\"legend\">");
    chips(&report.verdicts(), out);
    out.raw("</ul>\n</section>\n");
}

const fn decision(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Failed => "Not every organization could be read.",
        Outcome::Fails => "It does not hold.",
        Outcome::Undetermined => "It could not be determined.",
        Outcome::Holds => "It holds.",
    }
}

fn capitalized(sentence: &str) -> String {
    let mut letters = sentence.chars();
    let first = letters.next().map(|first| first.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}", letters.as_str())
}

fn chips(verdicts: &[(AccountVerdict, usize)], out: &mut Html) {
    for (verdict, count) in verdicts {
        out.raw("<li><strong>").text(&words::number(*count)).raw("</strong> ");
        words::account(*verdict).chip(out);
        out.raw("</li>");
    }
}

fn table(report: &FleetReport<'_>, linked: bool, out: &mut Html) {
    out.raw("<section id=\"organizations\" aria-labelledby=\"organizations-title\">\n<h2 id=\"organizations-title\">The organizations</h2>\n");
    out.raw("<section class=\"scroll\" aria-label=\"Table: organizations\" tabindex=\"0\"><table class=\"plain\">\n<thead><tr>");
    for head in ["Organization", "Verdict", "Accounts", "Findings", "What is not known"] {
        out.raw("<th scope=\"col\">").raw(head).raw("</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
    report.entries.iter().enumerate().for_each(|(at, entry)| row(at, entry, linked, out));
    out.raw("</tbody></table></section>\n</section>\n");
}

fn row(at: usize, entry: &Entry<'_>, linked: bool, out: &mut Html) {
    out.raw("<tr><th scope=\"row\">");
    let opened = if linked && entry.report().is_some() {
        page(entry, out);
        true
    } else if entry.outcome() != Outcome::Holds {
        out.raw("<a href=\"#organization-").show(at).raw("\">");
        true
    } else {
        false
    };
    out.name(&entry.name).raw(if opened { "</a>" } else { "" });
    if let Some(id) = entry.organization() {
        out.raw("<br><code>").show(id).raw("</code>");
    }
    out.raw("</th><td>");
    chip(entry, out);
    out.raw("</td><td>").text(&whole::accounts(&entry.verdicts()));
    out.raw("</td><td>").text(&whole::findings(entry));
    out.raw("</td><td>").prose(&whole::why(entry)).raw("</td></tr>\n");
}

/// The start of a link to the page about the organization. A name of a file has letters, digits and hyphens alone.
fn page(entry: &Entry<'_>, out: &mut Html) {
    out.raw("<a href=\"").text(&entry.file_name).raw(".html\">");
}

fn chip(entry: &Entry<'_>, out: &mut Html) {
    match entry.report() {
        Some(report) => words::account(report.assessment.verdict).chip(out),
        None => {
            out.raw("<span class=\"chip bad\"><span class=\"shape\" aria-hidden=\"true\">!</span>Failed</span>");
        }
    }
}

fn section(at: usize, entry: &Entry<'_>, linked: bool, out: &mut Html) {
    out.raw("<section id=\"organization-").show(at).raw("\" aria-labelledby=\"organization-").show(at);
    out.raw("-title\">\n<h2 id=\"organization-").show(at).raw("-title\">").name(&entry.name).raw("</h2>\n<p>");
    chip(entry, out);
    out.raw(" ").prose(&capitalized(&whole::said(entry))).raw(".</p>\n");
    if let Some(trouble) = entry.trouble().filter(|trouble| !trouble.help.is_empty()) {
        out.raw("<p class=\"note\">What to do: ").prose(&trouble.help).raw("</p>\n");
    }
    if let Some(report) = entry.report() {
        let causes = causes_by_gravity(report);
        causes.iter().filter(|cause| cause.accepted.is_none()).for_each(|cause| finding(cause, out));
        super::unknowns::list(&report.unknowns, out);
        if linked {
            page(entry, out.raw("<p>"));
            out.raw("Everything about this organization</a></p>\n");
        }
    }
    out.raw("</section>\n");
}

fn finding(cause: &Cause<'_>, out: &mut Html) {
    let look = words::severity(cause.severity);
    out.raw("<article class=\"finding ").raw(look.class);
    look.chip(out.raw("\">\n<p class=\"over\">"));
    out.raw(" <code>").raw(cause.control.id).raw("</code></p>\n<h3>").prose(cause.control.title);
    out.raw("</h3>\n<p class=\"evidence\"><strong>").text(&words::counted(cause.subjects.len(), "subject"));
    out.raw(":</strong> ").prose(cause.message).raw("</p>\n<dl class=\"why\"><dt>How to mend it</dt><dd>");
    out.prose(cause.control.remedy).raw("</dd></dl>\n</article>\n");
}

fn provenance(report: &FleetReport<'_>, out: &mut Html) {
    let origin = &report.origin;
    out.raw("<section id=\"provenance\" aria-labelledby=\"provenance-title\">\n<h2 id=\"provenance-title\">Where this comes from</h2>\n");
    out.raw("<p>Fleet <code>").text(&origin.path).raw("</code>, SHA-256 <code>").text(&origin.sha256);
    out.raw("</code>. Judged as of ").text(&head::time(origin.at)).raw(" by optout ").text(&origin.tool_version);
    out.raw(".</p>\n</section>\n");
}
