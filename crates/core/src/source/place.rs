//! Where in a text something is: byte spans inside, line and column for people.

use serde::Serialize;

/// A range of bytes in a text, end exclusive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span {
    /// The first byte.
    pub start: usize,
    /// The byte after the last one.
    pub end: usize,
}

impl Span {
    /// The span from `start` to `end`, in bytes.
    #[must_use]
    pub const fn new(start: usize, end: usize) -> Self {
        Self { start, end }
    }

    /// How many bytes it covers.
    #[must_use]
    pub const fn len(self) -> usize {
        self.end.saturating_sub(self.start)
    }

    /// Whether it covers nothing (a point between two bytes).
    #[must_use]
    pub const fn is_empty(self) -> bool {
        self.len() == 0
    }
}

/// A place for people: both numbers count from 1, the column in characters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters (Unicode scalar values), from 1.
    pub column: usize,
}

impl std::fmt::Display for Position {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.line, self.column)
    }
}

/// The line starts of one text, so that many offsets are looked up without reading the text again.
#[derive(Debug, Clone)]
pub struct LineIndex {
    starts: Vec<usize>,
}

impl LineIndex {
    /// Indexes `text`; lines end at `\n` (a `\r` before it belongs to the line).
    #[must_use]
    pub fn new(text: &str) -> Self {
        let after_breaks = text.match_indices('\n').map(|(at, _)| at + 1);
        Self { starts: std::iter::once(0).chain(after_breaks).collect() }
    }

    /// The position of byte `offset` of `text`, which must be the text the index was made of.
    ///
    /// An offset past the end is the position after the last character; one inside a character is that character's.
    #[must_use]
    pub fn position(&self, text: &str, offset: usize) -> Position {
        let line = self.starts.partition_point(|start| *start <= offset);
        let start = line.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or(0);
        let end = text.floor_char_boundary(offset);
        let column = text.get(start..end).map_or(0, |before| before.chars().count()) + 1;
        Position { line, column }
    }

    /// The byte offset of a line and a column in bytes, both from 1, as `serde_json` counts them (column 0 is the line
    /// break before). Places past the end are the end; one inside a character is where that begins.
    #[must_use]
    pub fn offset(&self, text: &str, line: usize, column: usize) -> usize {
        let start = line.checked_sub(1).and_then(|at| self.starts.get(at)).copied().unwrap_or(text.len());
        text.floor_char_boundary(start + column.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_count_characters_and_lines_count_from_one() {
        let text = "a\n\u{e9}\u{e9}x\n";
        let index = LineIndex::new(text);
        let at = |offset| index.position(text, offset).to_string();
        assert_eq!((at(0), at(2), at(6), at(8)), ("1:1".into(), "2:1".into(), "2:3".into(), "3:1".into()));
    }

    #[test]
    fn offsets_outside_or_inside_a_character_still_have_a_position() {
        let text = "\u{e9}";
        let index = LineIndex::new(text);
        assert_eq!(index.position(text, 1), Position { line: 1, column: 1 });
        assert_eq!(index.position(text, 99), Position { line: 1, column: 2 });
    }

    #[test]
    fn columns_in_bytes_lead_to_whole_characters() {
        let text = "a\n\u{e9}x";
        let offsets = [1, 2, 3, 9].map(|column| LineIndex::new(text).offset(text, 2, column));
        assert_eq!(offsets, [2, 2, 4, 5]);
    }
}
