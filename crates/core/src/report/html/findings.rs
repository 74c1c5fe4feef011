//! What does not hold: graver findings first, those of one cause together, with evidence and remedy; accepted ones last.

use super::markup::Html;
use super::{Page, Section, words};
use crate::check::Subject;
use crate::report::case::{Cause, causes_by_gravity};

pub(super) const SECTION: Section = Section {
    id: "findings",
    title: "What does not hold",
    count: |page| Some(causes_by_gravity(page.report).iter().filter(|cause| cause.accepted.is_none()).count()),
    present: |_| true,
    body,
};

/// How many subjects of a cause are seen at once, and how many are named at all.
const FIRST: usize = 5;
const NAMED: usize = 100;

fn body(page: &Page<'_, '_>, out: &mut Html) {
    let causes = causes_by_gravity(page.report);
    if causes.is_empty() {
        out.raw("<p class=\"empty\">Every control that could be determined holds.</p>\n");
        return;
    }
    let (open, accepted): (Vec<_>, Vec<_>) = causes.iter().partition(|cause| cause.accepted.is_none());
    if open.is_empty() {
        out.raw("<p class=\"empty\">Nothing but what was accepted.</p>\n");
    }
    together(&open).into_iter().for_each(|causes| finding(page, out, causes));
    if !accepted.is_empty() {
        out.raw("<h3 class=\"apart\">Accepted</h3>\n");
        together(&accepted).into_iter().for_each(|causes| finding(page, out, causes));
    }
}

/// Causes of one control and one severity that follow each other.
fn together<'c, 'f>(causes: &'c [&'f Cause<'f>]) -> Vec<&'c [&'f Cause<'f>]> {
    causes.chunk_by(|left, right| left.control.id == right.control.id && left.severity == right.severity).collect()
}

fn finding(page: &Page<'_, '_>, out: &mut Html, causes: &[&Cause<'_>]) {
    let Some(first) = causes.first() else { return };
    let look = words::severity(first.severity);
    out.raw("<article class=\"finding ").raw(if first.accepted.is_some() { "quiet" } else { look.class });
    look.chip(out.raw("\">\n<p class=\"over\">"));
    out.raw(" <span>must hold, and does not</span> <code>").raw(first.control.id).raw("</code></p>\n<h3>");
    out.prose(first.control.title).raw("</h3>\n");
    causes.iter().for_each(|cause| one(page, out, cause));
    out.raw("<dl class=\"why\"><dt>Why it matters</dt><dd>").prose(first.control.why).raw("</dd>");
    out.raw("<dt>How to mend it</dt><dd>").prose(first.control.remedy).raw("</dd></dl>\n");
    sources(out, first.control.sources);
    out.raw("</article>\n");
}

/// What was found, and for whom.
fn one(page: &Page<'_, '_>, out: &mut Html, cause: &Cause<'_>) {
    out.raw("<div class=\"cause\"><p class=\"evidence\">");
    if let Some(Subject::Account(_)) = cause.subjects.first() {
        out.raw("<strong>").text(&words::counted(cause.subjects.len(), "account")).raw(":</strong> ");
    }
    out.prose(cause.message).raw("</p>\n");
    if let Some(reason) = &cause.accepted {
        out.raw("<p class=\"accepted\"><strong>Accepted:</strong> ").text(reason).raw("</p>\n");
    }
    subjects(page, out, &cause.subjects);
    out.raw("</div>\n");
}

/// For whom: the first few, then the others folded; the organization as a whole needs no name.
fn subjects(page: &Page<'_, '_>, out: &mut Html, subjects: &[&Subject]) {
    let named: Vec<&Subject> = subjects.iter().copied().filter(|it| !is_whole(it)).collect();
    list(page, out, named.get(..FIRST.min(named.len())).unwrap_or_default());
    let others = named.get(FIRST..named.len().min(NAMED)).unwrap_or_default();
    if !others.is_empty() {
        out.raw("<details><summary>").text(&words::number(named.len() - FIRST)).raw(" more</summary>\n");
        list(page, out, others);
        if named.len() > NAMED {
            out.raw("<p>And ").text(&words::number(named.len() - NAMED));
            out.raw(" more: the table of accounts has all of them.</p>\n");
        }
        out.raw("</details>\n");
    }
}

const fn is_whole(subject: &Subject) -> bool {
    match subject {
        Subject::Organization(_) | Subject::Catalogue => true,
        Subject::Target(_) | Subject::Account(_) | Subject::Policy(_) | Subject::Principal(_) => false,
    }
}

fn list(page: &Page<'_, '_>, out: &mut Html, subjects: &[&Subject]) {
    if subjects.is_empty() {
        return;
    }
    out.raw("<ul class=\"subjects\">");
    for subject in subjects {
        page.subject(out.raw("<li>"), subject);
        out.raw("</li>");
    }
    out.raw("</ul>\n");
}

/// Where the rule is known from: links are left to the reader to follow.
fn sources(out: &mut Html, sources: &'static [&'static str]) {
    if sources.is_empty() {
        return;
    }
    out.raw("<p class=\"sources\">Sources: ");
    for (at, text) in sources.iter().enumerate() {
        source(out.raw(if at == 0 { "" } else { "; " }), text);
    }
    out.raw("</p>\n");
}

/// A source: a link where it begins with one.
pub(super) fn source(out: &mut Html, text: &str) {
    let (address, rest) = text.split_once(' ').map_or((text, ""), |(address, rest)| (address, rest));
    if !address.starts_with("https://") {
        out.text(text);
        return;
    }
    let short = address.trim_start_matches("https://").split('#').next().unwrap_or_default();
    out.raw("<a rel=\"noreferrer\" href=\"").text(address).raw("\">").text(short).raw("</a> ").text(rest);
}
