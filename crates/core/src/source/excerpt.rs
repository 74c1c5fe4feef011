//! A place in a text as people want to see it: file, line and column, the line itself, a mark below.

use super::shown::is_hidden;
use super::{LineIndex, Problem, Rejected, Source, Span, shown};

/// Characters of a line that are shown around the place; a minified document is one long line.
const WIDTH: usize = 100;

/// More problems of one text than this help nobody who reads them.
const MOST_SHOWN: usize = 50;

/// The place `span` of `source`: `  --> name:line:column`, the line and a mark under it. Nothing in it can steer a terminal.
#[must_use]
pub fn excerpt(source: &Source, index: &LineIndex, span: Span) -> String {
    let position = index.position(&source.text, span.start);
    let number = position.line.to_string();
    let margin = " ".repeat(number.len());
    let head = format!("{margin}--> {}:{position}\n", shown(&source.name));
    let Some((line, before)) = line_around(&source.text, span.start) else { return head };
    let (window, column) = window(line, before);
    let marked = source.text.get(span.start..span.end.min(span.start + WIDTH)).map_or(1, |text| text.chars().count());
    let room = window.chars().count().saturating_sub(column).max(1);
    let mark = "^".repeat(marked.clamp(1, room));
    format!("{head}{margin} |\n{number} | {}\n{margin} | {}{mark}\n", masked(&window), " ".repeat(column))
}

/// The line that byte `offset` is in, and how many of its bytes come before.
fn line_around(text: &str, offset: usize) -> Option<(&str, usize)> {
    let before = text.get(..offset)?;
    let start = before.rfind('\n').map_or(0, |at| at + 1);
    let rest = text.get(start..)?;
    let line = rest.split('\n').next().unwrap_or_default();
    Some((line.strip_suffix('\r').unwrap_or(line), offset - start))
}

/// The part of a line around a place, and the place's column in that part (from 0, in characters).
fn window(line: &str, before: usize) -> (String, usize) {
    let left: Vec<char> = line.get(..before).unwrap_or(line).chars().rev().take(WIDTH / 2 + 1).collect();
    let cut = left.len() > WIDTH / 2;
    let kept = left.iter().take(if cut { WIDTH / 2 - 1 } else { WIDTH / 2 }).rev();
    let mut window: String = if cut { "…".to_owned() } else { String::new() };
    window.extend(kept);
    let column = window.chars().count();
    let mut right = line.get(before..).unwrap_or_default().chars();
    window.extend(right.by_ref().take(WIDTH / 2));
    if right.next().is_some() {
        window.push('…');
    }
    (window, column)
}

/// Hidden characters replaced one by one, so that the mark stays under its place.
fn masked(window: &str) -> String {
    window.chars().map(|character| if is_hidden(character) { '\u{fffd}' } else { character }).collect()
}

impl Rejected {
    /// Every problem for people: message, excerpt, help; at most fifty, then how many more there are.
    #[must_use]
    pub fn excerpts(&self) -> Vec<String> {
        let index = LineIndex::new(&self.source.text);
        let mut all: Vec<String> =
            self.problems.iter().take(MOST_SHOWN).map(|problem| self.described(&index, problem)).collect();
        let more = self.problems.len().saturating_sub(MOST_SHOWN);
        if more > 0 {
            all.push(format!("{more} more problems in {}\n", shown(&self.source.name)));
        }
        all
    }

    fn described(&self, index: &LineIndex, problem: &Problem) -> String {
        let place = match problem.span {
            Some(span) => excerpt(&self.source, index, span),
            None => format!(" --> {}\n", shown(&self.source.name)),
        };
        let help = problem.help.as_deref().map(|help| format!("  help: {}\n", shown(help)));
        format!("{}\n{place}{}", shown(&problem.message), help.unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str, start: usize, end: usize) -> String {
        let source = Source::new("a\u{1b}.json", text);
        excerpt(&source, &LineIndex::new(text), Span::new(start, end))
    }

    #[test]
    fn the_mark_stands_under_the_place() {
        assert_eq!(at("{\n \"é\": 1\n}", 9, 10), " --> a\\u{1b}.json:2:7\n  |\n2 |  \"é\": 1\n  |       ^\n");
    }

    #[test]
    fn what_would_steer_a_terminal_is_made_visible_and_columns_stay() {
        assert_eq!(at("\u{1b}[2J x", 5, 6), " --> a\\u{1b}.json:1:6\n  |\n1 | \u{fffd}[2J x\n  |      ^\n");
    }

    #[test]
    fn a_long_line_is_cut_on_both_sides() {
        let text = format!("{}X{}", "a".repeat(500), "b".repeat(500));
        let shown = at(&text, 500, 501);
        assert!(shown.lines().all(|line| line.chars().count() < 120), "{shown}");
        let lines: Vec<Vec<char>> = shown.lines().map(|line| line.chars().collect()).collect();
        let mark = lines[3].iter().position(|character| *character == '^').unwrap();
        assert_eq!(lines[2][mark], 'X');
    }

    #[test]
    fn places_at_and_past_the_end_do_not_crash() {
        for (start, end) in [(0, 0), (3, 3), (3, 9), (99, 100), (2, 1)] {
            assert!(at("ab\n", start, end).starts_with(" --> "));
        }
        assert!(at("é", 1, 2).starts_with(" --> "));
    }

    #[test]
    fn many_problems_are_cut_off_with_their_number() {
        let problem = Problem::new("x", "wrong").at(Span::new(0, 1));
        let rejected = Rejected::new(Source::new("n", "text"), vec![problem; 80]);
        let shown = rejected.excerpts();
        assert_eq!((shown.len(), shown.last().unwrap().as_str()), (51, "30 more problems in n\n"));
    }
}
