//! Proposes a robots.txt that keeps the crawlers of a preset out: an existing one changed as little as possible, or a
//! fresh one.
//!
//! Every edit is proved before it is handed out: the new text is parsed again, each crawler of the preset must be
//! kept out of every path, and each other crawler must have exactly the rules it had, both for strict readers and for
//! readers that accept misspellings. What cannot be proved is refused, and the text stays as it is.

mod change;
mod generate;
mod proof;

pub use generate::generate;

use super::crawler::{CrawlerCatalogue, Preset};
use super::robots::{BYTE_ORDER_MARK, PARSE_LIMIT, Robots, Spelling, looks_like_html};
use crate::source::unified;

/// A proposed text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Edit {
    /// The whole new text; the old one where nothing has to change.
    pub text: String,
    /// What changes, as a unified diff; empty where nothing does.
    pub diff: String,
    /// What was done, in order.
    pub changes: Vec<Change>,
}

/// One thing an edit does. Lines count from 1 in the old text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// The crawler was taken out of a group it shared with others.
    LeftSharedGroup {
        /// Its product token.
        token: String,
        /// The user-agent line that went.
        line: usize,
    },
    /// A rule that let in only crawlers of the preset was removed.
    RemovedAllow {
        /// The line that went.
        line: usize,
    },
    /// `Disallow: /` was added to a group only crawlers of the preset are in.
    AddedDisallow {
        /// The user-agent line it stands after.
        line: usize,
    },
    /// A group was added.
    AddedGroup {
        /// The product tokens it names.
        tokens: Vec<String>,
    },
}

/// Why a text is left alone.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum RefusedError {
    /// It is not UTF-8.
    #[error("the text is not UTF-8 from byte {at} on")]
    NotUtf8 {
        /// The first byte that is not.
        at: usize,
    },
    /// It holds a NUL byte.
    #[error("the text holds a NUL byte at byte {at}; parsers disagree about what follows one")]
    NulByte {
        /// Where.
        at: usize,
    },
    /// It looks like HTML.
    #[error("the text looks like an HTML page, not like a robots.txt")]
    Html,
    /// It is too large.
    #[error(
        "the text would have {bytes} bytes; crawlers need to read only {PARSE_LIMIT}, so what is added could be lost"
    )]
    TooLarge {
        /// The size with what would be added.
        bytes: usize,
    },
    /// Another crawler's rules would change.
    #[error(
        "an edit would change the rules of `{agent}`; misspelled lines in the file are read differently by different crawlers"
    )]
    WouldChangeOthers {
        /// Its product token, or `*`.
        agent: String,
    },
    /// A crawler would still get in.
    #[error("`{token}` could not be kept out without changing other rules")]
    StillAllowed {
        /// Its product token.
        token: String,
    },
}

impl RefusedError {
    /// What to do about it.
    #[must_use]
    pub const fn help(&self) -> &'static str {
        match self {
            Self::NotUtf8 { .. } => "save the file as UTF-8",
            Self::NulByte { .. } => "remove the NUL byte",
            Self::Html => "name the robots.txt file itself",
            Self::TooLarge { .. } => "shorten the file to well under 500 KiB",
            Self::WouldChangeOthers { .. } | Self::StillAllowed { .. } => {
                "correct the misspelled lines that `website check` notes, then try again"
            }
        }
    }
}

/// Changes `text` so that every crawler of `preset` is kept out of every path, and nothing else.
///
/// `name` stands in the diff. Comments, order, line ends and a byte order mark are kept; a second call on the result
/// changes nothing.
///
/// # Errors
/// A text that cannot be kept safely is refused, with the reason.
pub fn write(text: &[u8], name: &str, preset: &Preset, catalogue: &CrawlerCatalogue) -> Result<Edit, RefusedError> {
    let old = readable(text)?;
    let tokens: Vec<&str> = catalogue.of_preset(preset).map(|crawler| crawler.token.as_str()).collect();
    let (new, changes) = changed(old, &tokens, &preset.name);
    if new.len() > PARSE_LIMIT {
        return Err(RefusedError::TooLarge { bytes: new.len() });
    }
    proof::prove(old, &new, &tokens)?;
    Ok(Edit { diff: unified(old, &new, name), text: new, changes })
}

/// First what can be done in place, then a group for whoever still gets in.
fn changed(old: &str, tokens: &[&str], preset: &str) -> (String, Vec<Change>) {
    let robots = Robots::parse(old.as_bytes());
    let open = let_in(&robots, tokens);
    let (text, mut changes) = change::in_place(old, &robots, &open, tokens);
    let robots = Robots::parse(text.as_bytes());
    let left = let_in(&robots, tokens);
    if left.is_empty() {
        return (text, changes);
    }
    changes.push(Change::AddedGroup { tokens: left.iter().map(|token| (*token).to_owned()).collect() });
    (change::with_group(&text, &robots, &left, preset), changes)
}

/// The tokens that get in somewhere, for one reader or the other.
fn let_in<'a>(robots: &Robots, tokens: &[&'a str]) -> Vec<&'a str> {
    let kept_out = |token: &&str| {
        [Spelling::Exact, Spelling::Tolerated].iter().all(|spelling| proof::keeps_out(robots, token, *spelling))
    };
    tokens.iter().copied().filter(|token| !kept_out(token)).collect()
}

fn readable(text: &[u8]) -> Result<&str, RefusedError> {
    if text.len() > PARSE_LIMIT {
        return Err(RefusedError::TooLarge { bytes: text.len() });
    }
    let readable = std::str::from_utf8(text).map_err(|error| RefusedError::NotUtf8 { at: error.valid_up_to() })?;
    if let Some(at) = text.iter().position(|byte| *byte == 0) {
        return Err(RefusedError::NulByte { at });
    }
    if looks_like_html(text) {
        return Err(RefusedError::Html);
    }
    Ok(readable)
}

/// The line end most lines have; LF where there is none.
fn line_end(text: &str) -> &'static str {
    let pairs = text.matches("\r\n").count();
    let feeds = text.matches('\n').count().saturating_sub(pairs);
    let returns = text.matches('\r').count().saturating_sub(pairs);
    if pairs > feeds && pairs >= returns {
        "\r\n"
    } else if returns > feeds {
        "\r"
    } else {
        "\n"
    }
}

/// Where the first line begins.
fn after_mark(text: &str) -> usize {
    if text.as_bytes().starts_with(BYTE_ORDER_MARK) { BYTE_ORDER_MARK.len() } else { 0 }
}
