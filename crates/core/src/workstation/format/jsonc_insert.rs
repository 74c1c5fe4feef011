//! Where a new member of a JSON object goes: after the last one, with the commas, comments and line ends around it.

use jsonc_parser::ast::{Object, ObjectProp, Value};

use super::jsonc::properties;
use super::lines::{indent_before, indent_of_line, line_end};
use super::splice;
use crate::source::Span;
use crate::workstation::terms::Scalar;

/// The indentation of a file that has none yet: what the editors write.
const INDENT: &str = "    ";

/// A value as JSON writes it.
pub(super) fn literal(value: &Scalar) -> String {
    match value {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Text(text) => serde_json::Value::String(text.clone()).to_string(),
    }
}

/// A text without any value: the object is written after what is there (comments).
pub(super) fn fresh(text: &str, key: &[String], value: &Scalar) -> String {
    let end = line_end(text);
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { end };
    let member = member(key, value, INDENT, INDENT, end);
    format!("{text}{gap}{{{end}{INDENT}{member}{end}}}{end}")
}

/// `"key": value` for a key of one step, with the objects of its further steps around the value.
fn member(key: &[String], value: &Scalar, indent: &str, unit: &str, end: &str) -> String {
    let name = key.first().map(|name| literal(&Scalar::Text(name.clone()))).unwrap_or_default();
    match key.get(1..) {
        None | Some([]) => format!("{name}: {}", literal(value)),
        Some(rest) => {
            let deeper = format!("{indent}{unit}");
            let inner = member(rest, value, &deeper, unit, end);
            format!("{name}: {{{end}{deeper}{inner}{end}{indent}}}")
        }
    }
}

/// The text with a new member, in the innermost object of the key that is there already.
pub(super) fn insert(text: &str, object: &Object<'_>, key: &[String], value: &Scalar) -> String {
    let existing = key.split_first().filter(|(_, rest)| !rest.is_empty());
    if let Some((name, rest)) = existing
        && let [property] = properties(object, name).as_slice()
        && let Value::Object(inner) = &property.value
    {
        return insert(text, inner, rest, value);
    }
    match object.properties.last() {
        Some(last) => append(text, object, last, key, value),
        None => fill(text, object, key, value),
    }
}

/// Where a new member goes, and what stands around it.
struct Slot {
    /// The byte after the last member (and its comma, where it has one).
    at: usize,
    /// Whether the last member has a comma after it.
    comma: bool,
}

fn append(text: &str, object: &Object<'_>, last: &ObjectProp<'_>, key: &[String], value: &Scalar) -> String {
    let end = line_end(text);
    let slot = slot(text, last.range.end, object.range.end);
    let indent = indent_before(text, last.range.start);
    let one_line = indent.is_none() && indent_before(text, first_start(object)).is_none();
    let indent = indent.unwrap_or_else(|| indent_of_line(text, last.range.start));
    let member = member(key, value, indent, unit(text, object, indent), end);
    let trailing = if slot.comma { "," } else { "" };
    let (at, new) = if one_line {
        (slot.at, format!(" {member}{trailing}"))
    } else {
        (end_of_line(text, slot.at, object.range.end), format!("{end}{indent}{member}{trailing}"))
    };
    let with_member = splice(text, Span::new(at, at), &new);
    if slot.comma { with_member } else { splice(&with_member, Span::new(slot.at, slot.at), ",") }
}

fn first_start(object: &Object<'_>) -> usize {
    object.properties.first().map_or(object.range.start, |first| first.range.start)
}

fn unit<'a>(text: &'a str, object: &Object<'_>, indent: &'a str) -> &'a str {
    let outer = indent_of_line(text, object.range.start);
    indent.strip_prefix(outer).filter(|unit| !unit.is_empty()).unwrap_or(INDENT)
}

fn slot(text: &str, after: usize, until: usize) -> Slot {
    let mut at = after;
    while at < until {
        match skip_one(text, at) {
            Skipped::Trivia(next) => at = next,
            Skipped::Comma => return Slot { at: at + 1, comma: true },
            Skipped::Other => break,
        }
    }
    Slot { at: after, comma: false }
}

enum Skipped {
    Trivia(usize),
    Comma,
    Other,
}

/// One step over white space or a comment between members.
fn skip_one(text: &str, at: usize) -> Skipped {
    let rest = text.get(at..).unwrap_or_default();
    if rest.starts_with("//") {
        return Skipped::Trivia(at + rest.find('\n').unwrap_or(rest.len()));
    }
    if rest.starts_with("/*") {
        return Skipped::Trivia(at + rest.find("*/").map_or(rest.len(), |end| end + 2));
    }
    match rest.chars().next() {
        Some(',') => Skipped::Comma,
        Some(character) if character.is_whitespace() => Skipped::Trivia(at + character.len_utf8()),
        Some(_) | None => Skipped::Other,
    }
}

/// The end of the line on which byte `at` stands, if only comments follow there; else `at` itself.
fn end_of_line(text: &str, at: usize, until: usize) -> usize {
    let mut here = at;
    while here < until {
        let rest = text.get(here..).unwrap_or_default();
        if rest.starts_with('\n') || rest.starts_with("\r\n") {
            return here;
        }
        match skip_one(text, here) {
            Skipped::Trivia(next) if rest.starts_with("//") => {
                let line = text.get(here..next).unwrap_or_default();
                return here + line.trim_end_matches('\r').len();
            }
            Skipped::Trivia(next) if text.get(here..next).is_some_and(|skipped| !skipped.contains('\n')) => here = next,
            Skipped::Trivia(_) | Skipped::Comma | Skipped::Other => return at,
        }
    }
    at
}

/// Puts the first member into an object that has none, after the comments it may hold; what is there stays.
fn fill(text: &str, object: &Object<'_>, key: &[String], value: &Scalar) -> String {
    let end = line_end(text);
    let (open, close) = (object.range.start + 1, object.range.end.saturating_sub(1));
    let inside = text.get(open..close).unwrap_or_default();
    let outer = indent_of_line(text, object.range.start);
    let member = member(key, value, &format!("{outer}{INDENT}"), INDENT, end);
    if inside.trim().is_empty() && !inside.is_empty() && !inside.contains('\n') {
        return splice(text, Span::new(open, open), &format!(" {member}"));
    }
    let at = after_comments(text, open, close);
    let broken = text.get(at..close).is_some_and(|tail| tail.contains('\n'));
    let closing = if broken { String::new() } else { format!("{end}{outer}") };
    splice(text, Span::new(at, at), &format!("{end}{outer}{INDENT}{member}{closing}"))
}

/// The end of the last comment between `from` and `until`, which hold nothing else; `from` where there is none.
fn after_comments(text: &str, from: usize, until: usize) -> usize {
    let (mut at, mut end) = (from, from);
    while at < until
        && let Skipped::Trivia(next) = skip_one(text, at)
    {
        if let Some(comment) = text.get(at..next).filter(|skipped| skipped.starts_with('/')) {
            end = at + comment.trim_end_matches('\r').len();
        }
        at = next;
    }
    end
}
