//! Compares what would hold after a plan with what the intent says, and finds out who is in the way.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::civil::Date;

use super::desired::{Desired, Places};
use super::difference::View;
use super::obstacle::{Obstacle, ObstacleKind};
use crate::check::{Group, Setting};
use crate::intent::{Choice, DEFAULT_SERVICE, Lock, ResolvedIntent};
use crate::org::{Account, AccountId, PolicyId, TargetId};
use crate::policy::{Cause, Effect, State};

/// The intent beside what would hold.
pub(super) struct Comparison<'a> {
    pub intent: &'a ResolvedIntent,
    pub after: &'a View<'a>,
    pub places: &'a Places<'a>,
    pub desired: &'a Desired,
    pub managed: &'a BTreeSet<PolicyId>,
    pub at: Date,
}

/// What is in the way: the kind, the policies of others, where they are.
type Reason = (ObstacleKind, Vec<PolicyId>);

/// Accounts with an equal one are judged once.
type Alike<'a> = (usize, Option<&'a TargetId>, Option<AccountId>);

/// What is wrong at an account: services whose setting would differ and why, services that could still be changed.
#[derive(Default)]
struct Judged<'a> {
    differing: Vec<(&'a str, Reason)>,
    open: Vec<&'a str>,
}

impl<'a> Comparison<'a> {
    /// Every obstacle: settings that would differ, then holes that would remain.
    pub(super) fn obstacles(&self) -> Vec<Obstacle> {
        let mut differing: BTreeMap<Reason, (BTreeSet<&str>, BTreeSet<AccountId>)> = BTreeMap::new();
        let mut holes: BTreeMap<&str, BTreeSet<AccountId>> = BTreeMap::new();
        let mut alike: HashMap<Alike<'_>, Judged<'_>> = HashMap::new();
        for account in self.after.snapshot.accounts.iter().flatten().filter(|account| account.state.is_counted()) {
            let Some(key) = self.alike(account) else { continue };
            let judged = alike.entry(key).or_insert_with(|| self.judge(account));
            for (service, reason) in &judged.differing {
                let (services, accounts) = differing.entry(reason.clone()).or_default();
                services.insert(service);
                accounts.insert(account.id);
            }
            for service in &judged.open {
                holes.entry(service).or_default().insert(account.id);
            }
        }
        let differing =
            differing.into_iter().map(|(reason, (services, accounts))| differs(reason, &services, accounts));
        differing.chain(hole(&holes)).collect()
    }

    /// What is equal for accounts for which the answer is the same: our answer, the place, and the account itself
    /// where the intent or a policy speaks of it.
    fn alike(&self, account: &'a Account) -> Option<Alike<'a>> {
        let target = TargetId::Account(account.id);
        let attached = self.after.snapshot.attachments.as_ref().is_some_and(|all| all.contains_key(&target));
        let own = attached || self.intent.exceptions.iter().any(|it| it.target == target);
        Some((self.after.computed.number(account.id)?, account.parent.as_ref(), own.then_some(account.id)))
    }

    fn judge(&self, account: &Account) -> Judged<'_> {
        let path = self.places.path(&TargetId::Account(account.id));
        let Some(group) = self.after.computed.get(account.id) else { return Judged::default() };
        let differing = self.differing(group, &path).into_iter();
        let differing = differing.map(|service| (service, self.reason(&path, service))).collect();
        Judged { differing, open: self.open(group, &path) }
    }

    fn differing(&self, group: &Group, path: &[TargetId]) -> Vec<&str> {
        let holds = |service: &str, setting: Option<Setting>| match self.intent.wanted(path, service, self.at) {
            Choice::OptOut => setting == Some(Setting::OptOut),
            Choice::OptIn => setting == Some(Setting::OptIn),
        };
        let keys = self.after.keys.iter().filter(|(key, name)| !holds(name, group.reading.get(*key).setting));
        keys.map(|(_, name)| name).collect()
    }

    /// The services that the intent locks at this account and that something below could still change.
    fn open(&self, group: &Group, path: &[TargetId]) -> Vec<&str> {
        let above = path.iter().rev().nth(1);
        let is_meant = |service: &str| {
            // A service that nothing names at the root follows `default`, and shares its hole.
            let open = self.desired.open.get(service).or_else(|| self.desired.open.get(DEFAULT_SERVICE));
            above.is_some_and(|above| open.is_some_and(|open| open.contains(above)))
        };
        let is_locked = |service: &str| match self.intent.intent.lock {
            Lock::Full => true,
            Lock::Partial => service == DEFAULT_SERVICE,
            Lock::None => false,
        };
        let keys = self.after.keys.iter().filter(|(_, name)| is_locked(name) && !is_meant(name));
        keys.filter(|(_, name)| self.after.lock(group, name) != "full").map(|(_, name)| name).collect()
    }

    /// Who is in the way of `service` at the end of `path`.
    fn reason(&self, path: &[TargetId], service: &str) -> Reason {
        let Some(state) = self.state(path) else { return (ObstacleKind::SettingDiffers, Vec::new()) };
        let mut found: BTreeMap<ObstacleKind, BTreeSet<PolicyId>> = BTreeMap::new();
        for name in [service, DEFAULT_SERVICE] {
            let setting = state.setting(&["services", name, "opt_out_policy"]);
            for step in setting.iter().flat_map(|setting| setting.steps()) {
                let (kind, policies) = blame(&step.effect, &step.policy);
                let others = policies.iter().filter_map(|id| id.parse().ok()).filter(|id| !self.managed.contains(id));
                found.entry(kind).or_default().extend(others);
            }
        }
        let kinds = [ObstacleKind::OrderUnknown, ObstacleKind::OtherPolicyLocks, ObstacleKind::OtherPolicyDecides];
        let guilty = |kind: &ObstacleKind| found.get(kind).is_some_and(|policies| !policies.is_empty());
        match kinds.into_iter().find(guilty) {
            Some(kind) => (kind, found.remove(&kind).unwrap_or_default().into_iter().collect()),
            None => (ObstacleKind::SettingDiffers, Vec::new()),
        }
    }

    fn state(&self, path: &[TargetId]) -> Option<State> {
        path.iter().try_fold(State::default(), |state, target| {
            let attached = self.after.snapshot.attachments.as_ref()?.get(target).map(Vec::as_slice).unwrap_or_default();
            Some(state.below(&self.after.documents.level(target, attached).ok()?))
        })
    }
}

/// Whom a step of the trace speaks of, and as what.
fn blame(effect: &Effect, policy: &str) -> (ObstacleKind, Vec<String>) {
    let limits = |cause: &Cause| cause.limits.iter().map(|limit| limit.policy.to_string()).collect();
    match effect {
        Effect::Applied | Effect::Nothing => (ObstacleKind::OtherPolicyDecides, vec![policy.to_owned()]),
        Effect::LostTo(winner) => (ObstacleKind::OtherPolicyDecides, vec![winner.to_string()]),
        Effect::DependsOnOrder(others) => {
            let others = others.iter().map(ToString::to_string);
            (ObstacleKind::OrderUnknown, others.chain([policy.to_owned()]).collect())
        }
        Effect::Blocked(cause) | Effect::Undetermined(cause) => (ObstacleKind::OtherPolicyLocks, limits(cause)),
    }
}

fn differs((kind, policies): Reason, services: &BTreeSet<&str>, accounts: BTreeSet<AccountId>) -> Obstacle {
    let names: Vec<String> = policies.iter().map(|id| format!("`{id}`")).collect();
    let what = format!("{} of {}", some(services), count(accounts.len()));
    let message = match kind {
        ObstacleKind::OtherPolicyDecides => format!("{} decides {what} otherwise than the intent", names.join(", ")),
        ObstacleKind::OtherPolicyLocks => format!("{} forbids what the intent says for {what}", names.join(", ")),
        ObstacleKind::OrderUnknown => {
            format!(
                "which policy at one target was attached first decides {what}, and AWS does not tell: {}",
                names.join(", ")
            )
        }
        _ => format!("{what} would not be what the intent says"),
    };
    let help = Obstacle::mend(&policies);
    let (services, accounts) = (owned(services), accounts.into_iter().collect());
    Obstacle { policies, services, accounts, ..Obstacle::new(kind, message, help) }
}

fn hole(holes: &BTreeMap<&str, BTreeSet<AccountId>>) -> Option<Obstacle> {
    let services: BTreeSet<&str> = holes.keys().copied().collect();
    let accounts: BTreeSet<AccountId> = holes.values().flatten().copied().collect();
    if services.is_empty() {
        return None;
    }
    let message = format!("{} of {} could still be changed below", some(&services), count(accounts.len()));
    let help =
        "a policy of others on the way leaves it open: look with `optout explain`, then `--adopt` or `--prune` it";
    let (services, accounts) = (owned(&services), accounts.into_iter().collect());
    Some(Obstacle { services, accounts, ..Obstacle::new(ObstacleKind::HoleRemains, message, help) })
}

fn owned(services: &BTreeSet<&str>) -> Vec<String> {
    services.iter().map(|service| (*service).to_owned()).collect()
}

fn some(services: &BTreeSet<&str>) -> String {
    let first: Vec<String> = services.iter().take(3).map(|service| format!("`{service}`")).collect();
    match services.len() {
        1..=3 => first.join(", "),
        more => format!("{} and {} more services", first.join(", "), more - first.len()),
    }
}

fn count(accounts: usize) -> String {
    if accounts == 1 { "1 account".to_owned() } else { format!("{accounts} accounts") }
}
