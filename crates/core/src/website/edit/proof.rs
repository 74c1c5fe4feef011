//! Proves an edit: who has to be kept out is, and nobody else's rules changed.

use std::collections::BTreeSet;

use super::RefusedError;
use crate::website::robots::{Groups, Robots, Spelling};

/// No crawler can have this name in a file: it stands for all that no group names.
const NOBODY: &str = "";

/// Whether the rules of `token` let it fetch nothing but robots.txt itself.
///
/// Sufficient, not necessary: a rule that matches every path, and no longer or equally long Allow beside it.
pub(super) fn keeps_out(robots: &Robots, token: &str, spelling: Spelling) -> bool {
    let groups = robots.groups(spelling);
    let rules = || groups.rules(groups.chosen(token)).map(|(_, rule)| rule);
    let closed = rules().filter(|rule| !rule.allow && rule.pattern.matches_everything());
    let Some(strongest) = closed.map(|rule| rule.pattern.octets()).max() else { return false };
    !rules().any(|rule| rule.allow && rule.pattern.octets() >= strongest)
}

/// Both halves of the proof, for both kinds of readers.
pub(super) fn prove(old: &str, new: &str, tokens: &[&str]) -> Result<(), RefusedError> {
    let (old, new) = (Robots::parse(old.as_bytes()), Robots::parse(new.as_bytes()));
    for spelling in [Spelling::Exact, Spelling::Tolerated] {
        if let Some(token) = tokens.iter().find(|token| !keeps_out(&new, token, spelling)) {
            return Err(RefusedError::StillAllowed { token: (*token).to_owned() });
        }
        let (before, after) = (old.groups(spelling), new.groups(spelling));
        // Crawlers that the same groups speak to before and after need comparing once, however many they are.
        let mut compared = BTreeSet::new();
        for agent in others(&old, &new, tokens) {
            let groups = (before.chosen(agent), after.chosen(agent));
            if compared.insert(groups) && !same_rules((before, groups.0), (after, groups.1)) {
                let agent = if agent.is_empty() { "*" } else { agent }.to_owned();
                return Err(RefusedError::WouldChangeOthers { agent });
            }
        }
    }
    Ok(())
}

/// Every crawler one of the files names, and one that none does, but for `tokens`.
fn others<'a>(old: &'a Robots, new: &'a Robots, tokens: &[&str]) -> Vec<&'a str> {
    let named = old.named_agents().into_iter().chain(new.named_agents()).chain([NOBODY]);
    named.filter(|agent| !tokens.iter().any(|token| token.eq_ignore_ascii_case(agent))).collect()
}

/// Whether these groups have the same rules in the same order.
fn same_rules(before: (&Groups, &[usize]), after: (&Groups, &[usize])) -> bool {
    let before = before.0.rules(before.1).map(|(_, rule)| (rule.allow, &rule.pattern));
    before.eq(after.0.rules(after.1).map(|(_, rule)| (rule.allow, &rule.pattern)))
}
