//! What the report does not prove: said as plainly as what it does.

use super::findings::source;
use super::markup::Html;
use super::{Page, Section};
use crate::catalogue::NotCovered;

pub(super) const SECTION: Section =
    Section { id: "limits", title: "What this report does not prove", count: |_| None, present: |_| true, body };

/// A limit: what, and why.
struct Limit {
    what: &'static str,
    why: &'static str,
    /// Where that is known from; empty where it follows from what the report is.
    source: &'static str,
}

/// Pages read 2026-11-23.
const LIMITS: &[Limit] = &[
    Limit {
        what: "What AWS does with content.",
        why: "The report shows what AWS was told, and what AWS says is in force. Whether AWS acts on it cannot be observed from outside.",
        source: "",
    },
    Limit {
        what: "Content that was used before.",
        why: "AWS says that a service deletes the content it had stored for its improvement when an account opts out. This report cannot observe that, and nothing is said of what was made with the content until then.",
        source: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html",
    },
    Limit {
        what: "Any other moment.",
        why: "It speaks about the time at which the organization was read. A policy can be changed, detached or switched off a minute later; changes need some seconds to take effect.",
        source: "",
    },
    Limit {
        what: "Developers’ machines.",
        why: "The policy does not reach editors and command lines of single developers: each decides in the tool’s own settings. `optout workstation check` looks at them.",
        source: "https://docs.aws.amazon.com/amazonq/latest/qdeveloper-ug/opt-out-IDE.html",
    },
    Limit {
        what: "Websites.",
        why: "Crawlers that collect public pages do not ask for an opt-out policy. `optout website check` says which may fetch what.",
        source: "https://developer.amazon.com/amazonbot",
    },
    Limit {
        what: "Services that have no key in the policy.",
        why: "The policy covers only the services in AWS’s list. Those known to be outside of it are named below, with what to do instead.",
        source: "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_all.html",
    },
    Limit {
        what: "Accounts outside this organization, and suspended or closed ones.",
        why: "They are not judged, or listed without being counted.",
        source: "",
    },
    Limit {
        what: "That nobody can undo it.",
        why: "A lock binds policies further down. Whoever may write the policies themselves, the management account first of all, can always change them.",
        source: "",
    },
    Limit {
        what: "That a law or a contract is complied with.",
        why: "The report is evidence for such a judgement, not the judgement.",
        source: "",
    },
];

fn body(page: &Page<'_, '_>, out: &mut Html) {
    out.raw("<dl class=\"limits\">\n");
    for limit in LIMITS {
        out.raw("<dt>").raw(limit.what).raw("</dt><dd>");
        out.prose(limit.why);
        if !limit.source.is_empty() {
            source(out.raw(" <span class=\"sources\">"), limit.source);
            out.raw("</span>");
        }
        out.raw("</dd>\n");
    }
    out.raw("</dl>\n");
    not_covered(out, page.assessment().catalogue.not_covered());
}

fn not_covered(out: &mut Html, services: &[NotCovered]) {
    if services.is_empty() {
        return;
    }
    out.raw("<h3>Services that the policy does not reach</h3>\n");
    out.raw("<section class=\"scroll\" aria-label=\"Table: services that the policy does not reach\" tabindex=\"0\"><table class=\"plain\">\n");
    out.raw("<thead><tr><th scope=\"col\">Service</th><th scope=\"col\">What AWS says of its content</th><th scope=\"col\">Instead</th><th scope=\"col\">Source</th></tr></thead>\n<tbody>\n");
    for service in services {
        out.raw("<tr><th scope=\"row\">").text(&service.name).raw("</th><td>");
        out.raw(service.uses.map_or("no statement found", crate::catalogue::Use::word))
            .raw("</td><td>")
            .prose(&service.instead)
            .raw("</td><td>");
        source(out, &service.reference.source);
        out.raw(" (").show(service.reference.read).raw(")</td></tr>\n");
    }
    out.raw("</tbody></table></section>\n");
}
