//! Sentences of our own data in Markdown: backticks mark code, everything else is literal.

/// A sentence in which backticks mark code, as in the data files; everything else is literal. It may stand in a table.
pub(crate) fn prose(text: &str) -> String {
    let parts: Vec<&str> = text.split('`').collect();
    if parts.len().is_multiple_of(2) {
        return escaped(text);
    }
    let part = |(at, part): (usize, &&str)| {
        if at % 2 == 0 { escaped(part) } else { format!("`{}`", part.replace('|', "\\|")) }
    };
    parts.iter().enumerate().map(part).collect()
}

/// Text that Markdown shows as it is. Line breaks cannot occur: the reader refuses control characters.
pub(crate) fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in text.chars() {
        if r"\`*_[]<>|#!~&".contains(character) {
            out.push('\\');
        }
        out.push(character);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_other_people_stay_text() {
        assert_eq!(escaped("<b>|[x](y)"), r"\<b\>\|\[x\](y)");
        assert_eq!(prose("use `a_b` *now*"), r"use `a_b` \*now\*");
        assert_eq!(prose("odd ` one"), r"odd \` one");
    }
}
