//! All that is published at one moment.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::{Changes, Evidence, Judged, PublishedFinding, Standing};
use crate::check::{AccountResult, AccountVerdict};
use crate::org::{AccountId, Scope};
use crate::report::{Report, for_others, json, sentence};
use crate::source::shown;

/// How many of the worst accounts are named.
const WORST: usize = 20;

/// How much of a publication is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// Every finding that is open, so that whatever others hold is set right, and the record of the run.
    Everything,
    /// Only findings that appeared, changed or healed, those that did not arrive the last time among them.
    Changes,
}

/// All that is published at one moment.
#[derive(Debug, Clone, PartialEq)]
pub struct Publication {
    /// The moment.
    pub at: Timestamp,
    /// What is said of the organization.
    pub summary: Summary,
    /// The findings now; those that passed are not published unless they stood before.
    pub findings: Vec<PublishedFinding>,
    /// What stood before.
    pub before: Standing,
    /// What could be judged.
    pub judged: Judged,
    /// How much of it is sent.
    pub extent: Extent,
    /// Who did what, where an event was the occasion.
    pub cause: Option<Cause>,
    /// Where more can be read: an address of the user's own.
    pub link: Option<String>,
    /// The record of the run.
    pub evidence: Option<Evidence>,
}

/// What is said of an organization.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Summary {
    /// The organization's id; `None` where there is none, or it could not be read.
    pub organization: Option<String>,
    /// The worst verdict.
    pub verdict: AccountVerdict,
    /// `holds`, `fails` or `undetermined`.
    pub decision: &'static str,
    /// The answer in a sentence, without a full stop.
    pub answer: String,
    /// Counted accounts.
    pub counted: usize,
    /// Counted accounts by verdict; every verdict is there.
    pub verdicts: BTreeMap<AccountVerdict, usize>,
    /// How many things could not be determined.
    pub unknowns: usize,
    /// When the last full reading began; `None` where there was none.
    pub last_full_read: Option<Timestamp>,
    /// The worst accounts that are not as they should be, the worst first.
    pub worst: Vec<Worst>,
}

/// An account that is not as it should be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Worst {
    /// The account.
    pub id: AccountId,
    /// Its name, safe to show.
    pub name: String,
    /// Its verdict.
    pub verdict: AccountVerdict,
}

/// Who did what. The texts are other people's: every form neutralises them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cause {
    /// The principal, as CloudTrail names it.
    pub actor: String,
    /// The call, like `DetachPolicy`.
    pub call: String,
    /// When.
    pub at: Timestamp,
    /// The event's id.
    pub event_id: Option<String>,
}

/// Every case of a report as a finding, those that passed included.
#[must_use]
pub fn findings(report: &Report<'_>) -> Vec<PublishedFinding> {
    for_others(report)
}

impl Publication {
    /// What a report has to say, after what stood before. Cause, link and evidence can be added.
    #[must_use]
    pub fn of(report: &Report<'_>, before: Standing, at: Timestamp) -> Self {
        Self {
            at,
            summary: Summary::of(report),
            findings: findings(report),
            before,
            judged: Judged::of(report),
            extent: Extent::Everything,
            cause: None,
            link: None,
            evidence: None,
        }
    }

    /// What happened since.
    #[must_use]
    pub fn changes(&self) -> Changes {
        Changes::between(&self.before, &self.findings, &self.judged, self.at)
    }

    /// The findings to import, of those that were seen.
    #[must_use]
    pub fn imported<'c>(&self, changes: &'c Changes) -> Vec<&'c PublishedFinding> {
        match self.extent {
            Extent::Everything => changes.seen().collect(),
            Extent::Changes => changes.changes.iter().map(|change| &change.finding).collect(),
        }
    }

    /// How many seconds ago the last full reading began.
    #[must_use]
    pub fn age_seconds(&self) -> Option<i64> {
        self.summary.last_full_read.map(|read| self.at.duration_since(read).as_secs().max(0))
    }
}

impl Summary {
    /// What a report says. The last full reading is the report's own where that is one; else add it.
    #[must_use]
    pub fn of(report: &Report<'_>) -> Self {
        let assessment = report.assessment;
        let of = |verdict: AccountVerdict| assessment.counted().filter(|account| account.verdict == verdict).count();
        let full = assessment.whole && !assessment.partial && assessment.snapshot.scope == Scope::Organization;
        Self {
            organization: assessment.snapshot.organization().map(|organization| organization.id.to_string()),
            verdict: assessment.verdict,
            decision: json::decision(report.decision),
            answer: sentence(assessment),
            counted: assessment.counted().count(),
            verdicts: AccountVerdict::ALL.iter().map(|verdict| (*verdict, of(*verdict))).collect(),
            unknowns: report.unknowns.len(),
            last_full_read: full.then_some(assessment.snapshot.taken),
            worst: worst(report),
        }
    }
}

fn worst(report: &Report<'_>) -> Vec<Worst> {
    let wrong = |result: &&AccountResult| result.verdict >= AccountVerdict::Unknown;
    let mut results: Vec<&AccountResult> = report.assessment.counted().filter(wrong).collect();
    results.sort_by_key(|result| (std::cmp::Reverse(result.verdict), result.id));
    let named = |result: &AccountResult| {
        let name = report.assessment.account(result).map_or("", |account| account.name.as_str());
        Worst { id: result.id, name: shown(name).into_owned(), verdict: result.verdict }
    };
    results.into_iter().take(WORST).map(named).collect()
}
