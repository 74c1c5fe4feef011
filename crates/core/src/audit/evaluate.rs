//! Items decided: what controls and observations say, then what somebody vouches for.

use jiff::civil::Date;
use jiff::tz::Offset;

use super::checklist::{AttestMode, Item};
use super::result::{Attested, Audit, Evidence, EvidenceKind, ItemResult, Organization, Unused};
use super::{Answer, Checklists, Observation, Observations, Profile, Status, observe, region, watch};
use crate::check::{Finding, Outcome};
use crate::intent::{Attestation, Intent};
use crate::org::{Membership, Scope};
use crate::report::Report;

/// What an audit is made of.
#[derive(Debug, Clone, Copy)]
pub struct Question<'a> {
    /// What `optout verify` says of the organization.
    pub report: &'a Report<'a>,
    /// What somebody vouches for.
    pub intent: Option<&'a Intent>,
    /// What is asked.
    pub checklists: &'a Checklists,
    /// Whose lists; see [`Profile::included`].
    pub profiles: &'a [Profile],
    /// What else was seen.
    pub observations: &'a Observations,
}

/// Decides every item of the profiles.
#[must_use]
pub fn audit(question: &Question<'_>) -> Audit {
    let report = question.report;
    let at = report.assessment.at;
    let today = Offset::UTC.to_datetime(at).date();
    let items: Vec<ItemResult> =
        question.checklists.of(question.profiles).map(|item| decided(question, item, today)).collect();
    Audit {
        tool_version: report.origin.tool_version.clone(),
        at,
        decision: Audit::decide(&items),
        profiles: question.profiles.to_vec(),
        organization: organization(report),
        checklists: question.checklists.date(),
        unused_attestations: unused(question, &items),
        items,
    }
}

fn organization(report: &Report<'_>) -> Organization {
    let snapshot = report.assessment.snapshot;
    Organization {
        id: snapshot.organization().map(|organization| organization.id.to_string()),
        source: report.origin.organization.clone(),
        taken: snapshot.taken,
        intent: report.origin.intent.clone(),
    }
}

fn decided(question: &Question<'_>, item: &Item, today: Date) -> ItemResult {
    let evidence = evidence(question, item);
    let attestation = question.intent.and_then(|intent| attested(intent, &item.id, today));
    let (status, reason) = status(item, &evidence, attestation.as_ref(), today);
    ItemResult {
        id: item.id.clone(),
        title: item.title.clone(),
        profiles: item.profiles.clone(),
        status,
        reason,
        evidence,
        shows: item.shows.clone(),
        attest: item.attest.as_ref().map(|attest| attest.statement.clone()),
        attestation: attestation.filter(|_| item.attest.is_some()),
        supports: item.supports.iter().filter_map(|id| question.checklists.reference(id)).cloned().collect(),
        corrections: item.corrections.clone(),
    }
}

fn evidence(question: &Question<'_>, item: &Item) -> Vec<Evidence> {
    let controls = item.controls.iter().map(|id| control(question.report, id));
    controls.chain(item.observations.iter().map(|observation| observed(question, *observation))).collect()
}

/// What was seen: an answer, a sentence, single facts.
#[derive(Debug)]
pub(super) struct Seen {
    answer: Answer,
    text: String,
    details: Vec<String>,
}

impl Seen {
    pub(super) fn holds(text: impl Into<String>) -> Self {
        Self { answer: Answer::Holds, text: text.into(), details: Vec::new() }
    }

    pub(super) fn fails(text: impl Into<String>) -> Self {
        Self { answer: Answer::Fails, text: text.into(), details: Vec::new() }
    }

    pub(super) fn unknown(text: impl Into<String>) -> Self {
        Self { answer: Answer::Unknown, text: text.into(), details: Vec::new() }
    }

    pub(super) fn with(mut self, details: Vec<String>) -> Self {
        self.details = details;
        self
    }

    fn into_evidence(self, kind: EvidenceKind, name: &str) -> Evidence {
        Evidence { kind, name: name.to_owned(), answer: self.answer, text: self.text, details: self.details }
    }
}

/// How many of a kind are named.
const NAMED: usize = 10;

/// The first few, then how many more.
pub(super) fn few(names: &[String]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(String::as_str).collect();
    match names.len().saturating_sub(NAMED) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}

fn control(report: &Report<'_>, id: &'static str) -> Evidence {
    let outcome = report.outcomes.iter().find(|(control, _)| control.id == id);
    let seen = match outcome {
        Some((control, outcome)) => of_outcome(report, control.title, id, outcome),
        None => Seen::unknown("the control was not run"),
    };
    seen.into_evidence(EvidenceKind::Control, id)
}

fn of_outcome(report: &Report<'_>, title: &str, id: &str, outcome: &Outcome) -> Seen {
    if !outcome.findings.is_empty() {
        let count = outcome.findings.len();
        let subjects = if count == 1 { "1 subject".to_owned() } else { format!("{count} subjects") };
        return Seen::fails(format!("does not hold for {subjects}")).with(details(report, &outcome.findings));
    }
    if let Some(why) = outcome.unknown.clone().or_else(|| vacuous(report, id)) {
        return Seen::unknown(why);
    }
    Seen::holds(title)
}

/// The first findings, each with what was accepted of it: acceptance explains, it does not meet an item.
fn details(report: &Report<'_>, findings: &[Finding]) -> Vec<String> {
    let one = |finding: &Finding| {
        let accepted = report.accepted(finding).map(|reason| format!(" (accepted: {reason})")).unwrap_or_default();
        format!("{}: {}{accepted}", finding.subject, finding.message)
    };
    let more = findings.len().saturating_sub(NAMED);
    let rest = (more > 0).then(|| format!("and {more} more; `optout verify --all` names them"));
    findings.iter().take(NAMED).map(one).chain(rest).collect()
}

/// Controls that say whether there is anything the others could speak of, and one that speaks of no organization.
const FOUNDATIONS: [&str; 3] = ["organization-exists", "all-features", "catalogue-current"];

/// Why a control that found nothing says nothing: what it speaks of is not there, or out of the caller's sight.
fn vacuous(report: &Report<'_>, id: &str) -> Option<String> {
    let snapshot = report.assessment.snapshot;
    let is_foundation = FOUNDATIONS.contains(&id);
    match (&snapshot.membership, snapshot.scope) {
        (Some(Membership::None), _) if !is_foundation || id == "all-features" => {
            Some("there is no organization for it to speak of".to_owned())
        }
        (Some(Membership::Member(organization)), _) if !organization.all_features && !is_foundation => {
            Some("an organization with consolidated billing only has no policies for it to speak of".to_owned())
        }
        (Some(Membership::Member(_)) | None, Scope::Account(_)) if !is_foundation => {
            Some("the caller may ask for its own account only, and an audit speaks of the organization".to_owned())
        }
        (_, Scope::Organization | Scope::Account(_)) => None,
    }
}

fn observed(question: &Question<'_>, observation: Observation) -> Evidence {
    let (assessment, seen) = (question.report.assessment, question.observations);
    let seen = match observation {
        Observation::Verification => observe::verification(question.report),
        Observation::EffectivePolicies => observe::effective_policies(assessment),
        Observation::RegionControls => region::observe(assessment),
        Observation::HipaaEligibleServices => {
            observe::hipaa_eligible(assessment.catalogue, seen.services_in_use.as_ref())
        }
        Observation::Workstations => observe::workstations(&seen.workstations, assessment.at),
        Observation::Websites => observe::websites(&seen.websites, assessment.at),
        Observation::OptOutDate => observe::opt_out_date(seen.opted_out_since.as_ref()),
        Observation::MonitorState => watch::monitor(seen.monitor.as_ref(), assessment),
        Observation::UsageReview => watch::usage(seen.usage.as_ref(), assessment),
    };
    seen.into_evidence(EvidenceKind::Observation, observation.as_str())
}

/// The attestation that counts on `today`; where none does, the one that ended last.
fn attested(intent: &Intent, item: &str, today: Date) -> Option<Attested> {
    let last = || intent.attestations.iter().filter(|it| it.item == item).max_by_key(|it| it.until);
    let shown = |it: &Attestation| Attested {
        by: it.by.clone(),
        on: it.on,
        evidence: it.evidence.clone(),
        until: it.until,
        valid: it.is_valid(today),
    };
    intent.attestation(item, today).or_else(last).map(shown)
}

/// What all evidence together says: a known failure beats an unknown.
fn together(evidence: &[Evidence]) -> Answer {
    let says = |answer| evidence.iter().any(|it| it.answer == answer);
    if says(Answer::Fails) {
        Answer::Fails
    } else if says(Answer::Unknown) {
        Answer::Unknown
    } else {
        Answer::Holds
    }
}

fn status(item: &Item, evidence: &[Evidence], attestation: Option<&Attested>, today: Date) -> (Status, Option<String>) {
    let open = || reasons(evidence, Answer::Unknown);
    let Some(attest) = &item.attest else {
        return match together(evidence) {
            Answer::Holds => (Status::Met, None),
            Answer::Fails => (Status::NotMet, Some(reasons(evidence, Answer::Fails))),
            Answer::Unknown => (Status::NotAssessed, Some(open())),
        };
    };
    match (attest.mode, together(evidence)) {
        (_, Answer::Fails) => (Status::NotMet, Some(reasons(evidence, Answer::Fails))),
        (AttestMode::Instead, Answer::Holds) => (Status::Met, None),
        (AttestMode::Also, Answer::Unknown) => (Status::NotAssessed, Some(open())),
        (AttestMode::Instead, Answer::Unknown) => by_attestation(attestation, today, Some(open())),
        (AttestMode::Alone | AttestMode::Also, Answer::Holds) | (AttestMode::Alone, Answer::Unknown) => {
            by_attestation(attestation, today, None)
        }
    }
}

/// The status of what only somebody's word decides; `open` is why nothing else did.
fn by_attestation(attestation: Option<&Attested>, today: Date, open: Option<String>) -> (Status, Option<String>) {
    match attestation {
        Some(it) if it.valid => (Status::Attested, None),
        Some(it) => over_or_to_come(it, today),
        None => {
            let none = "nobody has attested it: see `[[attestations]]` in optout.toml".to_owned();
            (Status::NotAssessed, Some(open.map_or(none.clone(), |open| format!("{open}; {none}"))))
        }
    }
}

/// An attestation that does not count today: it is over, unless it is of a later day.
fn over_or_to_come(attestation: &Attested, today: Date) -> (Status, Option<String>) {
    if attestation.on > today {
        let reason = format!("the attestation is of {}, later than the day of the audit", attestation.on);
        return (Status::NotAssessed, Some(reason));
    }
    (Status::AttestationExpired, Some(format!("the attestation by {} ended on {}", attestation.by, attestation.until)))
}

fn reasons(evidence: &[Evidence], answer: Answer) -> String {
    let texts = evidence.iter().filter(|it| it.answer == answer).map(|it| format!("{}: {}", it.name, it.text));
    texts.collect::<Vec<_>>().join("; ")
}

/// Attestations of items that are not asked, take none, or that nobody knows.
fn unused(question: &Question<'_>, results: &[ItemResult]) -> Vec<Unused> {
    let attestations = question.intent.map(|intent| intent.attestations.as_slice()).unwrap_or_default();
    let mut unused: Vec<Unused> = Vec::new();
    for attestation in attestations {
        let Some(reason) = why_unused(question.checklists, results, &attestation.item) else { continue };
        if unused.iter().all(|known| known.item != attestation.item) {
            unused.push(Unused { item: attestation.item.clone(), reason: reason.to_owned() });
        }
    }
    unused
}

fn why_unused(checklists: &Checklists, results: &[ItemResult], item: &str) -> Option<&'static str> {
    match checklists.items().iter().find(|known| known.id == item) {
        None => Some("no checklist has this item"),
        Some(known) if known.attest.is_none() => {
            Some("this item is decided by what was read, and takes no attestation")
        }
        Some(_) if results.iter().all(|result| result.id != item) => {
            Some("the profiles asked for do not have this item")
        }
        Some(_) => None,
    }
}
