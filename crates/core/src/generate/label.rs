//! Names for policies in files of code: from the policy's own name, so that they stay when others come and go, but of
//! letters, digits and `_` only.

use std::collections::BTreeSet;

/// The longest label, so that every tool takes it.
const LONGEST: usize = 60;

/// A label for each name, all different, in the order of the names; `main` for the one that is main.
pub(super) fn labels<'n>(names: impl Iterator<Item = (bool, &'n str)>) -> Vec<String> {
    let mut taken = BTreeSet::from(["main".to_owned()]);
    names.map(|(is_main, name)| if is_main { "main".to_owned() } else { free(&stem(name), &mut taken) }).collect()
}

fn free(stem: &str, taken: &mut BTreeSet<String>) -> String {
    let numbered = (2_u32..).map(|number| format!("{stem}_{number}"));
    let label = std::iter::once(stem.to_owned()).chain(numbered).find(|label| !taken.contains(label));
    let label = label.unwrap_or_default();
    taken.insert(label.clone());
    label
}

fn stem(name: &str) -> String {
    let plain = |character: char| if character.is_ascii_alphanumeric() { character.to_ascii_lowercase() } else { '_' };
    let words: String = name.chars().map(plain).collect();
    let words: Vec<&str> = words.split('_').filter(|word| !word.is_empty()).collect();
    let text: String = words.join("_").chars().take(LONGEST).collect();
    let text = text.trim_end_matches('_');
    if text.starts_with(|first: char| first.is_ascii_lowercase()) { text.to_owned() } else { format!("policy_{text}") }
}

/// The same as a CloudFormation logical id: `opt_out_2` is `OptOut2`.
///
/// `_` between digits would be lost, so that two labels could become one: there it is `N`.
pub(super) fn logical_id(label: &str) -> String {
    let mut id = String::new();
    for word in label.split('_') {
        let mut characters = word.chars();
        let first = characters.next();
        if first.is_some_and(|it| it.is_ascii_digit()) && id.ends_with(|last: char| last.is_ascii_digit()) {
            id.push('N');
        }
        id.extend(first.map(|it| it.to_ascii_uppercase()));
        id.extend(characters);
    }
    id
}

#[cfg(test)]
mod tests {
    use super::{labels, logical_id};

    #[test]
    fn any_name_has_a_label_of_its_own() {
        let names = ["Opt out 2", "opt-out 2", "\"${x}\"\n", "", "2", "日本", "main", "MAIN"];
        let all = labels(names.iter().map(|name| (false, *name)));
        assert_eq!(all, ["opt_out_2", "opt_out_2_2", "x", "policy_", "policy_2", "policy__2", "main_2", "main_3"]);
        assert_eq!(labels([(true, "any")].into_iter()), ["main"]);
    }

    #[test]
    fn labels_and_logical_ids_are_identifiers_and_different() {
        let names = ["a 1 1", "a 11", "a_1_1", "!", "9 9", "99"];
        let all = labels(names.iter().map(|name| (false, *name)));
        let ids: Vec<String> = all.iter().map(|label| logical_id(label)).collect();
        for (at, id) in ids.iter().enumerate() {
            assert!(id.chars().all(|it| it.is_ascii_alphanumeric()), "{id}");
            assert!(!ids[..at].contains(id), "{ids:?}");
        }
    }
}
