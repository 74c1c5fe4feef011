//! Where the report comes from, so that somebody else can make it again and get the same bytes.

use super::head::time;
use super::markup::Html;
use super::{Page, Section, words};
use crate::org::EvidenceMode;

pub(super) const SECTION: Section =
    Section { id: "provenance", title: "Where this comes from", count: |_| None, present: |_| true, body };

fn body(page: &Page<'_, '_>, out: &mut Html) {
    out.raw("<dl class=\"facts\">\n");
    organization(page, out);
    reading(page, out);
    tool(page, out);
    file(out, "Intent", page.report.origin.intent.as_ref(), "none: nothing was declared as an exception");
    file(out, "Accepted findings", page.report.origin.baseline.as_ref(), "none");
    out.raw(
        "</dl>\n<p class=\"quiet\">The same organization, intent and time give the same document, byte for byte.</p>\n",
    );
}

fn term(out: &mut Html, term: &'static str) {
    out.raw("<dt>").raw(term).raw("</dt><dd>");
}

fn organization(page: &Page<'_, '_>, out: &mut Html) {
    let snapshot = page.assessment().snapshot;
    term(out, "Organization");
    match snapshot.organization() {
        Some(organization) => {
            out.raw("<code>").show(&organization.id).raw("</code>, management account <code>");
            out.show(organization.management_account).raw("</code>");
        }
        None => drop(out.raw("none, or it could not be read")),
    }
    out.raw(", partition <code>").text(snapshot.partition.as_str()).raw("</code></dd>\n");
}

fn reading(page: &Page<'_, '_>, out: &mut Html) {
    let snapshot = page.assessment().snapshot;
    term(out, "Read");
    out.text(&time(snapshot.taken)).raw(" from ").text(&page.report.origin.organization);
    if let Some(caller) = &snapshot.caller {
        out.raw(", by <code>").show(caller.account).raw("</code> (").text(&caller.principal).raw(")");
    }
    out.raw("</dd>\n");
    term(out, "How AWS was asked");
    out.raw(match snapshot.evidence {
        EvidenceMode::All => "for the effective policy of every account",
        EvidenceMode::Chain => "for the effective policy of one account of each group with the same policies",
        EvidenceMode::None => "not systematically: answers are computed from the attached policies where AWS’s own is not in the saved organization",
    });
    out.raw("</dd>\n");
    term(out, "Judged by the time");
    out.text(&time(page.assessment().at)).raw("</dd>\n");
}

fn tool(page: &Page<'_, '_>, out: &mut Html) {
    let catalogue = page.assessment().catalogue;
    term(out, "Tool");
    out.raw("optout ").text(&page.report.origin.tool_version).raw("</dd>\n");
    term(out, "Catalogue of AI services");
    out.raw("of ").show(catalogue.date()).raw(", ").text(&words::counted(catalogue.services().len(), "service"));
    if let Some(until) = catalogue.content_until() {
        out.raw("; AWS’s list as of ").show(until);
    }
    out.raw("</dd>\n");
}

fn file(out: &mut Html, title: &'static str, file: Option<&(String, String)>, none: &'static str) {
    term(out, title);
    match file {
        Some((path, hash)) => {
            out.raw("<code>").text(path).raw("</code>, SHA-256 <code class=\"hash\">").text(hash).raw("</code>");
        }
        None => {
            out.raw(none);
        }
    }
    out.raw("</dd>\n");
}
