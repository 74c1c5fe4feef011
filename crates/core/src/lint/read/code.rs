//! Python, JavaScript and TypeScript as tokens: enough to see calls, literals and blocks, nothing more.

use crate::source::Span;

/// Brackets nested deeper than this are written by no person: what follows is not looked at.
const DEEPEST: usize = 100;

/// Which language a text is in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::lint) enum Language {
    Python,
    Script,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::lint) enum Kind {
    Name,
    /// A string; `None` where it holds what is known only at run time.
    Text(Option<String>),
    Number,
    Punct,
    /// The end of a statement's line (Python: outside brackets).
    Break,
}

/// A token.
#[derive(Debug, Clone)]
pub(in crate::lint) struct Token {
    pub kind: Kind,
    pub span: Span,
    /// For the first token of a line: how far it is indented, in bytes.
    pub indent: Option<usize>,
}

/// A text as tokens; comments are left out.
#[derive(Debug)]
pub(in crate::lint) struct Code<'a> {
    pub text: &'a str,
    pub language: Language,
    pub tokens: Vec<Token>,
}

impl<'a> Code<'a> {
    /// Reads any text.
    pub(in crate::lint) fn read(text: &'a str, language: Language) -> Self {
        let mut lexer = Lexer { text, language, at: 0, depth: 0, line: 0, fresh: true, tokens: Vec::new() };
        while lexer.step() {}
        Self { text, language, tokens: lexer.tokens }
    }

    pub(in crate::lint) fn get(&self, at: usize) -> Option<&Token> {
        self.tokens.get(at)
    }

    /// What is written at a token; empty past the end.
    pub(in crate::lint) fn word(&self, at: usize) -> &'a str {
        self.get(at).and_then(|token| self.text.get(token.span.start..token.span.end)).unwrap_or_default()
    }

    pub(in crate::lint) fn is_name(&self, at: usize) -> bool {
        self.get(at).is_some_and(|token| token.kind == Kind::Name)
    }

    /// The known text of a string token.
    pub(in crate::lint) fn string(&self, at: usize) -> Option<&str> {
        match &self.get(at)?.kind {
            Kind::Text(Some(text)) => Some(text),
            Kind::Text(None) | Kind::Name | Kind::Number | Kind::Punct | Kind::Break => None,
        }
    }

    /// Where the block ends whose head stands at token `head`: the next token that begins a line no deeper than the head's.
    pub(in crate::lint) fn block_end(&self, head: usize) -> usize {
        let line = (0..=head).rev().find_map(|at| self.get(at)?.indent).unwrap_or(0);
        let next = |at: &usize| self.get(*at).is_some_and(|token| token.indent.is_some_and(|indent| indent <= line));
        (head + 1..self.tokens.len()).find(next).unwrap_or(self.tokens.len())
    }

    /// The token ranges of the outermost functions, and what stands outside of them; for scripts the whole text.
    pub(in crate::lint) fn functions(&self) -> Vec<(usize, usize)> {
        let all = (0, self.tokens.len());
        if self.language == Language::Script {
            return vec![all];
        }
        let (mut found, mut at, mut rest) = (Vec::new(), 0, 0);
        while at < self.tokens.len() {
            if self.word(at) == "def" && self.is_name(at) {
                let end = self.block_end(at);
                found.push((at, end));
                if rest < at {
                    found.push((rest, at));
                }
                (at, rest) = (end.max(at + 1), end.max(at + 1));
            } else {
                at += 1;
            }
        }
        found.push((rest, self.tokens.len()));
        found.retain(|(start, end)| start < end);
        found
    }
}

struct Lexer<'a> {
    text: &'a str,
    language: Language,
    at: usize,
    depth: usize,
    /// Where the line begins.
    line: usize,
    /// Whether no token stands on the line yet.
    fresh: bool,
    tokens: Vec<Token>,
}

impl Lexer<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn push(&mut self, kind: Kind, length: usize) {
        let span = Span::new(self.at, self.at + length);
        let indent = (self.fresh && kind != Kind::Break).then(|| self.at - self.line);
        if kind != Kind::Break {
            self.fresh = false;
        }
        self.tokens.push(Token { kind, span, indent });
        self.at += length;
    }

    /// Takes one token; `false` at the end.
    fn step(&mut self) -> bool {
        let rest = self.rest();
        let Some(first) = rest.chars().next().filter(|_| self.depth <= DEEPEST) else { return false };
        let python = self.language == Language::Python;
        if first == '\n' {
            self.line_break();
        } else if first == '\\' && rest.get(1..2) == Some("\n") {
            self.at += 2;
        } else if first.is_whitespace() {
            self.at += first.len_utf8();
        } else if (python && first == '#') || (!python && rest.starts_with("//")) {
            self.at += rest.find('\n').unwrap_or(rest.len());
        } else if !python && rest.starts_with("/*") {
            self.at += rest.find("*/").map_or(rest.len(), |end| end + 2);
        } else if let Some((length, value)) = string(rest, python) {
            self.push(Kind::Text(value), length);
        } else if first.is_alphabetic() || first == '_' || first == '$' {
            let end = rest.find(|it: char| !(it.is_alphanumeric() || it == '_' || it == '$')).unwrap_or(rest.len());
            self.push(Kind::Name, end);
        } else if first.is_ascii_digit() {
            let end = rest.find(|it: char| !(it.is_alphanumeric() || it == '.' || it == '_')).unwrap_or(rest.len());
            self.push(Kind::Number, end);
        } else {
            self.punct(first);
        }
        true
    }

    fn line_break(&mut self) {
        if self.depth == 0 || self.language == Language::Script {
            self.push(Kind::Break, 1);
        } else {
            self.at += 1;
        }
        self.line = self.at;
        self.fresh = self.depth == 0 || self.language == Language::Script;
    }

    fn punct(&mut self, first: char) {
        match first {
            '(' | '[' | '{' => self.depth += 1,
            ')' | ']' | '}' => self.depth = self.depth.saturating_sub(1),
            _ => {}
        }
        let two = self
            .rest()
            .get(..2)
            .filter(|two| matches!(*two, "==" | "!=" | ":=" | "=>" | "**" | "&&" | "||" | "??" | "?."));
        let length = two.map_or(first.len_utf8(), str::len);
        self.push(Kind::Punct, length);
    }
}

/// A string at the beginning of `rest`: its length, and its value where that is known.
fn string(rest: &str, python: bool) -> Option<(usize, Option<String>)> {
    let quote = |(_, character): &(usize, char)| matches!(character, '"' | '\'');
    let prefix = if python { rest.char_indices().take(3).find(quote)?.0 } else { 0 };
    let letters = rest.get(..prefix)?;
    if prefix > 2 || !letters.chars().all(|it| "rRbBuUfFtT".contains(it)) {
        return None;
    }
    let body = rest.get(prefix..)?;
    let quote = body.chars().next().filter(|it| matches!(it, '"' | '\'') || (!python && *it == '`'))?;
    let triple: String = std::iter::repeat_n(quote, 3).collect();
    let (open, long) = if python && body.starts_with(&triple) { (3, true) } else { (1, quote == '`') };
    let raw = letters.contains(['r', 'R']);
    let (inner, closed) = until(body.get(open..)?, if open == 3 { &triple } else { triple.get(..1)? }, long);
    let value = known(inner, raw, letters.contains(['f', 'F']), quote == '`');
    Some((prefix + open + inner.len() + if closed { open } else { 0 }, value))
}

/// What stands before the closing quote, and whether there is one; a short string ends with its line.
fn until<'t>(text: &'t str, close: &str, long: bool) -> (&'t str, bool) {
    let mut escaped = false;
    for (at, character) in text.char_indices() {
        if escaped {
            escaped = false;
        } else if character == '\\' {
            escaped = true;
        } else if text.get(at..).is_some_and(|rest| rest.starts_with(close)) {
            return (text.get(..at).unwrap_or_default(), true);
        } else if character == '\n' && !long {
            return (text.get(..at).unwrap_or_default(), false);
        }
    }
    (text, false)
}

fn known(inner: &str, raw: bool, formatted: bool, template: bool) -> Option<String> {
    if (formatted && inner.contains('{')) || (template && inner.contains("${")) {
        return None;
    }
    if raw || !inner.contains('\\') {
        return Some(inner.to_owned());
    }
    let mut value = String::new();
    let mut characters = inner.chars();
    while let Some(character) = characters.next() {
        match (character, if character == '\\' { characters.next() } else { None }) {
            ('\\', Some('n')) => value.push('\n'),
            ('\\', Some('t')) => value.push('\t'),
            ('\\', Some('\n')) => {}
            ('\\', Some(other)) => value.push(other),
            (other, _) => value.push(other),
        }
    }
    Some(value)
}
