//! Suppression by comment: `# optout:ignore RULE reason`. Without a reason it is a finding itself.
//!
//! At the end of a line it holds for that line. On a line of its own it holds for the next line and whatever is indented
//! below it: the block. `optout:ignore-file` holds for the whole file.
//!
//! JSON has no comments: there an object may have the key `optout:ignore` with `[{"Rules": ["RULE"], "Reason": "reason"}]`,
//! which holds for the whole file, or with `"File": "NAME"` for that file in the same folder: a policy document can hold
//! nothing but the policy.

use std::collections::BTreeMap;

use super::finding::Finding;
use super::kind::Kind;
use super::read::json;
use super::read::value::Value;
use super::rule;
use crate::check::Severity;
use crate::source::{Source, Span};

/// A finding that is not shown, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Suppressed {
    /// The finding.
    pub finding: Finding,
    /// The reason in the comment.
    pub reason: String,
}

const WORD: &str = "optout:ignore";
/// The same as a key of JSON.
const KEY: &str = "\"optout:ignore\"";

/// A comment that suppresses rules in a range of the text.
#[derive(Debug, Clone)]
struct Comment {
    rules: Vec<String>,
    reason: String,
    /// What it holds for, in bytes.
    range: Span,
}

/// What files say of others: by path, the rules that hold there with their reasons.
#[derive(Debug, Default)]
pub(super) struct Elsewhere(BTreeMap<String, Vec<Comment>>);

impl Elsewhere {
    /// What the files say of others in their folders.
    pub(super) fn of(sources: &[Source]) -> Self {
        let mut all: BTreeMap<String, Vec<Comment>> = BTreeMap::new();
        for source in sources.iter().filter(|source| is_json(source)) {
            let folder = source.name.rfind('/').and_then(|at| source.name.get(..=at)).unwrap_or_default();
            for entry in entries(&source.text).0 {
                let Some(file) = entry.file.filter(|file| !file.contains('/')) else { continue };
                all.entry(format!("{folder}{file}")).or_default().push(entry.comment);
            }
        }
        Self(all)
    }
}

/// An entry under `optout:ignore`.
struct Entry {
    /// The file it holds for, where that is another one.
    file: Option<String>,
    comment: Comment,
}

fn is_json(source: &Source) -> bool {
    let kind = || Kind::of(&source.name, source.text.as_bytes());
    source.text.contains(KEY) && source.text.len() <= super::MOST_BYTES && kind() == Some(Kind::Json)
}

/// Whether an object is there to say what is not to be found.
pub(super) fn is_list(value: &Value) -> bool {
    value.get(WORD).is_some()
}

/// What a JSON text says is not to be found, and what is wrong with that.
fn entries(text: &str) -> (Vec<Entry>, Vec<Finding>) {
    let (mut all, mut wrong) = (Vec::new(), Vec::new());
    let Some(value) = json::read(text).0 else { return (all, wrong) };
    value.visit(&mut |value| {
        for entry in value.get(WORD).map(Value::elements).unwrap_or_default() {
            let texts =
                |key: &str| entry.get(key).map(Value::elements).unwrap_or_default().iter().filter_map(Value::text);
            let rules: Vec<String> = texts("Rules").map(str::to_owned).collect();
            let reason = entry.get("Reason").and_then(Value::text).unwrap_or_default().trim().to_owned();
            wrong.extend(problems(&rules, &reason, entry.span));
            let range = Span::new(0, usize::MAX);
            let file = entry.get("File").and_then(Value::text).map(str::to_owned);
            all.push(Entry { file, comment: Comment { rules, reason, range } });
        }
    });
    (all, wrong)
}

/// The findings that remain, and those that a comment suppresses. What is wrong with comments is added.
pub(super) fn suppress(
    source: &Source,
    findings: Vec<Finding>,
    elsewhere: &Elsewhere,
) -> (Vec<Finding>, Vec<Suppressed>) {
    let text = &source.text;
    let others = elsewhere.0.get(&source.name).map_or(&[][..], Vec::as_slice);
    if !text.contains(WORD) && others.is_empty() {
        return (findings, Vec::new());
    }
    let (mut own, mut wrong) = comments(text);
    if is_json(source) {
        let (entries, more) = entries(text);
        own.extend(entries.into_iter().filter(|it| it.file.is_none()).map(|it| it.comment));
        wrong.extend(more);
    }
    let (mut kept, mut suppressed) = (Vec::new(), Vec::new());
    for finding in findings {
        let holds = |comment: &&Comment| {
            let inside = comment.range.start <= finding.span.start && finding.span.start < comment.range.end.max(1);
            inside && !comment.reason.is_empty() && comment.rules.iter().any(|rule| rule == finding.rule)
        };
        match own.iter().chain(others).find(holds) {
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
        let help = "write `optout:ignore RULE reason`, as in `optout:ignore no-services-lock the lab may add services`; in JSON `Rules` and `Reason`";
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
