//! Texts cut to a length that another system accepts.

/// The text, or its beginning with an ellipsis; at most `most` bytes, so that it is short enough in any unit of length.
pub(crate) fn cut(text: &str, most: usize) -> String {
    const ELLIPSIS: &str = "…";
    if text.len() <= most {
        return text.to_owned();
    }
    let room = most.saturating_sub(ELLIPSIS.len());
    let end =
        text.char_indices().map(|(at, character)| at + character.len_utf8()).take_while(|end| *end <= room).last();
    format!("{}{ELLIPSIS}", text.get(..end.unwrap_or(0)).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::cut;

    #[test]
    fn what_is_too_long_ends_with_an_ellipsis_and_is_not() {
        assert_eq!(cut("abcdef", 6), "abcdef");
        assert_eq!(cut("abcdefg", 6), "abc…");
        assert_eq!(cut("日本語日本語", 10), "日本…");
        assert!((3..40).all(|most| cut("日本語 and more than fits", most).len() <= most));
    }
}
