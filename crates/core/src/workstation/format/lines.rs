//! The line ends and indentation of a text, so that what is added looks like what is there.

/// The line end the text uses: that of its first line, or `\n` where there is only one line.
pub(super) fn line_end(text: &str) -> &'static str {
    match text.find('\n') {
        Some(at) if text.get(..at).is_some_and(|before| before.ends_with('\r')) => "\r\n",
        Some(_) | None => "\n",
    }
}

/// The spaces and tabs before byte `at` on its line; `None` when something else stands before it.
pub(super) fn indent_before(text: &str, at: usize) -> Option<&str> {
    let line = text.get(..at)?.rsplit('\n').next()?;
    line.chars().all(|character| matches!(character, ' ' | '\t')).then_some(line)
}

/// The spaces and tabs the line of byte `at` starts with.
pub(super) fn indent_of_line(text: &str, at: usize) -> &str {
    let line = text.get(..at).and_then(|before| before.rsplit('\n').next()).unwrap_or_default();
    let end = line.find(|character| !matches!(character, ' ' | '\t')).unwrap_or(line.len());
    line.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_line_decides_the_line_end() {
        assert_eq!((line_end("a\r\nb\n"), line_end("a\nb\r\n"), line_end("a")), ("\r\n", "\n", "\n"));
    }

    #[test]
    fn indentation_is_what_stands_before_on_the_line() {
        let text = "{\n\t \"a\": 1, \"b\": 2";
        assert_eq!(indent_before(text, 4), Some("\t "));
        assert_eq!(indent_before(text, 12), None);
        assert_eq!(indent_of_line(text, 12), "\t ");
    }
}
