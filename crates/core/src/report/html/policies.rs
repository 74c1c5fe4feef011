//! The policies: where each is attached, and its document, to which the lines of the derivations refer.

use super::markup::Html;
use super::{Page, Section, words};
use crate::org::{Attachments, Policy, PolicyId, PolicyType, TargetId};

pub(super) const SECTION: Section = Section {
    id: "policies",
    title: "The policies",
    count: |page| Some(ours(page).count()),
    present: |page| ours(page).next().is_some(),
    body,
};

/// How many targets of a policy are named, and how many documents are shown.
const NAMED: usize = 5;
const DOCUMENTS: usize = 100;

fn ours<'p>(page: &'p Page<'_, '_>) -> impl Iterator<Item = &'p Policy> {
    let policies = page.assessment().snapshot.policies.iter().flatten();
    policies.filter(|policy| policy.policy_type == PolicyType::AiOptOut)
}

fn body(page: &Page<'_, '_>, out: &mut Html) {
    let attachments = Attachments::of(page.assessment().snapshot);
    if attachments.is_none() {
        out.raw("<p class=\"note\">Where policies are attached could not be read, or not all of it.</p>\n");
    }
    let mut attached: std::collections::BTreeMap<&PolicyId, Vec<&TargetId>> = std::collections::BTreeMap::new();
    for (target, list) in page.assessment().snapshot.attachments.iter().flatten() {
        list.iter().for_each(|it| attached.entry(&it.policy).or_default().push(target));
    }
    for (at, policy) in ours(page).enumerate() {
        let targets = attached.get(&policy.id).map(Vec::as_slice).unwrap_or_default();
        one(page, out, policy, targets, at < DOCUMENTS);
    }
}

fn one(page: &Page<'_, '_>, out: &mut Html, policy: &Policy, targets: &[&TargetId], with_document: bool) {
    out.raw("<article class=\"policy\"><h3>")
        .name(&policy.name)
        .raw(" <code>")
        .text(policy.id.as_str())
        .raw("</code></h3>\n");
    if !policy.description.is_empty() {
        out.raw("<p class=\"quiet\">").name(&policy.description).raw("</p>\n");
    }
    where_attached(page, out, targets);
    match (&policy.content, with_document) {
        (Some(document), true) => {
            out.raw("<details><summary>Its document</summary><pre tabindex=\"0\"><code>")
                .lines(document)
                .raw("</code></pre></details>\n");
        }
        (None, _) => drop(out.raw("<p class=\"note\">Its document could not be read.</p>\n")),
        (Some(_), false) => {}
    }
    out.raw("</article>\n");
}

fn where_attached(page: &Page<'_, '_>, out: &mut Html, targets: &[&TargetId]) {
    if targets.is_empty() {
        out.raw("<p><strong>Attached to nothing</strong>: it has no effect.</p>\n");
        return;
    }
    out.raw("<p>Attached to ");
    for (at, target) in targets.iter().take(NAMED).enumerate() {
        page.target(out.raw(if at == 0 { "" } else { ", " }), target);
    }
    if targets.len() > NAMED {
        out.raw(" and ").text(&words::number(targets.len() - NAMED)).raw(" more");
    }
    out.raw(".</p>\n");
}
