//! "Did you mean": the known word that a mistyped one is closest to.
//!
//! Used wherever a word of a person must be one of a closed set: keys of a table, service keys, control names.

/// Words longer than this are not compared: nobody mistypes one, and the input may be hostile.
const LONGEST_WORD: usize = 80;

/// The candidate closest to `word`, or `None` when none is close.
///
/// Case and white space around the word do not count. A candidate is close when turning one into the other takes at most a third
/// of the longer one's characters, and fewer than the word has; a swap of two neighbours counts as one. Of equally
/// close candidates the first one wins.
///
/// ```
/// use optout_core::source::nearest;
/// assert_eq!(nearest("opt_out_polcy", ["services", "opt_out_policy"]), Some("opt_out_policy"));
/// assert_eq!(nearest("Lex ", ["lex", "polly"]), Some("lex"));
/// assert_eq!(nearest("bedrock", ["lex", "polly"]), None);
/// ```
pub fn nearest<'a>(word: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = folded(word)?;
    candidates
        .into_iter()
        .filter_map(|candidate| Some((distance_if_close(&word, &folded(candidate)?)?, candidate)))
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, candidate)| candidate)
}

/// The characters that are compared; `None` for an empty or overlong word.
fn folded(word: &str) -> Option<Vec<char>> {
    let characters: Vec<char> =
        word.trim().chars().take(LONGEST_WORD + 1).flat_map(char::to_lowercase).take(2 * LONGEST_WORD).collect();
    (1..=LONGEST_WORD).contains(&characters.len()).then_some(characters)
}

fn distance_if_close(word: &[char], candidate: &[char]) -> Option<usize> {
    let allowed = (word.len().max(candidate.len()).max(3) / 3).min(word.len() - 1);
    let certain = word.len().abs_diff(candidate.len());
    let exact = word == candidate;
    if exact {
        return Some(0);
    }
    (certain <= allowed).then(|| distance(word, candidate)).filter(|distance| *distance <= allowed)
}

/// The optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours.
fn distance(from: &[char], to: &[char]) -> usize {
    let mut before: Vec<usize> = Vec::new();
    let mut above: Vec<usize> = (0..=to.len()).collect();
    for (row, &wanted) in from.iter().enumerate() {
        let mut current = vec![row + 1];
        let mut left = row + 1;
        for (column, &found) in to.iter().enumerate() {
            let get = |line: &[usize], at: usize| line.get(at).copied().unwrap_or(usize::MAX - 1);
            let mut best = (left + 1).min(get(&above, column + 1) + 1);
            best = best.min(get(&above, column) + usize::from(wanted != found));
            let swapped =
                row > 0 && column > 0 && from.get(row - 1) == Some(&found) && to.get(column - 1) == Some(&wanted);
            if swapped {
                best = best.min(get(&before, column - 1) + 1);
            }
            current.push(best);
            left = best;
        }
        before = std::mem::replace(&mut above, current);
    }
    above.last().copied().unwrap_or(from.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn between(from: &str, to: &str) -> usize {
        let characters = |text: &str| text.chars().collect::<Vec<_>>();
        distance(&characters(from), &characters(to))
    }

    #[test]
    fn each_kind_of_slip_counts_as_one() {
        assert_eq!(between("polly", "polly"), 0);
        assert_eq!(between("poly", "polly"), 1);
        assert_eq!(between("pollly", "polly"), 1);
        assert_eq!(between("pully", "polly"), 1);
        assert_eq!(between("plloy", "polly"), 2);
        assert_eq!(between("oplly", "polly"), 1);
        assert_eq!(between("", "polly"), 5);
        assert_eq!(between("polly", ""), 5);
    }

    #[test]
    fn distance_is_symmetric() {
        for (left, right) in [("kitten", "sitting"), ("transcribe", "translate"), ("ab", "ba"), ("q", "lex")] {
            assert_eq!(between(left, right), between(right, left), "{left} {right}");
        }
    }

    #[test]
    fn the_closest_wins_and_of_equals_the_first() {
        assert_eq!(nearest("transform", ["translate", "transform"]), Some("transform"));
        assert_eq!(nearest("bat", ["cat", "hat"]), Some("cat"));
    }

    #[test]
    fn case_and_surrounding_space_do_not_count() {
        assert_eq!(nearest("  LEX\n", ["polly", "lex"]), Some("lex"));
        assert_eq!(nearest("Q", ["lex", "q"]), Some("q"));
    }

    #[test]
    fn short_words_are_not_guessed_at() {
        assert_eq!(nearest("x", ["q", "lex"]), None);
        assert_eq!(nearest("s3", ["q", "dms"]), None);
        assert_eq!(nearest("", ["q"]), None);
        assert_eq!(nearest(" ", ["q"]), None);
    }

    #[test]
    fn overlong_words_are_not_compared() {
        let long = "a".repeat(1_000_000);
        assert_eq!(nearest(&long, ["aaaa"]), None);
        assert_eq!(nearest("aaaa", [long.as_str()]), None);
        assert_eq!(nearest(&"\u{130}".repeat(80), ["lex"]), None);
    }
}
