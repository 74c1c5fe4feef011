//! Shows what an edit changes, as a unified diff.

use similar::TextDiff;

/// Lines around a change that are shown with it.
const CONTEXT: usize = 3;

/// The unified diff from `old` to `new`, both named `name`; empty where nothing changes.
///
/// Line ends are kept as they are in the texts, so a change of line ends shows.
#[must_use]
pub fn unified(old: &str, new: &str, name: &str) -> String {
    if old == new {
        return String::new();
    }
    let diff = TextDiff::from_lines(old, new);
    diff.unified_diff().context_radius(CONTEXT).header(&format!("a/{name}"), &format!("b/{name}")).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_changes_are_shown() {
        assert_eq!(unified("a\n", "a\n", "x"), "");
        let shown = unified("a\nb\nc\n", "a\nB\nc\n", "robots.txt");
        assert_eq!(shown, "--- a/robots.txt\n+++ b/robots.txt\n@@ -1,3 +1,3 @@\n a\n-b\n+B\n c\n");
    }
}
