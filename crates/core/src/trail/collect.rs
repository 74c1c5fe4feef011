//! Gathers the events of many streams: each once, in the order of time, with everything that could not be read.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::record::{Record, read};
use super::{Coverage, Event, Frame, Origin, Place, Splitter};
use crate::org::AccountId;

/// How many events are kept. An organization that changes every minute makes half as many in 90 days.
pub const MOST_EVENTS: usize = 200_000;
/// How many bytes of documents are kept of them all.
const MOST_TEXT: usize = 256 * 1024 * 1024;
/// How many problems are kept of one stream; all are counted.
const MOST_PROBLEMS: usize = 100;

/// Something that could not be read.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct TrailProblem {
    /// The file, or the service.
    pub name: Arc<str>,
    /// The number of the record, from 1; 0 where the stream itself is meant.
    pub number: u64,
    /// Where the record begins.
    pub place: Place,
    /// What is wrong.
    pub message: String,
}

impl std::fmt::Display for TrailProblem {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self.number {
            0 => write!(f, "{}: {}", self.name, self.message),
            number => {
                let Place { line, column } = self.place;
                write!(f, "{}:{line}:{column}: record {number}: {}", self.name, self.message)
            }
        }
    }
}

/// The time between the first and the last record of an account, and how many there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// The time of the first one.
    pub first: Timestamp,
    /// The time of the last one.
    pub last: Timestamp,
    /// How many.
    pub records: u64,
}

/// What was seen, counted.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Seen {
    /// Streams: files, or answers of the service.
    pub streams: u64,
    /// Records in all.
    pub records: u64,
    /// Those of AWS Organizations.
    pub organizations: u64,
    /// Those that failed and changed nothing.
    pub failed: u64,
    /// Those outside the time that was asked for.
    pub outside: u64,
    /// Those that were there already, by their id.
    pub duplicates: u64,
    /// Digest files, which hold no events.
    pub digests: u64,
    /// What could not be read.
    pub problems: u64,
    /// The accounts whose records were seen, of whatever service.
    pub accounts: BTreeMap<AccountId, Span>,
}

/// The time asked for; both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Window {
    /// From when on.
    pub since: Option<Timestamp>,
    /// Until when.
    pub until: Option<Timestamp>,
}

impl Window {
    /// Whether a time is inside.
    #[must_use]
    pub fn contains(&self, time: Timestamp) -> bool {
        self.since.is_none_or(|since| since <= time) && self.until.is_none_or(|until| time <= until)
    }
}

/// Everything that was gathered.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Trail {
    /// The events, each once, by time and then by id.
    pub events: Vec<Event>,
    /// What was seen.
    pub seen: Seen,
    /// What LookupEvents answered to the end.
    pub coverage: Vec<Coverage>,
    /// What could not be read, in the order of the streams; at most a hundred of each.
    pub problems: Vec<TrailProblem>,
    /// Whether there were more events than are kept.
    pub overflowed: bool,
}

/// Gathers events, stream by stream.
#[derive(Debug, Default)]
pub struct Collector {
    window: Window,
    trail: Trail,
    kept_text: usize,
}

/// A stream under way.
#[derive(Debug)]
pub struct Stream<'c> {
    collector: &'c mut Collector,
    origin: Arc<str>,
    splitter: Splitter,
    told: usize,
}

impl Collector {
    /// Gathers events of this time.
    #[must_use]
    pub fn new(window: Window) -> Self {
        Self { window, ..Self::default() }
    }

    /// Begins a stream called `name`.
    pub fn stream(&mut self, name: &str) -> Stream<'_> {
        self.trail.seen.streams += 1;
        Stream { collector: self, origin: name.into(), splitter: Splitter::default(), told: 0 }
    }

    /// Notes that a stream as a whole could not be read.
    pub fn broken(&mut self, name: &str, message: impl Into<String>) {
        self.trail.seen.problems += 1;
        let problem = TrailProblem { name: name.into(), number: 0, place: Place::default(), message: message.into() };
        self.trail.problems.push(problem);
    }

    /// Notes what LookupEvents answered to the end.
    pub fn cover(&mut self, coverage: Coverage) {
        self.trail.coverage.push(coverage);
    }

    /// Takes over what another one gathered.
    pub fn merge(&mut self, other: Self) {
        let Trail { events, seen, coverage, problems, overflowed } = other.trail;
        self.kept_text += other.kept_text;
        self.trail.overflowed |= overflowed;
        self.trail.coverage.extend(coverage);
        self.trail.problems.extend(problems);
        self.trail.events.extend(events);
        self.trail.seen.add(seen);
    }

    /// Puts everything in order.
    #[must_use]
    pub fn finish(self) -> Trail {
        let mut trail = self.trail;
        trail.events.sort_by(|left, right| order(left).cmp(&order(right)));
        trail.once_each();
        trail.clip(self.window);
        trail.problems.sort();
        trail.coverage.sort();
        if trail.events.len() > MOST_EVENTS || self.kept_text > MOST_TEXT {
            trail.events.truncate(MOST_EVENTS);
            trail.overflowed = true;
        }
        trail
    }

    fn frame(&mut self, name: &Arc<str>, frame: Frame<'_>) -> Result<(), String> {
        self.trail.seen.records += 1;
        let bytes = frame.body.map_err(|broken| broken.to_string())?;
        let text = std::str::from_utf8(bytes)
            .map_err(|error| format!("it is not valid UTF-8 from byte {} on", error.valid_up_to() + 1))?;
        let origin = Origin { name: Arc::clone(name), number: frame.number, place: frame.place };
        let read = read(text, &origin)?;
        if let (Some(account), Some(time)) = (read.account, read.time) {
            self.trail.seen.note(account, time);
        }
        self.take(read.record);
        Ok(())
    }

    fn take(&mut self, record: Record) {
        let seen = &mut self.trail.seen;
        match record {
            Record::Elsewhere => {}
            Record::Untouched => seen.organizations += 1,
            Record::Failed => {
                seen.organizations += 1;
                seen.failed += 1;
            }
            Record::Digest => {
                seen.digests += 1;
                seen.records -= 1;
            }
            Record::Head(coverage) => {
                seen.records -= 1;
                self.trail.coverage.push(coverage);
            }
            Record::Event(event) => {
                seen.organizations += 1;
                if self.window.contains(event.time) {
                    self.keep(*event);
                } else {
                    seen.outside += 1;
                }
            }
        }
    }

    fn keep(&mut self, event: Event) {
        self.kept_text += event.weight();
        // Twice, since half of them may be duplicates.
        if self.trail.events.len() < 2 * MOST_EVENTS && self.kept_text <= MOST_TEXT {
            self.trail.events.push(event);
        } else {
            self.trail.overflowed = true;
        }
    }
}

fn order(event: &Event) -> (Timestamp, &str, &Origin) {
    (event.time, &event.id, &event.origin)
}

impl Stream<'_> {
    /// Takes the next bytes.
    pub fn feed(&mut self, bytes: &[u8]) {
        let (collector, origin, told) = (&mut *self.collector, &self.origin, &mut self.told);
        self.splitter.feed(bytes, &mut |frame| tell(collector, origin, told, frame));
    }

    /// Says that the stream is at its end.
    pub fn finish(mut self) {
        let (collector, origin, told) = (self.collector, &self.origin, &mut self.told);
        self.splitter.finish(&mut |frame| tell(collector, origin, told, frame));
    }

    /// Says that the stream cannot be read to its end; what was read of it stays.
    pub fn abandon(self, why: impl Into<String>) {
        let name = Arc::clone(&self.origin);
        self.collector.broken(&name, why);
    }
}

fn tell(collector: &mut Collector, origin: &Arc<str>, told: &mut usize, frame: Frame<'_>) {
    let (number, place) = (frame.number, frame.place);
    let Err(message) = collector.frame(origin, frame) else { return };
    collector.trail.seen.problems += 1;
    *told += 1;
    if *told <= MOST_PROBLEMS {
        let problem = TrailProblem { name: Arc::clone(origin), number, place, message };
        collector.trail.problems.push(problem);
    }
}

impl Seen {
    fn note(&mut self, account: AccountId, time: Timestamp) {
        self.widen(account, Span { first: time, last: time, records: 1 });
    }

    fn widen(&mut self, account: AccountId, span: Span) {
        let known = self.accounts.entry(account).or_insert(Span { records: 0, ..span });
        known.first = known.first.min(span.first);
        known.last = known.last.max(span.last);
        known.records += span.records;
    }

    fn add(&mut self, other: Self) {
        self.streams += other.streams;
        self.records += other.records;
        self.organizations += other.organizations;
        self.failed += other.failed;
        self.outside += other.outside;
        self.duplicates += other.duplicates;
        self.digests += other.digests;
        self.problems += other.problems;
        other.accounts.into_iter().for_each(|(account, span)| self.widen(account, span));
    }
}

impl Trail {
    /// Removes events that are there twice. Two that share an id and say different things are a problem: one of them is
    /// not AWS's.
    fn once_each(&mut self) {
        let mut known: BTreeMap<&str, &Event> = BTreeMap::new();
        let mut again = vec![false; self.events.len()];
        let mut problems = Vec::new();
        for (event, again) in self.events.iter().zip(&mut again) {
            let Some(first) = known.get(event.id.as_str()) else {
                known.insert(&event.id, event);
                continue;
            };
            *again = true;
            self.seen.duplicates += 1;
            if (first.time, &first.change) != (event.time, &event.change) {
                let message =
                    format!("another event with the id `{}` says something else ({})", event.id, first.origin);
                let Origin { name, number, place } = event.origin.clone();
                problems.push(TrailProblem { name, number, place, message });
            }
        }
        self.seen.problems += problems.len() as u64;
        self.problems.extend(problems);
        let mut again = again.into_iter();
        self.events.retain(|_| !again.next().unwrap_or_default());
    }
}

impl Trail {
    /// What is outside the time asked for was not kept, so it does not count as covered.
    fn clip(&mut self, window: Window) {
        for coverage in &mut self.coverage {
            coverage.from = window.since.map_or(coverage.from, |since| since.max(coverage.from));
            coverage.until = window.until.map_or(coverage.until, |until| until.min(coverage.until));
        }
        self.coverage.retain(|coverage| coverage.from <= coverage.until);
    }
}

impl std::fmt::Display for Origin {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}, record {}", self.name, self.number)
    }
}

impl Event {
    /// About how many bytes it holds.
    fn weight(&self) -> usize {
        let content = match &self.change {
            super::Change::CreatePolicy { content: super::Written::Text(text), .. }
            | super::Change::UpdatePolicy { content: super::Written::Text(text), .. } => text.len(),
            _ => 0,
        };
        let texts = [&self.actor.arn, &self.actor.role, &self.user_agent, &self.source_ip];
        1_024 + content + texts.into_iter().flatten().map(String::len).sum::<usize>()
    }
}
