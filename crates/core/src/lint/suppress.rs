//! Suppression by comment: `# optout:ignore RULE reason`. Without a reason it is a finding itself.
//!
//! At the end of a line it holds for that line. On a line of its own it holds for the next line and whatever is indented
//! below it: the block. `optout:ignore-file` holds for the whole file.

use super::finding::Finding;
use super::rule;
use crate::check::Severity;
use crate::source::Span;

/// A finding that is not shown, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// The reason in the comment.
    pub reason: String,
}

const WORD: &str = "optout:ignore";

/// A comment that suppresses rules in a range of the text.
#[derive(Debug)]
struct Comment {
    rules: Vec<String>,
    reason: String,
    /// What it holds for, in bytes.
    range: Span,
}

/// The findings that remain, and those that a comment suppresses. What is wrong with comments is added.
pub(super) fn suppress(text: &str, findings: Vec<Finding>) -> (Vec<Finding>, Vec<Suppressed>) {
    if !text.contains(WORD) {
        return (findings, Vec::new());
    }
    let (comments, mut wrong) = comments(text);
    let (mut kept, mut suppressed) = (Vec::new(), Vec::new());
    for finding in findings {
        let holds = |comment: &&Comment| {
            let inside = comment.range.start <= finding.span.start && finding.span.start < comment.range.end.max(1);
            inside && comment.rules.iter().any(|rule| rule == finding.rule)
        };
        match comments.iter().find(holds) {
            Some(comment) => suppressed.push(Suppressed { finding, reason: comment.reason.clone() }),
            None => kept.push(finding),
        }
    }
    kept.append(&mut wrong);
    (kept, suppressed)
}

/// The lines of a text with their first bytes.
fn lines(text: &str) -> Vec<(usize, &str)> {
    text.split_inclusive('\n')
        .scan(0, |at, line| {
            let start = *at;
            *at += line.len();
            Some((start, line))
        })
        .collect()
}

fn comments(text: &str) -> (Vec<Comment>, Vec<Finding>) {
    let (mut comments, mut wrong) = (Vec::new(), Vec::new());
    let lines = lines(text);
    for (number, (start, line)) in lines.iter().enumerate() {
        let Some((before, after)) = line.split_once(WORD) else { continue };
        let Some(code) = without_marker(before) else { continue };
        let span = Span::new(start + before.len(), start + before.len() + WORD.len());
        let (whole, after) = match after.strip_prefix("-file") {
            Some(rest) => (true, rest),
            None => (false, after),
        };
        let after = after.trim().trim_end_matches("*/").trim_end_matches("-->").trim();
        let (rules, reason) = after.split_once(char::is_whitespace).unwrap_or((after, ""));
        let rules: Vec<String> =
            rules.trim_end_matches(':').split(',').filter(|it| !it.is_empty()).map(str::to_owned).collect();
        let reason = reason.trim().trim_start_matches(['-', ':']).trim().to_owned();
        wrong.extend(problems(&rules, &reason, span));
        if !rules.is_empty() && !reason.is_empty() {
            let own_line = code.trim().is_empty();
            let range = match (whole, own_line) {
                (true, _) => Span::new(0, text.len()),
                (false, true) => block(&lines, number),
                (false, false) => Span::new(*start, start + line.len()),
            };
            comments.push(Comment { rules, reason, range });
        }
    }
    (comments, wrong)
}

/// What stands before the marker of the comment; `None` where the word is in no comment.
fn without_marker(before: &str) -> Option<&str> {
    let before = before.trim_end();
    ["#", "//", "/*", "--", "<!--"].into_iter().find_map(|marker| before.strip_suffix(marker))
}

fn problems(rules: &[String], reason: &str, span: Span) -> Vec<Finding> {
    let mut wrong = Vec::new();
    if rules.is_empty() || reason.is_empty() {
        let message = "the comment suppresses findings without saying which and why: it has no effect";
        let help = "write `optout:ignore RULE reason`, as in `optout:ignore no-services-lock the lab may add services`";
        wrong.push(Finding::new("suppression-without-reason", Severity::Medium, span, message, help));
    }
    for unknown in rules.iter().filter(|id| rule::find(id).is_none()) {
        let known = rule::ALL.iter().map(|rule| rule.id);
        let near =
            crate::source::nearest(unknown, known).map_or(String::new(), |near| format!("did you mean `{near}`? "));
        let message = format!("there is no rule `{unknown}`");
        let help = format!("{near}`optout lint --explain` lists the rules");
        wrong.push(Finding::new("suppression-unknown-rule", Severity::Low, span, message, help));
    }
    wrong
}

/// The next line that is no comment, and what is indented below it.
fn block(lines: &[(usize, &str)], comment: usize) -> Span {
    let is_text = |line: &str| {
        let bare = line.trim();
        !bare.is_empty() && !bare.starts_with('#') && !bare.starts_with("//")
    };
    let mut following = lines.iter().skip(comment + 1).skip_while(|(_, line)| !is_text(line));
    let Some((start, first)) = following.next() else { return Span::default() };
    let indent = |line: &str| line.len() - line.trim_start().len();
    let head = indent(first);
    let end = following.take_while(|(_, line)| line.trim().is_empty() || indent(line) > head).last();
    let end = end.map_or(start + first.len(), |(at, line)| at + line.len());
    Span::new(*start, end)
}
