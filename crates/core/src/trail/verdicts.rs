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
    accounts: BTreeMap<AccountId, usize>,
    /// What accounts have that are alike.
    classes: Vec<(AccountVerdict, Services)>,
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
        Self::answering(&Question { snapshot, catalogue, exceptions, at, evidence, only: None })
    }

    fn answering(question: &Question<'_>) -> Self {
        let assessment = assess(question);
        let (mut causes, mut numbers) = (HashMap::new(), BTreeMap::new());
        let mut accounts = BTreeMap::new();
        for result in assessment.counted() {
            let class = *causes.entry((result.cause(), result.verdict)).or_insert_with(|| {
                let service = |(key, name): (_, &str)| (Arc::from(name), assessment.service(result, key));
                let services: Services = assessment.keys.iter().map(service).collect();
                let next = numbers.len();
                *numbers.entry((result.verdict, services)).or_insert(next)
            });
            accounts.insert(result.id, class);
        }
        let mut classes: Vec<_> = numbers.into_iter().collect();
        classes.sort_by_key(|(_, number)| *number);
        Self { accounts, classes: classes.into_iter().map(|(class, _)| class).collect() }
    }

    fn class(&self, account: AccountId) -> Option<(usize, &(AccountVerdict, Services))> {
        let number = *self.accounts.get(&account)?;
        self.classes.get(number).map(|class| (number, class))
    }

    /// How many counted accounts have a verdict that is not known.
    pub(super) fn unknown(&self) -> usize {
        let unknown =
            |number: &&usize| self.classes.get(**number).is_none_or(|(verdict, _)| *verdict == AccountVerdict::Unknown);
        self.accounts.values().filter(unknown).count()
    }

    /// The verdict of the organization; `None` where no account counts.
    pub(super) fn worst(&self) -> Option<AccountVerdict> {
        self.classes.iter().map(|(verdict, _)| *verdict).max()
    }

    /// What is different in `after`, accounts that are alike together.
    pub(super) fn changes(&self, after: &Self) -> Vec<VerdictChange> {
        let mut groups: BTreeMap<(Option<usize>, Option<usize>), Option<VerdictChange>> = BTreeMap::new();
        let came = after.accounts.keys().filter(|id| !self.accounts.contains_key(id));
        for id in self.accounts.keys().chain(came) {
            let (left, right) = (self.class(*id), after.class(*id));
            let numbers = (left.map(|it| it.0), right.map(|it| it.0));
            let group = groups.entry(numbers).or_insert_with(|| change(left.map(|it| it.1), right.map(|it| it.1)));
            group.iter_mut().for_each(|change| change.accounts.push(*id));
        }
        let mut changes: Vec<VerdictChange> = groups.into_values().flatten().collect();
        changes.iter_mut().for_each(|change| change.accounts.sort_unstable());
        changes.sort_by(|left, right| left.accounts.cmp(&right.accounts));
        changes
    }
}

/// What became of verdicts between two questions, which may be about two snapshots, or about one with and without AWS's
/// answers; accounts that are alike together, in the order of their smallest ids.
#[must_use]
pub fn verdict_changes(before: &Question<'_>, after: &Question<'_>) -> Vec<VerdictChange> {
    Verdicts::answering(before).changes(&Verdicts::answering(after))
}

/// What became of accounts; `None` for nothing.
fn change(
    left: Option<&(AccountVerdict, Services)>,
    right: Option<&(AccountVerdict, Services)>,
) -> Option<VerdictChange> {
    let services = match (left, right) {
        (Some((_, before)), Some((_, after))) => different(before, after),
        (_, _) => Vec::new(),
    };
    let (before, after) = (left.map(|it| it.0), right.map(|it| it.0));
    let same = before == after && services.is_empty();
    (!same).then(|| VerdictChange { before, after, services, accounts: Vec::new() })
}

/// The services whose verdict differs. One that only one side knows has there what `default` says on the other.
fn different(before: &Services, after: &Services) -> Vec<(Arc<str>, ServiceVerdict, ServiceVerdict)> {
    let default = |all: &Services| all.get("default").copied().unwrap_or(ServiceVerdict::Unknown);
    let of = |all: &Services, key: &Arc<str>| all.get(key).copied().unwrap_or_else(|| default(all));
    let keys: std::collections::BTreeSet<&Arc<str>> = before.keys().chain(after.keys()).collect();
    let both = keys.into_iter().map(|key| (Arc::clone(key), of(before, key), of(after, key)));
    both.filter(|(_, before, after)| before != after).collect()
}
