//! What is wrong in a text, where, and what to do about it.

use std::fmt;
use std::sync::Arc;

use super::{LineIndex, Position, Span};

/// A text with the name a person knows it by (mostly a path).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// The name shown in messages.
    pub name: String,
    /// The whole text.
    pub text: Arc<str>,
}

impl Source {
    /// A named text.
    pub fn new(name: impl Into<String>, text: impl Into<Arc<str>>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// A named text from bytes as they came from disk.
    ///
    /// # Errors
    /// One problem at the first byte that is not UTF-8.
    pub fn from_bytes(name: impl Into<String>, bytes: Vec<u8>) -> Result<Self, Rejected> {
        let name = name.into();
        String::from_utf8(bytes).map(|text| Self::new(name.clone(), text)).map_err(|error| not_utf8(name, &error))
    }

    /// Line and column of a byte offset. For many look-ups make one [`LineIndex`].
    #[must_use]
    pub fn position(&self, offset: usize) -> Position {
        LineIndex::new(&self.text).position(&self.text, offset)
    }
}

fn not_utf8(name: String, error: &std::string::FromUtf8Error) -> Rejected {
    let at = error.utf8_error().valid_up_to();
    let valid = error.as_bytes().get(..at).map(String::from_utf8_lossy).unwrap_or_default().into_owned();
    let problem = Problem::new("not-utf-8", "the text is not valid UTF-8 from here on")
        .at(Span::new(at, at))
        .help("save the file as UTF-8 without a byte order mark");
    Rejected::new(Source::new(name, valid), vec![problem])
}

/// One thing that is wrong in a text.
///
/// The message is lower case without full stop; what to do about it is the help.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable kebab-case name of the rule.
    pub code: &'static str,
    /// What is wrong.
    pub message: String,
    /// What to do about it.
    pub help: Option<String>,
    /// Where; `None` only where the text as a whole is meant.
    pub span: Option<Span>,
}

impl Problem {
    /// A problem of the rule `code`, for the whole text until [`Problem::at`] places it.
    pub fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into(), help: None, span: None }
    }

    /// The same problem at a place.
    #[must_use]
    pub fn at(mut self, span: Span) -> Self {
        self.span = Some(span);
        self
    }

    /// The same problem with a remedy.
    #[must_use]
    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }
}

/// A text that could not be accepted, with everything that is wrong in it (at least one problem).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rejected {
    /// The text.
    pub source: Source,
    /// What is wrong, in the order of the text.
    pub problems: Vec<Problem>,
}

impl Rejected {
    /// The rejection of `source`; problems are put in the order of the text.
    #[must_use]
    pub fn new(source: Source, mut problems: Vec<Problem>) -> Self {
        problems.sort_by_key(|problem| problem.span.unwrap_or_default());
        Self { source, problems }
    }

    /// Each problem as one line `name:line:column: message (help)`.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        let index = LineIndex::new(&self.source.text);
        self.problems.iter().map(|problem| self.line(&index, problem)).collect()
    }

    fn line(&self, index: &LineIndex, problem: &Problem) -> String {
        let name = &self.source.name;
        let place = problem.span.map(|span| format!(":{}", index.position(&self.source.text, span.start)));
        let help = problem.help.as_ref().map(|help| format!(" ({help})"));
        format!("{name}{}: {}{}", place.unwrap_or_default(), problem.message, help.unwrap_or_default())
    }
}

impl fmt::Display for Rejected {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("\n"))
    }
}

impl std::error::Error for Rejected {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rejection_names_file_line_column_and_remedy() {
        let problem = Problem::new("x", "unexpected word").at(Span::new(3, 4)).help("remove it");
        let rejected = Rejected::new(Source::new("a.json", "{\n b"), vec![problem]);
        assert_eq!(rejected.to_string(), "a.json:2:2: unexpected word (remove it)");
    }

    #[test]
    fn bytes_that_are_not_utf8_are_refused_at_their_place() {
        let rejected = Source::from_bytes("b", b"ok\n\xff".to_vec()).unwrap_err();
        assert!(rejected.to_string().starts_with("b:2:1: "), "{rejected}");
    }
}
