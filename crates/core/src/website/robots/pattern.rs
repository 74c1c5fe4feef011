//! Path patterns of robots.txt: what a written pattern means, how long it is, and whether a request path matches.
//!
//! RFC 9309 §2.2.2 and §2.2.3: patterns start at the beginning of the path, `*` stands for any octets, a `$` at the
//! end anchors, and both sides are brought to one percent-encoding before they are compared.

/// A request path (with its query) in the form patterns are compared with.
///
/// Made from a path (`/a?b`) or from a whole URL; a fragment is dropped, and no path means `/`.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct RequestPath {
    written: String,
    canonical: Vec<u8>,
}

impl RequestPath {
    /// Reads a path or URL as a person wrote it.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let written = path_and_query(text);
        let canonical = escape_specials(&canonical(written.as_bytes()));
        Self { written, canonical }
    }

    /// Path and query as they were written, always starting with `/`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.written
    }

    /// Whether this is robots.txt itself, which every crawler may fetch (RFC 9309 §2.2.2).
    #[must_use]
    pub fn is_robots_txt(&self) -> bool {
        self.canonical == b"/robots.txt"
    }
}

/// Cuts scheme, authority and fragment away.
fn path_and_query(text: &str) -> String {
    let without_fragment = text.split('#').next().unwrap_or_default();
    let from_authority = match without_fragment.split_once("://") {
        Some((scheme, rest)) if !scheme.contains(['/', '?', ';']) => rest,
        Some(_) | None => return rooted(without_fragment),
    };
    match from_authority.find(['/', '?', ';']) {
        Some(at) => rooted(from_authority.get(at..).unwrap_or_default()),
        None => "/".to_owned(),
    }
}

fn rooted(path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("/{path}") }
}

/// A compiled pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Pattern {
    /// The literal parts between the `*`s, in canonical encoding.
    parts: Vec<Vec<u8>>,
    /// Whether a final `$` ties the last part to the end of the path.
    anchored: bool,
    /// The length that decides between rules, in octets of the canonical pattern, `*` and `$` included.
    octets: usize,
}

impl Pattern {
    /// Compiles the value of an Allow or Disallow line.
    pub(crate) fn new(value: &[u8]) -> Self {
        let canonical = canonical(value);
        let (body, anchored) = match canonical.strip_suffix(b"$") {
            Some(body) => (body, true),
            None => (canonical.as_slice(), false),
        };
        let parts = body.split(|byte| *byte == b'*').map(escape_specials).collect();
        Self { parts, anchored, octets: canonical.len() }
    }

    /// The length in octets; the longest matching rule wins.
    pub(crate) const fn octets(&self) -> usize {
        self.octets
    }

    /// Whether the line had no value: such a rule matches nothing.
    pub(crate) const fn is_empty(&self) -> bool {
        self.octets == 0
    }

    /// Whether every request path matches: `/`, `*`, `/*` and the like.
    pub(crate) fn matches_everything(&self) -> bool {
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let rest_is_open = rest.iter().all(Vec::is_empty);
        let starts_open = first == b"/" || (first.is_empty() && !rest.is_empty());
        let ends_open = !self.anchored || !rest.is_empty();
        !self.is_empty() && starts_open && rest_is_open && ends_open
    }

    /// Whether `path` matches.
    pub(crate) fn matches(&self, path: &RequestPath) -> bool {
        if self.is_empty() {
            return false;
        }
        let Some((first, rest)) = self.parts.split_first() else { return false };
        let Some(after_first) = path.canonical.strip_prefix(first.as_slice()) else { return false };
        match rest.split_last() {
            None => !self.anchored || after_first.is_empty(),
            Some((last, middle)) => match_rest(after_first, middle, last, self.anchored),
        }
    }
}

/// Each middle part is taken at its first occurrence, which leaves most for the others.
fn match_rest(mut path: &[u8], middle: &[Vec<u8>], last: &[u8], anchored: bool) -> bool {
    for part in middle {
        match find(path, part).and_then(|at| path.get(at.saturating_add(part.len())..)) {
            Some(rest) => path = rest,
            None => return false,
        }
    }
    if anchored { path.ends_with(last) } else { find(path, last).is_some() }
}

fn find(haystack: &[u8], needle: &[u8]) -> Option<usize> {
    if needle.is_empty() {
        return Some(0);
    }
    haystack.windows(needle.len()).position(|window| window == needle)
}

/// One spelling for all that RFC 9309 §2.2.2 calls equal: octets outside printable ASCII are percent-encoded,
/// encoded unreserved characters are decoded, hexadecimal digits are upper case.
///
/// In a query, encoded general delimiters are decoded too: the RFC's table makes `?b=https://x` and
/// `?b=https%3A%2F%2Fx` equal by encoding both, which would take the `/` away from wildcard patterns.
fn canonical(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    let mut in_query = false;
    let mut rest = text;
    while let Some((byte, after)) = rest.split_first() {
        let escape = if *byte == b'%' { hex_pair(after) } else { None };
        rest = if escape.is_some() { after.get(2..).unwrap_or_default() } else { after };
        match escape {
            Some(octet) if is_unreserved(octet) || (in_query && is_query_delimiter(octet)) => out.push(octet),
            Some(octet) => push_escaped(&mut out, octet),
            None if byte.is_ascii_graphic() => out.push(*byte),
            None => push_escaped(&mut out, *byte),
        }
        in_query |= escape.is_none() && *byte == b'?';
    }
    out
}

/// Literal `*` and `$` in their encoded form, as RFC 9309 §2.2.3 asks for matching them verbatim.
fn escape_specials(text: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for byte in text {
        if matches!(byte, b'*' | b'$') { push_escaped(&mut out, *byte) } else { out.push(*byte) }
    }
    out
}

fn hex_pair(text: &[u8]) -> Option<u8> {
    let digit = |at: usize| text.get(at).and_then(|byte| char::from(*byte).to_digit(16));
    let value = digit(0)?.checked_mul(16)?.checked_add(digit(1)?)?;
    u8::try_from(value).ok()
}

const fn is_unreserved(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'.' | b'_' | b'~')
}

const fn is_query_delimiter(octet: u8) -> bool {
    matches!(octet, b':' | b'/' | b'?' | b'@' | b'[' | b']')
}

fn push_escaped(out: &mut Vec<u8>, octet: u8) {
    let digit = |nibble: u8| char::from_digit(u32::from(nibble), 16).unwrap_or('0').to_ascii_uppercase();
    out.push(b'%');
    for nibble in [octet >> 4, octet & 0x0f] {
        out.extend(u8::try_from(digit(nibble)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn matches(pattern: &str, path: &str) -> bool {
        Pattern::new(pattern.as_bytes()).matches(&RequestPath::new(path))
    }

    #[test]
    fn a_pattern_is_a_prefix_unless_it_is_anchored() {
        assert!(matches("/fish", "/fish.html") && matches("/fish*", "/fishheads"));
        assert!(!matches("/fish", "/catfish") && !matches("/fish", "/Fish"));
        assert!(matches("/*.php$", "/a/b.php") && !matches("/*.php$", "/a/b.php?x"));
        assert!(matches("/$", "/") && !matches("/$", "/a"));
    }

    #[test]
    fn wildcards_take_any_octets_and_may_repeat() {
        assert!(matches("/a*b*c", "/aXbYc/z") && matches("/a**c$", "/abc") && matches("*.gif$", "/x/y.gif"));
        assert!(!matches("/a*b*c", "/a-c-b") && !matches("/a*b$", "/ab/"));
        assert!(matches("/a*b$", "/ab/b"), "the last part is tied to the end, not to its first occurrence");
    }

    #[test]
    fn the_percent_encoding_table_of_the_rfc_holds() {
        for (written, requested) in [
            ("/foo/bar?baz=quz", "/foo/bar?baz=quz"),
            ("/foo/bar?baz=https://foo.bar", "/foo/bar?baz=https%3A%2F%2Ffoo.bar"),
            ("/foo/bar/\u{30c4}", "/foo/bar/%E3%83%84"),
            ("/foo/bar/%e3%83%84", "/foo/bar/\u{30c4}"),
            ("/foo/bar/%62%61%7A", "/foo/bar/baz"),
        ] {
            assert!(matches(&format!("{written}$"), requested), "{written} and {requested}");
        }
        assert!(!matches("/a%2Fb", "/a/b"), "a reserved character in a path keeps its encoding");
    }

    #[test]
    fn special_characters_are_matched_verbatim_when_encoded() {
        assert!(matches("/file-with-a-%2A.html$", "/file-with-a-*.html"));
        assert!(matches("/foo-%24$", "/foo-$") && !matches("/foo-%24$", "/foo-"));
        assert!(matches("/a$b", "/a$b") && !matches("/a$b", "/a"), "a dollar inside is a character");
    }

    #[test]
    fn what_matches_everything_is_known() {
        for pattern in ["/", "*", "/*", "**", "/**", "/*$", "*$"] {
            assert!(Pattern::new(pattern.as_bytes()).matches_everything(), "{pattern}");
        }
        for pattern in ["", "/$", "$", "/a", "*a", "/*a*", "x*"] {
            assert!(!Pattern::new(pattern.as_bytes()).matches_everything(), "{pattern}");
        }
    }

    #[test]
    fn request_paths_are_read_from_paths_and_urls() {
        for (written, path) in [
            ("", "/"),
            ("/a#b", "/a"),
            ("http://x.example", "/"),
            ("https://x.example/a?b#c", "/a?b"),
            ("http://x.example?b", "/?b"),
            ("//a/b", "//a/b"),
            ("a/b", "/a/b"),
            ("/go?to=http://y", "/go?to=http://y"),
        ] {
            assert_eq!(RequestPath::new(written).as_str(), path, "{written}");
        }
        assert!(RequestPath::new("https://x.example/robots.txt").is_robots_txt());
    }
}
