//! Evidence: what is recorded comes back, every change to it is found, and records and readings tell what happened.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test ends where its own set-up is wrong")]

mod diffs;
mod histories;
mod recorded;
mod tampering;

use std::collections::BTreeMap;

use jiff::Timestamp;
use optout_core::catalogue::Catalogue;
use optout_core::check::{Question, Severity, assess};
use optout_core::evidence::{Draft, Hash, Record, Run, Sealed, draft};
use optout_core::org::{self, EvidenceMode, Snapshot};
use optout_core::report::{NothingAccepted, Origin, Report};
use optout_core::source::Source;

const ACME: &str = include_str!("../../../../examples/acme/organization.json");

/// The example organization.
fn acme() -> Snapshot {
    org::read(&Source::new("acme.json", ACME)).unwrap()
}

fn time(text: &str) -> Timestamp {
    text.parse().unwrap()
}

/// A run that judged `snapshot`.
fn judged(snapshot: &Snapshot) -> Draft {
    let question = Question {
        at: time("2026-11-24T12:00:00Z"),
        evidence: Some(EvidenceMode::None),
        ..Question::plain(snapshot, Catalogue::embedded())
    };
    let assessment = assess(&question);
    let report = Report::new(&assessment, Severity::High, &NothingAccepted, Origin::default());
    draft(&run(snapshot), snapshot, Some(&report))
}

fn run(snapshot: &Snapshot) -> Run {
    Run { recorded: snapshot.taken, command: "verify", tool_version: "1.2.3".into(), source: "a test".into() }
}

/// A store in memory, as rows of texts.
#[derive(Debug, Clone, Default, PartialEq)]
struct Stored {
    parts: Vec<(String, String)>,
    records: Vec<(i64, String, String)>,
}

impl Stored {
    fn record(&mut self, draft: &Draft) -> Sealed {
        let previous = self.records.last().map_or(Hash::NONE, |(_, _, text)| Hash::of(text));
        let sealed = draft.seal(self.records.len() as u64 + 1, previous);
        for (hash, text) in draft.parts.iter() {
            let row = (hash.to_string(), text.to_owned());
            if !self.parts.contains(&row) {
                self.parts.push(row);
            }
        }
        self.records.push((sealed.number as i64, sealed.hash.to_string(), sealed.text.clone()));
        sealed
    }

    fn part(&self, hash: &Hash) -> Result<Option<String>, String> {
        Ok(self.parts.iter().find(|(known, _)| *known == hash.to_string()).map(|(_, text)| text.clone()))
    }

    fn records(&self) -> Vec<(Record, Hash)> {
        self.records.iter().map(|(_, _, text)| (Record::parse(text).unwrap(), Hash::of(text))).collect()
    }
}

/// The policies' documents by id.
fn documents(snapshot: &mut Snapshot) -> BTreeMap<String, &mut std::sync::Arc<str>> {
    let policies = snapshot.policies.iter_mut().flatten();
    policies.filter_map(|policy| Some((policy.id.to_string(), policy.content.as_mut()?))).collect()
}
