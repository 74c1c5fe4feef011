//! Values and blocks as HCL, laid out as `terraform fmt` does it: consecutive attributes of one line each have their `=` in one
//! column.
//!
//! The rule is that of `hclwrite` (`formatCells` in
//! <https://github.com/hashicorp/hcl/blob/main/hclwrite/format.go>, read 2026-11-24): a line whose brackets do not close on it,
//! a comment or an empty line ends a column.

use std::fmt::Write as _;

use serde_json::Value;

use crate::source::shown;

/// A value of an attribute.
#[derive(Debug, Clone)]
pub(super) enum Expression {
    /// A text, escaped.
    Text(String),
    /// An expression of this program's own, on one line.
    Code(String),
    /// Values, one a line.
    List(Vec<Expression>),
    /// Keys and values, one a line.
    Object(Vec<(String, Expression)>),
}

impl Expression {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    pub(super) fn code(text: impl Into<String>) -> Self {
        Self::Code(text.into())
    }

    /// A JSON value.
    pub(super) fn of(value: &Value) -> Self {
        match value {
            Value::String(text) => Self::text(text),
            Value::Array(values) => Self::List(values.iter().map(Self::of).collect()),
            Value::Object(entries) => {
                Self::Object(entries.iter().map(|(key, it)| (key.clone(), Self::of(it))).collect())
            }
            Value::Null | Value::Bool(_) | Value::Number(_) => Self::code(value.to_string()),
        }
    }
}

/// What stands in a body.
#[derive(Debug, Clone)]
pub(super) enum Item {
    /// `name = value`.
    Attribute(&'static str, Expression),
    /// A block.
    Block(Block),
    /// A comment of one line; any text.
    Comment(String),
    /// An empty line.
    Empty,
}

impl Item {
    pub(super) fn text(name: &'static str, text: impl Into<String>) -> Self {
        Self::Attribute(name, Expression::text(text))
    }

    pub(super) fn code(name: &'static str, code: impl Into<String>) -> Self {
        Self::Attribute(name, Expression::code(code))
    }

    pub(super) fn block(kind: &'static str, labels: &[&str], body: Vec<Self>) -> Self {
        Self::Block(Block { kind, labels: labels.iter().map(|label| (*label).to_owned()).collect(), body })
    }
}

/// A block with its labels.
#[derive(Debug, Clone)]
pub(super) struct Block {
    kind: &'static str,
    labels: Vec<String>,
    body: Vec<Item>,
}

/// A file of these items.
pub(super) fn file(items: &[Item]) -> String {
    let mut lines = Lines::default();
    lines.body(items, 0);
    lines.render()
}

/// A line: what stands before `=`, and from there on where it can be in a column.
struct Line {
    indent: usize,
    lead: String,
    assigned: Option<String>,
}

#[derive(Default)]
struct Lines(Vec<Line>);

impl Lines {
    fn push(&mut self, indent: usize, lead: impl Into<String>) {
        self.0.push(Line { indent, lead: lead.into(), assigned: None });
    }

    fn body(&mut self, items: &[Item], indent: usize) {
        for item in items {
            match item {
                Item::Attribute(name, value) => self.assign(name, value, indent),
                Item::Block(block) => self.block(block, indent),
                Item::Comment(text) if text.is_empty() => self.push(indent, "#"),
                Item::Comment(text) => self.push(indent, format!("# {}", shown(text))),
                Item::Empty => self.push(0, ""),
            }
        }
    }

    fn block(&mut self, block: &Block, indent: usize) {
        let labels: String = block.labels.iter().map(|label| format!(" {}", quoted(label, false))).collect();
        let head = format!("{}{labels}", block.kind);
        if block.body.is_empty() {
            return self.push(indent, head + " {}");
        }
        self.push(indent, head + " {");
        self.body(&block.body, indent + 1);
        self.push(indent, "}");
    }

    fn assign(&mut self, name: &str, value: &Expression, indent: usize) {
        let assigned = one_line(value);
        if assigned.is_some() {
            return self.0.push(Line { indent, lead: name.to_owned(), assigned });
        }
        self.spread(&format!("{name} = "), value, indent, "");
    }

    /// A value of several lines.
    fn spread(&mut self, head: &str, value: &Expression, indent: usize, tail: &str) {
        match value {
            Expression::List(values) => {
                self.push(indent, format!("{head}["));
                for value in values {
                    match one_line(value) {
                        Some(text) => self.push(indent + 1, text + ","),
                        None => self.spread("", value, indent + 1, ","),
                    }
                }
                self.push(indent, format!("]{tail}"));
            }
            Expression::Object(entries) => {
                self.push(indent, format!("{head}{{"));
                entries.iter().for_each(|(key, value)| self.assign(&name(key), value, indent + 1));
                self.push(indent, format!("}}{tail}"));
            }
            Expression::Text(_) | Expression::Code(_) => {}
        }
    }

    fn render(&self) -> String {
        let mut text = String::new();
        let mut width = 0;
        for (at, line) in self.0.iter().enumerate() {
            let is_first = at.checked_sub(1).and_then(|at| self.0.get(at)).is_none_or(|it| it.assigned.is_none());
            if is_first {
                let column = self.0.iter().skip(at).take_while(|it| it.assigned.is_some());
                width = column.map(|it| it.lead.chars().count()).max().unwrap_or_default();
            }
            let pad = if line.lead.is_empty() { String::new() } else { "  ".repeat(line.indent) };
            match &line.assigned {
                Some(value) => text.push_str(&format!("{pad}{:width$} = {value}\n", line.lead)),
                None => text.push_str(&format!("{pad}{}\n", line.lead)),
            }
        }
        text
    }
}

fn one_line(value: &Expression) -> Option<String> {
    match value {
        Expression::Text(text) => Some(quoted(text, false)),
        Expression::Code(code) => Some(code.clone()),
        Expression::List(values) => match values.as_slice() {
            [] => Some("[]".to_owned()),
            [only] => one_line(only).map(|only| format!("[{only}]")),
            [..] => None,
        },
        Expression::Object(entries) => entries.is_empty().then(|| "{}".to_owned()),
    }
}

/// The key of an object: bare where it is an identifier. Other characters than ASCII are escaped, so that columns are
/// counted the same by everybody.
fn name(key: &str) -> String {
    let is_letter = |character: char| character.is_ascii_alphanumeric() || character == '_';
    let is_name = key.starts_with(|first: char| first.is_ascii_alphabetic()) && key.chars().all(is_letter);
    // These words are something else where an object begins with them.
    let is_word = ["for", "true", "false", "null", "if", "in", "else", "endif", "endfor"].contains(&key);
    if is_name && !is_word { key.to_owned() } else { quoted(key, true) }
}

/// A text between quotation marks. `${` and `%{` begin templates there: `$` and `%` before `{` are written as codes, which no
/// reader takes for one, whatever stands before them.
fn quoted(text: &str, ascii: bool) -> String {
    let mut quoted = String::from('"');
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            '$' | '%' if characters.peek() == Some(&'{') => code(character, &mut quoted),
            other if is_seen(other) && (!ascii || other.is_ascii()) => quoted.push(other),
            other => code(other, &mut quoted),
        }
    }
    quoted + "\""
}

fn is_seen(character: char) -> bool {
    matches!(shown(character.encode_utf8(&mut [0; 4])), std::borrow::Cow::Borrowed(_))
}

fn code(character: char, text: &mut String) {
    let number = u32::from(character);
    let _ = if number > 0xffff { write!(text, "\\U{number:08x}") } else { write!(text, "\\u{number:04x}") };
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::{Expression, Item, file};

    #[test]
    fn columns_end_where_brackets_stay_open() {
        let value =
            json!({"@@assign": "optOut", "a": ["x"], "b": {"c": 1, "long_name": []}, "z": ["x", "y"], "zz": "z"});
        let text = file(&[Item::Attribute("value", Expression::of(&value)), Item::Empty, Item::text("n", "x")]);
        let expected = "value = {\n  \"@@assign\" = \"optOut\"\n  a          = [\"x\"]\n  b = {\n    c         = 1\n    \
                        long_name = []\n  }\n  z = [\n    \"x\",\n    \"y\",\n  ]\n  zz = \"z\"\n}\n\nn = \"x\"\n";
        assert_eq!(text, expected);
    }

    #[test]
    fn nothing_begins_a_template_or_leaves_its_quotation_marks() {
        let text = file(&[Item::text("n", "\"${a}%{b}$${c}\\\n\r\u{1b}\u{202e}\u{e0041}$")]);
        assert_eq!(text, "n = \"\\\"\\u0024{a}\\u0025{b}$\\u0024{c}\\\\\\n\\u000d\\u001b\\u202e\\U000e0041$\"\n");
        assert_eq!(file(&[Item::Comment("a\nb".into())]), "# a\\u{a}b\n");
    }
}
