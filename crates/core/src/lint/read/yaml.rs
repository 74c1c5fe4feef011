//! YAML with CloudFormation's short tags (`!Ref`, `!Sub`, `!GetAtt`), from the parser's events.
//!
//! Aliases are followed within a budget, so that a text of a few lines cannot become gigabytes.

use std::collections::BTreeMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span as Marks};

use super::value::{DEEPEST, Entry, Text, Value, ValueKind};
use crate::source::{Problem, Span};

/// More values than this, aliases followed, are no infrastructure code.
const MOST_VALUES: usize = 200_000;

/// The documents of a YAML text, as far as they can be read, and what is wrong with it.
pub(in crate::lint) fn read(text: &str) -> (Vec<Value>, Option<Problem>) {
    let mut builder = Builder { text, bytes: offsets(text), anchors: BTreeMap::new(), values: 0 };
    let (mut documents, mut stack) = (Vec::new(), Vec::new());
    for event in Parser::new_from_str(text) {
        let (event, marks) = match event {
            Ok(event) => event,
            Err(error) => {
                let at = builder.byte(error.marker().index());
                let problem = Problem::new("yaml-syntax", error.info().to_owned()).at(Span::new(at, at));
                return (
                    documents,
                    Some(problem.help("CloudFormation and its kin need YAML 1.1 that every parser reads")),
                );
            }
        };
        if stack.len() > DEEPEST || builder.values > MOST_VALUES {
            let at = builder.span(marks);
            let problem =
                Problem::new("yaml-syntax", "the text is nested deeper, or larger, than any template is").at(at);
            return (documents, Some(problem.help("is this the right file?")));
        }
        if let Some(value) = builder.take(event, marks, &mut stack) {
            documents.push(value);
        }
    }
    (documents, None)
}

/// Byte offsets by character, for texts that are not all ASCII.
fn offsets(text: &str) -> Option<Vec<usize>> {
    (!text.is_ascii()).then(|| text.char_indices().map(|(at, _)| at).chain([text.len()]).collect())
}

struct Builder<'a> {
    text: &'a str,
    bytes: Option<Vec<usize>>,
    anchors: BTreeMap<usize, Value>,
    values: usize,
}

/// A collection that is being read.
struct Open {
    anchor: usize,
    tag: Option<String>,
    start: usize,
    map: bool,
    elements: Vec<Value>,
}

impl Builder<'_> {
    fn byte(&self, index: usize) -> usize {
        match &self.bytes {
            None => index.min(self.text.len()),
            Some(bytes) => bytes.get(index).copied().unwrap_or(self.text.len()),
        }
    }

    fn span(&self, marks: Marks) -> Span {
        let (start, end) = (self.byte(marks.start.index()), self.byte(marks.end.index()));
        Span::new(start, end.max(start))
    }

    /// Takes an event; gives a document when one is complete.
    fn take(&mut self, event: Event<'_>, marks: Marks, stack: &mut Vec<Open>) -> Option<Value> {
        let span = self.span(marks);
        let value = match event {
            Event::Scalar(value, style, anchor, tag) => {
                let value = self.scalar(&value, style, span, tag.map(|tag| tag.suffix.clone()).as_deref());
                self.keep(anchor, value)
            }
            Event::Alias(anchor) => {
                let value = self.anchors.get(&anchor).cloned().unwrap_or(Value::open(span, Vec::new()));
                let mut more = 0;
                value.visit(&mut |_| more += 1);
                self.values += more;
                value.moved(span)
            }
            Event::SequenceStart(anchor, tag) => {
                return self.begin(stack, anchor, tag.map(|it| it.suffix.clone()), span, false);
            }
            Event::MappingStart(anchor, tag) => {
                return self.begin(stack, anchor, tag.map(|it| it.suffix.clone()), span, true);
            }
            Event::SequenceEnd | Event::MappingEnd => {
                let open = stack.pop()?;
                let anchor = open.anchor;
                let value = finished(open, span.end);
                self.keep(anchor, value)
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {
                return None;
            }
        };
        self.values += 1;
        match stack.last_mut() {
            Some(open) => {
                open.elements.push(value);
                None
            }
            None => Some(value),
        }
    }

    fn begin(&self, stack: &mut Vec<Open>, anchor: usize, tag: Option<String>, span: Span, map: bool) -> Option<Value> {
        stack.push(Open { anchor, tag, start: span.start, map, elements: Vec::new() });
        None
    }

    fn keep(&mut self, anchor: usize, value: Value) -> Value {
        if anchor > 0 {
            self.anchors.insert(anchor, value.clone());
        }
        value
    }

    fn scalar(&self, value: &str, style: ScalarStyle, span: Span, tag: Option<&str>) -> Value {
        if let Some(open) = tag.and_then(|tag| intrinsic(tag, value)) {
            return Value::open(span, open);
        }
        let kind = match style {
            ScalarStyle::Plain => plain(value, span),
            ScalarStyle::SingleQuoted | ScalarStyle::DoubleQuoted => quoted(self.text, value, span),
            ScalarStyle::Literal => ValueKind::Text(literal(self.text, value, span)),
            ScalarStyle::Folded => ValueKind::Text(Text { value: value.to_owned(), places: Vec::new() }),
        };
        Value::new(span, kind)
    }
}

fn plain(value: &str, span: Span) -> ValueKind {
    match value {
        "" | "~" | "null" | "Null" | "NULL" => ValueKind::Null,
        "true" | "True" | "TRUE" => ValueKind::Bool(true),
        "false" | "False" | "FALSE" => ValueKind::Bool(false),
        number
            if number.parse::<f64>().is_ok()
                && number.starts_with(|first: char| first.is_ascii_digit() || first == '-') =>
        {
            ValueKind::Number(number.to_owned())
        }
        text => ValueKind::Text(Text::verbatim(text, span.start)),
    }
}

fn quoted(text: &str, value: &str, span: Span) -> ValueKind {
    let start = span.start + 1;
    let same = text.get(start..start + value.len()) == Some(value);
    let places = if same { vec![(0, start)] } else { Vec::new() };
    ValueKind::Text(Text { value: value.to_owned(), places })
}

/// A literal block: each line of it stands, indented, in the file.
fn literal(text: &str, value: &str, span: Span) -> Text {
    let mut places = Vec::new();
    let (mut offset, mut at) = (0, span.start);
    for line in value.split_inclusive('\n') {
        let bare = line.trim_end_matches('\n');
        let found = text.get(at..).and_then(|rest| rest.find(bare));
        let Some(found) = found.filter(|_| !bare.is_empty()) else {
            offset += line.len();
            continue;
        };
        places.push((offset, at + found));
        (offset, at) = (offset + line.len(), at + found + bare.len());
    }
    Text { value: value.to_owned(), places }
}

/// What a CloudFormation function in its short form refers to; `None` where the tag is none.
fn intrinsic(tag: &str, value: &str) -> Option<Vec<String>> {
    match tag {
        "Ref" | "GetAtt" | "ImportValue" | "Condition" => Some(vec![value.to_owned()]),
        "Sub" => Some(substitutions(value)),
        "Base64" | "Join" | "Select" | "Split" | "FindInMap" | "If" | "Equals" | "Not" | "And" | "Or" | "Cidr"
        | "GetAZs" | "Transform" | "ToJsonString" | "Length" | "ForEach" => Some(Vec::new()),
        _ => None,
    }
}

/// The names in `${…}` of a text for `Fn::Sub`; none where it has none.
pub(in crate::lint) fn substitutions(text: &str) -> Vec<String> {
    let pieces = text.split("${").skip(1).filter_map(|piece| piece.split_once('}'));
    pieces.map(|(name, _)| name.trim().to_owned()).filter(|name| !name.starts_with('!')).collect()
}

fn finished(open: Open, end: usize) -> Value {
    let span = Span::new(open.start, end.max(open.start));
    let value = Value::new(span, if open.map { pairs(open.elements) } else { ValueKind::List(open.elements) });
    match open.tag.as_deref() {
        Some("GetAtt") => {
            let parts: Vec<&str> = value.elements().iter().filter_map(Value::text).collect();
            Value::open(span, vec![parts.join(".")])
        }
        Some("Sub") => {
            let mut mentions: Vec<String> =
                value.elements().iter().filter_map(Value::text).flat_map(substitutions).collect();
            mentions.extend(value.mentions().iter().map(|it| (*it).to_owned()));
            Value::open(span, mentions)
        }
        Some(
            "Join" | "Select" | "Split" | "FindInMap" | "If" | "Base64" | "Equals" | "Not" | "And" | "Or" | "Cidr"
            | "GetAZs" | "Transform" | "Length" | "ForEach",
        ) => Value::open(span, value.mentions().iter().map(|it| (*it).to_owned()).collect()),
        Some("ToJsonString") => Value::new(span, ValueKind::Encoded(Box::new(value), super::value::Spacing::Minified)),
        Some(_) | None => value,
    }
}

/// The elements of a mapping, key after value, as entries; a key that is no text is written as one.
fn pairs(elements: Vec<Value>) -> ValueKind {
    let (mut entries, mut key) = (Vec::new(), None::<Value>);
    for value in elements {
        match key.take() {
            None => key = Some(value),
            Some(key) => {
                let name = match &key.kind {
                    ValueKind::Text(text) => text.value.clone(),
                    ValueKind::Number(text) => text.clone(),
                    ValueKind::Bool(it) => it.to_string(),
                    ValueKind::Null
                    | ValueKind::List(_)
                    | ValueKind::Map(_)
                    | ValueKind::Encoded(..)
                    | ValueKind::File { .. }
                    | ValueKind::Open(_) => String::new(),
                };
                entries.push(Entry { key: name, key_span: key.span, value });
            }
        }
    }
    ValueKind::Map(entries)
}
