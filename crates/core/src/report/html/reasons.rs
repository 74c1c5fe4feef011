//! Why: the derivation of each group of accounts that are alike, from the root on.

use std::collections::BTreeSet;

use super::classes::Class;
use super::markup::Html;
use super::{Page, Section, words};
use crate::check::Writer;
use crate::org::{PolicyId, TargetId};

pub(super) const SECTION: Section = Section {
    id: "reasons",
    title: "Why: the derivations",
    count: |page| Some(page.classes.explained().count()),
    present: |page| !page.classes.all.is_empty(),
    body,
};

/// How many targets of a level, and how many accounts of a group, are named.
const NAMED: usize = 4;

fn body(page: &Page<'_, '_>, out: &mut Html) {
    out.raw("<p>Accounts with the same policies on their way from the root have the same answer. Each group shows every operator that was met, what it did, and who could still change the result.</p>\n");
    let left_out = page.classes.all.len() - page.classes.explained().count();
    if left_out > 0 {
        out.raw("<p class=\"note\">").text(&words::counted(left_out, "group"));
        out.raw(" more left out to keep this document small: <code>optout explain ACCOUNT</code> shows each.</p>\n");
    }
    writers(page, out);
    for (at, class) in page.classes.explained() {
        group(page, out, at + 1, class);
    }
}

fn group(page: &Page<'_, '_>, out: &mut Html, number: usize, class: &Class) {
    out.raw("<details class=\"group\" id=\"why-")
        .show(number)
        .raw("\"><summary><h3 class=\"which\">Group ")
        .show(number)
        .raw("</h3> ");
    words::account(class.verdict).chip(out);
    words::lock(class.lock).chip(out.raw(" "));
    out.raw(" <span class=\"quiet\">").text(&words::counted(class.accounts.len(), "account"));
    if let Some(first) = class.accounts.first().and_then(|id| page.assessment().listed_account(*id)) {
        out.raw(if class.accounts.len() == 1 { ": " } else { ", such as " }).name(&first.name);
    }
    out.raw("</span></summary>\n");
    members(page, out, class);
    levels(page, out, class);
    out.raw("<div class=\"derivation\">").html(&class.body).raw("</div></details>\n");
}

fn members(page: &Page<'_, '_>, out: &mut Html, class: &Class) {
    out.raw("<p class=\"members\">");
    for (at, id) in class.accounts.iter().take(NAMED).enumerate() {
        page.target(out.raw(if at == 0 { "" } else { ", " }), &TargetId::Account(*id));
    }
    and_more(out, class.accounts.len());
    out.raw("</p>\n");
}

fn levels(page: &Page<'_, '_>, out: &mut Html, class: &Class) {
    if class.levels.is_empty() {
        out.raw("<p>No policy is attached anywhere on the way, as far as that is known.</p>\n");
        return;
    }
    out.raw("<ol class=\"levels\">");
    for (at, targets) in class.levels.iter().enumerate() {
        out.raw("<li><span class=\"level\">Level ").show(at + 1).raw("</span> ");
        level(page, out, targets);
        out.raw("</li>");
    }
    out.raw("</ol>\n");
}

fn level(page: &Page<'_, '_>, out: &mut Html, targets: &BTreeSet<TargetId>) {
    for (at, target) in targets.iter().take(NAMED).enumerate() {
        page.target(out.raw(if at == 0 { "" } else { ", " }), target);
    }
    and_more(out, targets.len());
    let attachments = page.assessment().snapshot.attachments.as_ref();
    let attached = targets.first().and_then(|target| attachments?.get(target));
    let policies: Vec<&PolicyId> = attached.into_iter().flatten().map(|attachment| &attachment.policy).collect();
    for policy in policies {
        page.policy(out.raw(" <span class=\"tag\">"), policy);
        out.raw("</span>");
    }
}

fn and_more(out: &mut Html, all: usize) {
    if all > NAMED {
        out.raw(" and ").text(&words::number(all - NAMED)).raw(" more");
    }
}

/// Who may change all of this.
fn writers(page: &Page<'_, '_>, out: &mut Html) {
    let snapshot = page.assessment().snapshot;
    out.raw("<p>Whatever is locked: the management account");
    if let Some(organization) = snapshot.organization() {
        out.raw(" <code>").show(organization.management_account).raw("</code>");
    }
    out.raw(" may change these policies");
    match crate::check::writers(snapshot) {
        None => drop(out.raw(". Who else may is not known: the resource policy could not be read or understood")),
        Some(writers) if writers.is_empty() => drop(out.raw(", and nobody else")),
        Some(writers) => {
            out.raw(", and so may:</p>\n<ul class=\"subjects\">");
            writers.iter().for_each(|it| writer(out, it));
            out.raw("</ul>\n");
            return;
        }
    }
    out.raw(".</p>\n");
}

fn writer(out: &mut Html, writer: &Writer) {
    out.raw("<li><code>").text(&writer.principal).raw("</code>: may ").text(&writer.actions.join(", "));
    out.raw(if writer.limited { "</li>" } else { "; not limited to this policy type</li>" });
}
