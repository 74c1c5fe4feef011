//! What fetching a robots.txt came to, as a value, and what that means: to a crawler that follows RFC 9309, and to
//! Amazon's crawlers as Amazon documents them.
//!
//! RFC 9309 §2.3.1: redirects are followed, at least five of them; 4xx (and more redirects) means that everything may
//! be fetched; 5xx and no answer mean that nothing may. Amazon (<https://developer.amazon.com/amazonbot>, read
//! 2026-11-23): a file that cannot be fetched is as none, once a copy of up to 30 days is too old; its pages up to
//! 2025 count 3xx, 4xx and 5xx as such failures, the page of 2026 does not say which.

use super::robots::Robots;

/// How a robots.txt was come by.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fetched {
    /// The redirects that were followed before the outcome, in order; empty for a file from disk.
    pub redirects: Vec<Redirect>,
    /// What came in the end.
    pub outcome: Outcome,
}

/// One redirect.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Redirect {
    /// The HTTP status, 3xx.
    pub status: u16,
    /// The address it points to, as the server wrote it.
    pub location: String,
}

/// What came in the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
    /// A text: the body of a 2xx answer, or a file.
    Text(Vec<u8>),
    /// Another status, without a text that counts.
    Status(u16),
    /// More redirects than were followed.
    TooManyRedirects,
    /// No answer: name resolution, connection, TLS, time or size limits; with the reason in words.
    Unreachable(String),
    /// Nobody asked the server, with the reason in words (a private address, say).
    NotAsked(String),
    /// An answer that could not be unpacked, with the reason in words.
    Packed(String),
}

/// What a fetch means to a crawler.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// The rules of the text apply.
    Rules,
    /// Everything may be fetched, since there is no robots.txt.
    Everything(Why),
    /// Nothing may be fetched, as long as this lasts.
    Nothing(Why),
    /// It cannot be said.
    Unknown(Why),
}

/// Why the rules of a text do not apply.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// A 4xx status: there is no robots.txt.
    Unavailable,
    /// A 5xx status: the server fails.
    ServerFails,
    /// No answer came.
    NoAnswer,
    /// A redirect was met, which counts as a failed fetch.
    Redirected,
    /// There are more redirects than a crawler must follow.
    TooManyRedirects,
    /// A status that no rule speaks of (1xx, 3xx without an end).
    UnexpectedStatus,
    /// The server was not asked.
    NotAsked,
    /// The answer is packed in a way that is not read here.
    Packed,
}

impl Fetched {
    /// A text that was read from a file, or fetched without a redirect.
    #[must_use]
    pub fn text(bytes: impl Into<Vec<u8>>) -> Self {
        Self { redirects: Vec::new(), outcome: Outcome::Text(bytes.into()) }
    }

    /// The text parsed, where there is one.
    #[must_use]
    pub fn robots(&self) -> Option<Robots> {
        match &self.outcome {
            Outcome::Text(bytes) => Some(Robots::parse(bytes)),
            Outcome::Status(_)
            | Outcome::TooManyRedirects
            | Outcome::Unreachable(_)
            | Outcome::NotAsked(_)
            | Outcome::Packed(_) => None,
        }
    }

    /// What this means to a crawler that follows RFC 9309.
    #[must_use]
    pub const fn rfc_9309(&self) -> Access {
        match &self.outcome {
            Outcome::Text(_) => Access::Rules,
            Outcome::Status(400..=499) => Access::Everything(Why::Unavailable),
            Outcome::Status(500..=599) => Access::Nothing(Why::ServerFails),
            Outcome::Status(_) => Access::Unknown(Why::UnexpectedStatus),
            Outcome::TooManyRedirects => Access::Everything(Why::TooManyRedirects),
            Outcome::Unreachable(_) => Access::Nothing(Why::NoAnswer),
            Outcome::NotAsked(_) => Access::Unknown(Why::NotAsked),
            Outcome::Packed(_) => Access::Unknown(Why::Packed),
        }
    }

    /// What this means to Amazon's crawlers; everything that permits does so only once a copy of up to 30 days is
    /// too old.
    #[must_use]
    pub const fn amazon(&self) -> Access {
        match &self.outcome {
            Outcome::Text(_) if self.redirects.is_empty() => Access::Rules,
            Outcome::Text(_) => Access::Everything(Why::Redirected),
            Outcome::Status(400..=499) => Access::Everything(Why::Unavailable),
            Outcome::Status(500..=599) => Access::Everything(Why::ServerFails),
            Outcome::Status(300..=399) | Outcome::TooManyRedirects => Access::Everything(Why::Redirected),
            Outcome::Status(_) => Access::Unknown(Why::UnexpectedStatus),
            Outcome::Unreachable(_) => Access::Everything(Why::NoAnswer),
            Outcome::NotAsked(_) => Access::Unknown(Why::NotAsked),
            Outcome::Packed(_) => Access::Unknown(Why::Packed),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn readings(outcome: Outcome, redirected: bool) -> (Access, Access) {
        let hop = Redirect { status: 301, location: "https://www.example.com/robots.txt".into() };
        let fetched = Fetched { redirects: if redirected { vec![hop] } else { Vec::new() }, outcome };
        (fetched.rfc_9309(), fetched.amazon())
    }

    #[test]
    fn the_two_readings_differ_exactly_where_amazon_documents_it() {
        use Access::{Everything, Nothing, Rules, Unknown};
        let text = || Outcome::Text(Vec::new());
        assert_eq!(readings(text(), false), (Rules, Rules));
        assert_eq!(readings(text(), true), (Rules, Everything(Why::Redirected)));
        assert_eq!(readings(Outcome::Status(404), false), (Everything(Why::Unavailable), Everything(Why::Unavailable)));
        assert_eq!(readings(Outcome::Status(503), false), (Nothing(Why::ServerFails), Everything(Why::ServerFails)));
        let unreachable = Outcome::Unreachable("timed out".into());
        assert_eq!(readings(unreachable, false), (Nothing(Why::NoAnswer), Everything(Why::NoAnswer)));
        let loops = readings(Outcome::TooManyRedirects, true);
        assert_eq!(loops, (Everything(Why::TooManyRedirects), Everything(Why::Redirected)));
        let unasked = Outcome::NotAsked("a private address".into());
        assert_eq!(readings(unasked, false), (Unknown(Why::NotAsked), Unknown(Why::NotAsked)));
        let packed = Outcome::Packed("by `br`".into());
        assert_eq!(readings(packed, false), (Unknown(Why::Packed), Unknown(Why::Packed)));
        assert_eq!(readings(Outcome::Status(304), false).0, Unknown(Why::UnexpectedStatus));
    }
}
