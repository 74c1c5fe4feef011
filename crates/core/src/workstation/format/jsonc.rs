//! JSON and JSON with comments.
//!
//! jsonc-parser gives the byte ranges; the text is spliced. Its concrete syntax tree would re-lay a one-line object out
//! over several lines, which is more than was asked for.

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::lines::{indent_before, indent_of_line, line_end};
use super::{Seen, refusal, splice};
use crate::source::{Problem, Span};
use crate::workstation::clients::{Scalar, key_text};

/// The indentation of a file that has none yet: what the editors write.
const INDENT: &str = "    ";

/// What besides JSON is allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    /// Comments and trailing commas, as editors read their settings.
    WithComments,
    /// Nothing.
    Strict,
}

/// What stands under `key`.
pub(super) fn look(text: &str, key: &[String], dialect: Dialect) -> Result<Seen, Problem> {
    let Some(root) = parse(text, dialect)? else { return Ok(Seen::Absent) };
    let seen = walk(object(&root)?, key);
    match (seen, dialect, key) {
        (Seen::Absent, Dialect::WithComments, [name]) => Ok(nested(object(&root)?, name).unwrap_or(Seen::Absent)),
        (seen, _, _) => Ok(seen),
    }
}

/// The text with `value` under `key`.
pub(super) fn set(text: &str, key: &[String], value: &Scalar, dialect: Dialect) -> Result<String, Problem> {
    let seen = look(text, key, dialect)?;
    if let Some(problem) = refusal(&seen, &key_text(key)) {
        return Err(problem);
    }
    if let Seen::One(_, span) | Seen::Other { span, .. } = seen {
        return Ok(splice(text, span, &literal(value)));
    }
    match parse(text, dialect)? {
        Some(root) => insert(text, object(&root)?, key, value),
        None => Ok(fresh(text, key, value)),
    }
}

fn parse(text: &str, dialect: Dialect) -> Result<Option<Value<'_>>, Problem> {
    let lenient = dialect == Dialect::WithComments;
    let options = ParseOptions {
        allow_comments: lenient,
        allow_trailing_commas: lenient,
        allow_loose_object_property_names: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    };
    match parse_to_ast(text, &CollectOptions::default(), &options) {
        Ok(result) => Ok(result.value),
        Err(error) => {
            let message = format!("the text cannot be read: {}", lower(&error.kind().to_string()));
            let problem = Problem::new("settings-not-readable", message).at(span(error.range()));
            Err(problem.help("mend it in the tool itself, which shows what is wrong"))
        }
    }
}

fn lower(message: &str) -> String {
    let mut characters = message.chars();
    characters.next().map(|first| first.to_lowercase().chain(characters).collect()).unwrap_or_default()
}

fn span(range: jsonc_parser::common::Range) -> Span {
    Span::new(range.start, range.end)
}

fn object<'a, 'b>(value: &'a Value<'b>) -> Result<&'a Object<'b>, Problem> {
    value.as_object().ok_or_else(|| {
        let problem = Problem::new("settings-not-an-object", "the text is not a JSON object").at(span(value.range()));
        problem.help("settings files hold one object: `{ … }`")
    })
}

fn properties<'a, 'b>(object: &'a Object<'b>, name: &str) -> Vec<&'a ObjectProp<'b>> {
    object.properties.iter().filter(|property| property.name.as_str() == name).collect()
}

fn walk(object: &Object<'_>, key: &[String]) -> Seen {
    let Some((name, rest)) = key.split_first() else { return Seen::Absent };
    match properties(object, name).as_slice() {
        [] => Seen::Absent,
        [property] if rest.is_empty() => seen(&property.value),
        [property] => match &property.value {
            Value::Object(inner) => walk(inner, rest),
            other => Seen::Other { what: what(other), container: true, span: span(other.range()) },
        },
        several => Seen::Many(several.iter().map(|property| span(property.range())).collect()),
    }
}

fn seen(value: &Value<'_>) -> Seen {
    let at = span(value.range());
    match value {
        Value::BooleanLit(literal) => Seen::One(Scalar::Bool(literal.value), at),
        Value::StringLit(literal) => Seen::One(Scalar::Text(literal.value.to_string()), at),
        Value::NumberLit(_) | Value::NullKeyword(_) => Seen::Other { what: what(value), container: false, span: at },
        Value::Object(_) | Value::Array(_) => Seen::Other { what: what(value), container: true, span: at },
    }
}

const fn what(value: &Value<'_>) -> &'static str {
    match value {
        Value::StringLit(_) => "a text",
        Value::NumberLit(_) => "a number",
        Value::BooleanLit(_) => "true or false",
        Value::Object(_) => "an object",
        Value::Array(_) => "a list",
        Value::NullKeyword(_) => "null",
    }
}

/// Editors write `a.b.c` as one name. `"a": { "b.c": … }` is neither documented nor excluded.
fn nested(object: &Object<'_>, name: &str) -> Option<Seen> {
    object.properties.iter().find_map(|property| {
        let rest = name.strip_prefix(property.name.as_str())?.strip_prefix('.')?;
        let inner = property.value.as_object()?;
        let found = !properties(inner, rest).is_empty();
        if found { Some(Seen::OtherForm(span(property.range()))) } else { nested(inner, rest) }
    })
}

fn literal(value: &Scalar) -> String {
    match value {
        Scalar::Bool(value) => value.to_string(),
        Scalar::Text(text) => serde_json::Value::String(text.clone()).to_string(),
    }
}

/// A text without any value: the object is written after what is there (comments).
fn fresh(text: &str, key: &[String], value: &Scalar) -> String {
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

fn insert(text: &str, object: &Object<'_>, key: &[String], value: &Scalar) -> Result<String, Problem> {
    let existing = key.split_first().filter(|(_, rest)| !rest.is_empty());
    if let Some((name, rest)) = existing
        && let [property] = properties(object, name).as_slice()
        && let Value::Object(inner) = &property.value
    {
        return insert(text, inner, rest, value);
    }
    Ok(match object.properties.last() {
        Some(last) => append(text, object, last, key, value),
        None => fill(text, object, key, value),
    })
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

#[cfg(test)]
mod tests {
    use super::*;

    fn key(steps: &[&str]) -> Vec<String> {
        steps.iter().map(|step| (*step).to_owned()).collect()
    }

    fn set_false(text: &str) -> String {
        set(text, &key(&["a.b"]), &Scalar::Bool(false), Dialect::WithComments).unwrap()
    }

    #[test]
    fn only_the_value_changes() {
        let text = "// hi\r\n{\r\n\t\"a.b\" : true , // on\r\n\t\"c\": [1,],\r\n}";
        assert_eq!(set_false(text), text.replace("true", "false"));
    }

    #[test]
    fn a_new_member_follows_the_last_one_with_its_commas_and_comments() {
        assert_eq!(set_false("{\n  \"c\": 1 // why\n}\n"), "{\n  \"c\": 1, // why\n  \"a.b\": false\n}\n");
        assert_eq!(set_false("{\r\n\t\"c\": 1,\r\n}"), "{\r\n\t\"c\": 1,\r\n\t\"a.b\": false,\r\n}");
        assert_eq!(set_false("{\r\n\t\"c\": 1 // x\r\n}"), "{\r\n\t\"c\": 1, // x\r\n\t\"a.b\": false\r\n}");
        assert_eq!(set_false("{\n  \"c\": 1\n  // end\n}"), "{\n  \"c\": 1,\n  \"a.b\": false\n  // end\n}");
        assert_eq!(
            set_false("{\n  \"c\": 1 /* x */, /* y */\n}"),
            "{\n  \"c\": 1 /* x */, /* y */\n  \"a.b\": false,\n}"
        );
    }

    #[test]
    fn a_one_line_object_stays_on_its_line() {
        assert_eq!(set_false("{\"c\":1}"), "{\"c\":1, \"a.b\": false}");
        assert_eq!(set_false("{ \"c\": 1, }\n"), "{ \"c\": 1, \"a.b\": false, }\n");
    }

    #[test]
    fn an_empty_object_or_text_gets_its_first_member() {
        assert_eq!(set_false(""), "{\n    \"a.b\": false\n}\n");
        assert_eq!(set_false("// only a comment"), "// only a comment\n{\n    \"a.b\": false\n}\n");
        assert_eq!(set_false("{}"), "{\n    \"a.b\": false\n}");
        assert_eq!(set_false("{ }"), "{ \"a.b\": false }");
        assert_eq!(set_false("{\r\n}\r\n"), "{\r\n    \"a.b\": false\r\n}\r\n");
        assert_eq!(set_false("{\n  // c\n}\n"), "{\n  // c\n    \"a.b\": false\n}\n");
    }

    #[test]
    fn steps_that_are_missing_are_written() {
        let deep = |text: &str| set(text, &key(&["context", "x"]), &Scalar::Bool(false), Dialect::Strict).unwrap();
        assert_eq!(deep("{\n  \"a\": 1\n}"), "{\n  \"a\": 1,\n  \"context\": {\n    \"x\": false\n  }\n}");
        assert_eq!(deep("{ \"context\": { \"y\": 1 } }"), "{ \"context\": { \"y\": 1, \"x\": false } }");
        assert_eq!(deep("{ \"context\": { } }"), "{ \"context\": { \"x\": false } }");
        assert_eq!(deep("{ \"context\": {} }"), "{ \"context\": {\n    \"x\": false\n} }");
    }

    #[test]
    fn a_key_that_is_there_twice_is_refused_with_its_place() {
        let problem = set("{\"a.b\":1,\n\"a.b\":2}", &key(&["a.b"]), &Scalar::Bool(false), Dialect::WithComments);
        assert_eq!(problem.unwrap_err().code, "settings-duplicate");
    }

    #[test]
    fn a_container_and_another_form_are_refused() {
        let refused =
            |text: &str| set(text, &key(&["a.b"]), &Scalar::Bool(false), Dialect::WithComments).unwrap_err().code;
        assert_eq!(refused("{\"a.b\": {}}"), "settings-container");
        assert_eq!(refused("{\"a\": {\"b\": true}}"), "settings-form");
        assert_eq!(refused("[]"), "settings-not-an-object");
        assert_eq!(refused("{\"a.b\": tru}"), "settings-not-readable");
        assert_eq!(refused(&"[".repeat(100_000)), "settings-not-readable");
    }

    #[test]
    fn strict_json_has_no_comments() {
        assert!(look("{ /* no */ }", &key(&["a"]), Dialect::Strict).is_err());
        assert!(look("{ /* yes */ }", &key(&["a"]), Dialect::WithComments).is_ok());
    }

    #[test]
    fn a_wrong_plain_value_is_replaced() {
        assert_eq!(set_false("{\"a.b\": null}"), "{\"a.b\": false}");
        assert_eq!(set_false("{\"a.b\": \"false\"}"), "{\"a.b\": false}");
    }
}
