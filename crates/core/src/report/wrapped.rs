//! Sentences cut into lines, for people.

/// The words of a text in lines of at most `width` characters; a longer word stays whole.
pub(crate) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ') {
        let room = |line: &&mut String| line.chars().count() + 1 + word.chars().count() <= width;
        match lines.last_mut().filter(room) {
            Some(line) => line.extend([" ", word]),
            None => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn lines_are_no_longer_than_asked_and_lose_nothing() {
        let text = "one two three fourteen-letters é four";
        let lines = wrapped(text, 9);
        assert_eq!(lines, ["one two", "three", "fourteen-letters", "é four"]);
        assert_eq!(lines.join(" "), text);
        assert_eq!(wrapped("", 9), [""]);
    }
}
