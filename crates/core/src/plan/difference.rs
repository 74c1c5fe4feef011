//! Two states of an organization side by side: every account × service that changes, and the locks.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::check::{Computed, Documents, Group, Keys};
use crate::org::{AccountId, Snapshot};
use crate::policy::{Dialect, Document};

/// Accounts for which the same changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Change {
    /// The accounts, by id.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    pub accounts: Vec<AccountId>,
    /// The services whose setting changes.
    pub settings: Vec<SettingChange>,
    /// The services whose lock changes.
    pub locks: Vec<LockChange>,
    /// The lock of the account before: `full`, `partial`, `none` or `unknown`; `absent` where it was not there.
    pub lock_before: String,
    /// The lock of the account after.
    pub lock_after: String,
}

/// A service whose setting changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct SettingChange {
    /// Its key, or `default`.
    pub service: String,
    /// `opt-out`, `opt-in`, `unset`, `unrecognised`, `unknown`, or `absent` where the account or the service was not there.
    pub before: String,
    /// The same, after.
    pub after: String,
}

/// A service whose lock changes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct LockChange {
    /// Its key, or `default`.
    pub service: String,
    /// `full`, `none` or `unknown`, or `absent`.
    pub before: String,
    /// The same, after.
    pub after: String,
}

const ABSENT: &str = "absent";

/// What our engine makes of one snapshot.
#[derive(Debug)]
pub(super) struct View<'a> {
    pub snapshot: &'a Snapshot,
    pub keys: Keys,
    pub documents: Documents,
    pub computed: Computed,
}

impl<'a> View<'a> {
    /// Computes every account of `snapshot` for `services` (without `default`) and the keys its documents name.
    pub(super) fn new<'s>(snapshot: &'a Snapshot, services: impl IntoIterator<Item = &'s str>) -> Self {
        let documents = Documents::of(snapshot);
        let services = services.into_iter().map(str::to_owned);
        let names: Vec<String> = services.chain(named_services(snapshot)).collect();
        let keys = Keys::new(names.iter().map(String::as_str));
        let computed = Computed::new(snapshot, &documents, &keys);
        Self { snapshot, keys, documents, computed }
    }

    /// What is said of a service at an account: the words of a setting, or `unknown`.
    pub(super) fn setting(&self, group: &Group, service: &str) -> &'static str {
        let key = self.keys.get(service);
        let setting = key.map(|key| group.reading.get(key).setting);
        setting.map_or(ABSENT, |setting| setting.map_or("unknown", |setting| setting.as_str()))
    }

    /// The lock of a service at an account.
    pub(super) fn lock(&self, group: &Group, service: &str) -> &'static str {
        let lock = self.keys.get(service).and_then(|key| group.locks.get(key.index()));
        lock.map_or(ABSENT, |lock| lock.as_str())
    }
}

/// Every service that a document of the snapshot names.
pub(super) fn named_services(snapshot: &Snapshot) -> BTreeSet<String> {
    let contents = snapshot.policies.iter().flatten().filter_map(|policy| policy.content.as_deref());
    contents.flat_map(services_of).collect()
}

/// The services that a document names.
pub(super) fn services_of(content: &str) -> BTreeSet<String> {
    let document = Document::parse(Dialect::Plain, content).ok();
    let services = document.as_ref().and_then(|document| document.root.children.get("services"));
    services.into_iter().flat_map(|services| services.children.keys().map(|key| key.to_string())).collect()
}

/// What differs between two snapshots for `services` (without `default`), by our own engine; accounts alike are
/// together, in the order of their smallest ids. Accounts for which nothing changes are left out.
#[must_use]
pub fn changes(before: &Snapshot, after: &Snapshot, services: &[&str]) -> Vec<Change> {
    compare(&View::new(before, services.iter().copied()), &View::new(after, services.iter().copied()))
}

/// What differs between two views.
pub(super) fn compare(before: &View<'_>, after: &View<'_>) -> Vec<Change> {
    let mut pairs: BTreeMap<(Option<usize>, Option<usize>), BTreeSet<AccountId>> = BTreeMap::new();
    for account in before.snapshot.accounts.iter().chain(&after.snapshot.accounts).flatten() {
        let pair = (before.computed.number(account.id), after.computed.number(account.id));
        pairs.entry(pair).or_default().insert(account.id);
    }
    let mut changes: Vec<Change> = pairs.into_values().filter_map(|accounts| change(before, after, accounts)).collect();
    changes.sort_by_key(|change| change.accounts.first().copied());
    joined(changes)
}

fn change(before: &View<'_>, after: &View<'_>, accounts: BTreeSet<AccountId>) -> Option<Change> {
    let first = *accounts.first()?;
    let (old, new) = (before.computed.get(first), after.computed.get(first));
    let mut services: Vec<&str> = before.keys.iter().map(|(_, name)| name).collect();
    services.extend(after.keys.iter().map(|(_, name)| name).filter(|name| before.keys.get(name).is_none()));
    let setting =
        |view: &View<'_>, group: Option<&Group>, name: &str| group.map_or(ABSENT, |it| view.setting(it, name));
    let lock = |view: &View<'_>, group: Option<&Group>, name: &str| group.map_or(ABSENT, |it| view.lock(it, name));
    let settings = services.iter().map(|name| (*name, setting(before, old, name), setting(after, new, name)));
    let locks = services.iter().map(|name| (*name, lock(before, old, name), lock(after, new, name)));
    let of_account = |group: Option<&Group>| group.map_or(ABSENT, |it| it.lock.as_str()).to_owned();
    let change = Change {
        accounts: accounts.into_iter().collect(),
        settings: settings.filter(|(_, old, new)| old != new).map(setting_change).collect(),
        locks: locks.filter(|(_, old, new)| old != new).map(lock_change).collect(),
        lock_before: of_account(old),
        lock_after: of_account(new),
    };
    let changes = !change.settings.is_empty() || !change.locks.is_empty() || change.lock_before != change.lock_after;
    changes.then_some(change)
}

fn setting_change((service, before, after): (&str, &str, &str)) -> SettingChange {
    SettingChange { service: service.to_owned(), before: before.to_owned(), after: after.to_owned() }
}

fn lock_change((service, before, after): (&str, &str, &str)) -> LockChange {
    LockChange { service: service.to_owned(), before: before.to_owned(), after: after.to_owned() }
}

/// Puts accounts together whose groups differ but for which the same changes.
fn joined(changes: Vec<Change>) -> Vec<Change> {
    let mut joined: Vec<Change> = Vec::new();
    for change in changes {
        let alike = |other: &&mut Change| {
            (&other.settings, &other.locks, &other.lock_before, &other.lock_after)
                == (&change.settings, &change.locks, &change.lock_before, &change.lock_after)
        };
        match joined.iter_mut().find(alike) {
            Some(other) => other.accounts.extend(change.accounts),
            None => joined.push(change),
        }
    }
    joined.iter_mut().for_each(|change| change.accounts.sort_unstable());
    joined
}
