//! Whether an opt-in was declared: what the intent says, as far as verdicts need to know it.

use std::fmt;

use jiff::civil::Date;

use crate::intent::ResolvedIntent;
use crate::org::{AccountId, TargetId};

/// What the intent says of a service that is opted in at an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// Nothing: the opt-in is undeclared.
    Undeclared,
    /// It allows the opt-in on this date.
    Allowed,
    /// It allowed it until a date that is past.
    Expired,
}

/// The question to the intent: of an account, on its path from the root, and a service key.
pub struct Exceptions<'a>(Option<Box<Ask<'a>>>);

type Ask<'a> = dyn Fn(AccountId, &[TargetId], &str) -> Standing + 'a;

impl<'a> Exceptions<'a> {
    /// No intent was named: nothing is declared.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// What an intent answers.
    pub fn new(ask: impl Fn(AccountId, &[TargetId], &str) -> Standing + 'a) -> Self {
        Self(Some(Box::new(ask)))
    }

    /// What `intent` says on a day.
    #[must_use]
    pub fn of_intent(intent: &'a ResolvedIntent, today: Date) -> Self {
        Self::new(move |_, path, service| {
            if intent.excepted(path, service, today).is_some() {
                Standing::Allowed
            } else if intent.lapsed(path, service, today).is_some() {
                Standing::Expired
            } else {
                Standing::Undeclared
            }
        })
    }

    /// Whether there is no intent.
    #[must_use]
    pub const fn is_none(&self) -> bool {
        self.0.is_none()
    }

    /// What the intent says of `service` at `account`, whose targets from the root are `path`.
    #[must_use]
    pub fn standing(&self, account: AccountId, path: &[TargetId], service: &str) -> Standing {
        self.0.as_ref().map_or(Standing::Undeclared, |ask| ask(account, path, service))
    }
}

impl fmt::Debug for Exceptions<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_none() { "no exceptions" } else { "exceptions of an intent" })
    }
}
