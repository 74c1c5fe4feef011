//! The organization as a tree: where policies are attached, where locks have holes, what holds below.

use super::markup::Html;
use super::places::Place;
use super::{Page, Section, words};
use crate::check::AccountResult;
use crate::org::{PolicyId, TargetId};

pub(super) const SECTION: Section =
    Section { id: "organization", title: "The organization", count: |_| None, present: |_| true, body };

/// About how many accounts the tree names; each place names as many of its own as that leaves it, and one at least.
const ACCOUNTS: usize = 1_000;
const PER_PLACE: usize = 50;
/// Deeper places are listed beside each other: AWS allows five levels, and a hostile file has any number.
const DEEPEST: usize = 12;

fn body(page: &Page<'_, '_>, out: &mut Html) {
    let places = &page.places.all;
    if places.is_empty() {
        out.raw("<p class=\"empty\">The root of the organization was not read, so there is no tree to show.</p>\n");
        return;
    }
    out.raw("<p>Each unit says how many accounts are in it and below by verdict. <span class=\"tag\">Policies</span> are named where they are attached; ");
    out.raw("□ tells how many accounts below are not fully locked.</p>\n");
    out.raw("<p class=\"tools script\"><button type=\"button\" id=\"unfold\">Unfold all</button> <button type=\"button\" id=\"fold\">Fold all</button></p>\n");
    let most = (ACCOUNTS / places.len()).clamp(1, PER_PLACE);
    out.raw("<ul class=\"tree\" id=\"tree\">\n");
    let mut open: usize = 0;
    for (at, place) in places.iter().enumerate() {
        let depth = place.depth.min(DEEPEST);
        while open > depth {
            out.raw("</ul></li>\n");
            open -= 1;
        }
        let holds_units = places.get(at + 1).is_some_and(|next| next.depth.min(DEEPEST) > depth);
        unit(page, out, place);
        let holds_anything = holds_units || !place.accounts.is_empty();
        out.raw(if holds_anything { "<ul>\n" } else { "</li>\n" });
        accounts(page, out, place, most);
        if holds_units {
            open = depth + 1;
        } else if holds_anything {
            out.raw("</ul></li>\n");
        }
    }
    for _ in 0..open {
        out.raw("</ul></li>\n");
    }
    out.raw("</ul>\n");
}

/// The line of a place.
fn unit(page: &Page<'_, '_>, out: &mut Html, place: &Place<'_>) {
    out.raw("<li class=\"place\"><div class=\"node\">");
    out.raw("<span class=\"fold\" aria-hidden=\"true\"></span><span class=\"named\">").name(place.name);
    out.raw("</span> <code>").show(&place.target).raw("</code> ");
    tallies(out, place);
    attached(page, out, place.attached.as_deref());
    out.raw("</div>\n");
}

fn tallies(out: &mut Html, place: &Place<'_>) {
    if place.worst().is_none() {
        out.raw("<span class=\"quiet\">no account that counts</span> ");
    }
    for (verdict, count) in place.verdicts.iter().rev() {
        let look = words::account(*verdict);
        out.raw("<span class=\"tally ")
            .raw(look.class)
            .raw("\"><span class=\"shape\" aria-hidden=\"true\">")
            .raw(look.shape);
        out.raw("</span>")
            .text(&words::number(*count))
            .raw("<span class=\"word\"> ")
            .raw(look.word)
            .raw("</span></span> ");
    }
    if place.open > 0 {
        out.raw("<span class=\"tally hole\"><span class=\"shape\" aria-hidden=\"true\">□</span>")
            .text(&words::number(place.open));
        out.raw("<span class=\"word\"> of ")
            .text(&words::number(place.counted()))
            .raw(" not fully locked</span></span> ");
    }
}

fn attached(page: &Page<'_, '_>, out: &mut Html, policies: Option<&[PolicyId]>) {
    let Some(policies) = policies else {
        out.raw("<span class=\"tag doubt\">? attachments not read</span>");
        return;
    };
    for policy in policies {
        page.policy(out.raw("<span class=\"tag\">"), policy);
        out.raw("</span> ");
    }
}

fn accounts(page: &Page<'_, '_>, out: &mut Html, place: &Place<'_>, most: usize) {
    place.accounts.iter().take(most).for_each(|account| one(page, out, account));
    if place.accounts.len() > most {
        let more = place.accounts.len() - most;
        out.raw("<li class=\"leaf more\"><div class=\"node\"><a href=\"#accounts\" data-place=\"")
            .show(&place.target)
            .raw("\">");
        out.text(&words::counted(more, "more account")).raw("</a> in the table below</div></li>\n");
    }
}

fn one(page: &Page<'_, '_>, out: &mut Html, result: &AccountResult) {
    let assessment = page.assessment();
    let account = assessment.account(result);
    out.raw("<li class=\"leaf\"><div class=\"node\"><a href=\"#account-").show(result.id).raw("\">");
    out.name(account.map_or("", |account| account.name.as_str())).raw(" <code>").show(result.id).raw("</code></a> ");
    if result.counted {
        words::account(result.verdict).chip(out);
        words::lock(assessment.group(result).map_or(crate::check::AccountLock::Unknown, |group| group.lock))
            .chip(out.raw(" "));
    } else {
        out.raw("<span class=\"quiet\">not counted: ")
            .text(account.map_or("", |account| account.state.as_str()))
            .raw("</span>");
    }
    let own = assessment.snapshot.attachments.as_ref().and_then(|all| all.get(&TargetId::Account(result.id)));
    let own: Vec<PolicyId> = own.into_iter().flatten().map(|attachment| attachment.policy.clone()).collect();
    attached(page, out.raw(" "), Some(&own));
    out.raw("</div></li>\n");
}
