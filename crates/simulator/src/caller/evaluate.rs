//! Whether a policy document allows or denies a request: patterns with `*` and `?`, and string conditions.

use std::collections::BTreeMap;

use super::document::{Condition, Document, Principals, Statement};

/// What is asked of a document.
#[derive(Debug)]
pub(super) struct Ask<'a> {
    /// The account that asks.
    pub(super) account: &'a str,
    /// `organizations:ListAccounts`.
    pub(super) action: &'a str,
    /// The ARN of what it is about, `*` where it is about nothing in particular.
    pub(super) resource: &'a str,
    /// Condition keys in lower case.
    pub(super) context: &'a BTreeMap<&'static str, String>,
}

/// What a document says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Decision {
    Denied,
    Allowed,
    Silent,
}

impl Document {
    /// What the document says to a request: a denial beats everything.
    pub(super) fn decide(&self, ask: &Ask<'_>) -> Decision {
        let about = self.statements.iter().filter(|statement| statement.is_about(ask));
        about.fold(Decision::Silent, |decision, statement| match (decision, statement.allows) {
            (Decision::Denied, _) | (_, false) => Decision::Denied,
            (Decision::Allowed | Decision::Silent, true) => Decision::Allowed,
        })
    }
}

impl Statement {
    fn is_about(&self, ask: &Ask<'_>) -> bool {
        let principal = match &self.principals {
            Principals::Holder | Principals::All => true,
            Principals::Accounts(accounts) => accounts.iter().any(|account| account == ask.account),
        };
        let action = ask.action.to_ascii_lowercase();
        principal
            && self.actions.iter().any(|pattern| matches(&pattern.to_ascii_lowercase(), &action))
            && self.resources.iter().any(|pattern| matches(pattern, ask.resource))
            && self.conditions.iter().all(|condition| condition.holds(ask.context))
    }
}

impl Condition {
    /// An operator that is not known here never holds.
    fn holds(&self, context: &BTreeMap<&'static str, String>) -> bool {
        let (operator, if_exists) = match self.operator.strip_suffix("IfExists") {
            Some(operator) => (operator, true),
            None => (self.operator.as_str(), false),
        };
        let Some(actual) = context.get(self.key.to_ascii_lowercase().as_str()) else {
            return if_exists || operator.contains("Not");
        };
        let any = |test: fn(&str, &str) -> bool| self.values.iter().any(|value| test(value, actual));
        match operator {
            "StringEquals" | "ArnEquals" => any(|value, actual| value == actual),
            "StringEqualsIgnoreCase" => any(str::eq_ignore_ascii_case),
            "StringLike" | "ArnLike" => any(matches),
            "StringNotEquals" | "ArnNotEquals" => !any(|value, actual| value == actual),
            "StringNotLike" | "ArnNotLike" => !any(matches),
            _ => false,
        }
    }
}

/// Whether `text` has the form of `pattern`, where `*` is any text and `?` any character. Linear in memory, at most
/// quadratic in time.
fn matches(pattern: &str, text: &str) -> bool {
    let mut reached = vec![false; text.chars().count() + 1];
    if let Some(start) = reached.first_mut() {
        *start = true;
    }
    for wanted in pattern.chars() {
        reached = step(&reached, wanted, text);
    }
    reached.last().copied().unwrap_or(false)
}

/// The positions reachable after one more character of the pattern.
fn step(reached: &[bool], wanted: char, text: &str) -> Vec<bool> {
    let mut next = Vec::with_capacity(reached.len());
    let mut before = false;
    let mut last = false;
    let characters = std::iter::once(None).chain(text.chars().map(Some));
    for (here, character) in reached.iter().zip(characters) {
        last = match wanted {
            '*' => last || *here,
            '?' => before && character.is_some(),
            wanted => before && character == Some(wanted),
        };
        next.push(last);
        before = *here;
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_in_iam() {
        assert!(matches("*", ""));
        assert!(matches("arn:*:policy/*/tag_policy/*", "arn:aws:x:policy/o-1/tag_policy/p-1"));
        assert!(!matches("arn:*:policy/*/tag_policy/*", "arn:aws:x:policy/o-1/backup_policy/p-1"));
        assert!(matches("a?c", "abc") && !matches("a?c", "ac") && !matches("abc", "abcd") && !matches("b", "ab"));
        assert!(matches("*a*b", "xaxb") && !matches("*a*b", "xbxa"));
    }

    #[test]
    fn conditions_on_absent_keys_hold_only_if_they_may() {
        let condition = |operator: &str| Condition {
            operator: operator.to_owned(),
            key: "organizations:PolicyType".to_owned(),
            values: vec!["TAG_POLICY".to_owned()],
        };
        let empty = BTreeMap::new();
        assert!(!condition("StringEquals").holds(&empty));
        assert!(condition("StringLikeIfExists").holds(&empty));
        let tag = BTreeMap::from([("organizations:policytype", "TAG_POLICY".to_owned())]);
        assert!(condition("StringEquals").holds(&tag) && !condition("StringNotEquals").holds(&tag));
        assert!(!condition("DateLessThan").holds(&tag));
    }
}
