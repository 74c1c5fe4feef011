//! The explanation for people.

use super::{Derivation, Explanation};
use crate::check::{Basis, Lock, Setting, Writer};
use crate::policy::{Effect, Step};
use crate::report::{Styled, Tone, text::tone};
use crate::source::{Position, shown};

/// The explanation as text.
#[must_use]
pub fn render(explanation: &Explanation<'_>) -> Styled {
    let mut out = Styled::default();
    head(&mut out, explanation);
    path(&mut out, explanation);
    explanation.services.iter().for_each(|service| derivation(&mut out, service, explanation));
    who(&mut out, explanation);
    out
}

fn head(out: &mut Styled, explanation: &Explanation<'_>) {
    let result = explanation.result;
    let account = explanation.assessment.account(result);
    let name = account.map(|account| shown(&account.name).into_owned()).unwrap_or_default();
    let state = account.map(|account| shown(account.state.as_str()).into_owned()).unwrap_or_default();
    let apart = if result.counted { "" } else { ", not counted" };
    out.push(tone(result.verdict), result.verdict.as_str().to_uppercase());
    out.push(Tone::Strong, format!("  {}  {name}", result.id)).plain(format!("  ({state}{apart})")).line();
    let basis = match result.basis {
        Basis::Aws => "AWS's own answer for this account".to_owned(),
        Basis::AwsChain(other) => format!("AWS's answer for {other}, which has the same policies"),
        Basis::Computed => "computed from the attached policies; AWS was not asked".to_owned(),
    };
    out.push(Tone::Faint, format!("basis: {basis}")).line();
}

fn path(out: &mut Styled, explanation: &Explanation<'_>) {
    out.line().push(Tone::Strong, "From the root to the account").line();
    for stop in &explanation.path {
        out.plain(format!("  {:<20} {}", stop.target, shown(&stop.name))).line();
        for (id, name) in &stop.policies {
            out.plain(format!("    {id}  {}", shown(name))).line();
        }
    }
    if let Some(uncomputed) = &explanation.uncomputed {
        out.push(Tone::Doubtful, format!("  not known: {uncomputed}")).line();
    }
}

fn derivation(out: &mut Styled, service: &Derivation, explanation: &Explanation<'_>) {
    let setting = service.setting.map_or("unknown", Setting::as_str);
    let inherited = if service.inherited { " (from `default`)" } else { "" };
    out.line().push(Tone::Strong, shown(&service.name).into_owned());
    out.plain(format!("  {setting}{inherited}, verdict {}", service.verdict)).line();
    if explanation.result.basis.is_aws() && service.computed != service.setting {
        let ours = service.computed.map_or("undecided", Setting::as_str);
        out.push(Tone::Doubtful, format!("  AWS says {setting}; the attached policies mean {ours}")).line();
    }
    for (path, limit) in &service.limits {
        let line =
            format!("  {} by {}: `{path}` allows children {}", limit.target, shown(&limit.policy), limit.controls);
        out.push(Tone::Faint, line).line();
    }
    for (number, position) in &service.steps {
        step(out, number, *position);
    }
    if service.steps.is_empty() {
        out.push(Tone::Faint, "  no policy on the way sets it by name").line();
    }
    lock(out, &service.lock);
}

fn step(out: &mut Styled, step: &Step, position: Option<Position>) {
    let place = position.map(|position| format!(" at {position}")).unwrap_or_default();
    let value = shown(&step.value.to_string()).into_owned();
    out.plain(format!("  {} by {}{place}: {} {value} ", step.target, shown(&step.policy), step.operator));
    let (tone, effect) = effect(&step.effect);
    out.push(tone, effect).line();
}

/// An effect in words.
pub(in crate::report) fn effect(effect: &Effect) -> (Tone, String) {
    match effect {
        Effect::Applied => (Tone::Plain, "applies".to_owned()),
        Effect::Nothing => (Tone::Faint, "changes nothing".to_owned()),
        Effect::LostTo(policy) => (Tone::Faint, format!("loses to `{}`, attached earlier", shown(policy))),
        Effect::DependsOnOrder(others) => {
            let others: Vec<String> = others.iter().map(|policy| format!("`{}`", shown(policy))).collect();
            (Tone::Doubtful, format!("counts only if it was attached before {}", others.join(" and ")))
        }
        Effect::Blocked(cause) => (Tone::Good, format!("is blocked: {}", forbids(cause))),
        Effect::Undetermined(cause) => (Tone::Doubtful, format!("may be blocked: {}", forbids(cause))),
    }
}

fn forbids(cause: &crate::policy::Cause) -> String {
    let place = if cause.path.is_empty() { "the outermost level" } else { &cause.path };
    let by = |limit: &crate::policy::Limit| {
        format!("{} at {} allows {}", shown(&limit.policy), limit.target, limit.controls)
    };
    let limits: Vec<String> = cause.limits.iter().map(by).collect();
    format!("at `{}` {} ({})", shown(place), limits.join(", "), cause.rule.text())
}

fn lock(out: &mut Styled, lock: &Lock) {
    match lock {
        Lock::Full => out.push(Tone::Good, "  lock: full, no policy below can change it"),
        Lock::None(hole) => out.push(Tone::Doubtful, format!("  lock: none, {}", shown(&hole.to_string()))),
        Lock::Unknown => out.push(Tone::Doubtful, "  lock: unknown"),
    };
    out.line();
}

fn who(out: &mut Styled, explanation: &Explanation<'_>) {
    out.line().push(Tone::Strong, "Who may change these policies").line();
    out.plain("  the management account").line();
    let Some(writers) = &explanation.writers else {
        out.push(Tone::Doubtful, "  others: unknown, the resource policy could not be read").line();
        return;
    };
    for Writer { principal, actions, limited } in writers {
        let limit = if *limited { "" } else { ", not limited to this policy type" };
        out.plain(format!("  {}: may {} policies{limit}", shown(principal), actions.join(", "))).line();
    }
}
