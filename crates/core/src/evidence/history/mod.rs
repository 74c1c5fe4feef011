//! What many records say together: since when the opt-out holds, on whose answer, when it did not, and when nobody looked.
//!
//! Records are put in the order in which the organization was read. Nothing is said of the time between two of them.

pub mod checked;
mod model;
mod text;

pub use model::{FORMAT, Gap, History, OrganizationHistory, Period, RecordLine};
pub use text::render;

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use super::{EvidenceError, Hash, Record, Rows};
use crate::org::{AccountId, OrganizationId};

/// What is asked of the records.
#[derive(Debug, Clone)]
pub struct Asked {
    /// Only this organization.
    pub organization: Option<OrganizationId>,
    /// This account, and not the organization as a whole.
    pub account: Option<AccountId>,
    /// This service, and not the verdict over all.
    pub service: Option<String>,
    /// How long nobody may look before that is a gap.
    pub longer_than: SignedDuration,
    /// The present, up to which a gap may last.
    pub now: Timestamp,
}

/// Whether the opt-out holds in the words of a verdict: `None` where that is not known, or there is nothing to hold.
#[must_use]
pub fn holds(verdict: &str) -> Option<bool> {
    match verdict {
        "opted-out" | "opted-out-today" | "excepted" => Some(true),
        "opted-in" | "not-opted-out" => Some(false),
        _ => None,
    }
}

/// The verdict of an account that is not in the organization.
pub const ABSENT: &str = "absent";

/// Tells the history that `records` hold.
///
/// # Errors
/// Where a part that is needed is missing or was changed.
pub fn history(records: &[(Record, Hash)], rows: &Rows<'_>, asked: &Asked) -> Result<History, EvidenceError> {
    let mut of: BTreeMap<Option<OrganizationId>, Vec<&(Record, Hash)>> = BTreeMap::new();
    let wanted = |id: &Option<OrganizationId>| asked.organization.is_none() || *id == asked.organization;
    for entry in records.iter().filter(|(record, _)| wanted(&record.organization)) {
        of.entry(entry.0.organization.clone()).or_default().push(entry);
    }
    let organizations = of.into_iter().map(|(id, records)| organization(id, records, rows, asked));
    let head = records.last().map(|(record, hash)| format!("{}:{hash}", record.number));
    Ok(History {
        format: FORMAT.to_owned(),
        head,
        account: asked.account.map(|account| account.to_string()),
        service: asked.service.clone(),
        gap_longer_than_seconds: asked.longer_than.as_secs(),
        organizations: organizations.collect::<Result<_, _>>()?,
    })
}

fn organization(
    id: Option<OrganizationId>,
    mut records: Vec<&(Record, Hash)>,
    rows: &Rows<'_>,
    asked: &Asked,
) -> Result<OrganizationHistory, EvidenceError> {
    records.sort_by_key(|(record, _)| (record.taken, record.number));
    let mut periods: Vec<Period> = Vec::new();
    let mut lines = Vec::new();
    for (record, hash) in &records {
        let said = said(record, rows, asked)?;
        lines.push(line(record, *hash, said.as_ref().map(|(verdict, _)| verdict.clone())));
        if let Some((verdict, bases)) = said {
            extend(&mut periods, record, verdict, bases);
        }
    }
    let spoken = |line: &&RecordLine| line.said.is_some();
    let gaps = gaps(lines.iter().filter(spoken).map(|line| (line.number, line.taken)), asked);
    let run = periods.iter().rev().take_while(|period| holds(&period.verdict) == Some(true));
    Ok(OrganizationHistory {
        id: id.map(|id| id.to_string()),
        now: periods.last().map(|period| period.verdict.clone()),
        since: run.last().map(|period| period.from),
        periods,
        gaps,
        records: lines,
    })
}

fn line(record: &Record, hash: Hash, said: Option<String>) -> RecordLine {
    RecordLine {
        number: record.number,
        sha256: hash.to_string(),
        recorded: record.recorded,
        taken: record.taken,
        command: record.command.clone(),
        tool_version: record.tool_version.clone(),
        by: record.by.as_ref().map(|by| format!("{} of {}", by.principal, by.account)),
        decision: record.judgement.as_ref().map(|judgement| judgement.decision.clone()),
        said,
    }
}

type Said = (String, BTreeSet<String>);

/// What a record says of what was asked; `None` where it says nothing of it.
fn said(record: &Record, rows: &Rows<'_>, asked: &Asked) -> Result<Option<Said>, EvidenceError> {
    let Some(judgement) = &record.judgement else { return Ok(None) };
    match (asked.account, asked.service.as_deref()) {
        (None, None) if judgement.partial => Ok(None),
        (None, None) => Ok(Some((judgement.verdict.clone(), judgement.bases.keys().cloned().collect()))),
        (None, Some(_)) if judgement.partial => Ok(None),
        (None, Some(service)) => over_all(record, rows, service),
        (Some(account), service) => match rows.account(record, account)? {
            Some(row) => {
                let verdict = match service {
                    None => Some(row.verdict.clone()),
                    Some(service) => rows.services(&row)?.0.get(service).map(|service| service.verdict.clone()),
                };
                Ok(verdict.map(|verdict| (verdict, BTreeSet::from([basis(&row)]))))
            }
            None if judgement.whole && !judgement.partial => Ok(Some((ABSENT.to_owned(), BTreeSet::new()))),
            None => Ok(None),
        },
    }
}

fn basis(row: &super::Row) -> String {
    match row.basis_account {
        Some(account) => format!("{} ({account})", row.basis),
        None => row.basis.clone(),
    }
}

/// The worst verdict of a service over the counted accounts.
fn over_all(record: &Record, rows: &Rows<'_>, service: &str) -> Result<Option<Said>, EvidenceError> {
    let rank = |verdict: &str| match verdict {
        "opted-in" => 4,
        "not-opted-out" => 3,
        "unknown" => 2,
        "excepted" => 1,
        _ => 0,
    };
    let (mut worst, mut bases) = (None::<String>, BTreeSet::new());
    for row in rows.all(record)?.iter().flat_map(|piece| piece.iter()).filter(|row| row.counted) {
        let services = rows.services(row)?;
        let Some(said) = services.0.get(service) else { continue };
        if worst.as_ref().is_none_or(|worst| rank(worst) < rank(&said.verdict)) {
            worst = Some(said.verdict.clone());
        }
        bases.insert(row.basis.clone());
    }
    Ok(worst.map(|worst| (worst, bases)))
}

fn extend(periods: &mut Vec<Period>, record: &Record, verdict: String, bases: BTreeSet<String>) {
    match periods.last_mut() {
        Some(last) if last.verdict == verdict => {
            (last.to, last.last_record) = (record.taken, record.number);
            last.bases.extend(bases);
            last.records += 1;
        }
        _ => periods.push(Period {
            holds: holds(&verdict),
            verdict,
            from: record.taken,
            to: record.taken,
            first_record: record.number,
            last_record: record.number,
            records: 1,
            bases,
        }),
    }
}

/// The times in which nobody looked for too long, the last one up to now.
fn gaps(looks: impl Iterator<Item = (u64, Timestamp)>, asked: &Asked) -> Vec<Gap> {
    let mut gaps = Vec::new();
    let mut before: Option<(u64, Timestamp)> = None;
    let mut look = |after: Option<u64>, at: Timestamp, before: Option<(u64, Timestamp)>| {
        if let Some((number, from)) = before.filter(|(_, from)| at.duration_since(*from) > asked.longer_than) {
            gaps.push(Gap { after_record: number, from, before_record: after, to: at });
        }
    };
    for (number, at) in looks {
        look(Some(number), at, before);
        before = Some((number, at));
    }
    look(None, asked.now, before);
    gaps
}
