//! What `serde_json` says of a text, as a problem with its place.

use super::{LineIndex, Problem, Span, shown};

/// The most characters of a message: it quotes what it does not know, which may be anything.
const LONGEST: usize = 300;

const MARK: char = '\u{feff}';

/// The problem in `given`, which was read without the byte order mark that it may begin with.
pub(crate) fn json_problem(code: &'static str, given: &str, error: &serde_json::Error) -> Problem {
    let text = given.strip_prefix(MARK).unwrap_or(given);
    let at = given.len() - text.len() + LineIndex::new(text).offset(text, error.line(), error.column());
    Problem::new(code, json_message(error)).at(Span::new(at, at))
}

/// What is wrong, without the place; cut where that is very long.
pub(crate) fn json_message(error: &serde_json::Error) -> String {
    let full = error.to_string();
    cut(full.rsplit_once(" at line ").map_or(full.as_str(), |(message, _)| message))
}

/// The same with line and column, for who has no source to show the place in.
pub(crate) fn json_message_with_place(error: &serde_json::Error) -> String {
    format!("{} at line {} column {}", json_message(error), error.line(), error.column())
}

/// A text of somebody else for a message, safe to show and not longer than one may be.
pub(crate) fn quoted(text: &str) -> String {
    shown(&cut(text)).into_owned()
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST) {
        Some((end, _)) => text.get(..end).map(|start| format!("{start}…")).unwrap_or_default(),
        None => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn problem(text: &str) -> Problem {
        #[derive(Debug, serde::Deserialize)]
        #[serde(deny_unknown_fields)]
        struct Nothing {}
        let error = serde_json::from_str::<Nothing>(text.trim_start_matches(MARK)).unwrap_err();
        json_problem("x", text, &error)
    }

    #[test]
    fn a_mark_at_the_beginning_moves_the_place() {
        let at = |text: &str| problem(text).span.unwrap().start;
        assert_eq!((at("{\"a\": 1}"), at("\u{feff}{\"a\": 1}")), (3, 6));
    }

    #[test]
    fn every_reader_without_a_source_cuts_what_it_quotes() {
        let long = "\u{9b}".repeat(5_000);
        let unknown = format!("{{\"{long}\": 1}}");
        let other = format!("{{\"format\": \"{long}\", \"findings\": [], \"unsent\": {{}}}}");
        for text in [&unknown, &other] {
            let standing = crate::publish::Standing::read(text).unwrap_err().to_string();
            let record = crate::evidence::Record::parse(text).unwrap_err().to_string();
            let manifest = crate::evidence::bundle::Manifest::read(text).unwrap_err();
            for message in [standing, record, manifest] {
                assert!(message.len() < 10 * LONGEST, "{message}");
            }
        }
    }

    #[test]
    fn what_is_quoted_is_cut() {
        let message = problem(&format!("{{\"{}\": 1}}", "\u{e9}".repeat(5_000))).message;
        assert!(message.starts_with("unknown field `\u{e9}") && message.ends_with('…'), "{message}");
        assert_eq!(message.chars().count(), LONGEST + 1);
    }
}
