//! The verdicts of an organization at one moment, by our own engine, apart from the snapshot they came from.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use jiff::Timestamp;

use crate::catalogue::Catalogue;
use crate::check::{AccountVerdict, Exceptions, Question, ServiceVerdict, assess};
use crate::org::{AccountId, EvidenceMode, Snapshot};

/// The verdicts of a service, by its key.
type Services = BTreeMap<Arc<str>, ServiceVerdict>;

/// Verdicts for every counted account.
#[derive(Debug)]
pub(super) struct Verdicts {
    accounts: BTreeMap<AccountId, (AccountVerdict, usize)>,
    classes: Vec<Services>,
}

/// What became of accounts that were alike before and after.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct VerdictChange {
    /// Their verdict before; `None` where they were not in the organization, or did not count.
    pub before: Option<AccountVerdict>,
    /// Their verdict after.
    pub after: Option<AccountVerdict>,
    /// The services whose verdict changed, with both; empty where accounts came or went.
    pub services: Vec<(Arc<str>, ServiceVerdict, ServiceVerdict)>,
    /// The accounts, in order.
    pub accounts: Vec<AccountId>,
}

impl VerdictChange {
    /// Whether AWS may use content afterwards that it might not before: a service that was opted out is not any more, or an
    /// account that is not opted out came.
    #[must_use]
    pub fn weakens(&self) -> bool {
        let weaker = |(_, before, after): &(Arc<str>, ServiceVerdict, ServiceVerdict)| {
            *before == ServiceVerdict::OptedOut
                && matches!(after, ServiceVerdict::OptedIn | ServiceVerdict::NotOptedOut)
        };
        let came = self.before.is_none() && self.after.is_some_and(|after| after >= AccountVerdict::NotOptedOut);
        came || self.services.iter().any(weaker)
    }

    /// Whether it is not known on one side.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        let unknown = Some(AccountVerdict::Unknown);
        let services = self.services.iter();
        self.before == unknown
            || self.after == unknown
            || services
                .clone()
                .any(|(_, before, after)| *before == ServiceVerdict::Unknown || *after == ServiceVerdict::Unknown)
    }
}

impl Verdicts {
    /// The verdicts of `snapshot`, computed from the policies: AWS's answers are of another time.
    pub(super) fn of(snapshot: &Snapshot, catalogue: &Catalogue, at: Timestamp) -> Self {
        let (exceptions, evidence) = (Exceptions::none(), Some(EvidenceMode::None));
        let assessment = assess(&Question { snapshot, catalogue, exceptions, at, evidence, only: None });
        let (mut numbers, mut classes) = (HashMap::new(), Vec::new());
        let mut accounts = BTreeMap::new();
        for result in assessment.counted() {
            let class = *numbers.entry(result.cause()).or_insert_with(|| {
                let service = |(key, name): (_, &str)| (Arc::from(name), assessment.service(result, key));
                classes.push(assessment.keys.iter().map(service).collect());
                classes.len() - 1
            });
            accounts.insert(result.id, (result.verdict, class));
        }
        Self { accounts, classes }
    }

    /// How many counted accounts have a verdict that is not known.
    pub(super) fn unknown(&self) -> usize {
        self.accounts.values().filter(|(verdict, _)| *verdict == AccountVerdict::Unknown).count()
    }

    /// What is different in `after`, accounts that are alike together.
    pub(super) fn changes(&self, after: &Self) -> Vec<VerdictChange> {
        let mut groups: BTreeMap<(Option<usize>, Option<usize>), Option<VerdictChange>> = BTreeMap::new();
        let ids = self.accounts.keys().chain(after.accounts.keys().filter(|id| !self.accounts.contains_key(id)));
        for id in ids {
            let (left, right) = (self.accounts.get(id), after.accounts.get(id));
            let classes = (left.map(|it| it.1), right.map(|it| it.1));
            let group = groups.entry(classes).or_insert_with(|| self.change(after, left, right));
            group.iter_mut().for_each(|change| change.accounts.push(*id));
        }
        let mut changes: Vec<VerdictChange> = groups.into_values().flatten().collect();
        changes.iter_mut().for_each(|change| change.accounts.sort_unstable());
        changes.sort_by(|left, right| left.accounts.cmp(&right.accounts));
        changes
    }

    fn change(
        &self,
        after: &Self,
        left: Option<&(AccountVerdict, usize)>,
        right: Option<&(AccountVerdict, usize)>,
    ) -> Option<VerdictChange> {
        let services = |all: &Self, it: Option<&(AccountVerdict, usize)>| all.classes.get(it?.1).cloned();
        let services = match (services(self, left), services(after, right)) {
            (Some(before), Some(after)) => different(&before, &after),
            (_, _) => Vec::new(),
        };
        let (before, after) = (left.map(|it| it.0), right.map(|it| it.0));
        let same = before == after && services.is_empty();
        (!same).then(|| VerdictChange { before, after, services, accounts: Vec::new() })
    }
}

/// The services whose verdict differs. One that only one side knows has there what `default` says on the other.
fn different(before: &Services, after: &Services) -> Vec<(Arc<str>, ServiceVerdict, ServiceVerdict)> {
    let default = |all: &Services| all.get("default").copied().unwrap_or(ServiceVerdict::Unknown);
    let of = |all: &Services, key: &Arc<str>| all.get(key).copied().unwrap_or_else(|| default(all));
    let keys: std::collections::BTreeSet<&Arc<str>> = before.keys().chain(after.keys()).collect();
    let both = keys.into_iter().map(|key| (Arc::clone(key), of(before, key), of(after, key)));
    both.filter(|(_, before, after)| before != after).collect()
}
