//! The difference for people.

use super::{Because, Change, Diff, Kind, VerdictChange};
use crate::report::{Styled, Tone};
use crate::source::shown;

/// How many accounts are named.
const NAMED: usize = 8;

/// The difference as text; `all` names every account.
#[must_use]
pub fn render(diff: &Diff, all: bool) -> Styled {
    let mut out = Styled::default();
    let accounts: usize = diff.verdicts.iter().map(|it| it.accounts.len()).sum();
    let word = if diff.changes.is_empty() && accounts == 0 { "NO CHANGES" } else { "CHANGES" };
    let between =
        format!("{} ({}) → {} ({})", diff.before.source, diff.before.taken, diff.after.source, diff.after.taken);
    out.push(Tone::Strong, format!("{word}  {}", shown(&between))).line();
    let count = format!("{} changes of the organization, {accounts} accounts stand otherwise", diff.changes.len());
    out.plain(count).line();
    diff.changes.iter().for_each(|it| change(it, &mut out));
    diff.verdicts.iter().for_each(|it| verdict(it, all, &mut out));
    for it in &diff.incomparable {
        let text = format!("not compared: {} (not wholly read {})", it.part.replace('-', " "), it.unread);
        out.push(Tone::Doubtful, text).line();
    }
    out
}

fn change(change: &Change, out: &mut Styled) {
    out.push(Tone::Strong, format!("  {:<4} ", change.id)).plain(shown(&sentence(change)).into_owned()).line();
    for line in change.diff.iter().flat_map(|diff| diff.lines().skip(2)) {
        let tone = match line.as_bytes().first() {
            Some(b'+') => Tone::Good,
            Some(b'-') => Tone::Bad,
            Some(_) | None => Tone::Faint,
        };
        out.push(tone, format!("         {}", shown(line))).line();
    }
}

fn sentence(change: &Change) -> String {
    let (id, name) = (&change.subject, &change.name);
    let who = if name.is_empty() { id.clone() } else { format!("{id} `{name}`") };
    let (before, after) = (change.before.as_deref().unwrap_or("–"), change.after.as_deref().unwrap_or("–"));
    let target = change.target.as_deref().unwrap_or_default();
    match change.kind {
        Kind::Organization => format!("the organization {who}: {before} → {after}"),
        Kind::PolicyType => format!("the policy type at {who}: {before} → {after}"),
        Kind::AccountJoined => format!("account {who} joined, in {after}"),
        Kind::AccountLeft => format!("account {who} left, from {before}"),
        Kind::AccountMoved => format!("account {who} moved: {before} → {after}"),
        Kind::AccountRenamed => format!("account {id} renamed: `{before}` → `{after}`"),
        Kind::AccountState => format!("account {who}: {before} → {after}"),
        Kind::AccountInvalid => format!("the effective policy of account {who}: {before} → {after}"),
        Kind::UnitCreated => format!("unit {who} created, in {after}"),
        Kind::UnitDeleted => format!("unit {who} deleted, from {before}"),
        Kind::UnitMoved => format!("unit {who} moved: {before} → {after}"),
        Kind::UnitRenamed => format!("unit {id} renamed: `{before}` → `{after}`"),
        Kind::PolicyCreated => format!("policy {who} created"),
        Kind::PolicyDeleted => format!("policy {who} deleted"),
        Kind::PolicyRenamed => format!("policy {id} renamed: `{before}` → `{after}`"),
        Kind::PolicyChanged => format!("policy {who} changed"),
        Kind::PolicyDescribed => format!("policy {who} described otherwise: `{before}` → `{after}`"),
        Kind::PolicyTagged => format!("policy {who} tagged otherwise: {before} → {after}"),
        Kind::Attached => format!("policy {who} attached at {target}"),
        Kind::Detached => format!("policy {who} detached from {target}"),
        Kind::Reattached => format!("policy {who} attached anew at {target}"),
        Kind::Delegate => format!("delegated administrator {who}: {before} → {after}"),
        Kind::ResourcePolicy => "the resource policy changed".to_owned(),
    }
}

fn verdict(change: &VerdictChange, all: bool, out: &mut Styled) {
    let named = if all { usize::MAX } else { NAMED };
    let mut ids: Vec<String> = change.accounts.iter().take(named).map(ToString::to_string).collect();
    if let Some(more) = change.accounts.len().checked_sub(ids.len()).filter(|more| *more > 0) {
        ids.push(format!("{more} more"));
    }
    let word = |side: &Option<super::Standing>, lock: bool| match side {
        Some(standing) if lock => format!("{} (lock {})", standing.verdict, standing.lock),
        Some(standing) => standing.verdict.clone(),
        None => "absent".to_owned(),
    };
    let locks = change.before.as_ref().map(|it| &it.lock) != change.after.as_ref().map(|it| &it.lock);
    let verdicts = format!("{} → {}", word(&change.before, locks), word(&change.after, locks));
    out.push(Tone::Strong, verdicts).plain(format!("  {}", ids.join(", "))).line();
    services(change, out);
    change.because.iter().for_each(|it| because(it, out));
}

/// Services for which the same changed stand on one line.
fn services(change: &VerdictChange, out: &mut Styled) {
    let mut lines: Vec<(String, Vec<&str>)> = Vec::new();
    for it in &change.services {
        let text = format!("{}{} → {}", if it.what == "lock" { "lock " } else { "" }, it.before, it.after);
        match lines.iter_mut().find(|(known, _)| *known == text) {
            Some((_, names)) => names.push(&it.service),
            None => lines.push((text, vec![&it.service])),
        }
    }
    for (text, names) in lines {
        out.plain(format!("    {text}: {}", shown(&few(&names)))).line();
    }
}

fn few(names: &[&str]) -> String {
    let more = names.len().saturating_sub(NAMED);
    let first: Vec<&str> = names.iter().take(NAMED).copied().collect();
    if more > 0 { format!("{} and {more} more", first.join(", ")) } else { first.join(", ") }
}

fn because(because: &Because, out: &mut Styled) {
    let what: Vec<&str> = because.what.iter().map(String::as_str).collect();
    let what = few(&what);
    let why = match (&because.otherwise, because.alone.as_slice(), because.together.as_slice()) {
        (Some(why), _, _) => why.clone(),
        (None, [one], _) => format!("because of {one}"),
        (None, [], together) => format!("because of {} together; none alone leads to it", together.join(" and ")),
        (None, several, _) => format!("because of {}: each alone leads to it", several.join(" or ")),
    };
    out.push(Tone::Faint, format!("    {}: {why}", shown(&what))).line();
}
