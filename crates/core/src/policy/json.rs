//! JSON with places: a tree of owned values, each with its byte range.
//!
//! Strict as RFC 8259, and stricter: a key that stands twice is a problem, since readers disagree which one counts (AWS
//! refuses such documents). A text that is not JSON is read leniently once more, so that all its problems are
//! reported and not only the first.

use jsonc_parser::ast::{ObjectPropName, Value as Ast};
use jsonc_parser::common::Range;
use jsonc_parser::tokens::{Token, TokenAndRange};
use jsonc_parser::{CollectOptions, CommentCollectionStrategy, ParseOptions, ParseResult, parse_to_ast};

use crate::source::{LineIndex, Problem, Span, json_message};

/// A JSON value with its place.
#[derive(Debug, Clone, PartialEq)]
pub struct Json {
    /// Where it stands.
    pub span: Span,
    /// What it is.
    pub kind: JsonKind,
}

/// The kinds of JSON values.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A string, escapes resolved.
    String(String),
    /// A list.
    Array(Vec<Json>),
    /// An object, in the order of the text, keys that stand twice kept.
    Object(Vec<Member>),
}

/// One key of an object with its value.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The key, escapes resolved.
    pub key: String,
    /// Where the key stands.
    pub key_span: Span,
    /// The value.
    pub value: Json,
}

impl Json {
    /// Its members, if it is an object.
    #[must_use]
    pub fn as_object(&self) -> Option<&[Member]> {
        match &self.kind {
            JsonKind::Object(members) => Some(members),
            _ => None,
        }
    }

    /// Its elements, if it is a list.
    #[must_use]
    pub fn as_array(&self) -> Option<&[Json]> {
        match &self.kind {
            JsonKind::Array(elements) => Some(elements),
            _ => None,
        }
    }

    /// Its text, if it is a string.
    #[must_use]
    pub fn as_str(&self) -> Option<&str> {
        match &self.kind {
            JsonKind::String(text) => Some(text),
            _ => None,
        }
    }

    /// The value of a key, if it is an object that has it.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.as_object()?.iter().find(|member| member.key == key).map(|member| &member.value)
    }

    /// What it is, in words for messages.
    #[must_use]
    pub const fn describe(&self) -> &'static str {
        match self.kind {
            JsonKind::Null => "null",
            JsonKind::Bool(_) => "a boolean",
            JsonKind::Number(_) => "a number",
            JsonKind::String(_) => "a string",
            JsonKind::Array(_) => "a list",
            JsonKind::Object(_) => "an object",
        }
    }

    /// The value without places; of a key that stands twice the first counts.
    #[must_use]
    pub fn to_value(&self) -> serde_json::Value {
        use serde_json::Value;
        match &self.kind {
            JsonKind::Null => Value::Null,
            JsonKind::Bool(it) => Value::Bool(*it),
            JsonKind::Number(it) => serde_json::from_str(it).unwrap_or_else(|_| Value::String(it.clone())),
            JsonKind::String(it) => Value::String(it.clone()),
            JsonKind::Array(it) => it.iter().map(Self::to_value).collect(),
            JsonKind::Object(it) => {
                it.iter().rev().map(|member| (member.key.clone(), member.value.to_value())).collect()
            }
        }
    }

    /// The shortest text of the value, keys in their order: what to send to AWS, which counts white space.
    #[must_use]
    pub fn minified(&self) -> String {
        let mut text = String::new();
        self.print(&mut text);
        text
    }

    fn print(&self, out: &mut String) {
        match &self.kind {
            JsonKind::Null => out.push_str("null"),
            JsonKind::Bool(it) => out.push_str(if *it { "true" } else { "false" }),
            JsonKind::Number(it) => out.push_str(it),
            JsonKind::String(it) => print_string(it, out),
            JsonKind::Array(it) => print_list(('[', ']'), it, out, Self::print),
            JsonKind::Object(it) => print_list(('{', '}'), it, out, |member, out| {
                print_string(&member.key, out);
                out.push(':');
                member.value.print(out);
            }),
        }
    }
}

fn print_string(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

fn print_list<T>((open, close): (char, char), items: &[T], out: &mut String, print: impl Fn(&T, &mut String)) {
    out.push(open);
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            out.push(',');
        }
        print(item, out);
    }
    out.push(close);
}

/// How many characters AWS counts in a text: Unicode characters, white space included.
#[must_use]
pub fn characters(text: &str) -> usize {
    text.chars().count()
}

/// Reads a text as JSON.
///
/// Comes back with the tree, where one could be made, and every problem in the order of the text. The tree is there
/// even with problems such as comments or trailing commas, so that more can be said about the document; it may be
/// taken for what AWS would read only if there are no problems.
#[must_use]
pub fn parse(text: &str) -> (Option<Json>, Vec<Problem>) {
    let comments = hash_comments(text);
    let (tree, mut problems) = parsed(&blanked(text, &comments));
    // Where a comment was, every byte was a character of its own.
    let whole = |at: Span| Span::new(text.floor_char_boundary(at.start), text.floor_char_boundary(at.end));
    problems.iter_mut().for_each(|problem| problem.span = problem.span.map(whole));
    problems.extend(comments.into_iter().map(comment));
    problems.sort_by_key(|problem| problem.span.unwrap_or_default());
    (tree, problems)
}

/// Comments from `#` to the end of the line, which neither JSON nor its lenient readers know: remediation texts have them.
fn hash_comments(text: &str) -> Vec<Span> {
    let (mut found, mut at) = (Vec::new(), 0);
    while let Some(rest) = text.get(at..) {
        let Some(next) = rest.find(['#', '"', '\'', '/']).map(|next| at + next) else { break };
        let rest = text.get(next..).unwrap_or_default();
        let line = rest.find('\n').unwrap_or(rest.len());
        let length = match rest.get(..2).unwrap_or(rest) {
            "//" => line,
            "/*" => rest.find("*/").map_or(rest.len(), |end| end + 2),
            _ if rest.starts_with('#') => {
                found.push(Span::new(next, next + rest.get(..line).map_or(line, |it| it.trim_end().len())));
                line
            }
            _ if rest.starts_with('/') => 1,
            _ => string_length(rest),
        };
        at = next + length.max(1);
    }
    found
}

/// The length of the string that a text begins with, up to the end of its line at most.
fn string_length(text: &str) -> usize {
    let mut characters = text.char_indices();
    let quote = characters.next().map(|(_, quote)| quote);
    let mut escaped = false;
    for (at, character) in characters {
        match character {
            '\n' => return at,
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            _ if Some(character) == quote => return at + character.len_utf8(),
            _ => {}
        }
    }
    text.len()
}

/// The text with blanks for comments: every byte stays where it is.
fn blanked<'t>(text: &'t str, comments: &[Span]) -> std::borrow::Cow<'t, str> {
    if comments.is_empty() {
        return text.into();
    }
    let (mut blanked, mut at) = (String::with_capacity(text.len()), 0);
    for comment in comments {
        blanked.push_str(text.get(at..comment.start).unwrap_or_default());
        blanked.extend(std::iter::repeat_n(' ', comment.end.saturating_sub(comment.start)));
        at = comment.end;
    }
    blanked.push_str(text.get(at..).unwrap_or_default());
    blanked.into()
}

fn comment(at: Span) -> Problem {
    Problem::new("json-comment", "JSON has no comments")
        .at(at)
        .help("remove the comment; say why in the policy's description or in the code around it")
}

fn parsed(text: &str) -> (Option<Json>, Vec<Problem>) {
    let strict = serde_json::from_str::<serde::de::IgnoredAny>(text);
    let lenient = parse_to_ast(text, &collect_all(), &ParseOptions::default());
    let mut problems = match (&strict, &lenient) {
        (Ok(_), Ok(_)) => Vec::new(),
        (Ok(_), Err(error)) => vec![syntax(error.kind().to_string(), span(error.range()))],
        (Err(error), Ok(result)) => or_else_one(lenience(text, result), text, error),
        (Err(error), Err(_)) => vec![serde_problem(text, error)],
    };
    let tree = lenient.ok().and_then(|result| result.value).map(|value| tree(&value));
    duplicates(tree.as_ref(), &mut problems);
    (tree, problems)
}

fn collect_all() -> CollectOptions {
    CollectOptions { comments: CommentCollectionStrategy::AsTokens, tokens: true }
}

fn or_else_one(found: Vec<Problem>, text: &str, error: &serde_json::Error) -> Vec<Problem> {
    if found.is_empty() { vec![serde_problem(text, error)] } else { found }
}

fn serde_problem(text: &str, error: &serde_json::Error) -> Problem {
    let at = LineIndex::new(text).offset(text, error.line(), error.column());
    let problem = syntax(json_message(error), Span::new(at, at));
    match text.trim() {
        "" => Problem { message: "the document is empty".into(), ..problem },
        _ if text.starts_with('\u{feff}') => Problem {
            message: "the document starts with a byte order mark".into(),
            help: Some("save it as UTF-8 without a byte order mark".into()),
            ..problem
        },
        _ => problem,
    }
}

fn syntax(message: String, at: Span) -> Problem {
    Problem::new("json-syntax", message).at(at).help("a policy document is JSON as of RFC 8259, and nothing else")
}

/// What a lenient reader forgives and JSON does not, token by token.
fn lenience(text: &str, result: &ParseResult<'_>) -> Vec<Problem> {
    let tokens = result.tokens.as_deref().unwrap_or_default();
    let mut problems = Vec::new();
    let mut before: Option<&TokenAndRange<'_>> = None;
    for token in tokens {
        problems.extend(own_problem(text, token));
        if !is_comment(&token.token) {
            problems.extend(before.and_then(|before| pair_problem(before, token)));
            before = Some(token);
        }
    }
    problems
}

const fn is_comment(token: &Token<'_>) -> bool {
    matches!(token, Token::CommentLine(_) | Token::CommentBlock(_))
}

fn own_problem(text: &str, token: &TokenAndRange<'_>) -> Option<Problem> {
    let at = span(token.range);
    let written = text.get(at.start..at.end).unwrap_or_default();
    match &token.token {
        Token::CommentLine(_) | Token::CommentBlock(_) => Some(comment(at)),
        Token::String(_) if written.starts_with('\'') => {
            Some(Problem::new("json-quotes", "strings stand in double quotes").at(at).help("write `\"` instead of `'`"))
        }
        Token::Word(word) => Some(
            Problem::new("json-word", format!("`{word}` is not a JSON value"))
                .at(at)
                .help("put keys and texts in double quotes"),
        ),
        _ => None,
    }
}

fn pair_problem(before: &TokenAndRange<'_>, token: &TokenAndRange<'_>) -> Option<Problem> {
    let closes = matches!(token.token, Token::CloseBrace | Token::CloseBracket);
    let trailing = matches!(before.token, Token::Comma) && closes;
    let remedy = "remove the comma before the closing bracket";
    trailing.then(|| {
        Problem::new("json-trailing-comma", "a comma with nothing after it").at(span(before.range)).help(remedy)
    })
}

const fn span(range: Range) -> Span {
    Span::new(range.start, range.end)
}

fn tree(value: &Ast<'_>) -> Json {
    let (range, kind) = match value {
        Ast::NullKeyword(it) => (it.range, JsonKind::Null),
        Ast::BooleanLit(it) => (it.range, JsonKind::Bool(it.value)),
        Ast::NumberLit(it) => (it.range, JsonKind::Number(it.value.to_owned())),
        Ast::StringLit(it) => (it.range, JsonKind::String(it.value.clone().into_owned())),
        Ast::Array(it) => (it.range, JsonKind::Array(it.elements.iter().map(tree).collect())),
        Ast::Object(it) => (it.range, JsonKind::Object(it.properties.iter().map(member).collect())),
    };
    Json { span: span(range), kind }
}

fn member(property: &jsonc_parser::ast::ObjectProp<'_>) -> Member {
    let (key, range) = match &property.name {
        ObjectPropName::String(it) => (it.value.clone().into_owned(), it.range),
        ObjectPropName::Word(it) => (it.value.to_owned(), it.range),
    };
    Member { key, key_span: span(range), value: tree(&property.value) }
}

fn duplicates(value: Option<&Json>, problems: &mut Vec<Problem>) {
    let Some(value) = value else { return };
    for element in value.as_array().into_iter().flatten() {
        duplicates(Some(element), problems);
    }
    let mut seen = std::collections::HashSet::new();
    for member in value.as_object().into_iter().flatten() {
        if !seen.insert(member.key.as_str()) {
            problems.push(
                Problem::new("json-duplicate-key", format!("the key `{}` stands twice in this object", member.key))
                    .at(member.key_span)
                    .help("AWS refuses documents with a key that stands twice: keep one of them"),
            );
        }
        duplicates(Some(&member.value), problems);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(text: &str) -> Vec<&'static str> {
        parse(text).1.iter().map(|problem| problem.code).collect()
    }

    #[test]
    fn every_problem_of_a_text_is_reported_not_only_the_first() {
        let text = "{ // why\n 'a': 1, b: [1,],\n \"c\": {\"d\": 1, \"d\": 2,} }";
        let expected = [
            "json-comment",
            "json-quotes",
            "json-word",
            "json-trailing-comma",
            "json-duplicate-key",
            "json-trailing-comma",
        ];
        assert_eq!(codes(text), expected);
    }

    #[test]
    fn a_comment_of_another_language_is_named_and_the_rest_is_read() {
        let text = "# é why\n{\"a\": \"#1\", # so\r\n \"b\": '#2' /* # */ } // #\n#";
        let (tree, problems) = parse(text);
        let found: Vec<_> = problems
            .iter()
            .map(|it| (it.code, text.get(it.span.unwrap().start..it.span.unwrap().end).unwrap()))
            .collect();
        let comments = ["# é why", "# so", "/* # */", "// #", "#"].map(|it| ("json-comment", it));
        assert_eq!(found.iter().filter(|it| it.0 == "json-comment").copied().collect::<Vec<_>>(), comments);
        assert!(tree.is_some() && found.contains(&("json-quotes", "'#2'")), "{found:?}");
    }

    #[test]
    fn what_rfc_8259_refuses_is_refused() {
        for text in [
            "",
            " ",
            "{",
            "{}{}",
            "{\"a\":\"\n\"}",
            "\u{feff}{}",
            "[1 2]",
            "{\"a\" 1}",
            "01",
            "NaN",
            "\u{b}{}",
            "+1",
            "\"\\x41\"",
        ] {
            assert!(!codes(text).is_empty(), "{text:?}");
        }
        assert_eq!(codes("{\"a\": [1, -2.5e3, true, null, \"\\u00e9\"]}"), Vec::<&str>::new());
    }

    #[test]
    fn deep_nesting_is_a_problem_not_a_crash() {
        for open in ["[", "{\"a\":"] {
            assert!(!codes(&open.repeat(200_000)).is_empty());
        }
    }

    #[test]
    fn places_are_byte_ranges_of_the_text() {
        let text = "{\"\u{e9}\": [true]}";
        let (tree, _) = parse(text);
        let tree = tree.unwrap();
        let list = tree.get("\u{e9}").unwrap();
        assert_eq!(text.get(list.span.start..list.span.end), Some("[true]"));
    }
}
