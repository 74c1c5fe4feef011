//! What changes between two texts, as people read it: the unified diff.

use similar::TextDiff;

/// The unified diff from `old` to `new`, both called `name`, with three lines of context; empty when they are equal.
///
/// The names in its head are relative (`a/…`, `b/…`), as tools that apply diffs expect them.
#[must_use]
pub fn unified(old: &str, new: &str, name: &str) -> String {
    if old == new {
        return String::new();
    }
    let name = name.trim_start_matches('/');
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().context_radius(3).header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_changed_line_is_shown_with_its_context() {
        let diff = unified("a\nb\nc\n", "a\nB\nc\n", "x.json");
        assert_eq!(diff, "--- a/x.json\n+++ b/x.json\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
    }

    #[test]
    fn equal_texts_have_no_diff() {
        assert_eq!(unified("a", "a", "x"), "");
    }
}
