//! Events for EventBridge: one for each finding that changed, and one summary a run. Details are versioned, with schemas in
//! `docs/schemas`.

use std::collections::BTreeMap;

use jiff::Timestamp;
use serde::Serialize;

use super::{Cause, Change, ChangeKind, Changes, Extent, Publication, PublishedFinding, Status};
use crate::check::Severity;
use crate::report::{cut, stable_id};
use crate::source::{shown, shown_json};

/// The source of our events: no event of AWS's own has it, since theirs begin with `aws.`.
pub const SOURCE: &str = "optout";
/// What `detail-type` says of a finding that changed.
pub const DETAIL_TYPE_FINDING: &str = "optout finding change";
/// What `detail-type` says of a summary.
pub const DETAIL_TYPE_SUMMARY: &str = "optout run summary";

/// What `detail-type` says where a full read is wanted soon.
pub const DETAIL_TYPE_FULL_READ: &str = "optout full read wanted";

/// How long a text of a cause or a link may be.
const TEXT: usize = 1_024;

/// An event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// The finding that it is about; `None` for the others.
    pub finding: Option<String>,
    /// What `detail-type` says.
    pub detail_type: &'static str,
    /// The detail: a JSON object.
    pub detail: String,
    /// ARNs of what it is about.
    pub resources: Vec<String>,
}

/// The detail of a finding that changed.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FindingEventV1<'a> {
    /// Always `optout.finding-event/1`.
    format: &'static str,
    /// Equal where the same change is told twice, which may happen.
    id: String,
    /// When it is published (RFC 3339).
    at: String,
    /// What happened.
    change: ChangeKind,
    /// The finding as it is now.
    finding: &'a PublishedFinding,
    /// Who did what, where an event of AWS was the occasion.
    #[serde(skip_serializing_if = "Option::is_none")]
    cause: Option<CauseV1>,
    /// Where more can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct CauseV1 {
    /// The principal.
    actor: String,
    /// The call.
    call: String,
    /// When (RFC 3339).
    at: String,
    /// The event's id.
    #[serde(skip_serializing_if = "Option::is_none")]
    event_id: Option<String>,
}

/// The detail of a run's summary.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct SummaryEventV1<'a> {
    /// Always `optout.summary-event/1`.
    format: &'static str,
    /// When it is published (RFC 3339).
    at: String,
    /// The organization's id; `null` where there is none, or it could not be read.
    organization: Option<&'a str>,
    /// The worst verdict of the counted accounts.
    verdict: &'static str,
    /// `holds`, `fails` or `undetermined`.
    decision: &'static str,
    /// The answer in a sentence.
    answer: String,
    /// How many accounts count.
    counted: usize,
    /// Counted accounts by verdict.
    verdicts: BTreeMap<&'static str, usize>,
    /// Findings that do not hold, by severity.
    findings: BTreeMap<&'static str, usize>,
    /// How many things could not be determined.
    unknowns: usize,
    /// How many findings appeared, changed and healed.
    changes: BTreeMap<&'static str, usize>,
    /// When the last full reading began (RFC 3339); `null` where there was none.
    last_full_read: Option<String>,
    /// How many seconds ago that was.
    age_seconds: Option<i64>,
    /// The worst accounts.
    worst: Vec<WorstV1<'a>>,
    /// Where more can be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct WorstV1<'a> {
    id: String,
    name: &'a str,
    verdict: &'static str,
}

/// The detail where a full read is wanted soon.
#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FullReadEventV1<'a> {
    /// Always `optout.full-read-event/1`.
    format: &'static str,
    /// The organization's id; `null` where it was never read.
    organization: Option<&'a str>,
    /// Why.
    reason: String,
    /// The id of the event of AWS Organizations that it comes from.
    event: String,
    /// When it was asked for (RFC 3339).
    at: String,
}

/// The event that asks for a full read soon: why, and the id of the event that it comes from, both other people's text.
#[must_use]
pub fn full_read_event(organization: Option<&str>, reason: &str, event: &str, at: Timestamp) -> Event {
    let (reason, event) = (text(reason), text(event));
    let detail =
        FullReadEventV1 { format: "optout.full-read-event/1", organization, reason, event, at: at.to_string() };
    let (finding, resources) = (None, Vec::new());
    Event { finding, detail_type: DETAIL_TYPE_FULL_READ, detail: json(&detail), resources }
}

/// The events of a publication: its changes, then the summary; none where only changes are sent and there is none.
#[must_use]
pub fn events(publication: &Publication, changes: &Changes) -> Vec<Event> {
    let mut all: Vec<Event> = changes.changes.iter().map(|change| of_change(publication, change)).collect();
    if all.is_empty() && publication.extent == Extent::Changes {
        return all;
    }
    all.push(Event {
        finding: None,
        detail_type: DETAIL_TYPE_SUMMARY,
        detail: json(&summary(publication, changes)),
        resources: Vec::new(),
    });
    all
}

fn of_change(publication: &Publication, change: &Change) -> Event {
    let finding = &change.finding;
    let detail = FindingEventV1 {
        format: "optout.finding-event/1",
        id: change_id(change),
        at: publication.at.to_string(),
        change: change.kind,
        finding,
        cause: publication.cause.as_ref().map(cause),
        link: link(publication),
    };
    Event {
        finding: Some(finding.id.clone()),
        detail_type: DETAIL_TYPE_FINDING,
        detail: json(&detail),
        resources: finding.subject.arn.iter().cloned().collect(),
    }
}

fn change_id(change: &Change) -> String {
    let finding = &change.finding;
    let when = match change.kind {
        ChangeKind::Appeared => finding.created.to_string(),
        ChangeKind::Changed => String::new(),
        ChangeKind::Healed => finding.updated.to_string(),
    };
    let accepted = finding.accepted.as_deref().unwrap_or_default();
    let words = [change.kind.as_str(), &finding.id, &when, finding.severity.as_str(), &finding.message, accepted];
    stable_id(&words).to_string()
}

fn cause(cause: &Cause) -> CauseV1 {
    CauseV1 {
        actor: text(&cause.actor),
        call: text(&cause.call),
        at: cause.at.to_string(),
        event_id: cause.event_id.as_deref().map(text),
    }
}

fn link(publication: &Publication) -> Option<String> {
    publication.link.as_deref().map(text)
}

/// Other people's text: safe to show, and not too long.
pub(super) fn text(text: &str) -> String {
    cut(&shown(text), TEXT)
}

fn summary<'a>(publication: &'a Publication, changes: &Changes) -> SummaryEventV1<'a> {
    let summary = &publication.summary;
    SummaryEventV1 {
        format: "optout.summary-event/1",
        at: publication.at.to_string(),
        organization: summary.organization.as_deref(),
        verdict: summary.verdict.as_str(),
        decision: summary.decision,
        answer: text(&summary.answer),
        counted: summary.counted,
        verdicts: summary.verdicts.iter().map(|(verdict, count)| (verdict.as_str(), *count)).collect(),
        findings: by_severity(publication).into_iter().map(|(severity, count)| (severity.as_str(), count)).collect(),
        unknowns: summary.unknowns,
        changes: ChangeKind::ALL.iter().map(|kind| (kind.as_str(), changes.count(*kind))).collect(),
        last_full_read: summary.last_full_read.map(|read| read.to_string()),
        age_seconds: publication.age_seconds(),
        worst: summary
            .worst
            .iter()
            .map(|worst| WorstV1 { id: worst.id.to_string(), name: &worst.name, verdict: worst.verdict.as_str() })
            .collect(),
        link: link(publication),
    }
}

/// How many findings do not hold and were not accepted, by severity; every severity is there.
pub(super) fn by_severity(publication: &Publication) -> BTreeMap<Severity, usize> {
    let mut counts: BTreeMap<Severity, usize> = Severity::ALL.iter().map(|severity| (*severity, 0)).collect();
    let open = publication.findings.iter().filter(|it| it.status == Status::Failed && it.accepted.is_none());
    open.for_each(|finding| *counts.entry(finding.severity).or_default() += 1);
    counts
}

fn json(detail: &impl Serialize) -> String {
    // INVARIANT: every map key is a string, which is all that could make this fail.
    shown_json(&serde_json::to_string(detail).unwrap_or_default()).into_owned()
}
