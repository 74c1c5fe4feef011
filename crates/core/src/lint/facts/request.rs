//! The input of CreatePolicy and UpdatePolicy as an object, as `--cli-input-json` and the SDKs take it: it holds a document
//! and is none.
//!
//! Its members: botocore 1.44.5, `CreatePolicyRequest` and `UpdatePolicyRequest` of Organizations, read 2026-11-24.

use super::classify::{document, is_document, is_document_text};
use super::{AI_TYPE, At, Document, Facts, Origin, Policy, Style, Type};
use crate::lint::read::json;
use crate::lint::read::value::{Text, Value, ValueKind};

const MEMBERS: [&str; 6] = ["Content", "Description", "Name", "PolicyId", "Tags", "Type"];

/// Whether an object that begins with this key may be such an input.
pub(in crate::lint) fn begins(key: &str) -> bool {
    MEMBERS.contains(&key)
}

/// The content of a value that is such an input.
fn content(value: &Value) -> Option<&Value> {
    let only = value.entries().iter().all(|it| MEMBERS.contains(&it.key.as_str()));
    value.get("Content").filter(|content| only || is_ai(value) || looks(content))
}

fn is_ai(value: &Value) -> bool {
    value.get("Type").and_then(Value::text) == Some(AI_TYPE)
}

/// Whether a content is one of ours, whatever the type says.
fn looks(content: &Value) -> bool {
    match &content.kind {
        ValueKind::Encoded(inner, _) => is_document(inner),
        ValueKind::Text(text) => is_document_text(&text.value),
        ValueKind::Null
        | ValueKind::Bool(_)
        | ValueKind::Number(_)
        | ValueKind::List(_)
        | ValueKind::Map(_)
        | ValueKind::File { .. }
        | ValueKind::Open(_) => is_document(content),
    }
}

/// What an input holds.
#[derive(Debug)]
pub(in crate::lint) struct Request {
    /// The type, which UpdatePolicy does not take.
    pub kind: Type,
    pub content: Text,
}

/// The input that a JSON text is, with places where the text stands.
pub(in crate::lint) fn read(text: &Text) -> Option<Request> {
    if !text.value.contains("\"Content\"") {
        return None;
    }
    let value = json::read(&text.value).0?;
    let ValueKind::Text(inner) = &content(&value)?.kind else { return None };
    let kind = match value.get("Type").map(|it| (it.text(), it.span)) {
        Some((Some(name), span)) => Type::Named(name.to_owned(), text.span(span, span)),
        Some((None, _)) => Type::Open,
        None => Type::Missing,
    };
    Some(Request { kind, content: inner.clone().within(text) })
}

/// The document in a JSON text that is such an input.
pub(in crate::lint) fn document_in(text: &Text) -> Option<Text> {
    read(text).map(|it| it.content).filter(|it| is_document_text(&it.value))
}

/// Takes the document of a value that is such an input; whether it is one.
pub(in crate::lint) fn take(file: (usize, &str, &str), native: Style, value: &Value, facts: &mut Facts) -> bool {
    let (number, name, text) = file;
    let Some(content) = content(value).filter(|content| is_ai(value) || looks(content)) else { return false };
    let found = document(number, text, native, content, true);
    match value.get("Type").and_then(|it| Some((it.text()?, it.span))) {
        Some((kind, span)) => facts.policies.push(Policy {
            at: At { file: number, span: value.span },
            unit: name.to_owned(),
            address: format!("input at {}", value.span.start),
            kind: Type::Named(kind.to_owned(), span),
            document: found,
            content: Some(content.clone()),
            name: value.get("Name").cloned(),
            // Who sends it, and attaches what comes of it, stands elsewhere.
            used: true,
            language: Origin::Code,
            as_text: None,
        }),
        None => facts.documents.extend(found),
    }
    true
}

/// A document in a text that stands in a text of another language: shown where it is, edited nowhere.
pub(in crate::lint) fn fixed(at: At, content: Text) -> Document {
    Document { at, style: Style::Fixed, body: super::Body::Text(content) }
}
