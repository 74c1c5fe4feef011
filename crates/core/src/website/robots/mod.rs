//! robots.txt as RFC 9309 defines it: parsed from bytes with the place of every line, asked one crawler and one path
//! at a time.
//!
//! Where Google's published parser (<https://github.com/google/robotstxt>, read 2026-11-24) reads a file differently:
//! it takes misspelled records (here: [`Spelling::Tolerated`], an answer of its own), does not decode percent-encoded
//! unreserved characters nor touch the query, takes `Allow: /a/index.html` for `/a/` too, cuts lines after 16,664
//! bytes, ends a product token at a digit, and knows no rule for `/robots.txt` itself.

mod group;
mod line;
mod note;
mod pattern;

pub use line::Spelling;
pub use note::Note;
pub use pattern::RequestPath;

pub(crate) use group::{Agent, Group, Groups, is_token_byte};
pub(crate) use line::{BYTE_ORDER_MARK, Line};
pub(crate) use note::looks_like_html;

use std::collections::BTreeSet;

use crate::source::Span;

/// What a crawler must be able to read, in bytes: 500 KiB (RFC 9309 §2.5).
pub const PARSE_LIMIT: usize = 500 * 1024;

/// A parsed robots.txt. Parsing never fails: what is no record is skipped, as crawlers do, and noted.
#[derive(Debug, Clone)]
pub struct Robots {
    text: Vec<u8>,
    read: usize,
    lines: Vec<Line>,
    exact: Groups,
    tolerated: Groups,
    notes: Vec<Note>,
}

/// Whether a crawler may fetch a path, and why.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// Whether it may.
    pub allowed: bool,
    /// The line that decided, where one did.
    pub decided_by: Option<Decider>,
    /// Why, in general.
    pub because: Because,
}

/// The line that decided an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decider {
    /// The line without its end, in bytes of the text.
    pub span: Span,
    /// Its number, from 1 (CR, LF and CRLF each end a line).
    pub line: usize,
    /// The line as written; octets that are not UTF-8 are shown as replacement characters.
    pub text: String,
    /// Whom its group was chosen for: the product token as written there, or `*`.
    pub agent: String,
}

/// Why an answer is what it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Because {
    /// A rule matched; of several the longest, of equally long ones an Allow.
    Rule,
    /// The crawler's rules match no such path.
    NoRuleMatches,
    /// No group is for this crawler, and there is none for `*`.
    NoGroup,
    /// robots.txt itself may always be fetched.
    RobotsTxtItself,
}

impl Robots {
    /// Reads at most [`PARSE_LIMIT`] bytes; a line the limit cuts is not read.
    #[must_use]
    pub fn parse(text: &[u8]) -> Self {
        Self::parse_up_to(text, PARSE_LIMIT)
    }

    /// Reads whole lines within the first `limit` bytes.
    #[must_use]
    pub fn parse_up_to(text: &[u8], limit: usize) -> Self {
        let read = readable_length(text, limit);
        let readable = text.get(..read).unwrap_or_default();
        let lines = line::lines(readable);
        Self {
            text: text.to_vec(),
            read,
            exact: Groups::read(readable, &lines, Spelling::Exact),
            tolerated: Groups::read(readable, &lines, Spelling::Tolerated),
            notes: note::notes(text, read, &lines),
            lines,
        }
    }

    /// Whether the text goes on after what was read.
    #[must_use]
    pub fn is_cut(&self) -> bool {
        self.read < self.text.len()
    }

    /// What a careful reader notices, in the order of the text.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }

    /// The product tokens the file names, as first written, in the order of the file, each once.
    #[must_use]
    pub fn named_agents(&self) -> Vec<&str> {
        let mut seen = BTreeSet::new();
        let agents = self.exact.all.iter().chain(&self.tolerated.all).flat_map(|group| &group.agents);
        let tokens = agents.filter_map(|named| match &named.agent {
            Agent::Token(token) => Some(token.as_str()),
            Agent::Any | Agent::Nobody => None,
        });
        tokens.filter(|token| seen.insert(token.to_ascii_lowercase())).collect()
    }

    /// May the crawler with the product token `agent` fetch `path`, for a reader who accepts `spelling`?
    #[must_use]
    pub fn may_fetch(&self, agent: &str, path: &RequestPath, spelling: Spelling) -> Answer {
        if path.is_robots_txt() {
            return Answer { allowed: true, decided_by: None, because: Because::RobotsTxtItself };
        }
        let groups = self.groups(spelling);
        let chosen = groups.chosen(agent);
        if chosen.is_empty() {
            return Answer { allowed: true, decided_by: None, because: Because::NoGroup };
        }
        let matching = groups.rules(chosen).filter(|(_, rule)| rule.pattern.matches(path));
        let best = matching.reduce(|best, next| {
            let strength = |rule: &group::Rule| (rule.pattern.octets(), rule.allow);
            if strength(next.1) > strength(best.1) { next } else { best }
        });
        match best {
            None => Answer { allowed: true, decided_by: None, because: Because::NoRuleMatches },
            Some((group, rule)) => Answer {
                allowed: rule.allow,
                decided_by: self.decider(group, rule.line, agent),
                because: Because::Rule,
            },
        }
    }

    /// The groups, for a reader who accepts `spelling`.
    pub(crate) const fn groups(&self, spelling: Spelling) -> &Groups {
        match spelling {
            Spelling::Exact => &self.exact,
            Spelling::Tolerated => &self.tolerated,
        }
    }

    /// The lines that were read.
    pub(crate) fn lines(&self) -> &[Line] {
        &self.lines
    }

    fn decider(&self, group: &Group, index: usize, agent: &str) -> Option<Decider> {
        let line = self.lines.get(index)?;
        let name = group.agents.iter().find_map(|named| match &named.agent {
            Agent::Token(token) if token.eq_ignore_ascii_case(agent) => Some(token.clone()),
            Agent::Token(_) | Agent::Any | Agent::Nobody => None,
        });
        Some(Decider {
            span: line.span,
            line: index.saturating_add(1),
            text: String::from_utf8_lossy(line::bytes_of(&self.text, line.span)).into_owned(),
            agent: name.unwrap_or_else(|| "*".to_owned()),
        })
    }
}

/// How many bytes are read: everything, or the whole lines within the limit.
fn readable_length(text: &[u8], limit: usize) -> usize {
    if text.len() <= limit {
        return text.len();
    }
    let head = text.get(..limit).unwrap_or(text);
    head.iter().rposition(|byte| matches!(byte, b'\n' | b'\r')).map_or(0, |at| at.saturating_add(1))
}
