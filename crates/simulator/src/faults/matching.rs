//! Which of the calls a fault is for: always, by number, or by a chance that repeats with every run.

use serde::{Deserialize, Serialize};

/// Which calls, counted from 1 among those the fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum When {
    /// Every call.
    #[default]
    Always,
    /// Only the call of this number.
    Nth {
        /// The number, from 1.
        call: u64,
    },
    /// The first so many calls.
    First {
        /// How many.
        calls: u64,
    },
    /// Every so many calls: 3 means the third, the sixth and so on.
    Every {
        /// How many.
        calls: u64,
    },
    /// Each call with this probability; equal seeds choose equal calls.
    Chance {
        /// From 0 to 1.
        probability: f64,
        /// What the choice begins with.
        seed: u64,
    },
}

impl When {
    /// Whether the fault strikes the call of this number.
    pub(crate) fn strikes(self, number: u64) -> bool {
        match self {
            Self::Always => true,
            Self::Nth { call } => number == call,
            Self::First { calls } => number <= calls,
            Self::Every { calls } => calls > 0 && number.is_multiple_of(calls),
            Self::Chance { probability, seed } => fraction(seed, number) < probability,
        }
    }
}

/// A number from 0 to 1 that looks random and follows from its arguments (SplitMix64's mixing).
fn fraction(seed: u64, number: u64) -> f64 {
    let mut mixed = seed.wrapping_add(number.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    let top = u32::try_from((mixed ^ (mixed >> 31)) >> 32).unwrap_or(u32::MAX);
    f64::from(top) / 4_294_967_296.0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn struck(when: When) -> Vec<u64> {
        (1..=9).filter(|number| when.strikes(*number)).collect()
    }

    #[test]
    fn calls_are_counted_from_one() {
        assert_eq!(struck(When::Nth { call: 3 }), [3]);
        assert_eq!(struck(When::First { calls: 2 }), [1, 2]);
        assert_eq!(struck(When::Every { calls: 4 }), [4, 8]);
        assert_eq!(struck(When::Every { calls: 0 }), [0; 0]);
        assert_eq!(struck(When::Always).len(), 9);
    }

    #[test]
    fn chance_repeats_with_its_seed_and_keeps_its_share() {
        let chosen = |seed| (1..=10_000).filter(|it| When::Chance { probability: 0.3, seed }.strikes(*it)).count();
        assert_eq!(chosen(7), chosen(7));
        assert!((2_800..3_200).contains(&chosen(7)), "{}", chosen(7));
    }
}
