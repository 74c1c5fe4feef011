//! What a value is: an opt-out document, a target.

use super::{Body, Document, Style, Target};
use crate::lint::facts::At;
use crate::lint::read::value::{Spacing, Value, ValueKind};
use crate::policy::{Json, characters};
use crate::source::Span;

/// Whether a value looks like an opt-out document: `services` with a service that has an `opt_out_policy`.
pub(in crate::lint) fn is_document(value: &Value) -> bool {
    value.get("services").is_some_and(|services| {
        services.entries().iter().any(|entry| entry.value.get("opt_out_policy").is_some() || entry.key == "default")
    })
}

/// Whether a text looks like an opt-out document.
pub(in crate::lint) fn is_document_text(text: &str) -> bool {
    let text = text.trim_start();
    (text.starts_with('{') || text.starts_with("/") || text.starts_with('#')) && text.contains("opt_out_policy")
}

/// Whether what was found looks like an opt-out document. Of a whole file that is seen later.
pub(in crate::lint) fn looks_ai(body: &Body) -> bool {
    match body {
        Body::Tree(json, _) => is_document(&Value::from(json)),
        Body::Text(text) => is_document_text(&text.value),
        Body::File => false,
    }
}

/// Whether somewhere in a value an operator of the policy language is used: an effective document has none.
pub(in crate::lint) fn has_operators(value: &Value) -> bool {
    let mut found = false;
    value.visit(&mut |value| found |= value.entries().iter().any(|entry| entry.key.starts_with("@@")));
    found
}

/// How a language writes, when nothing is escaped.
pub(in crate::lint) fn style(native: Style, text: &str, value: &Value) -> Style {
    let braced = text.get(value.span.start..).is_some_and(|rest| rest.starts_with('{'));
    match (native, braced) {
        (Style::Yaml, true) | (Style::Json, true) => Style::Json,
        (Style::Hcl, true) => Style::Hcl,
        (Style::Yaml, false) => Style::Yaml,
        (Style::Json | Style::Hcl, false) | (Style::Fixed, _) => Style::Fixed,
    }
}

/// The characters of a document as an encoder writes it.
pub(in crate::lint) fn length(json: &Json, spacing: Spacing) -> usize {
    match spacing {
        Spacing::Minified => characters(&json.minified()),
        Spacing::Blanks => characters(&json.minified()) + pieces(json),
        Spacing::Lines(indent) => lines(json, indent, 0),
    }
}

/// Colons and the commas between elements.
fn pieces(json: &Json) -> usize {
    if let Some(members) = json.as_object() {
        let commas = members.len().saturating_sub(1);
        return commas + members.len() + members.iter().map(|member| pieces(&member.value)).sum::<usize>();
    }
    let elements = json.as_array().unwrap_or_default();
    elements.len().saturating_sub(1) + elements.iter().map(pieces).sum::<usize>()
}

fn lines(json: &Json, indent: usize, depth: usize) -> usize {
    let around = |count: usize| 2 + (count * (1 + indent * (depth + 1))) + count.saturating_sub(1) + 1 + indent * depth;
    match (json.as_object(), json.as_array()) {
        (Some([_, ..]), _) => {
            let members = json.as_object().unwrap_or_default();
            let inner = |member: &crate::policy::Member| {
                characters(&serde_json::Value::from(member.key.as_str()).to_string())
                    + 2
                    + lines(&member.value, indent, depth + 1)
            };
            around(members.len()) + members.iter().map(inner).sum::<usize>()
        }
        (_, Some(elements @ [_, ..])) => {
            around(elements.len()) + elements.iter().map(|it| lines(it, indent, depth + 1)).sum::<usize>()
        }
        (Some([]), _) | (_, Some([])) | (None, None) => characters(&json.minified()),
    }
}

/// The document a content is, where it is wholly known and stands in this file. `as_object` where a bare map is sent as JSON.
pub(in crate::lint) fn document(
    file: usize,
    text: &str,
    native: Style,
    value: &Value,
    as_object: bool,
) -> Option<Document> {
    let at = At { file, span: value.span };
    match &value.kind {
        ValueKind::Encoded(inner, spacing) => {
            let json = inner.json()?;
            let characters = length(&json, *spacing);
            let at = At { file, span: inner.span };
            Some(Document { at, style: style(native, text, inner), body: Body::Tree(json, characters) })
        }
        ValueKind::Map(_) if as_object => {
            let json = value.json()?;
            let characters = length(&json, Spacing::Minified);
            Some(Document { at, style: style(native, text, value), body: Body::Tree(json, characters) })
        }
        ValueKind::Text(inner) => {
            let style = if inner.places.is_empty() || is_escaped(text, value) { Style::Fixed } else { Style::Json };
            Some(Document { at, style, body: Body::Text(inner.clone()) })
        }
        ValueKind::Null
        | ValueKind::Bool(_)
        | ValueKind::Number(_)
        | ValueKind::List(_)
        | ValueKind::Map(_)
        | ValueKind::File { .. }
        | ValueKind::Open(_) => None,
    }
}

/// Whether a text stands between single double quotes: those of a document are escaped there, so nothing is put in.
fn is_escaped(text: &str, value: &Value) -> bool {
    let written = text.get(value.span.start..).unwrap_or_default();
    written.starts_with('"') && !written.starts_with("\"\"\"")
}

/// What an id is the id of.
pub(in crate::lint) fn target_of_id(id: &str) -> Target {
    let digits = id.len() == 12 && id.chars().all(|it| it.is_ascii_digit());
    match id {
        _ if digits => Target::Account,
        _ if id.starts_with("r-") => Target::Root,
        _ if id.starts_with("ou-") => Target::Unit,
        _ => Target::Unknown,
    }
}

/// What a name refers to, by the words in it.
pub(in crate::lint) fn target_of_name(name: &str) -> Target {
    let lower = name.to_ascii_lowercase();
    let has = |word: &str| lower.contains(word);
    if has("aws::accountid")
        || (has("caller_identity") && has("account_id"))
        || lower.ends_with("aws.account_id")
        || has("self.account")
        || has("this.account")
        || has("stack.of(this).account")
        || has("master_account_id")
        || has("managementaccountid")
    {
        Target::OwnAccount
    } else if has(".roots")
        || has("rootid")
        || has("root_id")
        || has("root-id")
        || has("organization_root")
        || has("list_roots")
        || lower == "root"
    {
        Target::Root
    } else if has(".accounts") || has("master_accounts") || (has("organizations_account") && has("[*]")) {
        Target::EachAccount
    } else if has("aws_organizations_account.") {
        Target::Account
    } else if has("organizational_unit") || has("ou_id") || has("ouid") {
        Target::Unit
    } else {
        Target::Unknown
    }
}

/// The targets that a value lists, each with its place. Several accounts are accounts one by one.
pub(in crate::lint) fn targets(value: &Value) -> Vec<(Target, Span)> {
    let listed = match &value.kind {
        ValueKind::List(elements) => elements.as_slice(),
        _ => std::slice::from_ref(value),
    };
    let many = listed.len() > 1 && listed.iter().all(|it| target(it) == Target::Account);
    listed.iter().map(|it| (if many { Target::EachAccount } else { target(it) }, it.span)).collect()
}

/// What a value names as target.
pub(in crate::lint) fn target(value: &Value) -> Target {
    match &value.kind {
        ValueKind::Text(text) => target_of_id(&text.value),
        ValueKind::Open(names) => names
            .iter()
            .map(|name| target_of_name(name))
            .find(|target| *target != Target::Unknown)
            .unwrap_or(Target::Unknown),
        ValueKind::List(elements) => {
            let targets: Vec<Target> = elements.iter().map(target).collect();
            match targets.as_slice() {
                [one] => *one,
                many if many.iter().all(|it| *it == Target::Account) && !many.is_empty() => Target::EachAccount,
                many => many.iter().copied().find(|it| *it == Target::Root).unwrap_or(Target::Unknown),
            }
        }
        ValueKind::Null
        | ValueKind::Bool(_)
        | ValueKind::Number(_)
        | ValueKind::Map(_)
        | ValueKind::Encoded(..)
        | ValueKind::File { .. } => Target::Unknown,
    }
}
