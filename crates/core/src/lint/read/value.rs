//! A value as infrastructure code writes it: what is known has a place, what is only known at run time is open.

use crate::policy::{Json, JsonKind, Member};
use crate::source::Span;

/// Values nested deeper than this are open: no policy is.
pub(in crate::lint) const DEEPEST: usize = 64;

/// A value with its place.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint) struct Value {
    /// Where it stands in its file.
    pub span: Span,
    /// What it is.
    pub kind: ValueKind,
}

/// The kinds of values.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint) enum ValueKind {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it is written.
    Number(String),
    /// A text that is wholly known.
    Text(Text),
    /// A list.
    List(Vec<Value>),
    /// A map in the order of the text.
    Map(Vec<Entry>),
    /// A value written as JSON: `jsonencode`, `json.dumps`, `JSON.stringify`.
    Encoded(Box<Value>, Spacing),
    /// The text of a file. Where `decoded`, its value and not its text is taken.
    File { path: String, decoded: bool },
    /// Known only at run time: what it mentions (references, and calls as `name()`).
    Open(Vec<String>),
}

/// A key of a map with its value.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::lint) struct Entry {
    /// The key.
    pub key: String,
    /// Where it stands.
    pub key_span: Span,
    /// What stands under it.
    pub value: Value,
}

/// A known text, and where its pieces stand.
#[derive(Debug, Clone, PartialEq, Default)]
pub(in crate::lint) struct Text {
    /// The text.
    pub value: String,
    /// Byte offsets of the text with the byte offset in the file that each stands at, ascending; empty where they are unknown.
    pub places: Vec<(usize, usize)>,
}

/// How an encoder writes JSON: what is between the pieces counts for AWS's limit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Spacing {
    /// Nothing.
    Minified,
    /// A blank after each comma and colon, as Python's `json.dumps` has it.
    Blanks,
    /// A line for each piece, indented by so many blanks.
    Lines(usize),
}

impl Text {
    /// A text whose bytes stand one by one from `start` on.
    pub(in crate::lint) fn verbatim(value: impl Into<String>, start: usize) -> Self {
        Self { value: value.into(), places: vec![(0, start)] }
    }

    /// The place in the file of byte `offset` of the text.
    pub(in crate::lint) fn place(&self, offset: usize) -> Option<usize> {
        let at = self.places.partition_point(|(text, _)| *text <= offset).checked_sub(1)?;
        self.places.get(at).map(|(text, file)| file + (offset - text))
    }

    /// The same text, whose places are those of `outer`, with the places of `outer`.
    pub(in crate::lint) fn within(self, outer: &Self) -> Self {
        let ends = self.places.iter().skip(1).map(|(text, _)| *text).chain([self.value.len()]);
        let mut places = Vec::new();
        for ((text, from), end) in self.places.iter().copied().zip(ends) {
            places.extend(outer.place(from).map(|at| (text, at)));
            let to = from + end.saturating_sub(text);
            let breaks = outer.places.iter().filter(|(at, _)| from < *at && *at < to);
            places.extend(breaks.map(|(at, place)| (text + (at - from), *place)));
        }
        Self { value: self.value, places }
    }

    /// The place in the file of a span of the text; `whole` where that is not known.
    pub(in crate::lint) fn span(&self, span: Span, whole: Span) -> Span {
        // An empty one has no last byte, whose place would say where it ends.
        let last = span.end.checked_sub(1).filter(|last| *last >= span.start);
        let end = last.and_then(|last| self.place(last)).map(|at| at + 1);
        match (self.place(span.start), end) {
            (Some(start), Some(end)) if start <= end && start <= whole.end => Span::new(start, end),
            (Some(start), _) if start <= whole.end => Span::new(start, start),
            _ => whole,
        }
    }
}

impl Value {
    pub(in crate::lint) const fn new(span: Span, kind: ValueKind) -> Self {
        Self { span, kind }
    }

    /// A value that is known only at run time.
    pub(in crate::lint) const fn open(span: Span, mentions: Vec<String>) -> Self {
        Self { span, kind: ValueKind::Open(mentions) }
    }

    pub(in crate::lint) fn entries(&self) -> &[Entry] {
        match &self.kind {
            ValueKind::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(in crate::lint) fn elements(&self) -> &[Self] {
        match &self.kind {
            ValueKind::List(elements) => elements,
            _ => &[],
        }
    }

    pub(in crate::lint) fn text(&self) -> Option<&str> {
        match &self.kind {
            ValueKind::Text(text) => Some(&text.value),
            _ => None,
        }
    }

    pub(in crate::lint) const fn is_map(&self) -> bool {
        matches!(self.kind, ValueKind::Map(_))
    }

    /// The entry of a key.
    pub(in crate::lint) fn entry(&self, key: &str) -> Option<&Entry> {
        self.entries().iter().find(|entry| entry.key == key)
    }

    /// The value of a key.
    pub(in crate::lint) fn get(&self, key: &str) -> Option<&Self> {
        self.entry(key).map(|entry| &entry.value)
    }

    /// The value at a path of keys.
    pub(in crate::lint) fn at(&self, path: &[&str]) -> Option<&Self> {
        path.iter().try_fold(self, |value, key| value.get(key))
    }

    /// Everything it mentions that is known only at run time.
    pub(in crate::lint) fn mentions(&self) -> Vec<&str> {
        let mut found = Vec::new();
        self.visit(&mut |value| {
            if let ValueKind::Open(mentions) = &value.kind {
                found.extend(mentions.iter().map(String::as_str));
            }
        });
        found
    }

    /// Looks at this value and all below it.
    pub(in crate::lint) fn visit<'a>(&'a self, look: &mut dyn FnMut(&'a Self)) {
        look(self);
        match &self.kind {
            ValueKind::List(elements) => elements.iter().for_each(|element| element.visit(look)),
            ValueKind::Map(entries) => entries.iter().for_each(|entry| entry.value.visit(look)),
            ValueKind::Encoded(value, _) => value.visit(look),
            ValueKind::Null
            | ValueKind::Bool(_)
            | ValueKind::Number(_)
            | ValueKind::Text(_)
            | ValueKind::File { .. }
            | ValueKind::Open(_) => {}
        }
    }

    /// The same value, said to stand at one place: what was defined elsewhere is shown where it is used.
    pub(in crate::lint) fn moved(mut self, span: Span) -> Self {
        self.span = span;
        self.kind = match self.kind {
            ValueKind::List(elements) => ValueKind::List(elements.into_iter().map(|it| it.moved(span)).collect()),
            ValueKind::Map(entries) => ValueKind::Map(
                entries
                    .into_iter()
                    .map(|it| Entry { key: it.key, key_span: span, value: it.value.moved(span) })
                    .collect(),
            ),
            ValueKind::Encoded(value, spacing) => ValueKind::Encoded(Box::new(value.moved(span)), spacing),
            ValueKind::Text(text) => ValueKind::Text(Text { value: text.value, places: Vec::new() }),
            other @ (ValueKind::Null
            | ValueKind::Bool(_)
            | ValueKind::Number(_)
            | ValueKind::File { .. }
            | ValueKind::Open(_)) => other,
        };
        self
    }

    /// As JSON, if all of it is known.
    pub(in crate::lint) fn json(&self) -> Option<Json> {
        let kind = match &self.kind {
            ValueKind::Null => JsonKind::Null,
            ValueKind::Bool(it) => JsonKind::Bool(*it),
            ValueKind::Number(it) => JsonKind::Number(it.clone()),
            ValueKind::Text(it) => JsonKind::String(it.value.clone()),
            ValueKind::List(it) => JsonKind::Array(it.iter().map(Self::json).collect::<Option<_>>()?),
            ValueKind::Map(it) => JsonKind::Object(it.iter().map(member).collect::<Option<_>>()?),
            ValueKind::Encoded(..) | ValueKind::File { .. } | ValueKind::Open(_) => return None,
        };
        Some(Json { span: self.span, kind })
    }
}

fn member(entry: &Entry) -> Option<Member> {
    Some(Member { key: entry.key.clone(), key_span: entry.key_span, value: entry.value.json()? })
}

impl From<&Json> for Value {
    fn from(json: &Json) -> Self {
        let kind = match &json.kind {
            JsonKind::Null => ValueKind::Null,
            JsonKind::Bool(it) => ValueKind::Bool(*it),
            JsonKind::Number(it) => ValueKind::Number(it.clone()),
            JsonKind::String(it) => ValueKind::Text(Text { value: it.clone(), places: Vec::new() }),
            JsonKind::Array(it) => ValueKind::List(it.iter().map(Self::from).collect()),
            JsonKind::Object(it) => ValueKind::Map(
                it.iter()
                    .map(|it| Entry { key: it.key.clone(), key_span: it.key_span, value: Self::from(&it.value) })
                    .collect(),
            ),
        };
        Self { span: json.span, kind }
    }
}
