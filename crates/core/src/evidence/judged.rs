//! A run as a record: the snapshot and what was made of it, as parts.

use std::collections::{BTreeMap, HashMap};

use jiff::Timestamp;
use serde_json::{Value, json};

use super::part::Parts;
use super::record::{By, CatalogueUsed, Draft, FORMAT, Judgement, NamedText, Record};
use super::taken_apart::take_apart;
use super::{Hash, Rows, Services};
use crate::check::{AccountResult, Assessment};
use crate::org::Snapshot;
use crate::report::{Report, json as report_json};

/// What a record says of the run itself.
#[derive(Debug, Clone)]
pub struct Run {
    /// When it is recorded.
    pub recorded: Timestamp,
    /// The command: `verify`, `publish` or `snapshot`.
    pub command: &'static str,
    /// The version of the program.
    pub tool_version: String,
    /// Where the organization came from, in words.
    pub source: String,
}

/// Makes a record of a run: of the snapshot, and of the report where there is one.
#[must_use]
pub fn draft(run: &Run, snapshot: &Snapshot, report: Option<&Report<'_>>) -> Draft {
    let mut parts = Parts::default();
    let mut names = take_apart(snapshot, &mut parts);
    if let Some(report) = report {
        names.insert("verdicts".to_owned(), verdicts(report.assessment, &mut parts));
        names.insert("findings".to_owned(), parts.list(findings(report)));
        names.insert("unknowns".to_owned(), parts.list(unknowns(report)));
    }
    let record = Record {
        format: FORMAT.to_owned(),
        number: 0,
        previous: Hash::NONE,
        recorded: run.recorded,
        command: run.command.to_owned(),
        tool_version: run.tool_version.clone(),
        source: run.source.clone(),
        taken: snapshot.taken,
        organization: snapshot.organization().map(|organization| organization.id.clone()),
        by: snapshot.caller.as_ref().map(|it| By { account: it.account, principal: it.principal.clone() }),
        parts: names,
        judgement: report.map(judgement),
    };
    Draft { record, parts }
}

fn verdicts(assessment: &Assessment<'_>, parts: &mut Parts) -> Hash {
    let mut known: HashMap<_, Hash> = HashMap::new();
    let mut items = Vec::with_capacity(assessment.accounts.len());
    for result in &assessment.accounts {
        let services = *known.entry(result.cause()).or_insert_with(|| services(assessment, result, parts));
        items.push((result.id.to_string(), Rows::item(assessment, result, services)));
    }
    parts.list(items)
}

fn services(assessment: &Assessment<'_>, result: &AccountResult, parts: &mut Parts) -> Hash {
    parts.value(&Services::of(assessment, result))
}

fn findings(report: &Report<'_>) -> Vec<(String, Value)> {
    let item = |finding| {
        let finding: &crate::check::Finding = finding;
        let item = json!({
            "accepted": report.accepted(finding),
            "control": finding.control,
            "message": finding.message,
            "severity": finding.severity,
            "subject": finding.subject.to_string(),
            "subject_kind": finding.subject.kind(),
        });
        (format!("{} {}", finding.control, finding.subject), item)
    };
    report.findings().map(item).collect()
}

fn unknowns(report: &Report<'_>) -> Vec<(String, Value)> {
    let item = |it: &crate::report::Unknown| {
        (it.what.clone(), json!({ "what": it.what, "reason": it.reason, "permission": it.permission }))
    };
    report.unknowns.iter().map(item).collect()
}

fn judgement(report: &Report<'_>) -> Judgement {
    let assessment = report.assessment;
    let catalogue = assessment.catalogue;
    Judgement {
        at: assessment.at,
        verdict: assessment.verdict.as_str().to_owned(),
        decision: report_json::decision(report.decision).to_owned(),
        whole: assessment.whole,
        partial: assessment.partial,
        verdicts: tally(assessment.counted().map(|account| account.verdict.as_str())),
        bases: tally(assessment.counted().map(|account| account.basis.as_str())),
        catalogue: CatalogueUsed {
            date: catalogue.date().to_string(),
            services: catalogue.services().len().try_into().unwrap_or(u64::MAX),
        },
        intent: report.origin.intent.as_ref().and_then(named),
        baseline: report.origin.baseline.as_ref().and_then(named),
    }
}

fn named((path, sha256): &(String, String)) -> Option<NamedText> {
    Some(NamedText { path: path.clone(), sha256: sha256.parse().ok()? })
}

fn tally<'w>(words: impl Iterator<Item = &'w str>) -> BTreeMap<String, u64> {
    words.fold(BTreeMap::new(), |mut counts, word| {
        *counts.entry(word.to_owned()).or_insert(0) += 1;
        counts
    })
}
