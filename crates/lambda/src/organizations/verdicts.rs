//! What became of verdicts: by the engine, on what was read before and after, with AWS's own answers and without.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use optout_aws::state::{Affected, Raised, RaisedKind};
use optout_core::catalogue::Catalogue;
use optout_core::check::{AccountVerdict, Assessment, ServiceVerdict, assess};
use optout_core::org::{AccountId, EvidenceMode, Snapshot};
use optout_core::trail::{Effect, Timeline, Trail, VerdictChange, Wanted, verdict_changes};

use crate::monitor::Judge;

/// Accounts with the services that are concerned; every service where none is named.
pub(crate) type Concerned = BTreeMap<AccountId, BTreeSet<String>>;

/// What was weakened between two snapshots: as the policies say, or as AWS answers where they do not say otherwise. An
/// answer that is worse than the policies may be older than the event, and is told by a control of its own.
pub(super) fn weakened(before: &Snapshot, after: &Snapshot, judge: &Judge) -> Concerned {
    let mut concerned = changed(before, after, judge, None);
    let computed = assess(&judge.question(after, Some(EvidenceMode::None)));
    let may_be = |verdict| verdict != ServiceVerdict::OptedOut;
    concerned.retain(|account, services| {
        let came = services.is_empty();
        services.retain(|service| concerns(&computed, *account, std::slice::from_ref(service), may_be));
        (came && concerns(&computed, *account, &[], may_be)) || !services.is_empty()
    });
    for (account, services) in changed(before, after, judge, Some(EvidenceMode::None)) {
        concerned.entry(account).or_default().extend(services);
    }
    concerned
}

fn changed(before: &Snapshot, after: &Snapshot, judge: &Judge, evidence: Option<EvidenceMode>) -> Concerned {
    let mut concerned = Concerned::new();
    let changes = verdict_changes(&judge.question(before, evidence), &judge.question(after, evidence));
    changes.iter().for_each(|change| add(&mut concerned, change, is_weaker));
    concerned
}

/// What became unknown.
pub(super) fn undetermined(before: &Snapshot, after: &Snapshot, judge: &Judge) -> Concerned {
    let mut concerned = Concerned::new();
    let changes = verdict_changes(&judge.question(before, None), &judge.question(after, None));
    changes.iter().for_each(|change| add(&mut concerned, change, is_lost));
    concerned
}

/// What an event did by itself, put together from the organization as it is now: for one that arrives late, when what it
/// did is part of what was known already. The second list is what it may have done.
pub(super) fn by_itself(trail: &Trail, after: &Snapshot, at: Timestamp) -> (Concerned, Concerned) {
    let mut now = after.clone();
    now.taken = at;
    let timeline = Timeline::new(trail, Some(&now), Catalogue::embedded(), &Wanted::default());
    let (mut surely, mut perhaps) = (Concerned::new(), Concerned::new());
    for entry in &timeline.entries {
        let Effect::Known { changes, .. } = &entry.effect else { continue };
        changes.iter().for_each(|change| add(&mut surely, change, is_weaker));
        changes.iter().for_each(|change| add(&mut perhaps, change, may_be_weaker));
    }
    (surely, perhaps)
}

fn add(concerned: &mut Concerned, change: &VerdictChange, is_meant: fn(ServiceVerdict, ServiceVerdict) -> bool) {
    let came = change.before.is_none()
        && change.after.is_some_and(|after| match after {
            AccountVerdict::NotOptedOut | AccountVerdict::OptedIn => {
                is_meant(ServiceVerdict::OptedOut, ServiceVerdict::NotOptedOut)
            }
            AccountVerdict::Unknown => is_meant(ServiceVerdict::OptedOut, ServiceVerdict::Unknown),
            AccountVerdict::Excepted | AccountVerdict::OptedOut | AccountVerdict::OptedOutToday => false,
        });
    let services = change.services.iter().filter(|(_, before, after)| is_meant(*before, *after));
    let services: BTreeSet<String> = services.map(|(key, _, _)| key.to_string()).collect();
    if came || !services.is_empty() {
        for account in &change.accounts {
            concerned.entry(*account).or_default().extend(services.iter().cloned());
        }
    }
}

fn is_weaker(before: ServiceVerdict, after: ServiceVerdict) -> bool {
    before == ServiceVerdict::OptedOut && matches!(after, ServiceVerdict::OptedIn | ServiceVerdict::NotOptedOut)
}

fn is_lost(before: ServiceVerdict, after: ServiceVerdict) -> bool {
    before != ServiceVerdict::Unknown && after == ServiceVerdict::Unknown
}

fn may_be_weaker(before: ServiceVerdict, after: ServiceVerdict) -> bool {
    before == ServiceVerdict::Unknown && matches!(after, ServiceVerdict::OptedIn | ServiceVerdict::NotOptedOut)
}

/// Accounts that are alike together.
pub(super) fn grouped(concerned: &Concerned) -> Vec<Affected> {
    let mut groups: BTreeMap<Vec<String>, Vec<AccountId>> = BTreeMap::new();
    for (account, services) in concerned {
        groups.entry(services.iter().cloned().collect()).or_default().push(*account);
    }
    let mut affected: Vec<Affected> =
        groups.into_iter().map(|(services, accounts)| Affected { accounts, services }).collect();
    affected.sort();
    affected
}

/// The accounts of `among` whose answer by AWS is not what their policies come to, as far as both are known.
pub(crate) fn lagging(snapshot: &Snapshot, among: &BTreeSet<AccountId>, judge: &Judge) -> BTreeSet<AccountId> {
    let differences =
        verdict_changes(&judge.question(snapshot, None), &judge.question(snapshot, Some(EvidenceMode::None)));
    let known = |change: &&VerdictChange| {
        let known = |verdict: &ServiceVerdict| *verdict != ServiceVerdict::Unknown;
        change.services.iter().any(|(_, answered, computed)| known(answered) && known(computed))
    };
    let accounts = differences.iter().filter(known).flat_map(|change| &change.accounts);
    accounts.filter(|account| among.contains(account)).copied().collect()
}

/// The organization as it is judged, both ways, for looking at single findings.
#[derive(Debug)]
pub(crate) struct Views<'s> {
    answered: Assessment<'s>,
    computed: Assessment<'s>,
}

/// Whether a finding stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stands {
    /// Yes; AWS and the policies say so alike.
    Yes,
    /// One of the two says so.
    Propagating,
    /// No.
    No,
}

impl<'s> Views<'s> {
    pub(crate) fn of(snapshot: &'s Snapshot, judge: &'s Judge) -> Self {
        let computed = assess(&judge.question(snapshot, Some(EvidenceMode::None)));
        Self { answered: assess(&judge.question(snapshot, None)), computed }
    }

    /// Whether a finding of the monitor's own still stands.
    pub(crate) fn stands(&self, raised: &Raised) -> Stands {
        let is_meant = match raised.kind {
            RaisedKind::Weakened => is_weak,
            RaisedKind::Undetermined => is_weak_or_unknown,
            RaisedKind::UnknownEvent | RaisedKind::Unreadable | RaisedKind::NoTrail => return Stands::Yes,
        };
        let any = |view: &Assessment<'_>| {
            let of_group = |it: &Affected| it.accounts.iter().any(|id| concerns(view, *id, &it.services, is_meant));
            raised.affected.iter().any(of_group)
        };
        match (any(&self.answered), any(&self.computed)) {
            (true, true) => Stands::Yes,
            (false, false) => Stands::No,
            (true, false) if self.is_open(raised) => Stands::Yes,
            (true, false) | (false, true) => Stands::Propagating,
        }
    }

    /// Whether what the policies come to is not known.
    fn is_open(&self, raised: &Raised) -> bool {
        let unknown = |verdict| verdict == ServiceVerdict::Unknown;
        let of_group =
            |it: &Affected| it.accounts.iter().any(|id| concerns(&self.computed, *id, &it.services, unknown));
        raised.affected.iter().any(of_group)
    }

    /// Those of `concerned` of which it is still true.
    pub(super) fn still_weak(&self, concerned: Concerned) -> Concerned {
        let weak = |account: &AccountId, services: &mut BTreeSet<String>| {
            let all: Vec<String> = services.iter().cloned().collect();
            let is_weak = |one: &[String]| {
                let views = [&self.answered, &self.computed];
                views.into_iter().any(|view| concerns(view, *account, one, is_weak))
            };
            services.retain(|service| is_weak(std::slice::from_ref(service)));
            !services.is_empty() || (all.is_empty() && is_weak(&[]))
        };
        let mut kept = concerned;
        kept.retain(weak);
        kept
    }
}

fn is_weak(verdict: ServiceVerdict) -> bool {
    matches!(verdict, ServiceVerdict::OptedIn | ServiceVerdict::NotOptedOut)
}

fn is_weak_or_unknown(verdict: ServiceVerdict) -> bool {
    verdict == ServiceVerdict::Unknown
}

/// Whether one of these services of an account, or any where none is named, has such a verdict. An account that is gone, or
/// does not count, has none.
fn concerns(
    view: &Assessment<'_>,
    account: AccountId,
    services: &[String],
    is_meant: impl Fn(ServiceVerdict) -> bool,
) -> bool {
    let Some(result) = view.result(account).filter(|result| result.counted) else { return false };
    let named = |name: &str| services.is_empty() || services.iter().any(|service| service == name);
    view.keys.iter().any(|(key, name)| named(name) && is_meant(view.service(result, key)))
}
