//! JSON and JSON with comments.
//!
//! jsonc-parser gives the byte ranges; the text is spliced. Its concrete syntax tree would re-lay a one-line object out
//! over several lines, which is more than was asked for.

use jsonc_parser::ast::{Object, ObjectProp, Value};
use jsonc_parser::common::Ranged;
use jsonc_parser::{CollectOptions, ParseOptions, parse_to_ast};

use super::jsonc_insert::{fresh, insert, literal};
use super::{Seen, refusal, splice};
use crate::source::{Problem, Span};
use crate::workstation::clients::key_text;
use crate::workstation::terms::Scalar;

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
        Some(root) => Ok(insert(text, object(&root)?, key, value)),
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

pub(super) fn properties<'a, 'b>(object: &'a Object<'b>, name: &str) -> Vec<&'a ObjectProp<'b>> {
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
