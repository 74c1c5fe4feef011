//! A message for people, for SNS: what changed, how things stand, what to do next. Nothing where nothing changed.
//!
//! Limits: botocore 1.44.5, sns model (`PublishInput`), read 2026-11-24: a subject of fewer than 100 characters without line
//! breaks or control characters, a message of at most 262,144 bytes unless a topic allows more.

use std::fmt::Write as _;

use super::event::{by_severity, text};
use super::{ChangeKind, Changes, Publication, PublishedFinding};
use crate::check::Severity;
use crate::report::cut;

/// The longest subject; older descriptions of the limit allow 100, newer ones fewer than that.
const SUBJECT: usize = 99;
/// The longest message, in bytes.
const MESSAGE: usize = 262_144;
/// How many findings of a kind are named, and how long each line may be.
const NAMED: usize = 20;
const LINE: usize = 512;

/// A message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// Its subject: plain ASCII.
    pub subject: String,
    /// Its text.
    pub message: String,
}

/// The message of a publication; `None` where nothing changed.
#[must_use]
pub fn notice(publication: &Publication, changes: &Changes) -> Option<Notice> {
    (!changes.changes.is_empty())
        .then(|| Notice { subject: subject(publication, changes), message: message(publication, changes) })
}

fn subject(publication: &Publication, changes: &Changes) -> String {
    let organization = publication.summary.organization.as_deref().unwrap_or("no organization");
    let text = format!("optout: {} in {organization}", counted(changes));
    // Ours are ASCII already; an organization's id that is none was never read.
    let plain: String = text.chars().map(|it| if (' '..='~').contains(&it) { it } else { '?' }).collect();
    plain.chars().take(SUBJECT).collect()
}

/// `2 new, 1 changed, 3 healed`, without what there is none of.
fn counted(changes: &Changes) -> String {
    let word = |kind: ChangeKind| match kind {
        ChangeKind::Appeared => "new",
        ChangeKind::Changed => "changed",
        ChangeKind::Healed => "healed",
    };
    let counts = ChangeKind::ALL.iter().map(|kind| (changes.count(*kind), word(*kind)));
    counts.filter(|(count, _)| *count > 0).map(|(count, word)| format!("{count} {word}")).collect::<Vec<_>>().join(", ")
}

fn message(publication: &Publication, changes: &Changes) -> String {
    let mut message = format!("{}.\n", text(&publication.summary.answer));
    let severities = by_severity(publication);
    let open: Vec<String> = severities
        .iter()
        .rev()
        .filter(|(_, count)| **count > 0)
        .map(|(severity, count)| format!("{count} {severity}"))
        .collect();
    let open = if open.is_empty() { "none".to_owned() } else { open.join(", ") };
    let _ = writeln!(message, "Open findings: {open}. Not determined: {}.", publication.summary.unknowns);
    if let Some(cause) = &publication.cause {
        let _ = writeln!(message, "Occasion: {} by {} at {}.", text(&cause.call), text(&cause.actor), cause.at);
    }
    section(&mut message, "New", changes.of(ChangeKind::Appeared));
    section(&mut message, "Changed", changes.of(ChangeKind::Changed));
    section(&mut message, "Healed", changes.of(ChangeKind::Healed));
    worst(&mut message, publication);
    next(&mut message, publication);
    cut(&message, MESSAGE)
}

fn section<'a>(message: &mut String, title: &str, findings: impl Iterator<Item = &'a PublishedFinding>) {
    let mut findings: Vec<&PublishedFinding> = findings.collect();
    if findings.is_empty() {
        return;
    }
    findings.sort_by(|one, other| (other.severity, &one.id).cmp(&(one.severity, &other.id)));
    let _ = writeln!(message, "\n{title} ({}):", findings.len());
    findings.iter().take(NAMED).for_each(|finding| {
        let accepted = if finding.accepted.is_some() { ", accepted" } else { "" };
        let line =
            format!("{}{accepted}: {}: {}: {}", finding.severity, finding.control, finding.label(), finding.message);
        let _ = writeln!(message, "- {}", cut(&line, LINE));
    });
    more(message, findings.len());
}

fn more(message: &mut String, all: usize) {
    if let Some(more) = all.checked_sub(NAMED).filter(|more| *more > 0) {
        let _ = writeln!(message, "- and {more} more");
    }
}

fn worst(message: &mut String, publication: &Publication) {
    let worst = &publication.summary.worst;
    if worst.is_empty() {
        return;
    }
    let _ = writeln!(message, "\nWorst accounts:");
    worst.iter().for_each(|account| {
        let _ =
            writeln!(message, "- {}", cut(&format!("{} ({}): {}", account.id, account.name, account.verdict), LINE));
    });
}

fn next(message: &mut String, publication: &Publication) {
    let command = match publication.summary.worst.first() {
        Some(account) => format!("optout explain {}", account.id),
        None if publication.findings.iter().any(|it| it.is_open() && it.severity > Severity::Info) => {
            "optout verify --all".to_owned()
        }
        None => "optout verify".to_owned(),
    };
    let _ = writeln!(message, "\nNext: {command}");
    if let Some(link) = &publication.link {
        let _ = writeln!(message, "More: {}", text(link));
    }
}
