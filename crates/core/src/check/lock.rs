//! Locks: could one more document, attached last at the account, change what holds for a service?

use std::fmt;
use std::sync::Arc;

use super::reading::of_word;
use super::{Decider, Key, Keys};
use crate::policy::{Effect, Operator, Permission, Rule, State, Step};
use crate::words::words;

/// The lock of an account × service.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Lock {
    /// No document below can change it.
    Full,
    /// One can, through this hole.
    None(Hole),
    /// The rules do not decide, or the policies could not be read.
    Unknown,
}

impl Lock {
    /// The word used everywhere.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::None(_) => "none",
            Self::Unknown => "unknown",
        }
    }
}

/// The hole in a lock.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Hole {
    /// The list of services: a child may add the service.
    Services,
    /// The service's own setting.
    Setting(Arc<str>),
    /// The setting of `default`, which the service inherits.
    Default,
    /// The deciding policy sits on the account itself.
    Account(Arc<str>),
}

impl fmt::Display for Hole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Services => f.write_str("`services` lets children add services"),
            Self::Setting(key) => write!(f, "`services.{key}.opt_out_policy` lets children assign"),
            Self::Default => f.write_str("`services.default.opt_out_policy` lets children assign"),
            Self::Account(policy) => write!(f, "the deciding policy `{policy}` sits on the account itself"),
        }
    }
}

words! {
    /// The lock of an account.
    AccountLock {
        /// Every known service and `default` are locked.
        Full = "full",
        /// `default` is locked, some service is not.
        Partial = "partial",
        /// `default` itself can be changed.
        None = "none",
        /// It could not be determined.
        Unknown = "unknown",
    }
}

impl AccountLock {
    /// The account's lock from those of its keys (`default` first), known ones only.
    #[must_use]
    pub fn of(locks: &[Lock], keys: &Keys) -> Self {
        let known = || locks.iter().enumerate().filter(|(at, _)| keys.is_known(Key(*at))).map(|(_, lock)| lock);
        match locks.first() {
            Some(Lock::None(_)) => Self::None,
            None | Some(Lock::Unknown) => Self::Unknown,
            Some(Lock::Full) if known().any(|lock| matches!(lock, Lock::None(_))) => Self::Partial,
            Some(Lock::Full) if known().any(|lock| *lock == Lock::Unknown) => Self::Unknown,
            Some(Lock::Full) => Self::Full,
        }
    }
}

/// Whether a change can be made: yes through a hole, no, or not decided.
#[derive(Debug, Clone)]
enum Change {
    No,
    Yes(Hole),
    Undecided,
}

impl Change {
    fn through(permission: &Permission, hole: Hole) -> Self {
        match permission {
            Permission::Open => Self::Yes(hole),
            Permission::Blocked(_) => Self::No,
            Permission::Undetermined(_) => Self::Undecided,
        }
    }

    fn or(self, other: Self) -> Self {
        match (self, other) {
            (yes @ Self::Yes(_), _) | (_, yes @ Self::Yes(_)) => yes,
            (Self::Undecided, _) | (_, Self::Undecided) => Self::Undecided,
            (Self::No, Self::No) => Self::No,
        }
    }

    fn lock(self) -> Lock {
        match self {
            Self::No => Lock::Full,
            Self::Yes(hole) => Lock::None(hole),
            Self::Undecided => Lock::Unknown,
        }
    }
}

/// The locks of every key at an account.
///
/// `above` is the state above the account, whose controls bind it; `at` the state at the account.
pub(super) fn locks(keys: &Keys, above: &State, at: &State) -> Vec<Lock> {
    let judge = Judge { above, at, account_level: above.levels() };
    let default = judge.setting("default", Hole::Default);
    keys.iter().map(|(key, name)| judge.lock(key, name, &default)).collect()
}

struct Judge<'a> {
    above: &'a State,
    at: &'a State,
    account_level: usize,
}

impl Judge<'_> {
    fn lock(&self, key: Key, name: &str, default: &Change) -> Lock {
        let decides = |name: &str| self.decided_at_account(name).map(|policy| Lock::None(Hole::Account(policy)));
        if key == Key::DEFAULT {
            return decides("default").unwrap_or_else(|| default.clone().lock());
        }
        let setting = || self.setting(name, Hole::Setting(name.into()));
        let added = || self.setting(name, Hole::Services);
        match self.has_value(name) {
            Some(true) => decides(name).unwrap_or_else(|| setting().lock()),
            Some(false) => decides("default").unwrap_or_else(|| added().or(default.clone()).lock()),
            None => Lock::Unknown,
        }
    }

    fn setting(&self, name: &str, hole: Hole) -> Change {
        Change::through(&self.above.permission(&["services", name, "opt_out_policy"], Operator::Assign), hole)
    }

    fn has_value(&self, name: &str) -> Option<bool> {
        let setting = self.at.setting(&["services", name, "opt_out_policy"]);
        setting.map_or(Some(false), |setting| setting.value().is_present())
    }

    /// The policy at the account itself that decides the setting's value, if one does.
    fn decided_at_account(&self, name: &str) -> Option<Arc<str>> {
        let first = deciding_steps(self.at, name).into_iter().next()?;
        (first.level == self.account_level).then(|| Arc::clone(&first.policy))
    }
}

/// The policies that decide the value of a service's own setting, each value once, in the order of attachment.
pub(super) fn deciders(state: &State, name: &str) -> Vec<Decider> {
    let mut deciders: Vec<Decider> = Vec::new();
    for step in deciding_steps(state, name) {
        let setting = of_word(step.value.as_str());
        if deciders.iter().all(|decider| decider.setting != setting) {
            deciders.push(Decider { policy: Arc::clone(&step.policy), setting });
        }
    }
    deciders
}

/// The steps of the last level that set the value, in the order of attachment.
fn deciding_steps<'s>(state: &'s State, name: &str) -> Vec<&'s Step> {
    let effective = |step: &&Step| matches!(step.effect, Effect::Applied | Effect::DependsOnOrder(_));
    let setting = state.setting(&["services", name, "opt_out_policy"]);
    let mut steps = setting.into_iter().flat_map(|setting| setting.steps_backwards()).filter(effective).peekable();
    let last = steps.peek().map(|step| step.level);
    let mut deciding: Vec<&Step> = steps.take_while(|step| Some(step.level) == last).collect();
    deciding.reverse();
    deciding
}

/// The rule that a hole follows from, for explanations.
impl Hole {
    /// The rule that would have to forbid the change.
    #[must_use]
    pub const fn rule(&self) -> Rule {
        match self {
            Self::Services => Rule::KeyMayNotBeAdded,
            Self::Setting(_) | Self::Default | Self::Account(_) => Rule::SettingLocked,
        }
    }
}
