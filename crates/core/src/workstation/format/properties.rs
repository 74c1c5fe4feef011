//! Java properties, as Eclipse keeps preferences: one `key=value` a line, `#` and `!` comments, `\` continuations.
//!
//! The form is that of `java.util.Properties`. Only what the lines of one key need is read.

use super::lines::line_end;
use super::{Seen, refusal, splice};
use crate::source::{Problem, Span};
use crate::workstation::clients::key_text;
use crate::workstation::terms::Scalar;

/// One logical line that holds a key.
struct Entry {
    key: String,
    value: String,
    /// The bytes of the value as written.
    span: Span,
}

/// What stands under `key`, which has one step.
pub(super) fn look(text: &str, key: &[String]) -> Result<Seen, Problem> {
    let name = single(key)?;
    let found: Vec<Entry> = entries(text).into_iter().filter(|entry| entry.key == name).collect();
    Ok(match found.as_slice() {
        [] => Seen::Absent,
        [entry] => Seen::One(Scalar::Text(entry.value.clone()), entry.span),
        several => Seen::Many(several.iter().map(|entry| entry.span).collect()),
    })
}

/// The text with `value` under `key`.
pub(super) fn set(text: &str, key: &[String], value: &Scalar) -> Result<String, Problem> {
    let seen = look(text, key)?;
    if let Some(problem) = refusal(&seen, &key_text(key)) {
        return Err(problem);
    }
    if let Seen::One(_, span) = seen {
        return Ok(splice(text, span, &escape(&value.to_string())));
    }
    let end = line_end(text);
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { end };
    let first = if text.is_empty() { format!("eclipse.preferences.version=1{end}") } else { String::new() };
    let line = format!("{first}{}={}{end}", escape(single(key)?), escape(&value.to_string()));
    let appended = format!("{text}{gap}{line}");
    let taken = look(&appended, key)? != Seen::Absent;
    // A last line that ends in `\` would swallow the new one: an empty line ends it first.
    Ok(if taken { appended } else { format!("{text}{gap}{end}{line}") })
}

fn single(key: &[String]) -> Result<&str, Problem> {
    match key {
        [name] => Ok(name),
        _ => Err(Problem::new("settings-key", "a properties file has keys of one step only")),
    }
}

fn escape(text: &str) -> String {
    text.chars().fold(String::new(), |mut escaped, character| {
        if matches!(character, '\\' | ' ' | ':' | '=' | '#' | '!') {
            escaped.push('\\');
        }
        escaped.push(character);
        escaped
    })
}

fn entries(text: &str) -> Vec<Entry> {
    let mut entries = Vec::new();
    let mut at = 0;
    while at < text.len() {
        let end = logical_end(text, at);
        entries.extend(entry(text, at, end));
        at = next_line(text, end);
    }
    entries
}

/// The end of the logical line that starts at `from`: before a line end that is not continued.
fn logical_end(text: &str, from: usize) -> usize {
    let comment =
        text.get(from..).is_some_and(|line| line.trim_start_matches([' ', '\t', '\u{c}']).starts_with(['#', '!']));
    let mut end = physical_end(text, from);
    while !comment && continues(text.get(from..end).unwrap_or_default()) && end < text.len() {
        end = physical_end(text, next_line(text, end));
    }
    end
}

fn physical_end(text: &str, from: usize) -> usize {
    text.get(from..).and_then(|rest| rest.find(['\n', '\r'])).map_or(text.len(), |at| from + at)
}

fn next_line(text: &str, end: usize) -> usize {
    let rest = text.get(end..).unwrap_or_default();
    if rest.starts_with("\r\n") { end + 2 } else { end + rest.chars().next().map_or(0, char::len_utf8) }
}

/// Whether a line ends in an odd number of backslashes.
fn continues(line: &str) -> bool {
    line.chars().rev().take_while(|character| *character == '\\').count() % 2 == 1
}

fn entry(text: &str, from: usize, end: usize) -> Option<Entry> {
    let line = text.get(from..end)?;
    let start = line.len() - line.trim_start_matches([' ', '\t', '\u{c}']).len();
    let body = line.get(start..)?;
    if body.is_empty() || body.starts_with(['#', '!']) {
        return None;
    }
    let key_end = key_end(body);
    let value = value_start(body, key_end);
    let span = Span::new(from + start + value, end);
    Some(Entry { key: unescape(body.get(..key_end)?), value: unescape(body.get(value..)?), span })
}

fn key_end(body: &str) -> usize {
    let mut escaped = false;
    for (at, character) in body.char_indices() {
        if !escaped && matches!(character, '=' | ':' | ' ' | '\t' | '\u{c}') {
            return at;
        }
        escaped = !escaped && character == '\\';
    }
    body.len()
}

fn value_start(body: &str, key_end: usize) -> usize {
    let blank = |text: &str| text.len() - text.trim_start_matches([' ', '\t', '\u{c}']).len();
    let rest = body.get(key_end..).unwrap_or_default();
    let separator = blank(rest);
    let after = rest.get(separator..).unwrap_or_default();
    let sign = usize::from(after.starts_with(['=', ':']));
    let tail = after.get(sign..).unwrap_or_default();
    key_end + separator + sign + if sign == 1 { blank(tail) } else { 0 }
}

/// Resolves `\` escapes and continuations; `\uXXXX` that is not a character becomes the replacement character.
fn unescape(text: &str) -> String {
    let mut result = String::new();
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        if character != '\\' {
            result.push(character);
            continue;
        }
        match characters.next() {
            Some('t') => result.push('\t'),
            Some('n') => result.push('\n'),
            Some('r') => result.push('\r'),
            Some('f') => result.push('\u{c}'),
            Some('u') => result.push(unicode(&mut characters)),
            Some('\r' | '\n') => {
                while characters.next_if(|next| matches!(next, '\n' | ' ' | '\t' | '\u{c}')).is_some() {}
            }
            Some(other) => result.push(other),
            None => {}
        }
    }
    result
}

fn unicode(characters: &mut impl Iterator<Item = char>) -> char {
    let digits: String = characters.by_ref().take(4).collect();
    u32::from_str_radix(&digits, 16).ok().and_then(char::from_u32).unwrap_or(char::REPLACEMENT_CHARACTER)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn set_false(text: &str) -> String {
        set(text, &["qDataSharing".to_owned()], &Scalar::Text("false".to_owned())).unwrap()
    }

    #[test]
    fn only_the_value_changes() {
        let text = "eclipse.preferences.version=1\r\nqDataSharing = true\r\nz=\\u00e9\r\n";
        assert_eq!(set_false(text), text.replace("true", "false"));
    }

    #[test]
    fn an_absent_key_is_added_at_the_end() {
        assert_eq!(set_false("a=1\r\n"), "a=1\r\nqDataSharing=false\r\n");
        assert_eq!(set_false("a=1"), "a=1\nqDataSharing=false\n");
        assert_eq!(set_false(""), "eclipse.preferences.version=1\nqDataSharing=false\n");
    }

    #[test]
    fn a_last_line_that_is_continued_does_not_swallow_the_new_one() {
        assert_eq!(set_false("a=1\\\n"), "a=1\\\n\nqDataSharing=false\n");
        assert_eq!(set_false("a=1\\"), "a=1\\\n\nqDataSharing=false\n");
        assert_eq!(set_false("a=1\\\\\n"), "a=1\\\\\nqDataSharing=false\n");
    }

    #[test]
    fn comments_and_continuations_are_not_keys() {
        let text = "#qDataSharing=true\na=x\\\n  qDataSharing=true\n";
        assert_eq!(look(text, &["qDataSharing".to_owned()]).unwrap(), Seen::Absent);
    }

    #[test]
    fn a_value_over_several_lines_is_one_value() {
        let text = "qDataSharing=tr\\\r\n   ue\r\nb=1\r\n";
        assert!(
            matches!(look(text, &["qDataSharing".to_owned()]).unwrap(), Seen::One(Scalar::Text(t), _) if t == "true")
        );
        assert_eq!(set_false(text), "qDataSharing=false\r\nb=1\r\n");
    }

    #[test]
    fn separators_and_escapes_are_understood() {
        let is = |text: &str| matches!(look(text, &["a b".to_owned()]).unwrap(), Seen::One(Scalar::Text(t), _) if t == "é x");
        assert!(is("a\\ b=\\u00e9 x") && is("  a\\ b : \\u00e9 x") && is("a\\ b \\u00e9 x"));
    }

    #[test]
    fn two_lines_of_one_key_are_refused() {
        let problem = set("qDataSharing=true\nqDataSharing:true", &["qDataSharing".to_owned()], &Scalar::Bool(false));
        assert_eq!(problem.unwrap_err().code, "settings-duplicate");
    }
}
