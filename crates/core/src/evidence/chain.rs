//! Checks a chain of records with all their parts: finds what was changed, removed, moved or added since it was recorded, as
//! far as an anchor proves what was there.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::str::FromStr;

use jiff::Timestamp;
use serde_json::Value;

use super::part::{Lookup, part, pieces_of};
use super::taken_apart::document;
use super::{EvidenceError, Hash, Record};
use crate::check::Decision;

/// A head of the chain that somebody kept elsewhere: what was recorded up to it cannot have changed unnoticed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Anchor {
    /// The record's number, where it was kept too: problems can be located better.
    pub number: Option<u64>,
    /// The record's hash.
    pub hash: Hash,
}

/// A text that is no anchor.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a chain head as it was printed when recording, like `12:` and 64 hexadecimal digits")]
pub struct InvalidAnchorError;

impl FromStr for Anchor {
    type Err = InvalidAnchorError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (number, hash) = match text.split_once(':') {
            Some((number, hash)) => (Some(number.parse().map_err(|_| InvalidAnchorError)?), hash),
            None => (None, text),
        };
        Ok(Self { number, hash: hash.parse().map_err(|_| InvalidAnchorError)? })
    }
}

impl fmt::Display for Anchor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.number {
            Some(number) => write!(f, "{number}:{}", self.hash),
            None => self.hash.fmt(f),
        }
    }
}

/// Something that is not as it was recorded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// The record in which it is; `None` where it is in none, or that cannot be told.
    pub record: Option<u64>,
    /// The part of the record, where it is in one.
    pub part: Option<String>,
    /// What is wrong.
    pub message: String,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Checked {
    /// How many records there are.
    pub records: u64,
    /// How many parts there are.
    pub parts: u64,
    /// The head of the chain as it is now.
    pub head: Option<Anchor>,
    /// The last record that an anchor proves; those before it are proved with it.
    pub anchored: Option<u64>,
    /// What is not as it was recorded, in the order of the records.
    pub problems: Vec<Problem>,
    /// What is odd, and what this check cannot exclude.
    pub notes: Vec<String>,
}

impl Checked {
    /// Whether the records are as they were recorded; undetermined without an anchor.
    #[must_use]
    pub const fn decision(&self) -> Decision {
        match (self.problems.is_empty(), self.anchored) {
            (false, _) => Decision::Fails,
            (true, Some(_)) => Decision::Holds,
            (true, None) => Decision::Undetermined,
        }
    }
}

/// A chain that is being checked: first every part and every record is handed in, then [`Chain::finish`].
#[derive(Debug, Default)]
pub struct Chain {
    /// Every part by the hash it is stored under; whether its text has that hash.
    stored: BTreeMap<Hash, bool>,
    records: Vec<Seen>,
    rows: u64,
    problems: Vec<Problem>,
    notes: Vec<String>,
}

#[derive(Debug)]
struct Seen {
    number: u64,
    hash: Hash,
    record: Option<Record>,
}

impl Chain {
    /// One part as it is stored: the name of its hash, and its text.
    pub fn part(&mut self, sha256: &str, text: &str) {
        match sha256.parse::<Hash>() {
            Ok(hash) => drop(self.stored.insert(hash, Hash::of(text) == hash)),
            Err(_) => self.stranger(format!("a part is stored as `{sha256}`, which is no hash")),
        }
    }

    /// One record as it is stored: its number, the name of its hash, its text. In the order of the numbers.
    pub fn record(&mut self, number: i64, sha256: &str, text: &str) {
        self.rows += 1;
        let Some(number) = u64::try_from(number).ok().filter(|number| *number > 0) else {
            return self.stranger(format!("a record is stored with the number {number}; the first one is 1"));
        };
        self.missing_before(number);
        let hash = Hash::of(text);
        if sha256 != hash.to_string() {
            self.problem(number, None, "its text and the hash stored with it do not belong together: one was changed");
        }
        let record = match Record::parse(text) {
            Ok(record) => Some(record),
            Err(error) => {
                self.problem(number, None, error.to_string());
                None
            }
        };
        if let Some(record) = &record {
            self.place(number, record);
        }
        self.records.push(Seen { number, hash, record });
    }

    /// Something that is not as this program made it, outside records.
    pub fn stranger(&mut self, message: String) {
        self.problems.push(Problem { record: None, part: None, message });
    }

    /// A record that cannot be read at all.
    pub fn unreadable(&mut self, number: i64, why: &str) {
        let record = u64::try_from(number).ok();
        self.problems.push(Problem { record, part: None, message: format!("it cannot be read: {why}") });
    }

    fn problem(&mut self, record: u64, part: Option<&str>, message: impl Into<String>) {
        let part = part.map(str::to_owned);
        self.problems.push(Problem { record: Some(record), part, message: message.into() });
    }

    fn missing_before(&mut self, number: u64) {
        let expected = self.records.last().map_or(1, |last| last.number.saturating_add(1));
        if number > expected {
            let message = match number - expected {
                1 => format!("record {expected} is missing"),
                _ => format!("records {expected} to {} are missing", number - 1),
            };
            self.problem(expected, None, message);
        }
    }

    /// Whether the record stands where it says, after the one it says.
    fn place(&mut self, number: u64, record: &Record) {
        if record.number != number {
            let message = format!("it is stored as record {number} and says that it is record {}", record.number);
            self.problem(number, None, message);
        }
        let before = self.records.last().filter(|before| before.number.checked_add(1) == Some(number));
        let expected = if number == 1 { Some(Hash::NONE) } else { before.map(|before| before.hash) };
        let earlier = before.and_then(|it| it.record.as_ref()).map(|before| before.recorded);
        if expected.is_some_and(|expected| expected != record.previous) {
            let message = match number {
                1 => "it says that there was one before it: records at the beginning were removed".to_owned(),
                _ => format!(
                    "it follows another record than the one stored as {}: that one was changed or replaced, or this one",
                    number - 1
                ),
            };
            self.problem(number, None, message);
        }
        if let Some(before) = earlier.filter(|before| record.recorded < *before) {
            self.notes.push(earlier_than(number, record.recorded, before));
        }
    }

    /// Follows every record to its parts, and compares with the anchors. `lookup` finds a part again.
    #[must_use]
    pub fn finish(mut self, lookup: &Lookup<'_>, anchors: &[Anchor]) -> Checked {
        let mut walk =
            Walk { stored: &self.stored, lookup, met: BTreeSet::new(), used: BTreeSet::new(), found: Vec::new() };
        for seen in &self.records {
            seen.record.iter().for_each(|record| walk.record(seen.number, record));
        }
        let (used, found) = (walk.used, walk.found);
        self.problems.extend(found);
        self.unused(&used);
        let anchored = self.anchors(anchors);
        self.limits(anchors, anchored);
        // A problem says where; several of one record stay in the order in which they were found.
        self.problems.sort_by_key(|problem| problem.record.unwrap_or(u64::MAX));
        let head = self.records.last().map(|last| Anchor { number: Some(last.number), hash: last.hash });
        let parts = self.stored.len().try_into().unwrap_or(u64::MAX);
        Checked { records: self.rows, parts, head, anchored, problems: self.problems, notes: self.notes }
    }

    /// Parts are stored together with the record that has them: one that is in none is what is left of something. Where
    /// a record or a list is damaged, its own parts look like that.
    fn unused(&mut self, used: &BTreeSet<Hash>) {
        if self.problems.iter().any(|problem| problem.record.is_some()) {
            return;
        }
        let unused: Vec<&Hash> = self.stored.keys().filter(|hash| !used.contains(hash)).collect();
        if let Some(first) = unused.first() {
            let message = format!(
                "{} parts belong to no record (the first is {first}): the records that had them were removed, or somebody put \
                 them there",
                unused.len()
            );
            self.stranger(message);
        }
    }

    fn anchors(&mut self, anchors: &[Anchor]) -> Option<u64> {
        let mut proved = Vec::new();
        let mut failed = Vec::new();
        for anchor in anchors {
            match self.records.iter().find(|seen| seen.hash == anchor.hash) {
                Some(seen) if anchor.number.is_none_or(|number| number == seen.number) => proved.push(seen.number),
                Some(seen) => failed.push((*anchor, Some(seen.number))),
                None => failed.push((*anchor, None)),
            }
        }
        for (anchor, at) in failed {
            let problem = self.anchor_problem(anchor, at, &proved);
            self.problems.push(problem);
        }
        proved.into_iter().max()
    }

    fn anchor_problem(&self, anchor: Anchor, at: Option<u64>, proved: &[u64]) -> Problem {
        let last = self.records.last().map_or(0, |last| last.number);
        let message = match (anchor.number, at) {
            (_, Some(at)) => format!("the record of the anchor {anchor} is stored as record {at}"),
            (Some(number), None) if number > last => match last {
                0 => format!("record {number} of the anchor is missing: there is no record at all"),
                _ => format!("record {number} of the anchor is missing: the records after {last} were cut off"),
            },
            (Some(number), None) => {
                let from = proved.iter().filter(|it| **it < number).max().map_or(1, |it| it + 1);
                format!(
                    "record {number} is not the one of the anchor: one or more of the records {from} to {number} were rewritten"
                )
            }
            (None, None) => format!(
                "no record has the hash of the anchor {}: it and those after it were cut off, or records up to {last} were \
                 rewritten",
                anchor.hash
            ),
        };
        Problem { record: anchor.number, part: None, message }
    }

    fn limits(&mut self, anchors: &[Anchor], anchored: Option<u64>) {
        let last = self.records.last().map_or(0, |last| last.number);
        if anchors.is_empty() {
            self.notes.push(
                "without an anchor (--head, as it was printed when recording) it cannot be excluded that the end was cut off \
                 or that everything was rewritten"
                    .to_owned(),
            );
        } else if let Some(anchored) = anchored.filter(|anchored| *anchored < last) {
            let after = anchored + 1;
            self.notes.push(format!(
                "records {after} to {last} came after the anchor: for them it cannot be excluded that the end was cut off or \
                 that they were rewritten"
            ));
        }
    }
}

fn earlier_than(number: u64, recorded: Timestamp, before: Timestamp) -> String {
    format!(
        "record {number} was recorded at {recorded}, by a clock that was behind that of the record before it ({before})"
    )
}

/// What a part is, which says what it refers to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Role<'r> {
    /// It refers to nothing.
    Leaf,
    /// The list of the pieces of this name.
    List(&'r str),
    /// A piece of it.
    Piece(&'r str),
}

struct Walk<'w> {
    stored: &'w BTreeMap<Hash, bool>,
    lookup: &'w Lookup<'w>,
    met: BTreeSet<(Role<'w>, Hash)>,
    used: BTreeSet<Hash>,
    found: Vec<Problem>,
}

/// The parts of a record that are no lists.
const SINGLE: [&str; 2] = ["head", "asked"];

impl<'w> Walk<'w> {
    fn record(&mut self, number: u64, record: &'w Record) {
        for (name, hash) in &record.parts {
            let role = if SINGLE.contains(&name.as_str()) { Role::Leaf } else { Role::List(name) };
            self.visit(number, name, None, role, *hash);
        }
    }

    fn visit(&mut self, record: u64, name: &str, from: Option<&str>, role: Role<'w>, hash: Hash) {
        if !self.met.insert((role, hash)) {
            return;
        }
        self.used.insert(hash);
        let problem = match self.stored.get(&hash) {
            None => Some(EvidenceError::Missing(hash)),
            Some(false) => Some(EvidenceError::Changed(hash)),
            Some(true) => self.below(record, name, role, hash).err(),
        };
        if let Some(problem) = problem {
            let place = from.map(|from| format!(", in the piece from `{from}`")).unwrap_or_default();
            let message = format!("{problem}{place}");
            self.found.push(Problem { record: Some(record), part: Some(name.to_owned()), message });
        }
    }

    fn below(&mut self, record: u64, name: &str, role: Role<'w>, hash: Hash) -> Result<(), EvidenceError> {
        match role {
            Role::Leaf => Ok(()),
            Role::List(list) => {
                let pieces = pieces_of(&part(self.lookup, &hash)?).ok_or(EvidenceError::Form(hash))?;
                pieces.iter().for_each(|(from, piece)| self.visit(record, name, Some(from), Role::Piece(list), *piece));
                Ok(())
            }
            Role::Piece(list) if !matches!(list, "policies" | "answers" | "verdicts") => Ok(()),
            Role::Piece(list) => {
                let text = part(self.lookup, &hash)?;
                for line in text.lines() {
                    let item: Value = serde_json::from_str(line).map_err(|_| EvidenceError::Form(hash))?;
                    if let Some(below) = reference(list, &item) {
                        let below = below.map_err(|()| EvidenceError::Form(hash))?;
                        self.visit(record, name, Some(&subject(&item)), Role::Leaf, below);
                    }
                }
                Ok(())
            }
        }
    }
}

/// The part that an item refers to.
fn reference(list: &str, item: &Value) -> Option<Result<Hash, ()>> {
    if list == "verdicts" {
        let hash = item.get("services").and_then(|services| services.get("sha256")).and_then(Value::as_str);
        return Some(hash.and_then(|text| text.parse().ok()).ok_or(()));
    }
    document(list, item)
}

/// The id of an item.
fn subject(item: &Value) -> String {
    let id = item.get("id").or_else(|| item.get(0)).and_then(Value::as_str);
    id.unwrap_or_default().to_owned()
}
