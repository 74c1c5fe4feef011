//! `--fix` over whole repositories: edits are made, judged again, and taken back where they would make things worse.

use std::collections::{BTreeMap, BTreeSet};

use super::document::Checked;
use super::repository::{Input, lint_repository};
use crate::catalogue::Catalogue;
use crate::check::Severity;

/// What `--fix` makes of the files: for those that change, their number and their new text.
///
/// Fixes are made until there is none left (one may make place for another), at most three times. A file that would be
/// worse afterwards, because a document in it would be refused, stays as it is.
#[must_use]
pub fn fixed(inputs: &[Input], catalogue: &Catalogue) -> BTreeMap<usize, String> {
    let mut current: Vec<Input> = inputs.to_vec();
    let mut left_alone = BTreeSet::new();
    for _ in 0..3 {
        let before = lint_repository(&current, catalogue);
        let mut changed = BTreeMap::new();
        for (number, input) in current.iter().enumerate().filter(|(number, _)| !left_alone.contains(number)) {
            let edits = before.iter().filter(|it| it.source.name == input.source.name).flat_map(|it| &it.findings);
            let edits: Vec<super::fix::Edit> = edits.flat_map(|finding| finding.edits.iter().cloned()).collect();
            if !edits.is_empty() {
                changed.insert(number, super::fix::applied(&input.source.text, &edits));
            }
        }
        if changed.is_empty() {
            break;
        }
        let mut next = current.clone();
        for (number, text) in &changed {
            if let Some(input) = next.get_mut(*number) {
                input.source.text = text.as_str().into();
            }
        }
        let after = lint_repository(&next, catalogue);
        for number in changed.keys() {
            let (Some(old), Some(new)) = (current.get(*number), next.get_mut(*number)) else { continue };
            let refused = |checked: &[Checked]| {
                checked
                    .iter()
                    .filter(|it| it.source.name == old.source.name)
                    .map(|it| it.findings.iter().filter(|it| it.severity == Severity::High).count())
                    .sum::<usize>()
            };
            if refused(&after) > refused(&before) {
                *new = old.clone();
                left_alone.insert(*number);
            }
        }
        current = next;
    }
    let texts = inputs.iter().zip(&current).enumerate().filter(|(_, (old, new))| old.source.text != new.source.text);
    texts.map(|(number, (_, new))| (number, new.source.text.to_string())).collect()
}
