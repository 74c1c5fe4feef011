//! The changes themselves, line by line: leave a shared group, close an own one, add a group.

use std::collections::BTreeSet;

use super::{Change, after_mark, line_end};
use crate::website::robots::{Agent, Group, Line, Robots, Spelling};

/// What happens to single lines; all others stay.
#[derive(Default)]
struct LineEdits {
    /// Lines that go; a comment at their end stays.
    removed: BTreeSet<usize>,
    /// Lines after which `Disallow: /` comes.
    closed_after: BTreeSet<usize>,
    changes: Vec<Change>,
}

/// Takes the crawlers in `open` out of groups they share with others, and closes the groups that hold only crawlers
/// of the preset (`tokens`).
pub(super) fn in_place(text: &str, robots: &Robots, open: &[&str], tokens: &[&str]) -> (String, Vec<Change>) {
    let mut edits = LineEdits::default();
    for token in open {
        let (own, shared): (Vec<&Group>, Vec<&Group>) = robots
            .groups(Spelling::Tolerated)
            .all
            .iter()
            .filter(|group| group.names(token))
            .partition(|group| holds_only(group, tokens));
        for group in shared {
            edits.leave(group, token);
        }
        edits.close(&own, robots.lines());
    }
    (applied(text, robots.lines(), &edits), edits.changes)
}

fn holds_only(group: &Group, tokens: &[&str]) -> bool {
    group.agents.iter().all(|named| tokens.iter().any(|token| named.agent.is(token)))
}

impl LineEdits {
    fn leave(&mut self, group: &Group, token: &str) {
        for named in group.agents.iter().filter(|named| named.agent.is(token)) {
            if let (true, Agent::Token(written)) = (self.removed.insert(named.line), &named.agent) {
                let line = named.line.saturating_add(1);
                self.changes.push(Change::LeftSharedGroup { token: written.clone(), line });
            }
        }
    }

    /// Removes what lets in, and adds `Disallow: /` to the first of these groups if none has it, and to each that
    /// would be left without a rule: its user-agent lines would run into the next group's.
    fn close(&mut self, own: &[&Group], lines: &[Line]) {
        let rules = || own.iter().flat_map(|group| &group.rules);
        for rule in rules().filter(|rule| rule.allow && !rule.pattern.is_empty()) {
            if self.removed.insert(rule.line) {
                self.changes.push(Change::RemovedAllow { line: rule.line.saturating_add(1) });
            }
        }
        let mut closed = rules().any(|rule| !rule.allow && rule.pattern.matches_everything());
        for group in own {
            let lost = group.rules.iter().any(|rule| self.removed.contains(&rule.line));
            let lost_all = lost && !group.rules.iter().any(|rule| self.keeps(rule.line, lines));
            if lost_all || !closed {
                self.close_group(group);
                closed = true;
            }
        }
    }

    /// Whether a line stays, and strict readers see it.
    fn keeps(&self, line: usize, lines: &[Line]) -> bool {
        !self.removed.contains(&line) && lines.get(line).is_some_and(Line::is_exact)
    }

    fn close_group(&mut self, group: &Group) {
        if let Some(last) = group.agents.last().filter(|last| self.closed_after.insert(last.line)) {
            self.changes.push(Change::AddedDisallow { line: last.line.saturating_add(1) });
        }
    }
}

fn applied(text: &str, lines: &[Line], edits: &LineEdits) -> String {
    let end = line_end(text);
    let mut out = text.get(..after_mark(text)).unwrap_or_default().to_owned();
    for (index, line) in lines.iter().enumerate() {
        if edits.removed.contains(&index) {
            let comment = line.comment.and_then(|start| text.get(start..line.next));
            out.push_str(comment.unwrap_or_default());
        } else {
            out.push_str(text.get(line.span.start..line.next).unwrap_or_default());
        }
        if edits.closed_after.contains(&index) {
            end_line(&mut out, end);
            out.push_str("Disallow: /");
            out.push_str(end);
        }
    }
    out
}

fn end_line(out: &mut String, end: &str) {
    let at_start = out.len() == after_mark(out);
    if !at_start && !out.ends_with(['\n', '\r']) {
        out.push_str(end);
    }
}

/// Adds one group for `tokens`: at the end of the file, or before a last group that has no rules yet, since that
/// would take in what follows it.
pub(super) fn with_group(text: &str, robots: &Robots, tokens: &[&str], preset: &str) -> String {
    let end = line_end(text);
    let at = insertion(robots).unwrap_or(text.len());
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    let mut out = before.to_owned();
    end_line(&mut out, end);
    if out.len() > after_mark(&out) && !ends_with_empty_line(&out) {
        out.push_str(end);
    }
    for line in group_lines(tokens, preset) {
        out.push_str(&line);
        out.push_str(end);
    }
    if !after.is_empty() {
        out.push_str(end);
        out.push_str(after);
    }
    out
}

/// The lines of a group that keeps `tokens` out, with a comment that says why.
pub(super) fn group_lines(tokens: &[&str], preset: &str) -> Vec<String> {
    let mut lines = vec![format!("# optout website write --block {preset}")];
    lines.extend(tokens.iter().map(|token| format!("User-agent: {token}")));
    lines.push("Disallow: /".to_owned());
    lines
}

fn ends_with_empty_line(text: &str) -> bool {
    text.ends_with("\n\n") || text.ends_with("\n\r\n") || text.ends_with("\r\r")
}

/// The byte before which a group must be added: the start of a last group without rules, comments above it included.
fn insertion(robots: &Robots) -> Option<usize> {
    let first = [Spelling::Exact, Spelling::Tolerated]
        .into_iter()
        .filter_map(|spelling| robots.groups(spelling).all.last())
        .filter(|group| group.rules.is_empty())
        .filter_map(|group| group.agents.first())
        .map(|named| named.line)
        .min()?;
    let is_comment =
        |index: &usize| robots.lines().get(*index).is_some_and(|line| line.comment == Some(line.span.start));
    let above = (0..first).rev().take_while(is_comment).count();
    robots.lines().get(first.saturating_sub(above)).map(|line| line.span.start)
}
