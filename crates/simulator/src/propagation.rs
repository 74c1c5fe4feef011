//! How long a change takes until effective policies show it, and what they show meanwhile.
//!
//! What was observed (tag policies, one member account, us-east-1; radkawar/stackd at 9dc356f5, 2026-09-11 to
//! 2026-09-13): about a second after a change the timestamp is new and the content old, after about 2.5 s the content
//! is new; disabling the type shows at once; for about a second after it is enabled again the document from before it
//! was disabled is served. Changes in quick succession merge: a value that lived shorter than the delay may be seen
//! here only if somebody asks at the right moment, in AWS it was never seen.

use std::collections::BTreeMap;
use std::time::Duration;

use crate::clock::Moment;

/// How long changes take to show, in simulated time. All zero: at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Propagation {
    /// Until `LastUpdatedTimestamp` moves.
    pub timestamp: Duration,
    /// Until the content follows; not less than `timestamp`.
    pub content: Duration,
    /// How long after enabling a type again its old document is still served.
    pub stale_after_enable: Duration,
}

impl Propagation {
    /// The delays that were observed.
    pub const OBSERVED: Self = Self {
        timestamp: Duration::from_millis(1_100),
        content: Duration::from_millis(2_500),
        stale_after_enable: Duration::from_millis(1_200),
    };
}

/// A map that remembers what each key held before: every change with its moment and the value it replaced.
#[derive(Debug, Clone)]
pub(crate) struct Tracked<K, V> {
    now: BTreeMap<K, V>,
    past: BTreeMap<K, Vec<Change<V>>>,
}

#[derive(Debug, Clone)]
struct Change<V> {
    at: Moment,
    before: Option<V>,
}

impl<K: Ord + Clone, V: Clone> Tracked<K, V> {
    /// An empty map.
    pub(crate) fn new() -> Self {
        Self { now: BTreeMap::new(), past: BTreeMap::new() }
    }

    /// Holds a value from before the simulator's start.
    pub(crate) fn load(&mut self, key: K, value: V) {
        self.now.insert(key, value);
    }

    /// The value now.
    pub(crate) fn get(&self, key: &K) -> Option<&V> {
        self.now.get(key)
    }

    /// The values now, in order of their keys.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&K, &V)> {
        self.now.iter()
    }

    /// Changes or removes the value, even where it stays equal: AWS publishes an equal document again.
    pub(crate) fn set(&mut self, key: K, value: Option<V>, at: Moment) {
        let before = match value {
            Some(value) => self.now.insert(key.clone(), value),
            None => self.now.remove(&key),
        };
        self.past.entry(key).or_default().push(Change { at, before });
    }

    /// The value as of `at`: changes after it did not happen yet, nor did those that a hidden one followed quickly.
    /// `None` as `at` means now.
    pub(crate) fn get_at(&self, key: &K, at: Option<Cutoff>) -> Option<&V> {
        let Some(cutoff) = at else { return self.now.get(key) };
        let mut before = None;
        let mut next = None;
        for change in self.past.get(key).into_iter().flatten().rev() {
            // `next` is hidden where it is there.
            let merged = next.is_some_and(|next: Moment| next.saturating_sub(change.at) < cutoff.merges());
            if cutoff.shows(change.at) && !merged {
                break;
            }
            before = Some(change.before.as_ref());
            next = Some(change.at);
        }
        before.unwrap_or_else(|| self.now.get(key))
    }

    /// The moment of the last change that `cutoff` does not hide.
    pub(crate) fn last_change(&self, key: &K, cutoff: Cutoff) -> Option<Moment> {
        let mut changes = self.past.get(key)?.iter().rev();
        changes.find(|change| !cutoff.hides(change.at)).map(|change| change.at)
    }
}

/// The end of what a reader sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cutoff {
    /// Changes that take `delay` to show, and that merge with a later one within that time.
    Delayed {
        /// Now.
        now: Moment,
        /// How long a change takes.
        delay: Duration,
    },
    /// Changes at this moment are not seen any more.
    Before(Moment),
    /// No change is seen: the state the simulator started with.
    Start,
}

impl Cutoff {
    /// Whether a change is seen.
    pub(crate) fn shows(self, change: Moment) -> bool {
        !self.hides(change)
    }

    /// Changes closer together than this merge.
    fn merges(self) -> Duration {
        match self {
            Self::Delayed { delay, .. } => delay,
            Self::Before(_) | Self::Start => Duration::ZERO,
        }
    }

    fn hides(self, change: Moment) -> bool {
        match self {
            Self::Delayed { now, delay } => change.saturating_add(delay) > now,
            Self::Before(end) => change >= end,
            Self::Start => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(number: u64) -> Moment {
        Duration::from_secs(number)
    }

    fn until(number: u64) -> Cutoff {
        Cutoff::Delayed { now: second(number), delay: Duration::ZERO }
    }

    fn tracked() -> Tracked<&'static str, u32> {
        let mut map = Tracked::new();
        map.load("key", 1);
        map.set("key", Some(2), second(10));
        map.set("key", None, second(20));
        map
    }

    #[test]
    fn a_reader_sees_the_value_of_its_cutoff() {
        let map = tracked();
        let at = |cutoff| map.get_at(&"key", Some(cutoff)).copied();
        assert_eq!(at(Cutoff::Start), Some(1));
        assert_eq!(at(until(9)), Some(1));
        assert_eq!(at(until(10)), Some(2));
        assert_eq!(at(Cutoff::Before(second(20))), Some(2));
        assert_eq!(at(until(20)), None);
        assert_eq!(map.get_at(&"key", None), None);
    }

    #[test]
    fn the_last_visible_change_is_found() {
        let map = tracked();
        assert_eq!(map.last_change(&"key", until(15)), Some(second(10)));
        assert_eq!(map.last_change(&"key", Cutoff::Start), None);
        assert_eq!(map.last_change(&"other", until(99)), None);
    }

    #[test]
    fn quick_changes_merge_into_the_last() {
        let mut map = Tracked::new();
        map.load("key", 1);
        map.set("key", Some(2), second(10));
        map.set("key", Some(3), second(11));
        let at = |now| map.get_at(&"key", Some(Cutoff::Delayed { now: second(now), delay: second(3) })).copied();
        assert_eq!([at(12), at(13), at(14)], [Some(1), Some(1), Some(3)]);
    }
}
