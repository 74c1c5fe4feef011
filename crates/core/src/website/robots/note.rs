//! What a careful reader notices in a robots.txt: text that readers read differently, or not at all.

use super::group::{Agent, is_token_byte};
use super::line::{Content, Directive, Line, Spelling, bytes_of};
use crate::source::Span;

/// A line longer than this is cut by Google's parser (8 × 2083 bytes).
const GOOGLE_LINE_LIMIT: usize = 16_664;
/// At most this many notes are kept of one file, so that a hostile one cannot fill a report.
const NOTE_LIMIT: usize = 100;

/// One observation about a robots.txt; it changes no answer by itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// A stable kebab-case name.
    pub code: &'static str,
    /// What was seen and what it means.
    pub message: String,
    /// Where.
    pub span: Span,
    /// The line, from 1 (CR, LF and CRLF each end one).
    pub line: usize,
}

/// Everything worth noting, in the order of the text, at most 100 notes.
pub(super) fn notes(text: &[u8], read: usize, lines: &[Line]) -> Vec<Note> {
    let mut found = whole_text(text, read, lines);
    let mut state = State::Start;
    for (index, line) in lines.iter().enumerate() {
        line_notes(text, line, index, &mut found);
        state = state.after(line, index, &mut found);
        if found.len() >= NOTE_LIMIT {
            break;
        }
    }
    found.truncate(NOTE_LIMIT);
    found
}

fn note(found: &mut Vec<Note>, code: &'static str, message: impl Into<String>, line: &Line, index: usize) {
    found.push(Note { code, message: message.into(), span: line.span, line: index.saturating_add(1) });
}

fn whole_text(text: &[u8], read: usize, lines: &[Line]) -> Vec<Note> {
    let mut found = Vec::new();
    let whole = |code, message: String| Note { code, message, span: Span::new(0, 0), line: 1 };
    if text.starts_with(b"\xff\xfe") || text.starts_with(b"\xfe\xff") {
        found.push(whole("utf-16", "the text is UTF-16; crawlers read UTF-8 and will find no rule in it".to_owned()));
    } else if std::str::from_utf8(text).is_err() {
        found.push(whole(
            "not-utf-8",
            "the text is not valid UTF-8; crawlers may drop what they cannot decode".to_owned(),
        ));
    }
    if looks_like_html(text) {
        found.push(whole("html", "the text looks like an HTML page, not like a robots.txt".to_owned()));
    }
    if read < text.len() {
        let message = format!(
            "{} of {} bytes lie after the 500 KiB a crawler must read (RFC 9309 §2.5); some crawlers ignore them",
            text.len().saturating_sub(read),
            text.len()
        );
        found.push(Note {
            code: "over-limit",
            message,
            span: Span::new(read, text.len()),
            line: lines.len().saturating_add(1),
        });
    }
    found
}

/// Whether the first thing in `text` is markup.
pub(crate) fn looks_like_html(text: &[u8]) -> bool {
    text.iter().find(|byte| !byte.is_ascii_whitespace() && !super::line::BYTE_ORDER_MARK.contains(byte)) == Some(&b'<')
}

fn line_notes(text: &[u8], line: &Line, index: usize, found: &mut Vec<Note>) {
    let bytes = bytes_of(text, line.span);
    if bytes.contains(&0) {
        note(found, "nul-byte", "a NUL byte ends what parsers read of this line", line, index);
    }
    if bytes.len() > GOOGLE_LINE_LIMIT {
        note(
            found,
            "long-line",
            format!("{} bytes in one line; Google reads {GOOGLE_LINE_LIMIT}", bytes.len()),
            line,
            index,
        );
    }
    match line.content {
        Content::Record(directive, spelling, value) => {
            if spelling == Spelling::Tolerated {
                note(
                    found,
                    "misspelled",
                    "only tolerant crawlers read this line; RFC 9309 writes it otherwise",
                    line,
                    index,
                );
            }
            value_notes(text, directive, value, line, index, found);
        }
        Content::Unreadable => note(found, "unreadable", "this line is no record; crawlers skip it", line, index),
        Content::Empty | Content::Other => {}
    }
}

fn value_notes(text: &[u8], directive: Directive, value: Span, line: &Line, index: usize, found: &mut Vec<Note>) {
    let bytes = bytes_of(text, value);
    match directive {
        Directive::UserAgent => match Agent::read(bytes) {
            Agent::Nobody => note(found, "no-product-token", "this user-agent line names no crawler", line, index),
            Agent::Any if bytes.len() > 1 => {
                note(found, "after-product-token", "what follows `*` is not read", line, index);
            }
            Agent::Token(_) if !bytes.iter().all(|byte| is_token_byte(*byte)) => {
                note(found, "after-product-token", "what follows the product token is not read", line, index);
            }
            Agent::Any | Agent::Token(_) => {}
        },
        Directive::Allow | Directive::Disallow => {
            if bytes.first().is_some_and(|byte| !matches!(byte, b'/' | b'*')) {
                note(found, "no-leading-slash", "a path starts with `/`; this rule matches nothing", line, index);
            }
        }
    }
}

/// Where in a group the walk over the lines is.
#[derive(Clone, Copy)]
enum State {
    Start,
    Agents,
    OtherAfterAgents,
    Rules,
}

impl State {
    fn after(self, line: &Line, index: usize, found: &mut Vec<Note>) -> Self {
        match (self, line.content) {
            (Self::Start, Content::Record(Directive::Allow | Directive::Disallow, _, _)) => {
                note(found, "outside-group", "a rule before the first user-agent line speaks to nobody", line, index);
                self
            }
            (Self::OtherAfterAgents, Content::Record(Directive::UserAgent, _, _)) => {
                let message = "another record stands between user-agent lines; older parsers end the group there";
                note(found, "split-group", message, line, index);
                Self::Agents
            }
            (_, Content::Record(Directive::UserAgent, _, _)) => Self::Agents,
            (_, Content::Record(Directive::Allow | Directive::Disallow, _, _)) => Self::Rules,
            (Self::Agents, Content::Other) => Self::OtherAfterAgents,
            (_, Content::Empty | Content::Other | Content::Unreadable) => self,
        }
    }
}
