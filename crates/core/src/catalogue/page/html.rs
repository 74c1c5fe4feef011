//! The lists of an HTML page. Looks at list, item and code tags only; text of scripts and styles does not count.

use super::list::{Item, List};
use crate::source::Span;

/// Every list of the page, in the order of their ends.
pub(super) fn lists(html: &str) -> Vec<List> {
    let mut reader = Reader::default();
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        let (text, markup) = rest.split_at(start);
        reader.text(text);
        rest = match tag(markup) {
            Some(tag) => {
                reader.tag(&tag, html.len() - markup.len());
                let after = after_tag(markup);
                if tag.closes { after } else { skip_raw(&tag.name, after) }
            }
            None if markup.starts_with("<!--") => after_comment(markup),
            None if markup.starts_with("<!") || markup.starts_with("<?") => after_tag(markup),
            None => {
                reader.text("<");
                markup.get(1..).unwrap_or_default()
            }
        };
    }
    reader.text(rest);
    reader.finish()
}

struct Tag {
    name: String,
    closes: bool,
}

/// The name of the tag at the beginning of `text`, which begins with `<`.
fn tag(text: &str) -> Option<Tag> {
    let inside = text.strip_prefix('<')?;
    let (closes, name) = inside.strip_prefix('/').map_or((false, inside), |name| (true, name));
    let length =
        name.find(|character: char| !character.is_ascii_alphanumeric() && character != '-').unwrap_or(name.len());
    let name = name.get(..length.min(32))?.to_ascii_lowercase();
    name.starts_with(|character: char| character.is_ascii_alphabetic()).then_some(Tag { name, closes })
}

/// What follows a comment; nothing when it does not end.
fn after_comment(markup: &str) -> &str {
    markup.split_once("-->").map_or("", |(_, after)| after)
}

/// What follows the tag at the beginning; nothing when it does not end. `>` does not end a tag inside a quoted value.
fn after_tag(markup: &str) -> &str {
    let (mut quote, mut before) = (None, b' ');
    for (at, byte) in markup.bytes().enumerate() {
        match (quote, byte) {
            (None, b'>') => return markup.get(at + 1..).unwrap_or_default(),
            (None, b'"' | b'\'') if before == b'=' => quote = Some(byte),
            (Some(open), _) if open == byte => quote = None,
            (None | Some(_), _) => {}
        }
        if !byte.is_ascii_whitespace() {
            before = byte;
        }
    }
    ""
}

/// What follows the text of a script or style; `after` unchanged for other tags.
fn skip_raw<'h>(name: &str, after: &'h str) -> &'h str {
    if !matches!(name, "script" | "style" | "template" | "noscript") {
        return after;
    }
    let end = format!("</{name}");
    let found = after.as_bytes().windows(end.len()).position(|window| window.eq_ignore_ascii_case(end.as_bytes()));
    found.and_then(|at| after.get(at..)).unwrap_or_default()
}

#[derive(Default)]
struct Reader {
    open: Vec<List>,
    done: Vec<List>,
    /// The code that is being read, when it is what an item begins with.
    code: Option<String>,
}

impl Reader {
    fn tag(&mut self, tag: &Tag, at: usize) {
        match (tag.name.as_str(), tag.closes) {
            ("ul" | "ol", false) => self.open.push(List { span: Span::new(at, at + 1), ..List::default() }),
            ("ul" | "ol", true) => self.close(true),
            ("li", false) => {
                self.code = None;
                self.open.last_mut().into_iter().for_each(|list| list.items.push(Item::default()));
            }
            ("code", false) if self.item().is_some_and(|item| item.text.trim().is_empty() && item.code.is_none()) => {
                self.code = Some(String::new());
            }
            ("code", true) => self.end_code(),
            _ => {}
        }
    }

    fn item(&mut self) -> Option<&mut Item> {
        self.open.last_mut()?.items.last_mut()
    }

    fn text(&mut self, raw: &str) {
        if self.open.is_empty() {
            return;
        }
        let text = decoded(raw);
        self.code.iter_mut().for_each(|code| code.push_str(&text));
        self.item().into_iter().for_each(|item| item.text.push_str(&text));
    }

    fn end_code(&mut self) {
        let code = self.code.take();
        if let Some(item) = self.item().filter(|_| code.is_some()) {
            item.code = code;
        }
    }

    fn close(&mut self, closed: bool) {
        self.code = None;
        self.done.extend(self.open.pop().map(|list| List { closed, ..list }));
    }

    fn finish(mut self) -> Vec<List> {
        while !self.open.is_empty() {
            self.close(false);
        }
        self.done
    }
}

/// Text with the character references that occur around keys; others stay as they are.
fn decoded(raw: &str) -> String {
    let mut text = String::with_capacity(raw.len());
    let mut parts = raw.split('&');
    text.push_str(parts.next().unwrap_or_default());
    for part in parts {
        match part
            .split_once(';')
            .filter(|(name, _)| name.len() <= 10)
            .and_then(|(name, rest)| Some((named(name)?, rest)))
        {
            Some((character, rest)) => {
                text.push(character);
                text.push_str(rest);
            }
            None => {
                text.push('&');
                text.push_str(part);
            }
        }
    }
    text
}

fn named(name: &str) -> Option<char> {
    if let Some(number) = name.strip_prefix('#') {
        let hexadecimal = number.strip_prefix(['x', 'X']).map(|digits| u32::from_str_radix(digits, 16));
        return char::from_u32(hexadecimal.unwrap_or_else(|| number.parse()).ok()?);
    }
    match name {
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "quot" => Some('"'),
        "nbsp" => Some('\u{a0}'),
        "ndash" => Some('\u{2013}'),
        "mdash" => Some('\u{2014}'),
        "colon" => Some(':'),
        "shy" => Some('\u{ad}'),
        _ => None,
    }
}
