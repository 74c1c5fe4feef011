//! Text with a meaning for each piece, so that colours can be chosen, or left out, where it is printed.

/// What a piece of text means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Tone {
    /// Ordinary.
    Plain,
    /// To be seen first.
    Strong,
    /// Less important.
    Faint,
    /// It holds.
    Good,
    /// It does not hold.
    Bad,
    /// It is not certain, or not grave.
    Doubtful,
}

/// A text in pieces, each with its tone.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Styled {
    pieces: Vec<(Tone, String)>,
}

impl Styled {
    /// Adds a piece.
    pub fn push(&mut self, tone: Tone, text: impl Into<String>) -> &mut Self {
        self.pieces.push((tone, text.into()));
        self
    }

    /// Adds an ordinary piece.
    pub fn plain(&mut self, text: impl Into<String>) -> &mut Self {
        self.push(Tone::Plain, text)
    }

    /// Ends the line.
    pub fn line(&mut self) -> &mut Self {
        self.plain("\n")
    }

    /// Adds another text at the end.
    pub fn append(&mut self, mut other: Self) -> &mut Self {
        self.pieces.append(&mut other.pieces);
        self
    }

    /// The pieces in order.
    #[must_use]
    pub fn pieces(&self) -> &[(Tone, String)] {
        &self.pieces
    }
}

impl std::fmt::Display for Styled {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.pieces.iter().try_for_each(|(_, text)| f.write_str(text))
    }
}
