//! `undocumented-change`: the service is opted out, and nothing is documented to change.

use super::documented_change::{NEXT, exception, excluded, next};
use super::{Alike, Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, together};
use crate::check::{Key, ServiceVerdict};

const CONCLUSION: &str = "Nothing is documented to change for this service. An earlier copy of AWS's page said that opting out can affect \
     what a service can do. To find out, except this one service at one account for a few days and compare; then ask AWS Support \
     with what was seen.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "undocumented-change",
    symptom: Symptom::BehavesDifferently,
    question: "Might the opt-out have changed something that nobody documents?",
    rests_on: "The effective policy opts the service out at the account, and the catalogue knows no impact of that.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html"],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let Some(key) = patient.key().filter(|key| *key != Key::DEFAULT) else {
        return Opinion::excluded("no single service is asked about");
    };
    if patient.complaint.symptom != Some(Symptom::BehavesDifferently) {
        return Opinion::excluded("nobody says that the service behaves differently");
    }
    let name = patient.name(key);
    if patient.assessment.catalogue.get(name).is_some_and(|service| !service.impacts.is_empty()) {
        return Opinion::excluded(format!("changes are documented for `{name}`"));
    }
    let opted_out = patient.alike.iter().filter(|alike| patient.verdict(alike, key) == ServiceVerdict::OptedOut);
    let cases = opted_out.map(|alike| case(patient, alike, name)).collect();
    Opinion::of(together(cases), Vec::new(), excluded(patient))
}

fn case(patient: &Patient<'_>, alike: &Alike<'_>, name: &str) -> Case {
    let date = patient.assessment.catalogue.date();
    Case {
        subjects: alike.subjects(),
        observation: format!("`{name}` is opted out; the catalogue of {date} knows nothing that changes with it"),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Possible,
        next: next(patient, alike, name),
        intent: exception(patient, alike, name),
    }
}
