//! What was declared otherwise than opted out: for whom, why, by whom, until when, and whether that day is over.

use jiff::civil::Date;
use jiff::tz::Offset;

use super::markup::Html;
use super::{Page, Section};
use crate::intent::{Choice, Resolved};

pub(super) const SECTION: Section = Section {
    id: "exceptions",
    title: "Exceptions",
    count: |page| Some(page.report.intent.map_or(0, |intent| intent.exceptions.len())),
    present: |_| true,
    body,
};

fn body(page: &Page<'_, '_>, out: &mut Html) {
    let Some(intent) = page.report.intent else {
        out.raw("<p class=\"empty\">No intent was given, so no exception is declared: every opt-in counts against the organization.</p>\n");
        return;
    };
    if intent.exceptions.is_empty() {
        out.raw("<p class=\"empty\">The intent declares none.</p>\n");
        return;
    }
    let today = Offset::UTC.to_datetime(page.assessment().at).date();
    out.raw("<section class=\"scroll\" aria-label=\"Table: exceptions\" tabindex=\"0\"><table class=\"plain\">\n<thead><tr>");
    for title in ["Service", "For", "Shall be", "Why", "Approved by", "Last day (UTC)"] {
        out.raw("<th scope=\"col\">").raw(title).raw("</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
    intent.exceptions.iter().for_each(|resolved| exception(page, out, resolved, today));
    out.raw("</tbody></table></section>\n");
}

fn exception(page: &Page<'_, '_>, out: &mut Html, resolved: &Resolved, today: Date) {
    let exception = &resolved.exception;
    out.raw("<tr><th scope=\"row\"><code>").text(&exception.service).raw("</code></th><td>");
    page.target(out, &resolved.target);
    out.raw("</td><td>").raw(match exception.value {
        Choice::OptIn => "opted in",
        Choice::OptOut => "opted out",
    });
    out.raw("</td><td>").text(&exception.reason).raw("</td><td>").text(&exception.approver).raw("</td><td>");
    out.raw("<time datetime=\"").show(exception.until).raw("\">").show(exception.until).raw("</time> ");
    match exception.is_expired(today) {
        true => out.raw("<span class=\"chip bad\"><span class=\"shape\" aria-hidden=\"true\">✕</span>Over</span>"),
        false => {
            out.raw("<span class=\"chip excepted\"><span class=\"shape\" aria-hidden=\"true\">◇</span>In force</span>")
        }
    };
    out.raw("</td></tr>\n");
}
