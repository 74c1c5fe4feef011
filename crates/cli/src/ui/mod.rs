//! The only way out: data to standard output, everything else to standard error. Colours, quiet and verbose are decided
//! here, and nothing that is printed through it can steer a terminal.

mod options;
mod progress;
mod table;

pub(crate) use options::UiOptions;
pub(crate) use progress::{Counter, Progress, SideBySide};
pub(crate) use table::Table;

use std::io::{self, IsTerminal, Write};

use anstream::{AutoStream, ColorChoice};
use optout_core::report::{Styled, Tone};
use optout_core::source::{shown, shown_json, shown_lines};

use crate::error::Error;
use options::{Colour, Level};

/// Standard output and standard error.
#[derive(Debug)]
pub(crate) struct Ui {
    level: Level,
    colour_out: bool,
    colour_error: bool,
}

impl Ui {
    /// As the options, the environment and the terminals say.
    pub(crate) fn new(options: &UiOptions) -> Self {
        let colour = options.colour();
        Self {
            level: options.level(),
            colour_out: wanted(colour, AutoStream::choice(&io::stdout())),
            colour_error: wanted(colour, AutoStream::choice(&io::stderr())),
        }
    }

    /// Progress of a long work, on a terminal only.
    pub(crate) fn progress(&self) -> Progress {
        Progress::new(self.level != Level::Quiet && io::stderr().is_terminal())
    }

    /// Progress of several readings at once, on a terminal only.
    pub(crate) fn side_by_side(&self, all: usize) -> SideBySide {
        SideBySide::new(self.progress(), all)
    }

    /// A count of what was looked at, on a terminal only.
    pub(crate) fn counter(&self, what: &'static str) -> Counter {
        Counter::new(self.progress(), what)
    }

    /// Lines of data. Other people's text in it was made safe before.
    pub(crate) fn data(&mut self, text: &str) -> Result<(), Error> {
        self.raw(shown_lines(text).as_bytes())
    }

    /// JSON data: what is not plainly visible is escaped, the value is the same.
    pub(crate) fn json(&mut self, text: &str) -> Result<(), Error> {
        self.raw(shown_json(text).as_bytes())
    }

    /// Bytes as they are, for what another program reads: completions, manual pages.
    pub(crate) fn raw(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let mut out = io::stdout().lock();
        out.write_all(bytes).and_then(|()| out.flush()).map_err(|error| match error.kind() {
            io::ErrorKind::BrokenPipe => Error::Closed,
            _ => Error::write("standard output", &error),
        })
    }

    /// Text with tones.
    pub(crate) fn styled(&mut self, text: &Styled) -> Result<(), Error> {
        let painted = painted(text, self.colour_out);
        self.raw(painted.as_bytes())
    }

    /// Something worth knowing; not when quiet.
    pub(crate) fn note(&mut self, text: &str) {
        if self.level != Level::Quiet {
            self.complain(Tone::Faint, "note", text);
        }
    }

    /// Something doubtful; always.
    pub(crate) fn warn(&mut self, text: &str) {
        self.complain(Tone::Doubtful, "warning", text);
    }

    /// Something for the curious.
    pub(crate) fn detail(&mut self, text: &str) {
        if self.level == Level::Verbose {
            self.tell(&format!("{}\n", shown_lines(text)));
        }
    }

    /// Why the command could not do its work.
    pub(crate) fn error(&mut self, error: &Error) {
        match error {
            Error::Closed => {}
            Error::Rejected(rejected) => {
                rejected.excerpts().iter().for_each(|excerpt| self.complain(Tone::Bad, "error", excerpt.trim_end()));
            }
            Error::Read { .. } | Error::Write { .. } | Error::Usage { .. } | Error::Failed { .. } => {
                let help = error.help().map(|help| format!("\n  help: {help}")).unwrap_or_default();
                self.complain(Tone::Bad, "error", &format!("{error}{help}"));
            }
        }
    }

    /// What the parser of the command line has to say, as it says it.
    pub(crate) fn usage(&mut self, text: &str) {
        self.tell(&shown_lines(text));
    }

    /// Asks a yes-or-no question on a terminal; without one the answer is no.
    pub(crate) fn confirm(&mut self, question: &str) -> Result<bool, Error> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            let message = format!("there is no terminal to ask on: {question}");
            return Err(Error::usage(message, "pass --yes to go ahead without being asked"));
        }
        self.tell(&format!("{} [y/N] ", shown(question)));
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).map_err(|error| Error::read("standard input", &error))?;
        Ok(matches!(answer.trim().to_lowercase().as_str(), "y" | "yes"))
    }

    /// Asks a question on a terminal, answered by a line; `None` without one.
    pub(crate) fn ask(&mut self, question: &str) -> Result<Option<String>, Error> {
        if !io::stdin().is_terminal() || !io::stderr().is_terminal() {
            return Ok(None);
        }
        self.tell(&format!("{} ", shown(question)));
        let mut answer = String::new();
        io::stdin().read_line(&mut answer).map_err(|error| Error::read("standard input", &error))?;
        Ok(Some(answer))
    }

    fn complain(&mut self, tone: Tone, word: &str, text: &str) {
        let mut line = Styled::default();
        line.push(tone, format!("{word}:")).plain(format!(" {}\n", shown_lines(text)));
        let painted = painted(&line, self.colour_error);
        self.tell(&painted);
    }

    /// Nobody could be told that standard error is broken.
    fn tell(&mut self, text: &str) {
        let mut error = io::stderr().lock();
        let _ = error.write_all(text.as_bytes()).and_then(|()| error.flush());
    }
}

fn wanted(colour: Colour, found: ColorChoice) -> bool {
    match colour {
        Colour::Auto => found != ColorChoice::Never,
        Colour::Always => true,
        Colour::Never => false,
    }
}

/// The text with colours, or without. What is not plainly visible in its pieces is shown as a code.
fn painted(text: &Styled, colour: bool) -> String {
    let piece = |(tone, text): &(Tone, String)| {
        let text = shown_lines(text);
        match code(*tone).filter(|_| colour) {
            Some(code) => format!("\u{1b}[{code}m{text}\u{1b}[0m"),
            None => text.into_owned(),
        }
    };
    text.pieces().iter().map(piece).collect()
}

const fn code(tone: Tone) -> Option<&'static str> {
    match tone {
        Tone::Plain => None,
        Tone::Strong => Some("1"),
        Tone::Faint => Some("2"),
        Tone::Good => Some("32"),
        Tone::Bad => Some("1;31"),
        Tone::Doubtful => Some("33"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_are_ours_alone() {
        let mut text = Styled::default();
        text.push(Tone::Bad, "no\u{1b}[2J").plain("\n");
        assert_eq!(painted(&text, false), "no\\u{1b}[2J\n");
        assert_eq!(painted(&text, true), "\u{1b}[1;31mno\\u{1b}[2J\u{1b}[0m\n");
    }
}
