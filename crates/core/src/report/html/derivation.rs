//! The derivation of a class of accounts: every operator on the way, what it did, and who could still change the result.

use std::collections::BTreeMap;

use super::markup::Html;
use super::words;
use crate::check::{Key, Lock, Setting};
use crate::policy::{Cause, Controls, Effect, Limit, Step};
use crate::report::explain::{Derivation, Explanation};
use crate::source::Position;

/// The derivation: `default` first, then every service that a policy on the way or AWS's answer names.
pub(super) fn body(explanation: &Explanation<'_>) -> Html {
    let writer = Writer { explanation, levels: levels(explanation) };
    let mut out = Html::default();
    let group = explanation.assessment.group(explanation.result);
    if let Some(why) = group.and_then(|group| group.uncomputed.as_ref()).or(explanation.uncomputed.as_ref()) {
        out.raw("<p class=\"note\">Our own answer is not known: ").prose(&why.to_string()).raw(".</p>");
    }
    explanation.services.iter().for_each(|service| writer.service(&mut out, service));
    writer.rest(&mut out);
    writer.holes(&mut out);
    out
}

/// The number of the level of each target with policies, from 1.
fn levels(explanation: &Explanation<'_>) -> BTreeMap<String, usize> {
    let stops = explanation.path.iter().filter(|stop| !stop.policies.is_empty());
    stops.enumerate().map(|(at, stop)| (stop.target.to_string(), at + 1)).collect()
}

struct Writer<'e, 'a> {
    explanation: &'e Explanation<'a>,
    levels: BTreeMap<String, usize>,
}

impl Writer<'_, '_> {
    fn service(&self, out: &mut Html, service: &Derivation) {
        out.raw("<div class=\"derived\"><h4><code>").text(&service.name).raw("</code> ");
        words::service(service.verdict).chip(out);
        out.raw("</h4>");
        self.said(out, service);
        if !service.steps.is_empty() || service.limits.iter().any(|(_, limit)| limit.controls != Controls::ALL) {
            out.raw("<ol class=\"steps\">");
            service.steps.iter().for_each(|(step, position)| self.step(out, step, *position));
            service.limits.iter().for_each(|(path, limit)| self.limit(out, path, limit));
            out.raw("</ol>");
        }
        self.lock(out, &service.lock);
        out.raw("</div>");
    }

    /// What the effective policy says, and whether our own answer differs.
    fn said(&self, out: &mut Html, service: &Derivation) {
        let setting = service.setting.map_or("unknown", Setting::as_str);
        out.raw("<p>The effective policy says <strong>").raw(setting).raw("</strong>");
        if service.inherited {
            out.raw(", inherited from <code>default</code>");
        }
        out.raw(".");
        if self.explanation.result.basis.is_aws() && service.computed != service.setting {
            ours(out, service.computed);
        }
        if service.steps.is_empty() {
            out.raw(" No policy on the way sets it by name.");
        }
        out.raw("</p>");
    }

    fn step(&self, out: &mut Html, step: &Step, position: Option<Position>) {
        out.raw(if matters(&step.effect) { "<li>" } else { "<li class=\"idle\">" });
        self.place(out, &step.target, &step.policy);
        if let Some(position) = position {
            out.raw(", line ").show(position.line).raw(", column ").show(position.column);
        }
        out.raw(": <code>").raw(step.operator.as_str()).raw(" ").show(&step.value).raw("</code> ");
        self.effect(out, &step.effect);
        out.raw("</li>");
    }

    fn limit(&self, out: &mut Html, path: &str, limit: &Limit) {
        if limit.controls == Controls::ALL {
            return;
        }
        out.raw("<li>");
        self.place(out, &limit.target, &limit.policy);
        out.raw(": at <code>").text(path).raw("</code> levels below may use ").show(limit.controls).raw("</li>");
    }

    /// `Level 2, Name (id)`.
    fn place(&self, out: &mut Html, target: &str, policy: &str) {
        match self.levels.get(target) {
            Some(level) => out.raw("Level ").show(level),
            None => out.text(target),
        };
        out.raw(", ");
        self.policy(out, policy);
    }

    fn policy(&self, out: &mut Html, policy: &str) {
        let stops = self.explanation.path.iter().flat_map(|stop| &stop.policies);
        if let Some((_, name)) = stops.into_iter().find(|(id, _)| id == policy) {
            out.name(name).raw(" ");
        }
        out.raw("<code>").text(policy).raw("</code>");
    }

    fn effect(&self, out: &mut Html, effect: &Effect) {
        match effect {
            Effect::Applied => out.raw("<strong>applies</strong>"),
            Effect::Nothing => out.raw("changes nothing"),
            Effect::LostTo(policy) => out.raw("loses to <code>").text(policy).raw("</code>, attached earlier"),
            Effect::DependsOnOrder(others) => {
                let others = others.iter().map(AsRef::as_ref).collect::<Vec<_>>().join(" and ");
                out.raw("counts only if it was attached before <code>").text(&others).raw("</code>")
            }
            Effect::Blocked(cause) => self.cause(out.raw("is <strong>blocked</strong>: "), cause),
            Effect::Undetermined(cause) => self.cause(out.raw("may be blocked: "), cause),
        };
    }

    fn cause<'o>(&self, out: &'o mut Html, cause: &Cause) -> &'o mut Html {
        let place = if cause.path.is_empty() { "the outermost level" } else { &cause.path };
        out.raw("at <code>").text(place).raw("</code> ");
        for (at, limit) in cause.limits.iter().enumerate() {
            out.raw(if at == 0 { "" } else { "; " });
            self.place(out, &limit.target, &limit.policy);
            out.raw(" allows ").show(limit.controls);
        }
        out.raw(" (").raw(cause.rule.text()).raw(")")
    }

    fn lock(&self, out: &mut Html, lock: &Lock) {
        out.raw("<p class=\"lock\">");
        match lock {
            Lock::Full => out.raw("■ Locked: no policy below can change it."),
            Lock::None(hole) => out.raw("□ Not locked: ").prose(&hole.to_string()).raw("."),
            Lock::Unknown => out.raw("? Whether a policy below can change it is not known."),
        };
        out.raw("</p>");
    }

    /// The services that nothing names.
    fn rest(&self, out: &mut Html) {
        let all = self.explanation.assessment.keys.len();
        let rest = all.saturating_sub(self.explanation.services.len());
        if rest > 0 && self.explanation.uncomputed.is_none() {
            out.raw("<p>").text(&words::counted(rest, "other service"));
            out.raw(if rest == 1 { " follows" } else { " follow" });
            out.raw(" <code>default</code>: no policy on the way names ").raw(if rest == 1 { "it" } else { "them" });
            out.raw(".</p>");
        }
    }

    /// Through what services that nothing names could still be changed.
    fn holes(&self, out: &mut Html) {
        let named: Vec<Key> = self.explanation.services.iter().map(|service| service.key).collect();
        let assessment = self.explanation.assessment;
        let mut holes: BTreeMap<String, usize> = BTreeMap::new();
        for (key, _) in assessment.keys.iter().filter(|(key, _)| !named.contains(key)) {
            if let Lock::None(hole) = assessment.lock(self.explanation.result, key) {
                *holes.entry(hole.to_string()).or_default() += 1;
            }
        }
        for (hole, services) in holes {
            out.raw("<p class=\"lock\">□ Not locked for ").text(&words::counted(services, "other service"));
            out.raw(": ").prose(&hole).raw(".</p>");
        }
    }
}

/// Our own answer, where AWS's is another one.
fn ours(out: &mut Html, computed: Option<Setting>) {
    match computed {
        None => out.raw(" Our own answer is not decided."),
        Some(setting) => {
            out.raw(" <strong class=\"differs\">The attached policies mean ").raw(setting.as_str());
            out.raw(": AWS’s answer and ours differ.</strong>")
        }
    };
}

const fn matters(effect: &Effect) -> bool {
    match effect {
        Effect::Applied | Effect::Blocked(_) | Effect::DependsOnOrder(_) | Effect::Undetermined(_) => true,
        Effect::Nothing | Effect::LostTo(_) => false,
    }
}
