//! What holds for every reader of a text: it refuses with places and remedies that are true, or what it read comes back.

use std::fmt::Debug;

use optout_core::source::{Rejected, Source, Span};

/// The longest message about a text; what is quoted in it is cut.
const LONGEST_MESSAGE: usize = 2_000;

/// So many problems, how many more there are, and what is wrong with the whole.
const MOST_PROBLEMS: usize = 102;

/// The input as text; what is none is refused before any reader sees it, with the place.
pub(crate) fn text(bytes: &[u8]) -> Option<Source> {
    match Source::from_bytes("input", bytes.to_vec()) {
        Ok(source) => Some(source),
        Err(rejected) => {
            let problem = rejected.problems.first().expect("a refusal says why");
            let at = problem.span.expect("what is no text has its place").start;
            assert_eq!(rejected.source.text.as_bytes(), &bytes[..at]);
            None
        }
    }
}

/// A refusal says what is wrong and where, in the order of the text, and can be shown.
pub(crate) fn refused(rejected: &Rejected, source: &Source) {
    assert_eq!(&rejected.source, source, "the refusal speaks of another text");
    assert!(!rejected.problems.is_empty(), "refused without a reason");
    assert!(rejected.problems.len() <= MOST_PROBLEMS, "{} problems", rejected.problems.len());
    let placed = rejected.problems.iter().filter(|problem| problem.code != "more-problems");
    assert!(placed.is_sorted_by_key(|problem| problem.span.unwrap_or_default()));
    for problem in &rejected.problems {
        assert!(!problem.message.is_empty() && problem.message.len() <= LONGEST_MESSAGE, "{}", problem.message);
        problem.span.inspect(|span| inside(*span, &source.text));
    }
    assert_eq!(rejected.lines().len(), rejected.problems.len());
    assert!((1..=rejected.problems.len()).contains(&rejected.excerpts().len()));
}

fn inside(span: Span, text: &str) {
    assert!(text.get(span.start..span.end).is_some(), "{span:?} is no part of a text of {} bytes", text.len());
}

/// The text is refused, or what is read of it comes back when it is written and read again, and is then written the same.
pub(crate) fn comes_back<T: PartialEq + Debug>(
    source: &Source,
    read: impl Fn(&Source) -> Result<T, Rejected>,
    write: impl Fn(&T) -> String,
) -> Option<T> {
    let value = match read(source) {
        Ok(value) => value,
        Err(rejected) => {
            refused(&rejected, source);
            return None;
        }
    };
    let written = write(&value);
    let again = read(&Source::new("written", written.as_str())).expect("what was written can be read");
    assert_eq!(again, value);
    assert_eq!(write(&again), written);
    Some(value)
}
