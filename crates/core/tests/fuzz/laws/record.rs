//! Records of runs and chains handed out as lines: any text is refused or is in its one form; a chain that was changed is not found whole.

use optout_core::evidence::{Record, check_lines};
use serde_json::Value;

use super::reader;

pub(crate) fn holds(bytes: &[u8]) {
    let Some(source) = reader::text(bytes) else { return };
    let text = source.text.as_ref();
    if Record::parse(text).is_ok() {
        let value: Value = serde_json::from_str(text).expect("a record is JSON");
        assert_eq!(value.to_string(), text, "a record has one form only");
    }
    let checked = check_lines(text, &[]);
    assert_eq!(checked, check_lines(text, &[]));
    let Some(head) = checked.head else { return };
    // The head proves what it was made of, as far as it goes.
    let anchored = check_lines(text, &[head]);
    assert!(checked.problems.iter().all(|problem| anchored.problems.contains(problem)));
    let lines: Vec<&str> = text.lines().collect();
    for left_out in 0..lines.len().min(8) {
        let rest: Vec<&str> =
            lines.iter().enumerate().filter(|(at, _)| *at != left_out).map(|(_, line)| *line).collect();
        let without = check_lines(&rest.join("\n"), &[head]);
        let was_needed = without.records < checked.records || without.parts < checked.parts;
        assert!(
            !was_needed || !without.problems.is_empty() || !without.notes.is_empty(),
            "line {left_out} is not missed"
        );
    }
}
