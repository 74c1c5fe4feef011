//! What differs between what stood before and what was found now.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use super::{Judged, PublishedFinding, Standing, Status};
use crate::words::words;

words! {
    /// What happened to a finding since the run before.
    ChangeKind {
        /// It is new.
        Appeared = "appeared",
        /// It says something else: graver, milder, accepted.
        Changed = "changed",
        /// It is gone.
        Healed = "healed",
    }
}

/// What happened to one finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// What.
    pub kind: ChangeKind,
    /// The finding as it is now; a healed one says that it passed.
    pub finding: PublishedFinding,
}

/// Everything that happened, and everything that did not.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Changes {
    /// What happened, by id.
    pub changes: Vec<Change>,
    /// What stands as it stood before, by id.
    pub same: Vec<PublishedFinding>,
    /// What stood before and was not judged now, by id: it goes on standing, and is not sent again.
    pub carried: Vec<PublishedFinding>,
}

impl Changes {
    /// Compares. What passes now and did not stand before is no change, and nothing that stands.
    #[must_use]
    pub fn between(before: &Standing, now: &[PublishedFinding], judged: &Judged, at: Timestamp) -> Self {
        let mut gone: BTreeMap<&str, &PublishedFinding> =
            before.findings.iter().map(|finding| (finding.id.as_str(), finding)).collect();
        let open: BTreeMap<&str, &PublishedFinding> = now
            .iter()
            .filter(|finding| finding.status != Status::Passed)
            .map(|finding| (finding.id.as_str(), finding))
            .collect();
        let mut all = Self::default();
        for (id, finding) in open {
            all.note(finding, gone.remove(id), before.unsent.get(id).copied());
        }
        for (_, finding) in gone {
            all.note_gone(finding, judged, at);
        }
        all.changes.sort_by(|one, other| one.finding.id.cmp(&other.finding.id));
        all
    }

    fn note(&mut self, finding: &PublishedFinding, before: Option<&PublishedFinding>, unsent: Option<ChangeKind>) {
        let mut finding = finding.clone();
        finding.created = before.map_or(finding.created, |before| before.created.min(finding.created));
        let kind = match (before, unsent) {
            (None, _) => ChangeKind::Appeared,
            (Some(before), _) if before.status == Status::Passed => ChangeKind::Changed,
            (Some(_), Some(ChangeKind::Appeared)) => ChangeKind::Appeared,
            (Some(_), Some(ChangeKind::Changed | ChangeKind::Healed)) => ChangeKind::Changed,
            (Some(before), None) if !before.says_the_same(&finding) => ChangeKind::Changed,
            (Some(_), None) => return self.same.push(finding),
        };
        self.changes.push(Change { kind, finding });
    }

    fn note_gone(&mut self, before: &PublishedFinding, judged: &Judged, at: Timestamp) {
        // What passed before was healed, and could not be sent everywhere.
        if before.status != Status::Passed && !judged.covers(before) {
            return self.carried.push(before.clone());
        }
        let updated = if before.status == Status::Passed { before.updated } else { at };
        let finding = PublishedFinding { status: Status::Passed, accepted: None, updated, ..before.clone() };
        self.changes.push(Change { kind: ChangeKind::Healed, finding });
    }

    /// How many changes there are of a kind.
    #[must_use]
    pub fn count(&self, kind: ChangeKind) -> usize {
        self.changes.iter().filter(|change| change.kind == kind).count()
    }

    /// The changes of a kind.
    pub fn of(&self, kind: ChangeKind) -> impl Iterator<Item = &PublishedFinding> {
        self.changes.iter().filter(move |change| change.kind == kind).map(|change| &change.finding)
    }

    /// Every finding that was seen now, or seen to be gone: what is imported.
    pub fn seen(&self) -> impl Iterator<Item = &PublishedFinding> {
        self.changes.iter().map(|change| &change.finding).chain(&self.same)
    }

    /// What stands for the next run. Changes that are `unsent` to some destination are announced again then: nothing that
    /// was found, and nothing that healed, is lost.
    #[must_use]
    pub fn stand(&self, unsent: &BTreeSet<String>) -> Standing {
        let kept = |change: &&Change| change.kind != ChangeKind::Healed || unsent.contains(&change.finding.id);
        let changed = self.changes.iter().filter(kept).map(|change| change.finding.clone());
        let mut findings: Vec<PublishedFinding> =
            changed.chain(self.same.iter().cloned()).chain(self.carried.iter().cloned()).collect();
        findings.sort_by(|one, other| one.id.cmp(&other.id));
        let again = self.changes.iter().filter(|change| unsent.contains(&change.finding.id));
        Standing { findings, unsent: again.map(|change| (change.finding.id.clone(), change.kind)).collect() }
    }
}
