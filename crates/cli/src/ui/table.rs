//! Columns as wide as their longest entry.

use optout_core::report::{Styled, Tone};
use optout_core::source::shown;

/// Rows of cells with tones; the last column may be of any length.
#[derive(Debug, Default)]
pub(crate) struct Table {
    rows: Vec<Vec<(Tone, String)>>,
}

impl Table {
    /// A table with a head.
    pub(crate) fn new<const N: usize>(head: [&str; N]) -> Self {
        let mut table = Self::default();
        table.row(head.map(|cell| (Tone::Faint, cell.to_owned())));
        table
    }

    /// Adds a row; what is not plainly visible in its cells is shown as a code.
    pub(crate) fn row<const N: usize>(&mut self, cells: [(Tone, String); N]) {
        self.rows.push(cells.into_iter().map(|(tone, text)| (tone, shown(&text).into_owned())).collect());
    }

    /// The table as text.
    pub(crate) fn styled(&self) -> Styled {
        let widths = self.widths();
        let mut out = Styled::default();
        for row in &self.rows {
            let last = row.iter().rposition(|(_, text)| !text.is_empty()).unwrap_or_default();
            for (at, (tone, text)) in row.iter().enumerate().take(last + 1) {
                out.push(*tone, text.clone());
                if at < last {
                    let width = widths.get(at).copied().unwrap_or_default();
                    out.plain(" ".repeat((width + 2).saturating_sub(text.chars().count())));
                }
            }
            out.line();
        }
        out
    }

    fn widths(&self) -> Vec<usize> {
        let columns = self.rows.iter().map(Vec::len).max().unwrap_or_default();
        let cell = |row: &Vec<(Tone, String)>, at: usize| row.get(at).map(|(_, text)| text.chars().count());
        let width = |at| self.rows.iter().filter_map(|row| cell(row, at)).max();
        (0..columns).map(|at| width(at).unwrap_or_default()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up() {
        let mut table = Table::new(["key", "name"]);
        table.row([(Tone::Plain, "lex".into()), (Tone::Plain, "a\nb".into())]);
        table.row([(Tone::Plain, "transcribe".into()), (Tone::Plain, String::new())]);
        assert_eq!(table.styled().to_string(), "key         name\nlex         a\\u{a}b\ntranscribe\n");
    }
}
