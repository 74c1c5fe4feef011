//! Pages for people, as Markdown: what other people named stands in code spans and fenced blocks, where nothing is markup.
//!
//! Rules: <https://spec.commonmark.org/0.31.2/#fenced-code-blocks> (a fence ends only at one as long as itself), read 2026-11-24.

use crate::report::markdown_code;
use crate::source::{shown, shown_lines};

/// A page, written from its beginning to its end.
#[derive(Default)]
pub(super) struct Page(String);

impl Page {
    /// A heading of this depth; a text of this program's own.
    pub(super) fn heading(mut self, depth: usize, text: &str) -> Self {
        self.part();
        self.0.push_str(&format!("{} {text}\n", "#".repeat(depth)));
        self
    }

    /// A paragraph; Markdown of this program's own, names in it by [`name`].
    pub(super) fn text(mut self, markdown: &str) -> Self {
        self.part();
        self.0.push_str(&format!("{markdown}\n"));
        self
    }

    /// A list, as [`Page::text`].
    pub(super) fn list<'i>(self, items: impl IntoIterator<Item = &'i str>) -> Self {
        self.items(&items.into_iter().map(|item| format!("- {item}\n")).collect::<String>())
    }

    /// Steps in their order, as [`Page::text`].
    pub(super) fn steps<'i>(self, items: impl IntoIterator<Item = &'i str>) -> Self {
        self.items(&items.into_iter().enumerate().map(|(at, item)| format!("{}. {item}\n", at + 1)).collect::<String>())
    }

    fn items(mut self, items: &str) -> Self {
        self.part();
        self.0.push_str(items);
        self
    }

    /// A block of any text, of one line whatever is in it.
    pub(super) fn line(self, text: &str) -> Self {
        self.block("text", &shown(text))
    }

    /// A block of lines of this program's own, like commands or JSON.
    pub(super) fn block(mut self, language: &str, text: &str) -> Self {
        let text = shown_lines(text);
        let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
        let fence = "`".repeat(longest.max(2) + 1);
        self.part();
        self.0.push_str(&format!("{fence}{language}\n{text}\n{fence}\n"));
        self
    }

    /// What `more` adds, where it is wanted.
    pub(super) fn when(self, wanted: bool, more: impl FnOnce(Self) -> Self) -> Self {
        if wanted { more(self) } else { self }
    }

    /// The whole page.
    pub(super) fn end(self) -> String {
        self.0
    }

    fn part(&mut self) {
        if !self.0.is_empty() {
            self.0.push('\n');
        }
    }
}

/// Somebody's name for something, as code.
pub(super) fn name(text: &str) -> String {
    markdown_code(text)
}

#[cfg(test)]
mod tests {
    use super::Page;

    #[test]
    fn nothing_ends_a_block_but_its_own_fence() {
        let page = Page::default().line("```\n# x").block("json", "{\"a\": \"````\"}").end();
        assert_eq!(page, "````text\n```\\u{a}# x\n````\n\n`````json\n{\"a\": \"````\"}\n`````\n");
    }

    #[test]
    fn parts_are_apart() {
        let page = Page::default().heading(1, "A").list(["b", "c"]).steps(["d", "e"]).text("f");
        let page = page.when(false, |page| page.text("g")).end();
        assert_eq!(page, "# A\n\n- b\n- c\n\n1. d\n2. e\n\nf\n");
    }
}
