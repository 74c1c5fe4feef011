//! What could not be determined: neither a pass nor a failure, with the permission that would settle it.

use super::markup::Html;
use super::{Page, Section};
use crate::report::Unknown;

pub(super) const SECTION: Section = Section {
    id: "unknowns",
    title: "What is not known",
    count: |page| Some(page.report.unknowns.len()),
    present: |_| true,
    body,
};

fn body(page: &Page<'_, '_>, out: &mut Html) {
    if page.report.unknowns.is_empty() {
        out.raw("<p class=\"empty\">Everything this report speaks about could be read.</p>\n");
        return;
    }
    list(&page.report.unknowns, out);
}

/// Each with its reason and what it would take; nothing where there is none.
pub(super) fn list(unknowns: &[Unknown], out: &mut Html) {
    if unknowns.is_empty() {
        return;
    }
    out.raw("<ul class=\"unknowns\">\n");
    for unknown in unknowns {
        out.raw("<li><strong>").prose(&unknown.what).raw("</strong><br>").prose(&unknown.reason);
        if let Some(permission) = &unknown.permission {
            out.raw("<br><span class=\"needs\">Needs the permission <code>").text(permission).raw("</code></span>");
        }
        out.raw("</li>\n");
    }
    out.raw("</ul>\n");
}
