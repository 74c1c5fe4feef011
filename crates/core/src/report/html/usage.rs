//! Usage, quarterly review: which affected services were used, by whom, and whether they are opted out of them.

use super::markup::Html;
use super::{Page, Section};
use crate::org::TargetId;
use crate::usage::{AccountExposure, Entry, Review, Standing, words};

pub(super) const SECTION: Section = Section {
    id: "usage",
    title: "Usage, quarterly review",
    count: |page| page.report.usage.as_ref().map(|it| it.exposure.services_with(Standing::Exposed)),
    present: |page| page.report.usage.is_some(),
    body,
};

/// What is named account by account; the others are counted.
const NAMED: [Standing; 5] =
    [Standing::Exposed, Standing::MaybeExposed, Standing::Excepted, Standing::OpenUnknown, Standing::CoveredUsed];

fn body(page: &Page<'_, '_>, out: &mut Html) {
    let Some(review) = &page.report.usage else { return };
    out.raw("<p>").text(&words::scope(review)).raw(" From <code>").text(&review.origin).raw("</code>.</p>\n");
    out.raw("<p>").text(&words::price(review)).raw("</p>\n");
    missing(out, review);
    counts(out, review);
    rows(page, out, review);
    oddities(out, review);
    compared(page, out, review);
    out.raw("<h3>What usage does not prove</h3>\n<ul>\n");
    for limit in words::LIMITS {
        out.raw("<li>").raw(limit).raw("</li>\n");
    }
    out.raw("</ul>\n");
}

fn missing(out: &mut Html, review: &Review) {
    if review.usage.missing.is_empty() {
        return;
    }
    out.raw("<ul>\n");
    for it in &review.usage.missing {
        out.raw("<li>").text(&it.what).raw(": ").text(&it.reason);
        if let Some(permission) = &it.permission {
            out.raw(" Needs <code>").text(permission).raw("</code>.");
        }
        out.raw("</li>\n");
    }
    out.raw("</ul>\n");
}

fn head(out: &mut Html, label: &'static str, titles: &[&'static str]) {
    out.raw("<section class=\"scroll\" aria-label=\"")
        .raw(label)
        .raw("\" tabindex=\"0\"><table class=\"plain\">\n<thead><tr>");
    for title in titles {
        out.raw("<th scope=\"col\">").raw(title).raw("</th>");
    }
    out.raw("</tr></thead>\n<tbody>\n");
}

fn foot(out: &mut Html) {
    out.raw("</tbody></table></section>\n");
}

fn counts(out: &mut Html, review: &Review) {
    head(out, "Table: usage and opt-out", &["Usage and opt-out", "How many"]);
    for standing in Standing::ALL {
        out.raw("<tr><th scope=\"row\">").raw(standing.words()).raw("</th><td>");
        out.text(&words::count(review, standing)).raw("</td></tr>\n");
    }
    foot(out);
}

fn rows(page: &Page<'_, '_>, out: &mut Html, review: &Review) {
    let named = |entry: &&Entry| NAMED.contains(&entry.standing);
    if !review.exposure.accounts.iter().any(|it| it.entries.iter().any(|entry| named(&entry))) {
        return;
    }
    let titles = ["Account", "Service", "Usage and opt-out", "Verdict", "Billed as", "Cost"];
    head(out, "Table: services in use", &titles);
    for account in &review.exposure.accounts {
        account.entries.iter().filter(named).for_each(|entry| row(page, out, account, entry));
    }
    foot(out);
}

fn row(page: &Page<'_, '_>, out: &mut Html, account: &AccountExposure, entry: &Entry) {
    let observed = &entry.observed;
    out.raw("<tr><th scope=\"row\">");
    page.target(out, &TargetId::Account(account.id));
    out.raw("</th><td><code>").text(&entry.key).raw("</code></td><td>").raw(entry.standing.words());
    if let Some(why) = observed.state.why_unknown() {
        out.raw(": ").raw(why);
    }
    out.raw("</td><td>").raw(entry.verdict.as_str()).raw("</td><td>").text(&observed.names.join(", "));
    out.raw("</td><td>").text(&observed.cost.short(2)).raw("</td></tr>\n");
}

fn oddities(out: &mut Html, review: &Review) {
    for it in &review.exposure.unplaced {
        out.raw("<p>The bill has the unknown name <code>").text(&it.service).raw("</code>, which looks like <code>");
        out.text(&it.keys.join(", ")).raw("</code>.</p>\n");
    }
    for it in &review.exposure.strangers {
        out.raw("<p>Account <code>")
            .show(it.id)
            .raw("</code> is in the bill and not in the organization as it was read; it used ");
        out.text(&it.names.join(", ")).raw(".</p>\n");
    }
}

fn compared(page: &Page<'_, '_>, out: &mut Html, review: &Review) {
    let Some(window) = words::window(review) else { return };
    out.raw("<h3>Before and after opting out</h3>\n<p>").text(&window).raw("</p>\n");
    let pairs: Vec<_> = review.comparison.iter().flat_map(|it| &it.pairs).collect();
    if pairs.is_empty() {
        return;
    }
    head(out, "Table: before and after", &["Account", "Billed as", "Usage after", "Before"]);
    for pair in pairs {
        out.raw("<tr><th scope=\"row\">");
        page.target(out, &TargetId::Account(pair.account));
        out.raw("</th><td>").text(&pair.service).raw("</td><td>").raw(words::course(pair.course)).raw("</td><td>");
        out.raw(if pair.working_days_only { "working days only" } else { "" }).raw("</td></tr>\n");
    }
    foot(out);
}
