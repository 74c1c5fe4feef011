//! What `serde_json` says of a text, as a problem with its place.

use super::{LineIndex, Problem, Span};

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
    let message = full.rsplit_once(" at line ").map_or(full.as_str(), |(message, _)| message);
    match message.char_indices().nth(LONGEST) {
        Some((end, _)) => message.get(..end).map(|start| format!("{start}…")).unwrap_or_default(),
        None => message.to_owned(),
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
    fn what_is_quoted_is_cut() {
        let message = problem(&format!("{{\"{}\": 1}}", "\u{e9}".repeat(5_000))).message;
        assert!(message.starts_with("unknown field `\u{e9}") && message.ends_with('…'), "{message}");
        assert_eq!(message.chars().count(), LONGEST + 1);
    }
}
