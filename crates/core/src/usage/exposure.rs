//! Usage and verdicts side by side: who is not opted out and uses a service comes first.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::observed::Index;
use super::{Amount, BillingNames, MetricCatalogue, Observed, State, Usage};
use crate::check::{AccountVerdict, Assessment, ServiceVerdict};
use crate::org::AccountId;

/// What usage and verdict of a service come to in an account. The order is that of concern.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Standing {
    /// Not opted out, and used.
    Exposed,
    /// Perhaps both: the verdict is not known, or the use is billed together with that of other services.
    MaybeExposed,
    /// Opted in by an exception that was approved, and used.
    Excepted,
    /// Not opted out; whether it is used is not known.
    OpenUnknown,
    /// Opted out, and used.
    CoveredUsed,
    /// Not opted out, and not used.
    OpenUnused,
    /// Opted out; whether it is used is not known.
    CoveredUnknown,
    /// Opted out, and not used.
    CoveredUnused,
}

impl Standing {
    /// Every standing, in order.
    pub const ALL: [Self; 8] = [
        Self::Exposed,
        Self::MaybeExposed,
        Self::Excepted,
        Self::OpenUnknown,
        Self::CoveredUsed,
        Self::OpenUnused,
        Self::CoveredUnknown,
        Self::CoveredUnused,
    ];

    /// The word for machines.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exposed => "exposed",
            Self::MaybeExposed => "maybe-exposed",
            Self::Excepted => "excepted-in-use",
            Self::OpenUnknown => "open-usage-unknown",
            Self::CoveredUsed => "opted-out-in-use",
            Self::OpenUnused => "open-not-used",
            Self::CoveredUnknown => "opted-out-usage-unknown",
            Self::CoveredUnused => "opted-out-not-used",
        }
    }

    /// In words.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Exposed => "not opted out, and used",
            Self::MaybeExposed => "perhaps not opted out and used",
            Self::Excepted => "opted in by an exception, and used",
            Self::OpenUnknown => "not opted out; use unknown",
            Self::CoveredUsed => "opted out, and used",
            Self::OpenUnused => "not opted out, and not used",
            Self::CoveredUnknown => "opted out; use unknown",
            Self::CoveredUnused => "opted out, and not used",
        }
    }

    fn of(verdict: ServiceVerdict, state: State) -> Self {
        let unknown = state.why_unknown().is_some();
        match (verdict, state) {
            (ServiceVerdict::OptedOut, State::Used | State::Shared) => Self::CoveredUsed,
            (ServiceVerdict::OptedOut, _) if unknown => Self::CoveredUnknown,
            (ServiceVerdict::OptedOut, _) => Self::CoveredUnused,
            (ServiceVerdict::Excepted, State::Used | State::Shared) => Self::Excepted,
            (ServiceVerdict::OptedIn | ServiceVerdict::NotOptedOut, State::Used) => Self::Exposed,
            (ServiceVerdict::OptedIn | ServiceVerdict::NotOptedOut, State::Shared)
            | (ServiceVerdict::Unknown, State::Used | State::Shared) => Self::MaybeExposed,
            (_, _) if unknown => Self::OpenUnknown,
            (_, _) => Self::OpenUnused,
        }
    }
}

/// A service in an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The service's key.
    pub key: Arc<str>,
    /// Whether the account is opted out of it.
    pub verdict: ServiceVerdict,
    /// What was seen of it.
    pub observed: Observed,
    /// Both together.
    pub standing: Standing,
}

/// An account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountExposure {
    /// Its id.
    pub id: AccountId,
    /// Its name; other people's text.
    pub name: String,
    /// Whether it counts.
    pub counted: bool,
    /// Its verdict.
    pub verdict: AccountVerdict,
    /// Every service that the catalogue knows, in the order of concern, then of the catalogue.
    pub entries: Vec<Entry>,
}

impl AccountExposure {
    /// The gravest standing; none where the catalogue is empty.
    #[must_use]
    pub fn gravest(&self) -> Option<Standing> {
        self.entries.first().map(|entry| entry.standing)
    }

    /// Its services of one standing.
    pub fn of(&self, standing: Standing) -> impl Iterator<Item = &Entry> {
        self.entries.iter().filter(move |entry| entry.standing == standing)
    }
}

/// An account of the bill that is none of the organization as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stranger {
    /// Its id.
    pub id: AccountId,
    /// The names of affected services that it used.
    pub names: Vec<String>,
}

/// A name in the bill that looks like an affected service and is not known.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unplaced {
    /// The name.
    pub service: String,
    /// The keys it looks like.
    pub keys: Vec<String>,
    /// The accounts in which it was used.
    pub accounts: Vec<AccountId>,
    /// All costs together.
    pub cost: Amount,
}

/// Who is exposed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exposure {
    /// The accounts, the gravest first, then by id.
    pub accounts: Vec<AccountExposure>,
    /// Accounts that are not of the organization.
    pub strangers: Vec<Stranger>,
    /// Names that look like affected services.
    pub unplaced: Vec<Unplaced>,
}

impl Exposure {
    /// Puts usage and verdicts side by side.
    #[must_use]
    pub fn new(assessment: &Assessment<'_>, usage: &Usage, names: &BillingNames, metrics: &MetricCatalogue) -> Self {
        let index = Index::new(usage, names, metrics);
        let keys: Vec<_> = assessment.keys.iter().filter(|(_, name)| *name != "default").collect();
        let shared: BTreeMap<&str, Arc<str>> = keys.iter().map(|(_, name)| (*name, Arc::from(*name))).collect();
        let mut accounts: Vec<AccountExposure> = assessment
            .accounts
            .iter()
            .map(|result| {
                let mut entries: Vec<Entry> = keys
                    .iter()
                    .filter_map(|(key, name)| {
                        let verdict = assessment.service(result, *key);
                        let observed = index.observed(result.id, name);
                        let standing = Standing::of(verdict, observed.state);
                        Some(Entry { key: Arc::clone(shared.get(name)?), verdict, observed, standing })
                    })
                    .collect();
                entries.sort_by_key(|entry| entry.standing);
                let name = assessment.account(result).map(|it| it.name.clone()).unwrap_or_default();
                AccountExposure { id: result.id, name, counted: result.counted, verdict: result.verdict, entries }
            })
            .collect();
        accounts.sort_by_key(|account| {
            let grave = account.of(Standing::Exposed).count();
            (!account.counted, account.gravest(), std::cmp::Reverse(grave), account.id)
        });
        let known: BTreeSet<AccountId> = assessment.accounts.iter().map(|it| it.id).collect();
        Self { accounts, strangers: strangers(&index, &known), unplaced: unplaced(&index, names) }
    }

    /// How many accounts that count have a service of this standing.
    #[must_use]
    pub fn accounts_with(&self, standing: Standing) -> usize {
        self.accounts.iter().filter(|it| it.counted && it.of(standing).next().is_some()).count()
    }

    /// How many services in accounts that count have this standing.
    #[must_use]
    pub fn services_with(&self, standing: Standing) -> usize {
        self.accounts.iter().filter(|it| it.counted).map(|it| it.of(standing).count()).sum()
    }
}

fn strangers(index: &Index<'_>, known: &BTreeSet<AccountId>) -> Vec<Stranger> {
    let others = index.accounts().into_iter().filter(|(id, _)| !known.contains(id));
    others.map(|(id, names)| Stranger { id, names: names.into_iter().map(str::to_owned).collect() }).collect()
}

fn unplaced(index: &Index<'_>, names: &BillingNames) -> Vec<Unplaced> {
    let mut found: BTreeMap<&str, Unplaced> = BTreeMap::new();
    for (account, service, (_, cost)) in index.unknown_names() {
        let keys = names.look_alikes(service);
        if keys.is_empty() {
            continue;
        }
        let entry = found.entry(service).or_insert_with(|| Unplaced {
            service: service.to_owned(),
            keys: keys.into_iter().map(str::to_owned).collect(),
            accounts: Vec::new(),
            cost: Amount::ZERO,
        });
        entry.accounts.push(account);
        entry.cost = entry.cost.plus(cost);
    }
    found.into_values().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_concern_is_the_order_of_the_list() {
        assert!(Standing::ALL.is_sorted());
        let words: BTreeSet<&str> = Standing::ALL.iter().map(|it| it.as_str()).collect();
        assert_eq!(words.len(), Standing::ALL.len());
    }

    #[test]
    fn what_is_not_known_is_never_fine_where_nobody_opted_out() {
        let unknown = [State::NoName, State::UnprovenName, State::NotCovered, State::Incomplete, State::NoMetric];
        for state in unknown {
            assert_eq!(Standing::of(ServiceVerdict::NotOptedOut, state), Standing::OpenUnknown);
            assert_eq!(Standing::of(ServiceVerdict::OptedOut, state), Standing::CoveredUnknown);
        }
        assert_eq!(Standing::of(ServiceVerdict::OptedIn, State::Used), Standing::Exposed);
        assert_eq!(Standing::of(ServiceVerdict::NotOptedOut, State::Shared), Standing::MaybeExposed);
        assert_eq!(Standing::of(ServiceVerdict::Unknown, State::Used), Standing::MaybeExposed);
        assert_eq!(Standing::of(ServiceVerdict::Unknown, State::Unused), Standing::OpenUnused);
        assert_eq!(Standing::of(ServiceVerdict::Excepted, State::Used), Standing::Excepted);
    }
}
