//! One robots.txt as lines: where each begins and ends, and which record it holds.
//!
//! Every byte belongs to exactly one line, so that an edit can leave all others as they are. Records are read as
//! RFC 9309 writes them; misspellings that Google's published parser accepts are read too, and marked.

use crate::source::Span;

/// The UTF-8 byte order mark.
pub(crate) const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";

/// How a record was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Spelling {
    /// As RFC 9309 writes it; what a strict reader sees.
    Exact,
    /// In a form only tolerant readers accept, such as `Disalow:` or a missing colon
    /// (<https://github.com/google/robotstxt>, `robots.cc`, read 2026-11-24).
    Tolerated,
}

/// The three records that decide anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Directive {
    UserAgent,
    Allow,
    Disallow,
}

/// What one line holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    /// Nothing, white space, or a comment alone.
    Empty,
    /// A record that decides; the span is its value.
    Record(Directive, Spelling, Span),
    /// Another record (Sitemap, Crawl-delay and the like): no reader's groups depend on it.
    Other,
    /// Text that is no record.
    Unreadable,
}

/// One line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    /// The text without its line end.
    pub(crate) span: Span,
    /// The byte after its line end.
    pub(crate) next: usize,
    /// Where its comment begins, at the `#`.
    pub(crate) comment: Option<usize>,
    /// What it holds.
    pub(crate) content: Content,
}

impl Line {
    /// Whether it holds a record as RFC 9309 writes it.
    pub(crate) const fn is_exact(&self) -> bool {
        matches!(self.content, Content::Record(_, Spelling::Exact, _))
    }
}

/// Splits `text` at CR, LF and CRLF. A byte order mark belongs to no line. A last line without an end counts;
/// an empty rest after the last end does not.
pub(crate) fn lines(text: &[u8]) -> Vec<Line> {
    let mut start = if text.starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 };
    let mut found = Vec::new();
    while start < text.len() {
        let rest = text.get(start..).unwrap_or_default();
        let length = rest.iter().position(|byte| matches!(byte, b'\n' | b'\r')).unwrap_or(rest.len());
        let end_length = match rest.get(length..) {
            Some([b'\r', b'\n', ..]) => 2,
            Some([_, ..]) => 1,
            Some([]) | None => 0,
        };
        let end = start.saturating_add(length);
        let next = end.saturating_add(end_length);
        found.push(line(text, Span::new(start, end), next));
        start = next;
    }
    found
}

fn line(text: &[u8], span: Span, next: usize) -> Line {
    let bytes = bytes_of(text, span);
    let comment = bytes.iter().position(|byte| *byte == b'#');
    // A parser written in C sees a line only up to a NUL byte; nothing after one can be relied on.
    let readable = bytes.iter().position(|byte| matches!(byte, b'#' | 0)).unwrap_or(bytes.len());
    let record = trimmed(text, Span::new(span.start, span.start.saturating_add(readable)));
    let comment = comment.map(|at| span.start.saturating_add(at));
    Line { span, next, comment, content: content(text, record) }
}

fn content(text: &[u8], record: Span) -> Content {
    if record.is_empty() {
        return Content::Empty;
    }
    let bytes = bytes_of(text, record);
    let (separator, has_colon) = match bytes.iter().position(|byte| *byte == b':') {
        Some(at) => (at, true),
        None => match bytes.iter().position(|byte| matches!(byte, b' ' | b'\t')) {
            Some(at) => (at, false),
            None => return Content::Unreadable,
        },
    };
    let middle = record.start.saturating_add(separator);
    let key = trimmed(text, Span::new(record.start, middle));
    let value = trimmed(text, Span::new(middle.saturating_add(1), record.end));
    if key.is_empty() || (!has_colon && bytes_of(text, value).iter().any(|byte| matches!(byte, b' ' | b'\t'))) {
        return Content::Unreadable;
    }
    match directive(bytes_of(text, key), has_colon) {
        Some((directive, spelling)) => Content::Record(directive, spelling, value),
        None if has_colon => Content::Other,
        None => Content::Unreadable,
    }
}

fn directive(key: &[u8], has_colon: bool) -> Option<(Directive, Spelling)> {
    let exact = EXACT.iter().find(|(name, _)| key.eq_ignore_ascii_case(name.as_bytes()));
    if let (Some((_, directive)), true) = (exact, has_colon) {
        return Some((*directive, Spelling::Exact));
    }
    let begins = |name: &str| key.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name.as_bytes()));
    TOLERATED.iter().find(|(name, _)| begins(name)).map(|(_, directive)| (*directive, Spelling::Tolerated))
}

const EXACT: [(&str, Directive); 3] =
    [("user-agent", Directive::UserAgent), ("allow", Directive::Allow), ("disallow", Directive::Disallow)];

/// Beginnings of keys that Google's parser takes for a record.
const TOLERATED: [(&str, Directive); 10] = [
    ("user-agent", Directive::UserAgent),
    ("useragent", Directive::UserAgent),
    ("user agent", Directive::UserAgent),
    ("allow", Directive::Allow),
    ("disallow", Directive::Disallow),
    ("dissallow", Directive::Disallow),
    ("dissalow", Directive::Disallow),
    ("disalow", Directive::Disallow),
    ("diasllow", Directive::Disallow),
    ("disallaw", Directive::Disallow),
];

/// The bytes of a span; none where the span leaves the text.
pub(crate) fn bytes_of(text: &[u8], span: Span) -> &[u8] {
    text.get(span.start..span.end).unwrap_or_default()
}

fn trimmed(text: &[u8], span: Span) -> Span {
    let bytes = bytes_of(text, span);
    let is_space = |byte: &&u8| matches!(byte, b' ' | b'\t' | 0x0b | 0x0c);
    let before = bytes.iter().take_while(is_space).count();
    let after = bytes.iter().rev().take_while(is_space).count().min(bytes.len().saturating_sub(before));
    Span::new(span.start.saturating_add(before), span.end.max(span.start).saturating_sub(after))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contents(text: &str) -> Vec<Content> {
        lines(text.as_bytes()).iter().map(|line| line.content).collect()
    }

    #[test]
    fn all_three_line_ends_and_none_end_a_line() {
        let text = b"a\nb\r\nc\rd";
        let spans: Vec<_> = lines(text).iter().map(|line| (line.span.start, line.span.end, line.next)).collect();
        assert_eq!(spans, [(0, 1, 2), (2, 3, 5), (5, 6, 7), (7, 8, 8)]);
    }

    #[test]
    fn lines_cover_every_byte_after_the_mark() {
        let text = b"\xef\xbb\xbf\n\nx\r\n\r";
        let found = lines(text);
        assert_eq!(found.first().map(|line| line.span.start), Some(3));
        assert!(found.windows(2).all(|pair| pair[0].next == pair[1].span.start));
        assert_eq!(found.last().map(|line| line.next), Some(text.len()));
    }

    #[test]
    fn misspellings_are_read_and_marked() {
        for text in ["Disalow: /", "disallow /", "USERAGENT: x", "user agent: x", "allowed: /x", "disallowed: /"] {
            assert!(matches!(contents(text)[..], [Content::Record(_, Spelling::Tolerated, _)]), "{text}");
        }
        for text in ["disallow: /", "User-Agent : x", "\tALLOW:"] {
            assert!(matches!(contents(text)[..], [Content::Record(_, Spelling::Exact, _)]), "{text}");
        }
        assert_eq!(contents("disallow / no\nfoo\n: x\nSitemap: y\nfoo bar"), {
            use Content::{Other, Unreadable};
            [Unreadable, Unreadable, Unreadable, Other, Unreadable]
        });
    }

    #[test]
    fn a_value_ends_at_its_comment_and_its_nul() {
        for text in ["Allow: /a # b", "Allow: /a\0b", "Allow:/a#"] {
            let found = lines(text.as_bytes());
            let Content::Record(Directive::Allow, _, value) = found[0].content else { panic!("{text}") };
            assert_eq!(bytes_of(text.as_bytes(), value), b"/a", "{text:?}");
        }
    }
}
