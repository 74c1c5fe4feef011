//! Reading one key of a settings file, and the smallest change that sets it.
//!
//! Every format answers the same two questions: what stands under this key ([`look`]), and which text has this value
//! there and is otherwise the same, byte for byte ([`set`]). A change is a splice into the text at places a real parser
//! of the format gave, so comments, order, indentation, line ends and whatever else the file holds stay.

mod jsonc;
mod jsonc_insert;
mod lines;
mod properties;
mod toml_text;
mod xml;
mod xml_tree;

use super::terms::{Format, Scalar};
use crate::source::{Problem, Span};

/// What stands under a key.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Seen {
    /// Nothing.
    Absent,
    /// One value.
    One(Scalar, Span),
    /// One value that is neither a boolean nor a text.
    Other {
        /// What it is, in words: `a number`, `an object`.
        what: &'static str,
        /// Whether other values may be inside it.
        container: bool,
        /// Where.
        span: Span,
    },
    /// The key is there more than once.
    Many(Vec<Span>),
    /// The key's steps are written in another form whose meaning no source states.
    OtherForm(Span),
}

/// What stands under `key`.
///
/// # Errors
/// The problem that keeps the text from being read.
pub(super) fn look(format: Format, text: &str, key: &[String]) -> Result<Seen, Problem> {
    match format {
        Format::Jsonc => jsonc::look(text, key, jsonc::Dialect::WithComments),
        Format::Json => jsonc::look(text, key, jsonc::Dialect::Strict),
        Format::Xml => xml::look(text, key),
        Format::Toml => toml_text::look(text, key),
        Format::Properties => properties::look(text, key),
        Format::None => Err(unknown_format()),
    }
}

/// Whether the text shows that the tool whose key this is has written to it: the key, or for XML its component.
///
/// # Errors
/// The problem that keeps the text from being read.
pub(super) fn touched(format: Format, text: &str, key: &[String]) -> Result<bool, Problem> {
    match (format, key.first()) {
        (Format::Xml, Some(component)) => xml::has_component(text, component),
        _ => Ok(look(format, text, key)? != Seen::Absent),
    }
}

/// The text with `value` under `key`, the smallest change there is.
///
/// # Errors
/// Why it cannot be set: the text cannot be read, the key is there twice, or holds something else.
pub(super) fn set(format: Format, text: &str, key: &[String], value: &Scalar) -> Result<String, Problem> {
    match format {
        Format::Jsonc => jsonc::set(text, key, value, jsonc::Dialect::WithComments),
        Format::Json => jsonc::set(text, key, value, jsonc::Dialect::Strict),
        Format::Xml => xml::set(text, key, value),
        Format::Toml => toml_text::set(text, key, value),
        Format::Properties => properties::set(text, key, value),
        Format::None => Err(unknown_format()),
    }
}

fn unknown_format() -> Problem {
    Problem::new("settings-not-proven", "no source shows how this tool keeps its settings")
}

/// The refusal to change a key that does not hold exactly one plain value; `None` where it may be set.
pub(super) fn refusal(seen: &Seen, key: &str) -> Option<Problem> {
    match seen {
        Seen::Absent | Seen::One(..) | Seen::Other { container: false, .. } => None,
        Seen::Other { what, container: true, span } => {
            let problem = Problem::new("settings-container", format!("`{key}` is {what} where a single value belongs"));
            Some(problem.at(*span).help("look at what put it there, and remove it by hand"))
        }
        Seen::Many(spans) => {
            let problem = Problem::new("settings-duplicate", format!("`{key}` is there {} times", spans.len()));
            let last = spans.last().copied().unwrap_or_default();
            Some(problem.at(last).help("leave one of them: tools differ in which one they read"))
        }
        Seen::OtherForm(span) => {
            let message = format!("the steps of `{key}` are written in a form whose meaning is not documented");
            Some(Problem::new("settings-form", message).at(*span).help("write the key in full, or remove this form"))
        }
    }
}

/// `text` with the bytes of `span` replaced.
fn splice(text: &str, span: Span, replacement: &str) -> String {
    let before = text.get(..span.start).unwrap_or_default();
    let after = text.get(span.end..).unwrap_or_default();
    format!("{before}{replacement}{after}")
}
