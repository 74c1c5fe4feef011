//! How verdicts, locks and severities look: a word, a shape and a tone each, so that nothing is said by colour alone.

use super::markup::Html;
use crate::check::{AccountLock, AccountVerdict, Basis, Lock, ServiceVerdict, Severity};

/// The look of something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Look {
    /// The class that gives it its colours.
    pub(super) class: &'static str,
    /// A shape that differs without colour.
    pub(super) shape: &'static str,
    /// The word.
    pub(super) word: &'static str,
    /// What it means, in a sentence.
    pub(super) meaning: &'static str,
}

impl Look {
    const fn new(class: &'static str, shape: &'static str, word: &'static str, meaning: &'static str) -> Self {
        Self { class, shape, word, meaning }
    }

    /// Shape and word together.
    pub(super) fn chip(&self, out: &mut Html) {
        out.raw("<span class=\"chip ").raw(self.class).raw("\"><span class=\"shape\" aria-hidden=\"true\">");
        out.raw(self.shape).raw("</span>").raw(self.word).raw("</span>");
    }
}

const MAY_BY_POLICY: &str = "AWS may use the content: a policy says so, and no exception allows it.";
const MAY_BY_DEFAULT: &str = "AWS may use the content: no policy says anything, so AWS's default applies.";
const MAY_BY_EXCEPTION: &str = "AWS may use the content, and the intent allows that on this date.";
const MAY_NOT: &str = "AWS may not use the content.";
const NOBODY_KNOWS: &str = "It could not be determined. That is neither good nor bad news.";

/// The look of an account's or the organization's verdict.
pub(super) const fn account(verdict: AccountVerdict) -> Look {
    match verdict {
        AccountVerdict::OptedIn => Look::new("bad", "✕", "Opted in", MAY_BY_POLICY),
        AccountVerdict::NotOptedOut => Look::new("bad", "○", "Not opted out", MAY_BY_DEFAULT),
        AccountVerdict::Unknown => Look::new("doubt", "?", "Unknown", NOBODY_KNOWS),
        AccountVerdict::OptedOutToday => Look::new(
            "doubt",
            "~",
            "Opted out today",
            "AWS may not use the content of any service known today; a service added later would not be covered.",
        ),
        AccountVerdict::OptedOut => {
            Look::new("good", "✓", "Opted out", "AWS may not use the content, nor that of future services.")
        }
        AccountVerdict::Excepted => Look::new("excepted", "◇", "Excepted", MAY_BY_EXCEPTION),
    }
}

/// The look of a service's verdict.
pub(super) const fn service(verdict: ServiceVerdict) -> Look {
    match verdict {
        ServiceVerdict::OptedOut => Look::new("good", "✓", "Opted out", MAY_NOT),
        ServiceVerdict::OptedIn => Look::new("bad", "✕", "Opted in", MAY_BY_POLICY),
        ServiceVerdict::NotOptedOut => Look::new("bad", "○", "Not opted out", MAY_BY_DEFAULT),
        ServiceVerdict::Excepted => Look::new("excepted", "◇", "Excepted", MAY_BY_EXCEPTION),
        ServiceVerdict::Unknown => Look::new("doubt", "?", "Unknown", NOBODY_KNOWS),
    }
}

/// The letter of a service's verdict in the data.
pub(super) const fn service_letter(verdict: ServiceVerdict) -> char {
    match verdict {
        ServiceVerdict::OptedOut => 'o',
        ServiceVerdict::OptedIn => 'i',
        ServiceVerdict::NotOptedOut => 'n',
        ServiceVerdict::Excepted => 'e',
        ServiceVerdict::Unknown => 'u',
    }
}

/// The letter of a lock in the data.
pub(super) const fn lock_letter(lock: &Lock) -> char {
    match lock {
        Lock::Full => 'f',
        Lock::None(_) => 'n',
        Lock::Unknown => 'u',
    }
}

/// The look of an account's lock.
pub(super) const fn lock(lock: AccountLock) -> Look {
    match lock {
        AccountLock::Full => Look::new("good", "■", "Locked", "No policy further down can change it."),
        AccountLock::Partial => {
            Look::new("doubt", "◧", "Partly locked", "Some service can be opted in by a policy further down.")
        }
        AccountLock::None => Look::new("doubt", "□", "Not locked", "A policy further down can change it."),
        AccountLock::Unknown => {
            Look::new("doubt", "?", "Lock unknown", "Whether a policy further down can change it is not known.")
        }
    }
}

/// The look of a severity.
pub(super) const fn severity(severity: Severity) -> Look {
    match severity {
        Severity::Critical => Look::new(
            "bad",
            "▲",
            "Critical",
            "AWS may use content against the organization's will, or nothing can be enforced.",
        ),
        Severity::High => Look::new("bad", "▲", "High", "To be mended now."),
        Severity::Medium => Look::new("doubt", "◆", "Medium", "To be mended soon."),
        Severity::Low => Look::new("quiet", "●", "Low", "To be mended when there is time."),
        Severity::Info => Look::new("quiet", "●", "Info", "Worth knowing."),
    }
}

/// Whose answer it is, in a few words.
pub(super) const fn basis(basis: Basis) -> &'static str {
    match basis {
        Basis::Aws => "AWS’s answer",
        Basis::AwsChain(_) => "AWS’s answer, same policies",
        Basis::Computed => "computed",
    }
}

/// A number with thin groups of three, for people.
pub(super) fn number(count: usize) -> String {
    let digits = count.to_string();
    let groups = digits.as_bytes().rchunks(3).rev().map(String::from_utf8_lossy);
    groups.collect::<Vec<_>>().join(",")
}

/// `1 account`, `2 accounts`.
pub(super) fn counted(count: usize, one: &str) -> String {
    let end = if count == 1 { "" } else { "s" };
    format!("{} {one}{end}", number(count))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_have_groups() {
        let numbers = [0, 12, 999, 1_000, 1_234_567].map(number);
        assert_eq!(numbers, ["0", "12", "999", "1,000", "1,234,567"]);
        assert_eq!([counted(1, "account"), counted(0, "account")], ["1 account", "0 accounts"]);
    }

    #[test]
    fn every_verdict_has_a_shape_of_its_own() {
        let shapes: std::collections::BTreeSet<_> = AccountVerdict::ALL.iter().map(|it| account(*it).shape).collect();
        assert_eq!(shapes.len(), AccountVerdict::ALL.len());
        let letters: std::collections::BTreeSet<_> = ServiceVerdict::ALL.iter().map(|it| service_letter(*it)).collect();
        assert_eq!(letters.len(), ServiceVerdict::ALL.len());
    }
}
