//! The events in order, each with what it did to verdicts, as far as the organization can be reconstructed.

use jiff::Timestamp;

use crate::catalogue::Catalogue;
use crate::check::AccountVerdict;
use crate::org::{AccountId, PolicyType, Snapshot};

use super::order::{complete_since, settle_order};
use super::replay::{Memory, alters, blur, redo, undo};
use super::types::{KnownType, Types};
use super::verdicts::{VerdictChange, Verdicts};
use super::{Change, Event, Topic, Trail};

/// An event with what it did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// The event.
    pub event: Event,
    /// The type of the policy it is about.
    pub policy_type: Option<KnownType>,
    /// What it did to verdicts.
    pub effect: Effect,
}

/// What an event did to verdicts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Effect {
    /// It cannot change any.
    None,
    /// It cannot be told, because of this.
    Unknown(String),
    /// It did this.
    Known {
        /// What became of which accounts; nothing where no verdict changed.
        changes: Vec<VerdictChange>,
        /// How many accounts have a verdict, before or after, that is not known.
        unknown: usize,
        /// How many events of the same second did it together.
        together: usize,
    },
}

impl Effect {
    /// Whether AWS may use content afterwards that it might not before.
    #[must_use]
    pub fn weakens(&self) -> bool {
        match self {
            Self::None | Self::Unknown(_) => false,
            Self::Known { changes, .. } => changes.iter().any(VerdictChange::weakens),
        }
    }

    /// Whether it is not known, at least of some account.
    #[must_use]
    pub fn is_unknown(&self) -> bool {
        match self {
            Self::None => false,
            Self::Unknown(_) => true,
            Self::Known { unknown, changes, .. } => *unknown > 0 || changes.iter().any(VerdictChange::is_unknown),
        }
    }
}

/// How far the past can be trusted that was put together from events.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Trust {
    /// Every event was certainly seen.
    Proven,
    /// It holds if no event is missing, which cannot be told.
    IfComplete,
    /// Events are missing: these do not fit together.
    Contradicted(Vec<String>),
    /// There is no snapshot to start from.
    Nothing,
}

/// The organization's verdict, which is the worst of its counted accounts, before and after a second in which events could change it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// When the events were.
    pub time: Timestamp,
    /// The verdict before; `None` where no account counted.
    pub before: Option<AccountVerdict>,
    /// The verdict after.
    pub after: Option<AccountVerdict>,
}

/// Events with what they did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Timeline {
    /// In order.
    pub entries: Vec<Entry>,
    /// What became of the organization as a whole, in order, whatever entries are wanted; empty without a snapshot.
    pub turns: Vec<Turn>,
    /// Events that are about policies of other types.
    pub others: usize,
    /// How far the past can be trusted.
    pub trust: Trust,
}

/// Which events are wanted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// Only those about one of these; everything where empty.
    pub topics: Vec<Topic>,
    /// Only those about one of these accounts, or that changed its verdict; everything where empty.
    pub accounts: Vec<AccountId>,
}

impl Wanted {
    fn wants(&self, entry: &Entry) -> bool {
        let topic = self.topics.is_empty() || self.topics.contains(&entry.event.change.topic());
        topic && (self.accounts.is_empty() || self.accounts.iter().any(|account| touches(entry, *account)))
    }
}

fn touches(entry: &Entry, account: AccountId) -> bool {
    let changed = |changes: &[VerdictChange]| changes.iter().any(|it| it.accounts.binary_search(&account).is_ok());
    entry.event.change.account() == Some(account)
        || matches!(&entry.effect, Effect::Known { changes, .. } if changed(changes))
}

impl Timeline {
    /// The events of `trail` with what they did, put together backwards and forwards from `snapshot`.
    #[must_use]
    pub fn new(trail: &Trail, snapshot: Option<&Snapshot>, catalogue: &Catalogue, wanted: &Wanted) -> Self {
        let types = Types::new(&trail.events, snapshot);
        let proven = snapshot.is_some_and(|it| complete_since(it, trail).is_some());
        let (effects, turns, trust) = match snapshot {
            None => (without_snapshot(&trail.events, &types), Vec::new(), Trust::Nothing),
            Some(snapshot) => {
                let mut settled = snapshot.clone();
                settle_order(&mut settled, trail);
                let mut past = Past::new(trail, &types, catalogue);
                past.backwards(&settled);
                past.forwards(&settled);
                let contradicted =
                    (!past.contradictions.is_empty()).then_some(Trust::Contradicted(past.contradictions));
                let trust = contradicted.unwrap_or(if proven { Trust::Proven } else { Trust::IfComplete });
                past.turns.sort_by_key(|turn| turn.time);
                (past.effects, past.turns, trust)
            }
        };
        let mut timeline = Self { entries: Vec::new(), turns, others: 0, trust };
        for (event, effect) in trail.events.iter().zip(effects) {
            let policy_type = types.of_event(event);
            if is_other(policy_type.as_ref(), proven) {
                timeline.others += 1;
                continue;
            }
            let entry = Entry { event: event.clone(), policy_type, effect };
            if wanted.wants(&entry) {
                timeline.entries.push(entry);
            }
        }
        timeline
    }
}

/// Whether an event is about policies of another type: what is only likely is shown.
fn is_other(policy_type: Option<&KnownType>, proven: bool) -> bool {
    match policy_type {
        None | Some(KnownType::Unknown | KnownType::Is(PolicyType::AiOptOut)) => false,
        Some(KnownType::NotListed) => proven,
        Some(KnownType::Is(_)) => true,
    }
}

fn without_snapshot(events: &[Event], types: &Types) -> Vec<Effect> {
    let why = || Effect::Unknown("there is no snapshot of the organization to start from".to_owned());
    events.iter().map(|event| if alters(event, types) { why() } else { Effect::None }).collect()
}

struct Past<'a> {
    trail: &'a Trail,
    types: &'a Types,
    memory: Memory<'a>,
    catalogue: &'a Catalogue,
    effects: Vec<Effect>,
    turns: Vec<Turn>,
    contradictions: Vec<String>,
}

impl<'a> Past<'a> {
    fn new(trail: &'a Trail, types: &'a Types, catalogue: &'a Catalogue) -> Self {
        let effects = vec![Effect::None; trail.events.len()];
        let memory = Memory::new(&trail.events, types);
        Self { trail, types, memory, catalogue, effects, turns: Vec::new(), contradictions: Vec::new() }
    }

    /// The groups of events within one second, as ranges of their numbers.
    fn seconds(&self, from: usize, to: usize) -> Vec<std::ops::Range<usize>> {
        let mut groups: Vec<std::ops::Range<usize>> = Vec::new();
        let mut last = None;
        for (at, event) in self.trail.events.iter().enumerate().take(to).skip(from) {
            let second = event.time.as_second();
            match groups.last_mut() {
                Some(group) if last == Some(second) => group.end = at + 1,
                _ => groups.push(at..at + 1),
            }
            last = Some(second);
        }
        groups
    }

    fn events(&self, group: &std::ops::Range<usize>) -> Vec<(usize, &'a Event)> {
        let mut events: Vec<_> = self.trail.events.iter().enumerate().take(group.end).skip(group.start).collect();
        events.sort_by_key(|(at, event)| (rank(&event.change), *at));
        events
    }

    fn split(&self, snapshot: &Snapshot) -> usize {
        self.trail.events.partition_point(|event| event.time <= snapshot.taken)
    }

    fn verdicts(&self, state: &Snapshot, group: &[(usize, &Event)]) -> Verdicts {
        let at = group.first().map_or(state.taken, |(_, event)| event.time);
        Verdicts::of(state, self.catalogue, at)
    }

    fn alters(&self, group: &[(usize, &Event)]) -> bool {
        group.iter().any(|(_, event)| alters(event, self.types))
    }

    fn backwards(&mut self, snapshot: &Snapshot) {
        let mut state = snapshot.clone();
        let mut after: Option<Verdicts> = None;
        for group in self.seconds(0, self.split(snapshot)).into_iter().rev() {
            let events = self.events(&group);
            let alters = self.alters(&events);
            let known = if alters { Some(after.unwrap_or_else(|| self.verdicts(&state, &events))) } else { after };
            for (at, event) in events.iter().rev() {
                let contradiction = undo(&mut state, event, *at, &self.memory);
                self.contradictions.extend(contradiction.map(|why| format!("{}: {why}", event.id)));
            }
            clashes(&events).into_iter().for_each(|event| blur(&mut state, event));
            after = match known {
                Some(known) if alters => {
                    let before = self.verdicts(&state, &events);
                    self.tell(&events, &before, &known);
                    Some(before)
                }
                known => known,
            };
        }
    }

    fn forwards(&mut self, snapshot: &Snapshot) {
        let mut state = snapshot.clone();
        let mut before: Option<Verdicts> = None;
        for group in self.seconds(self.split(snapshot), self.trail.events.len()) {
            let events = self.events(&group);
            let alters = self.alters(&events);
            let known = if alters { Some(before.unwrap_or_else(|| self.verdicts(&state, &events))) } else { before };
            events.iter().for_each(|(_, event)| redo(&mut state, event, &self.memory));
            clashes(&events).into_iter().for_each(|event| blur(&mut state, event));
            before = match known {
                Some(known) if alters => {
                    let after = self.verdicts(&state, &events);
                    self.tell(&events, &known, &after);
                    Some(after)
                }
                known => known,
            };
        }
    }

    fn tell(&mut self, events: &[(usize, &Event)], before: &Verdicts, after: &Verdicts) {
        let altering: Vec<usize> =
            events.iter().filter(|(_, event)| alters(event, self.types)).map(|(at, _)| *at).collect();
        if let Some((_, event)) = events.first() {
            self.turns.push(Turn { time: event.time, before: before.worst(), after: after.worst() });
        }
        let (changes, unknown) = (before.changes(after), before.unknown().max(after.unknown()));
        for at in &altering {
            let effect = Effect::Known { changes: changes.clone(), unknown, together: altering.len() };
            self.effects.get_mut(*at).map(|slot| std::mem::replace(slot, effect));
        }
    }
}

/// The order within one second that is the only possible one for things that depend on each other: created before used,
/// used before removed.
const fn rank(change: &Change) -> u8 {
    match change {
        Change::Organization => 0,
        Change::EnablePolicyType { .. } => 1,
        Change::CreateUnit { .. } | Change::AccountCreated { .. } | Change::AcceptInvitation { .. } => 2,
        Change::AccountJoined { .. } | Change::CreatePolicy { .. } => 3,
        Change::UpdatePolicy { .. } | Change::MoveAccount { .. } => 4,
        Change::AttachPolicy { .. } => 5,
        Change::DetachPolicy { .. } => 6,
        Change::DeletePolicy { .. } | Change::RemoveAccount { .. } | Change::LeaveOrganization { .. } => 7,
        Change::AccountDeparted { .. } | Change::DeleteUnit { .. } => 8,
        Change::DisablePolicyType { .. } => 9,
        _ => 4,
    }
}

/// What two events of one second both change, so that it matters which came first: one event of each such thing.
fn clashes<'e>(events: &[(usize, &'e Event)]) -> Vec<&'e Event> {
    let mut touched: std::collections::BTreeMap<String, usize> = std::collections::BTreeMap::new();
    let mut clashing = Vec::new();
    for (_, event) in events {
        let Some(thing) = thing(&event.change) else { continue };
        let times = touched.entry(thing).or_default();
        *times += 1;
        if *times == 2 {
            clashing.push(*event);
        }
    }
    let switched =
        |change: &Change| matches!(change, Change::EnablePolicyType { .. } | Change::DisablePolicyType { .. });
    let attached = |change: &Change| change.topic() == Topic::Attachments;
    let both = events.iter().any(|(_, event)| attached(&event.change));
    clashing.extend(events.iter().find(|(_, event)| both && switched(&event.change)).map(|(_, event)| *event));
    clashing
}

/// What an event changes, where the order of two such events matters.
fn thing(change: &Change) -> Option<String> {
    match change {
        Change::UpdatePolicy { policy, .. } => Some(format!("document {policy}")),
        Change::AttachPolicy { policy, target } | Change::DetachPolicy { policy, target } => {
            Some(format!("attachment {policy} {target}"))
        }
        Change::MoveAccount { account, .. } => Some(format!("place {account}")),
        Change::EnablePolicyType { policy_type, .. } | Change::DisablePolicyType { policy_type, .. } => {
            Some(format!("type {policy_type}"))
        }
        _ => None,
    }
}
