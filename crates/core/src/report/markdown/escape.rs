//! Other people's text in Markdown: text, whatever it looks like, on GitHub as well.
//!
//! Names are code: in a code span nothing is markup, a link or the mention of somebody. Sentences are escaped
//! character by character. Rules: <https://spec.commonmark.org/0.31.2/#backslash-escapes>, `#code-spans`;
//! <https://github.github.com/gfm/#tables-extension-> (read 2026-11-24).

use crate::source::shown;

/// A name as code; nothing for a name without a visible character.
pub(crate) fn code(name: &str) -> String {
    let name = shown(name);
    if name.trim().is_empty() {
        return String::new();
    }
    let fence = "`".repeat(longest_run(&name) + 1);
    let pad = if name.starts_with(['`', ' ']) || name.ends_with(['`', ' ']) { " " } else { "" };
    format!("{fence}{pad}{name}{pad}{fence}")
}

fn longest_run(name: &str) -> usize {
    name.split(|character| character != '`').map(str::len).max().unwrap_or_default()
}

/// A sentence, in which what stands between backticks is code.
pub(crate) fn sentence(text: &str) -> String {
    let text = shown(text);
    let parts: Vec<&str> = text.split('`').collect();
    let last = parts.len().saturating_sub(1);
    parts.iter().enumerate().fold(String::with_capacity(text.len() + 8), |mut safe, (at, part)| {
        match at % 2 {
            1 if at == last || part.is_empty() => {
                // A backtick that nothing closes, or two with nothing between.
                safe.push_str(if part.is_empty() && at < last { "\\`\\`" } else { "\\`" });
                push_escaped(&mut safe, part);
            }
            1 => push_code(&mut safe, part),
            _ => push_escaped(&mut safe, part),
        }
        safe
    })
}

/// Adds a code span. A backtick directly before it would become part of its fence.
fn push_code(safe: &mut String, part: &str) {
    if safe.ends_with('`') {
        safe.push(' ');
    }
    safe.extend(["`", part, "`"]);
}

/// Adds text with every character escaped that could be markup; `@` and `#` become code, or GitHub would take what
/// follows for somebody or for an issue.
fn push_escaped(safe: &mut String, text: &str) {
    let mut rest = text;
    while let Some(character) = rest.chars().next() {
        let after = rest.trim_start_matches(['@', '#']);
        let run = rest.len() - after.len();
        if run > 0 {
            push_code(safe, rest.get(..run).unwrap_or_default());
            rest = after;
            continue;
        }
        rest = rest.get(character.len_utf8()..).unwrap_or_default();
        if character.is_ascii_punctuation() && could_be_markup(safe, character, rest) {
            safe.push('\\');
        }
        safe.push(character);
    }
}

/// Whether a punctuation character could be markup between `before` and `after`. What could be only at the beginning of
/// a line, or only with another character that is escaped, is left as it is further on, so that sentences stay readable.
fn could_be_markup(before: &str, character: char, after: &str) -> bool {
    match character {
        ',' | ';' | '\'' | '%' | '?' => false,
        _ if before.is_empty() => true,
        '.' | ')' if before.bytes().all(|byte| byte.is_ascii_digit()) => true,
        // GitHub makes links of addresses.
        '.' => before.as_bytes().rchunks(3).next().is_some_and(|end| end.eq_ignore_ascii_case(b"www")),
        ':' => after.starts_with("//"),
        '-' | '(' | ')' | '"' | '/' | '=' | '+' => false,
        _ => true,
    }
}

/// What is Markdown already, for a cell of a table: a pipe would end it.
pub(crate) fn cell(markdown: &str) -> String {
    let mut safe = String::with_capacity(markdown.len());
    let mut before = None;
    for character in markdown.chars() {
        match (character, before) {
            // Whether this pipe is escaped already is read differently by different programs.
            ('|', Some('\\')) => safe.push_str("u{7c}"),
            ('|', _) => safe.push_str("\\|"),
            (other, _) => safe.push(other),
        }
        before = Some(character);
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::{cell, code, sentence};

    #[test]
    fn a_name_is_code_whatever_is_in_it() {
        assert_eq!(code("shop"), "`shop`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`x"), "`` `x ``");
        assert_eq!(code("x\n# y"), "`x\\u{a}# y`");
        assert_eq!(code(" "), "");
    }

    #[test]
    fn a_sentence_keeps_its_code_and_nothing_else_is_markup() {
        assert_eq!(sentence("opted in to `lex`, *now*"), "opted in to `lex`, \\*now\\*");
        assert_eq!(sentence("<b> [x](y) @me"), "\\<b\\> \\[x\\](y) `@`me");
        assert_eq!(sentence("- a: b-c. 1. d"), "\\- a: b-c. 1. d");
        assert_eq!(sentence("1. https://x www.y"), "1\\. https\\://x www\\.y");
        assert_eq!(sentence("`a`@@b`c`"), "`a` `@@`b`c`");
        assert_eq!(sentence("a `b"), "a \\`b");
        assert_eq!(sentence("a `` b"), "a \\`\\` b");
    }

    #[test]
    fn a_pipe_ends_no_cell() {
        assert_eq!(cell("`a|b`"), "`a\\|b`");
        assert_eq!(cell("`a\\|b`"), "`a\\u{7c}b`");
    }
}
