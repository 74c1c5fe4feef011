//! The advice for people.

use super::{Advice, Method};
use crate::report::{Styled, Tone, wrapped};

/// How wide sentences are.
const WIDTH: usize = 115;

/// The advice as text.
#[must_use]
pub fn render(advice: &Advice) -> Styled {
    let mut out = Styled::default();
    head(&mut out, advice);
    commands(&mut out, advice);
    facts(&mut out, advice);
    open(&mut out, advice);
    against(&mut out, advice);
    notes(&mut out, advice);
    out
}

fn head(out: &mut Styled, advice: &Advice) {
    match advice.leaf {
        None => {
            out.push(Tone::Doubtful, "UNDECIDED")
                .plain("  too little is known: answer one of the questions below")
                .line();
        }
        Some(leaf) => {
            let (tone, word) = match leaf.method {
                Some(method) => (Tone::Good, method.as_str().to_uppercase()),
                None => (Tone::Doubtful, "NOT FROM HERE".to_owned()),
            };
            let title = leaf.method.map(Method::title).unwrap_or_default();
            out.push(tone, word).plain("  ").push(Tone::Strong, title).line();
            out.push(Tone::Faint, format!("because {} ({})", leaf.when, leaf.id)).line();
            wrapped(leaf.why, WIDTH).into_iter().for_each(|line| {
                out.plain(line).line();
            });
        }
    }
}

fn commands(out: &mut Styled, advice: &Advice) {
    if advice.commands.is_empty() {
        return;
    }
    out.line().push(Tone::Strong, "Commands").line();
    for command in &advice.commands {
        out.plain(format!("  {command}")).line();
    }
}

fn facts(out: &mut Styled, advice: &Advice) {
    out.line().push(Tone::Strong, "What that rests on").line();
    for (name, value, evidence, permission) in advice.situation.facts() {
        let (tone, value) = match value {
            Some(value) => (Tone::Plain, value),
            None => (Tone::Doubtful, "unknown".to_owned()),
        };
        let needs = permission.map(|permission| format!(" (needs {permission})")).unwrap_or_default();
        out.plain(format!("  {name}: ")).push(tone, value).push(Tone::Faint, format!("  {evidence}{needs}")).line();
    }
}

fn open(out: &mut Styled, advice: &Advice) {
    if advice.open.is_empty() {
        return;
    }
    out.line().push(Tone::Strong, "It would be another way, if").line();
    for question in &advice.open {
        let method = question.leaf.method.map_or("nothing from here", Method::as_str);
        out.plain(format!("  {}: {method}", question.leaf.when))
            .push(Tone::Faint, format!("  ({})", question.leaf.ask))
            .line();
    }
}

fn against(out: &mut Styled, advice: &Advice) {
    if advice.against.is_empty() {
        return;
    }
    out.line().push(Tone::Strong, "What speaks against the others").line();
    for (method, why) in &advice.against {
        out.plain(format!("  {}: {why}", method.as_str())).line();
    }
}

fn notes(out: &mut Styled, advice: &Advice) {
    if !advice.notes.is_empty() {
        out.line().push(Tone::Strong, "To know").line();
        advice.notes.iter().for_each(|note| {
            out.plain(format!("  {note}")).line();
        });
    }
}
