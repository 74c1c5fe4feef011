//! Ids for what is created: in AWS's forms, in an order that repeats with every run.

use optout_core::org::{AccountId, OrganizationId, PolicyId, RootId, UnitId};

/// Makes ids. Equal runs make equal ids.
#[derive(Debug, Clone, Default)]
pub(crate) struct Mint {
    made: u64,
}

impl Mint {
    /// Ten lower-case letters and digits that were not made before.
    fn word(&mut self) -> String {
        self.made = self.made.wrapping_add(1);
        scramble(self.made)
    }

    pub(crate) fn policy(&mut self, taken: impl Fn(&PolicyId) -> bool) -> Option<PolicyId> {
        std::iter::repeat_with(|| format!("p-{}", self.word()).parse().ok()).flatten().find(|id| !taken(id))
    }

    pub(crate) fn unit(&mut self, root: &RootId, taken: impl Fn(&UnitId) -> bool) -> Option<UnitId> {
        let root = root.as_str().trim_start_matches("r-").to_owned();
        std::iter::repeat_with(|| format!("ou-{root}-{}", self.word()).parse().ok()).flatten().find(|id| !taken(id))
    }

    pub(crate) fn account(&mut self, taken: impl Fn(&AccountId) -> bool) -> Option<AccountId> {
        let number = || {
            self.made = self.made.wrapping_add(1);
            let spread = self.made.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 900_000_000_000;
            format!("{}", 100_000_000_000 + spread).parse().ok()
        };
        std::iter::repeat_with(number).flatten().find(|id| !taken(id))
    }

    pub(crate) fn organization(&mut self) -> Option<OrganizationId> {
        format!("o-{}", self.word()).parse().ok()
    }

    pub(crate) fn root(&mut self) -> Option<RootId> {
        format!("r-{}", self.word()).parse().ok()
    }

    /// An id of another kind: `prefix` and ten letters and digits.
    pub(crate) fn other(&mut self, prefix: &str) -> String {
        format!("{prefix}{}", self.word())
    }

    /// A request id in the form of a UUID.
    pub(crate) fn request(&mut self) -> String {
        let (left, right) = (self.word(), self.word());
        let hex: String = left.bytes().chain(right.bytes()).map(|byte| format!("{byte:02x}")).collect();
        let part = |from, to| hex.get(from..to).unwrap_or_default();
        format!("{}-{}-4{}-8{}-{}", part(0, 8), part(8, 12), part(13, 16), part(17, 20), part(20, 32))
    }
}

/// A number as ten letters and digits that do not show their order.
fn scramble(number: u64) -> String {
    const LETTERS: &[u8; 36] = b"0123456789abcdefghijklmnopqrstuvwxyz";
    // INVARIANT: an odd factor permutes the 64-bit numbers; ten digits of base 36 keep about 52 bits of them, so an id
    // may come twice only after millions, and callers ask whether it is taken.
    let mut rest = number.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 12;
    let digit = || {
        let at = usize::try_from(rest % 36).unwrap_or(0);
        rest /= 36;
        char::from(LETTERS.get(at).copied().unwrap_or(b'0'))
    };
    std::iter::repeat_with(digit).take(10).collect()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn ids_have_their_forms_and_do_not_repeat() {
        let mut mint = Mint::default();
        let policies: BTreeSet<_> = (0..10_000).filter_map(|_| mint.policy(|_| false)).collect();
        assert_eq!(policies.len(), 10_000);
        let accounts: BTreeSet<_> = (0..10_000).filter_map(|_| mint.account(|_| false)).collect();
        assert_eq!(accounts.len(), 10_000);
        assert!(mint.unit(&"r-acme".parse().unwrap(), |_| false).unwrap().as_str().starts_with("ou-acme-"));
        assert_eq!(mint.request().len(), 36);
    }

    #[test]
    fn equal_runs_make_equal_ids() {
        let ids = |mut mint: Mint| (0..3).map(|_| mint.request()).collect::<Vec<_>>();
        assert_eq!(ids(Mint::default()), ids(Mint::default()));
    }

    #[test]
    fn a_taken_id_is_not_given_out() {
        let first = Mint::default().policy(|_| false).unwrap();
        assert_ne!(Mint::default().policy(|id| *id == first), Some(first));
    }
}
