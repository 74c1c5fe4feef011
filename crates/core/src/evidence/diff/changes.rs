//! What changed in the organization itself. Times of reading are no changes.

use std::collections::{BTreeMap, BTreeSet};

use super::{Change, Kind};
use crate::org::{Account, Attachment, Membership, Policy, PolicyId, Snapshot, TargetId, Unit};
use crate::source::unified;

/// Every change, numbered, in the order of their kinds and subjects.
pub(super) fn changes(before: &Snapshot, after: &Snapshot) -> Vec<Change> {
    let mut list = List::default();
    organization(before, after, &mut list);
    accounts(before, after, &mut list);
    units(before, after, &mut list);
    policies(before, after, &mut list);
    attachments(before, after, &mut list);
    delegates(before, after, &mut list);
    let mut changes = list.0;
    let key = |it: &Change| (it.kind, it.subject.clone(), it.target.clone());
    changes.sort_by_key(key);
    changes.iter_mut().zip(1..).for_each(|(change, number): (_, u64)| change.id = format!("c{number}"));
    changes
}

#[derive(Default)]
struct List(Vec<Change>);

impl List {
    fn add(&mut self, kind: Kind, subject: &dyn ToString, name: &str, before: Option<&str>, after: Option<&str>) {
        self.0.push(Change {
            id: String::new(),
            kind,
            subject: subject.to_string(),
            name: name.to_owned(),
            target: None,
            before: before.map(str::to_owned),
            after: after.map(str::to_owned),
            diff: None,
        });
    }

    fn differing(&mut self, kind: Kind, subject: &dyn ToString, name: &str, before: Option<&str>, after: Option<&str>) {
        if before != after {
            self.add(kind, subject, name, before, after);
        }
    }

    fn document(&mut self, kind: Kind, subject: &dyn ToString, name: &str, before: Option<&str>, after: Option<&str>) {
        if before != after {
            let subject = subject.to_string();
            let text = |it: Option<&str>| it.map(pretty).unwrap_or_default();
            let diff = unified(&text(before), &text(after), &subject);
            self.add(kind, &subject, name, None, None);
            if let Some(change) = self.0.last_mut() {
                change.diff = Some(diff);
            }
        }
    }
}

/// A document with a line for each value, so that its changes can be seen.
fn pretty(text: &str) -> String {
    let value = serde_json::from_str::<serde_json::Value>(text).ok();
    value.and_then(|value| serde_json::to_string_pretty(&value).ok()).unwrap_or_else(|| text.to_owned()) + "\n"
}

fn organization(before: &Snapshot, after: &Snapshot, list: &mut List) {
    if let (Some(old), Some(new)) = (&before.membership, &after.membership) {
        let id = after.organization().or(before.organization()).map(|it| it.id.to_string()).unwrap_or_default();
        list.differing(Kind::Organization, &id, "", Some(features(old)), Some(features(new)));
    }
    if let (Some(old), Some(new)) = (before.policy_type_state(), after.policy_type_state()) {
        let root = after.root.as_ref().map(|root| root.id.to_string()).unwrap_or_default();
        let word =
            |state: Option<&crate::org::PolicyTypeState>| state.map_or("off".to_owned(), |it| it.as_str().to_owned());
        list.differing(Kind::PolicyType, &root, "", Some(&word(old)), Some(&word(new)));
    }
    if let (Some(old), Some(new)) = (&before.resource_policy, &after.resource_policy) {
        list.document(Kind::ResourcePolicy, &"resource-policy", "", old.as_deref(), new.as_deref());
    }
}

const fn features(membership: &Membership) -> &'static str {
    match membership {
        Membership::None => "no organization",
        Membership::Member(organization) if organization.all_features => "all features",
        Membership::Member(_) => "consolidated billing",
    }
}

/// What is on both sides, on the first, on the second.
fn paired<'a, K: Ord, T>(
    before: Option<&'a [T]>,
    after: Option<&'a [T]>,
    key: fn(&'a T) -> K,
) -> BTreeMap<K, (Option<&'a T>, Option<&'a T>)> {
    let mut pairs: BTreeMap<K, (Option<&T>, Option<&T>)> = BTreeMap::new();
    if let (Some(before), Some(after)) = (before, after) {
        pairs.extend(before.iter().map(|item| (key(item), (Some(item), None))));
        after.iter().for_each(|item| pairs.entry(key(item)).or_insert((None, None)).1 = Some(item));
    }
    pairs
}

fn place(target: Option<&TargetId>) -> Option<String> {
    target.map(ToString::to_string)
}

fn accounts(before: &Snapshot, after: &Snapshot, list: &mut List) {
    for (id, pair) in paired(before.accounts.as_deref(), after.accounts.as_deref(), |it: &Account| it.id) {
        match pair {
            (None, Some(new)) => {
                list.add(Kind::AccountJoined, &id, &new.name, None, place(new.parent.as_ref()).as_deref());
            }
            (Some(old), None) => {
                list.add(Kind::AccountLeft, &id, &old.name, place(old.parent.as_ref()).as_deref(), None)
            }
            (Some(old), Some(new)) => {
                let (from, to) = (place(old.parent.as_ref()), place(new.parent.as_ref()));
                list.differing(Kind::AccountMoved, &id, &new.name, from.as_deref(), to.as_deref());
                list.differing(Kind::AccountRenamed, &id, &new.name, Some(&old.name), Some(&new.name));
                let (old, state) = (old.state.as_str(), new.state.as_str());
                list.differing(Kind::AccountState, &id, &new.name, Some(old), Some(state));
                invalid(before, after, new, list);
            }
            (None, None) => {}
        }
    }
}

fn invalid(before: &Snapshot, after: &Snapshot, account: &Account, list: &mut List) {
    if let (Some(old), Some(new)) = (&before.invalid, &after.invalid) {
        let word = |is: bool| if is { "invalid" } else { "valid" };
        let (old, new) = (word(old.contains_key(&account.id)), word(new.contains_key(&account.id)));
        list.differing(Kind::AccountInvalid, &account.id, &account.name, Some(old), Some(new));
    }
}

fn units(before: &Snapshot, after: &Snapshot, list: &mut List) {
    for (id, pair) in paired(before.units.as_deref(), after.units.as_deref(), |it: &Unit| &it.id) {
        match pair {
            (None, Some(new)) => list.add(Kind::UnitCreated, &id, &new.name, None, Some(&new.parent.to_string())),
            (Some(old), None) => list.add(Kind::UnitDeleted, &id, &old.name, Some(&old.parent.to_string()), None),
            (Some(old), Some(new)) => {
                let (from, to) = (old.parent.to_string(), new.parent.to_string());
                list.differing(Kind::UnitMoved, &id, &new.name, Some(&from), Some(&to));
                list.differing(Kind::UnitRenamed, &id, &new.name, Some(&old.name), Some(&new.name));
            }
            (None, None) => {}
        }
    }
}

fn policies(before: &Snapshot, after: &Snapshot, list: &mut List) {
    for (id, pair) in paired(before.policies.as_deref(), after.policies.as_deref(), |it: &Policy| &it.id) {
        match pair {
            (None, Some(new)) => list.add(Kind::PolicyCreated, &id, &new.name, None, None),
            (Some(old), None) => list.add(Kind::PolicyDeleted, &id, &old.name, None, None),
            (Some(old), Some(new)) => policy(id, old, new, list),
            (None, None) => {}
        }
    }
}

fn policy(id: &PolicyId, old: &Policy, new: &Policy, list: &mut List) {
    list.differing(Kind::PolicyRenamed, &id, &new.name, Some(&old.name), Some(&new.name));
    list.differing(Kind::PolicyDescribed, &id, &new.name, Some(&old.description), Some(&new.description));
    if let (Some(old), Some(content)) = (&old.content, &new.content) {
        list.document(Kind::PolicyChanged, &id, &new.name, Some(old), Some(content));
    }
    if let (Some(old), Some(tags)) = (&old.tags, &new.tags) {
        let text = |tags: &BTreeMap<String, String>| {
            tags.iter().map(|(key, value)| format!("{key}={value}")).collect::<Vec<_>>().join(", ")
        };
        list.differing(Kind::PolicyTagged, &id, &new.name, Some(&text(old)), Some(&text(tags)));
    }
}

fn attachments(before: &Snapshot, after: &Snapshot, list: &mut List) {
    let (Some(old), Some(new)) = (&before.attachments, &after.attachments) else { return };
    let targets: BTreeSet<&TargetId> = old.keys().chain(new.keys()).collect();
    for target in targets {
        let at = |map: &BTreeMap<TargetId, Vec<Attachment>>| -> BTreeMap<PolicyId, Attachment> {
            map.get(target).into_iter().flatten().map(|it| (it.policy.clone(), it.clone())).collect()
        };
        let (old, new) = (at(old), at(new));
        let all: BTreeSet<&PolicyId> = old.keys().chain(new.keys()).collect();
        for policy in all {
            let kind = match (old.get(policy), new.get(policy)) {
                (None, Some(_)) => Kind::Attached,
                (Some(_), None) => Kind::Detached,
                (Some(old), Some(new)) if again(old, new) => Kind::Reattached,
                _ => continue,
            };
            let name = after.policy(policy).or(before.policy(policy)).map_or("", |policy| policy.name.as_str());
            list.add(kind, &policy, name, None, None);
            if let Some(change) = list.0.last_mut() {
                change.target = Some(target.to_string());
            }
        }
    }
}

/// Whether the two were attached at different times, as far as both are known.
fn again(old: &Attachment, new: &Attachment) -> bool {
    matches!((old.attached, new.attached), (Some(old), Some(new)) if old != new)
}

fn delegates(before: &Snapshot, after: &Snapshot, list: &mut List) {
    let services = |it: Option<&crate::org::Delegate>| {
        it.map(|it| it.services.as_ref().map_or("unread".to_owned(), |services| services.join(", ")))
    };
    for (id, (old, new)) in paired(before.delegates.as_deref(), after.delegates.as_deref(), |it| it.account) {
        let (old, new) = (services(old), services(new));
        list.differing(Kind::Delegate, &id, "", old.as_deref(), new.as_deref());
    }
}
