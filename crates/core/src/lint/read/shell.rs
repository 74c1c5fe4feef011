//! Shell scripts as commands: words without their quotes, what is piped where, what a variable is given.
//!
//! No expansion is done: a word that holds `$` is kept as it is written. Bodies between `<<` markers are kept with the
//! command they belong to.

use super::value::Text;
use crate::source::Span;

/// Commands nested deeper than this in `$(…)` are not looked at.
const DEEPEST: usize = 12;

/// A word of a command.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Word {
    /// Without its quotes.
    pub text: String,
    /// Where it stands, quotes included.
    pub span: Span,
    /// Where its inner text stands, if it is written as it is.
    pub places: Vec<(usize, usize)>,
}

/// A simple command.
#[derive(Debug, Clone, Default)]
pub(in crate::lint) struct Command {
    pub words: Vec<Word>,
    /// Operator after it: `|`, `||`, `&&`, `;` or nothing.
    pub then: &'static str,
    /// Whether it is the condition of `if`, `while` or `until`.
    pub condition: bool,
    /// The variable that is given its output.
    pub assigned: Option<String>,
    /// Bodies between `<<` markers.
    pub bodies: Vec<Text>,
    /// The word of redirection `> FILE`.
    pub output: Option<String>,
}

impl Command {
    pub(in crate::lint) fn span(&self) -> Span {
        let start = self.words.first().map_or(0, |word| word.span.start);
        let end = self.words.last().map_or(start, |word| word.span.end);
        Span::new(start, end)
    }

    pub(in crate::lint) fn word(&self, at: usize) -> &str {
        self.words.get(at).map_or("", |word| word.text.as_str())
    }
}

/// The commands of a script, inner ones before those they stand in.
pub(in crate::lint) fn read(text: &str) -> Vec<Command> {
    let mut reader = Reader { text, at: 0, commands: Vec::new() };
    reader.list(None, None, 0);
    reader.commands
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    commands: Vec<Command>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn next(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn skip(&mut self) {
        self.at += self.next().map_or(0, char::len_utf8);
    }

    /// Commands up to a closing character.
    fn list(&mut self, close: Option<char>, assigned: Option<&str>, depth: usize) {
        let mut command = Command { assigned: assigned.map(str::to_owned), ..Command::default() };
        let (mut markers, mut condition) = (Vec::new(), false);
        while let Some(character) = self.next() {
            if Some(character) == close {
                break;
            }
            let operator = self.operator();
            if let Some(operator) = operator {
                self.at += operator.len();
                self.finish(&mut command, operator, condition, assigned);
                condition &= operator != "\n" && operator != ";";
                if operator == "\n" {
                    self.bodies(&mut markers);
                }
            } else if character == '#' {
                self.at += self.rest().find('\n').unwrap_or(self.rest().len());
            } else if character.is_whitespace() || self.rest().starts_with("\\\n") {
                self.at += if character == '\\' { 2 } else { character.len_utf8() };
            } else if self.rest().starts_with("<<") && !self.rest().starts_with("<<<") {
                self.marker(&mut markers);
            } else if matches!(character, '>' | '<') {
                self.redirection(&mut command, depth);
            } else if matches!(character, '(' | ')' | '{' | '}') && command.words.is_empty() {
                self.skip();
            } else {
                let before = self.at;
                let word = self.word(close, depth);
                if self.at == before {
                    self.skip();
                } else if command.words.is_empty() && matches!(word.text.as_str(), "if" | "while" | "until" | "elif") {
                    condition = true;
                } else if !(command.words.is_empty()
                    && matches!(
                        word.text.as_str(),
                        "then" | "else" | "do" | "done" | "fi" | "!" | "time" | "sudo" | "echo "
                    ))
                {
                    command.words.push(word);
                }
            }
        }
        self.finish(&mut command, "", condition, assigned);
        self.bodies(&mut markers);
    }

    fn operator(&self) -> Option<&'static str> {
        let rest = self.rest();
        ["||", "&&", "\n", ";", "|", "&"].into_iter().find(|operator| rest.starts_with(operator))
    }

    fn finish(&mut self, command: &mut Command, then: &'static str, condition: bool, assigned: Option<&str>) {
        let next = Command { assigned: assigned.map(str::to_owned), ..Command::default() };
        let done = std::mem::replace(command, next);
        if !done.words.is_empty() {
            self.commands.push(Command { then, condition, ..done });
        }
    }

    /// `<<-'EOF'`: remembered until its line ends.
    fn marker(&mut self, markers: &mut Vec<(String, bool)>) {
        self.at += 2;
        let tabs = self.rest().starts_with('-');
        self.at += usize::from(tabs);
        self.at += self.rest().len() - self.rest().trim_start_matches([' ', '\t']).len();
        let end = self.rest().find(|it: char| it.is_whitespace() || matches!(it, ';' | '|' | ')' | '>' | '&'));
        let end = end.unwrap_or(self.rest().len());
        let name = self.rest().get(..end).unwrap_or_default().replace(['\'', '"', '\\'], "");
        self.at += end;
        markers.push((name, tabs));
    }

    /// The bodies that begin after a line end go to the last command.
    fn bodies(&mut self, markers: &mut Vec<(String, bool)>) {
        for (name, tabs) in markers.drain(..) {
            let mut body = Text::default();
            while !self.rest().is_empty() {
                let line = self.rest().split_inclusive('\n').next().unwrap_or_default().to_owned();
                let cut = if tabs { line.len() - line.trim_start_matches('\t').len() } else { 0 };
                let bare = line.get(cut..).unwrap_or_default();
                let start = self.at + cut;
                self.at += line.len();
                if bare.trim_end() == name {
                    break;
                }
                body.places.push((body.value.len(), start));
                body.value.push_str(bare);
            }
            if let Some(command) = self.commands.last_mut() {
                command.bodies.push(body);
            }
        }
    }

    fn redirection(&mut self, command: &mut Command, depth: usize) {
        let output = self.rest().starts_with('>');
        while matches!(self.next(), Some('>' | '<' | '&' | ' ')) {
            self.skip();
        }
        let word = self.word(None, depth);
        // `2>/dev/null`: the number before is no word of the command.
        let number = command.words.last().is_some_and(|last| last.text == "2" || last.text == "1");
        if number {
            command.words.pop();
        } else if output && !word.text.starts_with('&') {
            command.output = Some(word.text);
        }
    }

    fn word(&mut self, close: Option<char>, depth: usize) -> Word {
        let (start, mut text, mut places) = (self.at, String::new(), Vec::new());
        while let Some(character) = self.next() {
            if character.is_whitespace() || Some(character) == close || matches!(character, ';' | '|' | '&' | '<' | '>')
            {
                break;
            }
            match character {
                '\'' => self.single(&mut text, &mut places),
                '"' => self.double(&mut text, &mut places, depth),
                '\\' => {
                    self.skip();
                    if let Some(escaped) = self.next().filter(|it| *it != '\n') {
                        text.push(escaped);
                    }
                    self.skip();
                }
                '`' => self.backtick(&mut text, depth),
                '$' if self.rest().starts_with("$(") => self.substitution(&mut text, depth),
                '$' if self.rest().starts_with("${") => self.braces(&mut text),
                ')' if close.is_none() && depth > 0 => break,
                other => {
                    text.push(other);
                    self.skip();
                }
            }
        }
        if places.is_empty() && self.text.get(start..self.at) == Some(&text) {
            places.push((0, start));
        }
        Word { text, span: Span::new(start, self.at), places }
    }

    fn single(&mut self, text: &mut String, places: &mut Vec<(usize, usize)>) {
        self.skip();
        let end = self.rest().find('\'').unwrap_or(self.rest().len());
        places.push((text.len(), self.at));
        let inner = self.rest().get(..end).unwrap_or_default().to_owned();
        text.push_str(&inner);
        self.at = (self.at + end + 1).min(self.text.len());
    }

    fn double(&mut self, text: &mut String, places: &mut Vec<(usize, usize)>, depth: usize) {
        self.skip();
        places.push((text.len(), self.at));
        while let Some(character) = self.next() {
            match character {
                '"' => return self.skip(),
                '\\' => {
                    self.skip();
                    match self.next() {
                        Some('\n') | None => {}
                        Some(escaped @ ('"' | '\\' | '$' | '`')) => text.push(escaped),
                        Some(other) => text.extend(['\\', other]),
                    }
                    self.skip();
                    places.push((text.len(), self.at));
                }
                '$' if self.rest().starts_with("$(") => self.substitution(text, depth),
                '`' => self.backtick(text, depth),
                other => {
                    text.push(other);
                    self.skip();
                }
            }
        }
    }

    /// `$(…)`: its commands are looked at, its text is kept.
    fn substitution(&mut self, text: &mut String, depth: usize) {
        let start = self.at;
        self.at += 2;
        if depth < DEEPEST {
            let assigned = text.strip_suffix('=').map(str::to_owned);
            self.list(Some(')'), assigned.as_deref(), depth + 1);
        } else {
            self.at = self.text.len();
        }
        self.skip();
        text.push_str(self.text.get(start..self.at).unwrap_or_default());
    }

    fn backtick(&mut self, text: &mut String, depth: usize) {
        let start = self.at;
        self.skip();
        if depth < DEEPEST {
            let assigned = text.strip_suffix('=').map(str::to_owned);
            self.list(Some('`'), assigned.as_deref(), depth + 1);
        } else {
            self.at = self.text.len();
        }
        self.skip();
        text.push_str(self.text.get(start..self.at).unwrap_or_default());
    }

    fn braces(&mut self, text: &mut String) {
        let end = self.rest().find('}').map_or(self.rest().len(), |end| end + 1);
        let inner = self.rest().get(..end).unwrap_or_default().to_owned();
        text.push_str(&inner);
        self.at += end;
    }
}
