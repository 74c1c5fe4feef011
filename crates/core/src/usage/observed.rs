//! What usage says of one service in one account: used, not used, or why that cannot be told.

use std::collections::{BTreeMap, BTreeSet};

use super::{Amount, BillingNames, Coverage, MetricCatalogue, Row, Series, Usage, UsageSource};
use crate::org::AccountId;

/// Whether a service was used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// Yes.
    Used,
    /// Something was used that is billed under a name which this service shares with others.
    Shared,
    /// No: nothing was billed under any of its names, which are proven.
    Unused,
    /// No name is known under which it is billed.
    NoName,
    /// Nothing was billed under its name, but nobody has proven that this is the name.
    UnprovenName,
    /// The source does not speak of this account.
    NotCovered,
    /// Not every page was read.
    Incomplete,
    /// No metric of it was seen, which proves nothing.
    NoMetric,
}

impl State {
    /// The word used everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Used => "used",
            Self::Shared => "used-or-a-service-billed-with-it",
            Self::Unused => "not-used",
            Self::NoName | Self::UnprovenName | Self::NotCovered | Self::Incomplete | Self::NoMetric => "unknown",
        }
    }

    /// Why it is not known, where it is not.
    #[must_use]
    pub const fn why_unknown(self) -> Option<&'static str> {
        match self {
            Self::Used | Self::Shared | Self::Unused => None,
            Self::NoName => Some("no name is known under which it is billed"),
            Self::UnprovenName => Some("nothing is billed under the name that it probably has"),
            Self::NotCovered => Some("the source does not speak of this account"),
            Self::Incomplete => Some("usage was not read to the end"),
            Self::NoMetric => Some("no metric of it was seen, which proves nothing"),
        }
    }
}

/// What was seen of one service in one account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Observed {
    /// Whether it was used.
    pub state: State,
    /// The names under which use was seen.
    pub names: Vec<String>,
    /// All quantities together.
    pub quantity: Amount,
    /// All costs together.
    pub cost: Amount,
}

/// Usage by account and service name, for looking up.
pub(super) struct Index<'a> {
    usage: &'a Usage,
    names: &'a BillingNames,
    metrics: &'a MetricCatalogue,
    seen: BTreeMap<(AccountId, &'a str), (Amount, Amount)>,
}

impl<'a> Index<'a> {
    pub(super) fn new(usage: &'a Usage, names: &'a BillingNames, metrics: &'a MetricCatalogue) -> Self {
        let mut seen: BTreeMap<(AccountId, &str), (Amount, Amount)> = BTreeMap::new();
        for row in used(usage.whole.as_ref()) {
            let sums = seen.entry((row.account, row.service.as_str())).or_default();
            *sums = (sums.0.plus(row.quantity), sums.1.plus(row.cost));
        }
        Self { usage, names, metrics, seen }
    }

    /// What was seen of `key` in `account`.
    pub(super) fn observed(&self, account: AccountId, key: &str) -> Observed {
        let hits: Vec<(&str, bool, (Amount, Amount))> = self
            .names_of(key)
            .into_iter()
            .filter_map(|(name, shared)| self.seen.get(&(account, name)).map(|sums| (name, shared, *sums)))
            .collect();
        let state = match hits.iter().map(|(_, shared, _)| *shared).min() {
            Some(false) => State::Used,
            Some(true) => State::Shared,
            None => self.nothing(account, key),
        };
        Observed {
            state,
            names: hits.iter().map(|(name, ..)| (*name).to_owned()).collect(),
            quantity: hits.iter().map(|(.., sums)| sums.0).sum(),
            cost: hits.iter().map(|(.., sums)| sums.1).sum(),
        }
    }

    /// The names of a service, each with whether it shares it.
    fn names_of(&self, key: &str) -> Vec<(&'a str, bool)> {
        match self.usage.source {
            UsageSource::CostExplorer => self
                .names
                .names()
                .filter(|it| it.keys.iter().any(|it| it == key))
                .map(|it| (it.service.as_str(), it.keys.len() > 1))
                .collect(),
            UsageSource::CloudWatch => {
                self.metrics.publisher(key).map(|it| (it.namespace.as_str(), false)).into_iter().collect()
            }
        }
    }

    /// What it means that nothing was seen.
    fn nothing(&self, account: AccountId, key: &str) -> State {
        if !self.usage.coverage.has(account) {
            return State::NotCovered;
        }
        match self.usage.source {
            UsageSource::CloudWatch => State::NoMetric,
            UsageSource::CostExplorer if !self.usage.whole.as_ref().is_some_and(|it| it.complete) => State::Incomplete,
            UsageSource::CostExplorer => {
                let proofs: Vec<bool> = self.names.of_key(key).map(|it| it.proof.is_proven()).collect();
                match proofs.as_slice() {
                    [] => State::NoName,
                    proofs if proofs.contains(&true) => State::Unused,
                    _ => State::UnprovenName,
                }
            }
        }
    }

    /// The names in use that nobody has paired with a key, for each account.
    pub(super) fn unknown_names(&self) -> impl Iterator<Item = (AccountId, &'a str, (Amount, Amount))> {
        let known = |name: &str| match self.usage.source {
            UsageSource::CostExplorer => self.names.get(name).is_some(),
            UsageSource::CloudWatch => self.metrics.key_of_namespace(name).is_some(),
        };
        self.seen
            .iter()
            .filter(move |((_, name), _)| !known(name))
            .map(|((account, name), sums)| (*account, *name, *sums))
    }

    /// The accounts with use under a name that is paired with a key.
    pub(super) fn accounts(&self) -> BTreeMap<AccountId, BTreeSet<&'a str>> {
        let mut accounts: BTreeMap<AccountId, BTreeSet<&str>> = BTreeMap::new();
        for (account, name) in self.seen.keys() {
            if self.names.get(name).is_some() || self.metrics.key_of_namespace(name).is_some() {
                accounts.entry(*account).or_default().insert(name);
            }
        }
        accounts
    }
}

/// The rows that are use: by quantity or by cost, so that free use counts. A name that is listed with nothing is none.
fn used(series: Option<&Series>) -> impl Iterator<Item = &Row> {
    series.into_iter().flat_map(|it| &it.rows).filter(|row| !row.quantity.is_zero() || !row.cost.is_zero())
}

impl Coverage {
    /// In words.
    #[must_use]
    pub fn words(&self) -> String {
        match self {
            Self::Organization => "every account that the organization's bill has".to_owned(),
            Self::Accounts(accounts) => {
                let accounts: Vec<String> = accounts.iter().map(ToString::to_string).collect();
                format!("only {}", if accounts.is_empty() { "no account".to_owned() } else { accounts.join(", ") })
            }
        }
    }
}
