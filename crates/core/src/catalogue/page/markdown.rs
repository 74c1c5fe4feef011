//! The lists of a Markdown page: items by bullet, lists by indentation. Text in fences does not count.

use super::list::{Item, List};
use crate::source::Span;

/// Every list of the page, in the order of their ends.
pub(super) fn lists(markdown: &str) -> Vec<List> {
    let mut reader = Reader::default();
    let mut at = 0;
    for line in markdown.split_inclusive('\n') {
        reader.line(line, at);
        at += line.len();
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    /// Open lists, outermost first, with the column of their bullets.
    open: Vec<(usize, List)>,
    done: Vec<List>,
    fenced: bool,
}

impl Reader {
    fn line(&mut self, line: &str, at: usize) {
        let text = line.trim();
        if text.starts_with("```") || text.starts_with("~~~") {
            self.fenced = !self.fenced;
            self.close_from(column(line));
        } else if self.fenced || text.is_empty() {
        } else if let Some(content) = bullet(text) {
            self.item(column(line), content, Span::new(at, at + line.trim_end().len()));
        } else {
            self.close_from(column(line));
            self.last().into_iter().for_each(|item| {
                item.text.push(' ');
                item.text.push_str(&plain(text));
            });
        }
    }

    fn item(&mut self, column: usize, content: &str, span: Span) {
        self.close_from(column + 1);
        let item = Item { text: plain(content), code: leading_code(content) };
        match self.open.last_mut().filter(|(own, _)| *own == column) {
            Some((_, list)) => list.items.push(item),
            None => self.open.push((column, List { items: vec![item], closed: false, span })),
        }
    }

    fn last(&mut self) -> Option<&mut Item> {
        self.open.last_mut()?.1.items.last_mut()
    }

    /// Ends every list whose bullets stand at `column` or to the right of it.
    fn close_from(&mut self, column: usize) {
        while let Some((_, list)) = self.open.pop_if(|(own, _)| *own >= column) {
            self.done.push(List { closed: true, ..list });
        }
    }

    fn finish(mut self) -> Vec<List> {
        self.done.extend(self.open.into_iter().rev().map(|(_, list)| list));
        self.done
    }
}

/// The column of the first visible character, tabs to the next multiple of four.
fn column(line: &str) -> usize {
    let space = line.chars().take_while(|character| matches!(character, ' ' | '\t'));
    space.fold(0, |column, character| if character == '\t' { (column / 4 + 1) * 4 } else { column + 1 })
}

/// What follows a bullet, `+ x`, `- x`, `* x` or `• x`.
fn bullet(text: &str) -> Option<&str> {
    let rest = text.strip_prefix(['+', '-', '*', '\u{2022}'])?;
    rest.starts_with([' ', '\t', '\u{a0}']).then(|| rest.trim_start())
}

/// The code that `content` begins with, emphasis before it ignored.
fn leading_code(content: &str) -> Option<String> {
    let inside = content.trim_start_matches(['*', '_', ' ']).strip_prefix('`')?;
    inside.split_once('`').map(|(code, _)| code.to_owned())
}

/// Text without emphasis, code marks and backslashes before signs.
fn plain(content: &str) -> String {
    let mut text = String::with_capacity(content.len());
    let mut characters = content.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '*' | '`' => {}
            '\\' if characters.peek().is_some_and(char::is_ascii_punctuation) => text.extend(characters.next()),
            _ => text.push(character),
        }
    }
    text
}
