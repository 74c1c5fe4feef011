//! `could-not-be-read`: what would tell may not be read, or could not be.

use super::{Diagnosis, Ground, Missing, Opinion, Patient, Symptom};
use crate::check::Need;
use crate::org::{Part, Unread, UnreadReason};

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "could-not-be-read",
    symptom: Symptom::NoEffect,
    question: "Is something not seen only because it may not be read, or could not be?",
    rests_on: "The operations that AWS denied, or that failed, in this reading.",
    conclusion: "What cannot be read is not known, neither fine nor wrong. Allow the action that is named, or ask from the management \
                 account.",
    next: &["optout snapshot --output organization.json"],
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_permissions_overview.html"],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    if let Some(well) = patient.well() {
        return Opinion::excluded(well);
    }
    let computed = patient.assessment.computed_counts;
    let wanted = |entry: &&Unread| !(computed && entry.part == Part::EffectivePolicy);
    let missing = patient.unread_of(bears).into_iter().filter(wanted).map(missing).collect();
    Opinion::of(Vec::new(), missing, "everything that bears on it was read")
}

/// Whether a verdict could be another one with it.
fn bears(part: Part) -> bool {
    matches!(Need::of(part), Need::Verdict | Need::Basis)
}

fn missing(entry: &Unread) -> Missing {
    let why = match entry.reason {
        UnreadReason::AccessDenied => "AWS denied it",
        UnreadReason::NotImplemented => "the endpoint does not know it",
        UnreadReason::Throttled => "AWS kept throttling it",
        UnreadReason::Failed => "it failed",
        UnreadReason::Malformed => "the answer was not understood",
        UnreadReason::NotAsked => "it was not asked",
        UnreadReason::OutOfView => "it lies outside of what was asked for",
        UnreadReason::Changed => "it changed while it was read",
    };
    let subject = entry.subject.as_deref().map(|subject| format!(" of {subject}")).unwrap_or_default();
    let part = entry.part.as_str().replace('-', " ");
    Missing { reason: format!("{part}{subject}: {}: {why}", entry.operation), permission: entry.permission.clone() }
}
