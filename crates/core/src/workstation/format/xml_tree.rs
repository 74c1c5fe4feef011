//! The elements of an XML text with their places; quick-xml reads, nothing is resolved or fetched.

use quick_xml::Reader;
use quick_xml::events::Event;

use crate::source::{Problem, Span};

/// How deep elements may be inside each other: far more than any settings file needs.
const MAX_DEPTH: usize = 128;

/// An attribute as it is written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Attribute {
    pub(super) name: String,
    /// The text between the quotes, entities as written.
    pub(super) value: String,
    /// The bytes between the quotes.
    pub(super) span: Span,
}

/// An element with its places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<Attribute>,
    /// The start tag, or the whole of an empty element.
    pub(super) open: Span,
    /// The end tag; `None` for an empty element `<a/>`.
    pub(super) close: Option<Span>,
    pub(super) children: Vec<Element>,
}

impl Element {
    /// The value of an attribute.
    pub(super) fn attribute(&self, name: &str) -> Option<&Attribute> {
        self.attributes.iter().find(|attribute| attribute.name == name)
    }

    /// The children with this element name whose attribute `attribute` is `value`.
    pub(super) fn children_named(&self, element: &str, attribute: &str, value: &str) -> Vec<&Self> {
        let fits = |child: &&Self| {
            child.name == element && child.attribute(attribute).is_some_and(|found| found.value == value)
        };
        self.children.iter().filter(fits).collect()
    }

    /// The whole element.
    pub(super) fn whole(&self) -> Span {
        Span::new(self.open.start, self.close.unwrap_or(self.open).end)
    }
}

/// The root element of `text`; `None` where there is none (an empty text, comments).
pub(super) fn root(text: &str) -> Result<Option<Element>, Problem> {
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_end_names = true;
    let mut tree = Tree { text, open: Vec::new(), root: None };
    loop {
        let start = position(reader.buffer_position());
        let event = reader.read_event().map_err(|error| not_readable(&error, position(reader.error_position())))?;
        let span = Span::new(start, position(reader.buffer_position()));
        match event {
            Event::Eof => return tree.finish(),
            Event::Start(_) => tree.start(span)?,
            Event::Empty(_) => tree.empty(span)?,
            Event::End(_) => tree.end(span),
            Event::Text(_) | Event::CData(_) | Event::GeneralRef(_) => tree.stray(span)?,
            Event::Decl(_) => declared_encoding(text, span)?,
            Event::DocType(_) => return Err(document_type(span)),
            Event::Comment(_) | Event::PI(_) => {}
        }
    }
}

fn position(at: u64) -> usize {
    usize::try_from(at).unwrap_or(usize::MAX)
}

fn not_readable(error: &quick_xml::Error, at: usize) -> Problem {
    let problem = Problem::new("settings-not-readable", format!("the text cannot be read: {error}"));
    problem.at(Span::new(at, at)).help("mend it by hand, or let the tool write it anew")
}

fn document_type(span: Span) -> Problem {
    let problem =
        Problem::new("settings-doctype", "the text has a document type, which these settings files never have");
    problem.at(span)
}

fn declared_encoding(text: &str, span: Span) -> Result<(), Problem> {
    let declaration = text.get(span.start..span.end).unwrap_or_default().to_ascii_lowercase();
    let plain = !declaration.contains("encoding") || declaration.contains("utf-8") || declaration.contains("us-ascii");
    if plain {
        return Ok(());
    }
    let problem = Problem::new("settings-encoding", "the text declares another encoding than UTF-8").at(span);
    Err(problem.help("save it as UTF-8"))
}

struct Tree<'a> {
    text: &'a str,
    open: Vec<Element>,
    root: Option<Element>,
}

impl Tree<'_> {
    fn start(&mut self, span: Span) -> Result<(), Problem> {
        if self.open.len() >= MAX_DEPTH {
            let message = format!("elements are more than {MAX_DEPTH} deep inside each other");
            return Err(Problem::new("settings-not-readable", message).at(span));
        }
        let element = self.element(span)?;
        self.open.push(element);
        Ok(())
    }

    fn empty(&mut self, span: Span) -> Result<(), Problem> {
        let element = self.element(span)?;
        self.place(element);
        Ok(())
    }

    fn end(&mut self, span: Span) {
        if let Some(mut element) = self.open.pop() {
            element.close = Some(span);
            self.place(element);
        }
    }

    fn place(&mut self, element: Element) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
    }

    /// Text outside the root element is no XML.
    fn stray(&self, span: Span) -> Result<(), Problem> {
        let text = self.text.get(span.start..span.end).unwrap_or_default();
        if !self.open.is_empty() || text.trim().is_empty() {
            return Ok(());
        }
        Err(Problem::new("settings-not-readable", "there is text outside the root element").at(span))
    }

    fn element(&self, open: Span) -> Result<Element, Problem> {
        if self.open.is_empty() && self.root.is_some() {
            return Err(Problem::new("settings-not-readable", "there is a second root element").at(open));
        }
        let tag = self.text.get(open.start..open.end).unwrap_or_default();
        let (name, attributes) = tag_parts(tag, open.start).ok_or_else(|| {
            Problem::new("settings-not-readable", "the attributes of this element cannot be read").at(open)
        })?;
        Ok(Element { name, attributes, open, close: None, children: Vec::new() })
    }

    fn finish(self) -> Result<Option<Element>, Problem> {
        match self.open.last() {
            Some(element) => {
                let message = format!("the element `{}` is not closed", element.name);
                Err(Problem::new("settings-not-readable", message).at(element.open))
            }
            None => Ok(self.root),
        }
    }
}

/// The name and attributes of `<name a="b" …>`, which starts at byte `offset` of its text.
fn tag_parts(tag: &str, offset: usize) -> Option<(String, Vec<Attribute>)> {
    let body = tag.strip_prefix('<')?.strip_suffix('>')?;
    let body = body.strip_suffix('/').unwrap_or(body);
    let name_end = body.find(char::is_whitespace).unwrap_or(body.len());
    let name = body.get(..name_end)?.to_owned();
    let mut attributes = Vec::new();
    let mut at = name_end;
    loop {
        at += blank(body.get(at..)?);
        if at == body.len() {
            return Some((name, attributes));
        }
        let (attribute, next) = attribute(body, at, offset + 1)?;
        attributes.push(attribute);
        at = next;
    }
}

fn blank(text: &str) -> usize {
    text.len() - text.trim_start().len()
}

fn attribute(body: &str, at: usize, offset: usize) -> Option<(Attribute, usize)> {
    let rest = body.get(at..)?;
    let equals = rest.find('=')?;
    let name = rest.get(..equals)?.trim_end().to_owned();
    let quote_at = equals + 1 + blank(rest.get(equals + 1..)?);
    let quote = rest.get(quote_at..)?.chars().next().filter(|quote| matches!(quote, '"' | '\''))?;
    let start = quote_at + 1;
    let length = rest.get(start..)?.find(quote)?;
    let value = rest.get(start..start + length)?.to_owned();
    let span = Span::new(offset + at + start, offset + at + start + length);
    Some((Attribute { name, value, span }, at + start + length + 1))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_those_of_the_text() {
        let text = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<a>\n <b x = 'é' y=\"&lt;\"/><c></c>\n</a>\n";
        let root = root(text).unwrap().unwrap();
        let at = |span: Span| text.get(span.start..span.end).unwrap();
        let b = &root.children[0];
        assert_eq!(at(b.open), "<b x = 'é' y=\"&lt;\"/>");
        assert_eq!((at(b.attributes[0].span), at(b.attributes[1].span)), ("é", "&lt;"));
        assert_eq!(at(root.children[1].whole()), "<c></c>");
        assert_eq!(at(root.close.unwrap()), "</a>");
    }

    #[test]
    fn what_is_no_settings_file_is_refused() {
        let code = |text: &str| root(text).unwrap_err().code;
        assert_eq!(code("<a>"), "settings-not-readable");
        assert_eq!(code("<a></b>"), "settings-not-readable");
        assert_eq!(code("<a/><b/>"), "settings-not-readable");
        assert_eq!(code("hello"), "settings-not-readable");
        assert_eq!(code("<!DOCTYPE a [<!ENTITY x \"y\">]><a/>"), "settings-doctype");
        assert_eq!(code("<?xml version='1.0' encoding='ISO-8859-1'?><a/>"), "settings-encoding");
        assert_eq!(code(&"<a>".repeat(100_000)), "settings-not-readable");
        assert_eq!(code("<a b></a>"), "settings-not-readable");
    }

    #[test]
    fn an_empty_text_has_no_root() {
        assert_eq!(root(" \n<!-- c -->").unwrap(), None);
    }
}
