//! `documented-change`: AWS documents that opting the service out changes this.

use super::{Alike, Case, Confidence, Diagnosis, Ground, Missing, Opinion, Patient, Symptom, together};
use crate::catalogue::{Impact, Standing};
use crate::check::{Key, ServiceVerdict};
use crate::doctor::patient::narrow_exception;

/// Narrow it to one service at one target: the account that is asked about.
pub(super) const NEXT: &[&str] = &[
    "optout services --filter SERVICE",
    "optout simulate opt-in SERVICE TARGET FROM",
    "optout plan INTENT FROM",
    "optout apply INTENT",
];
const CONCLUSION: &str = "This is what the opt-out is documented to change for the service. If it cannot be lived with, except this one \
     service at this one account by lines in the intent, with an end; the rest stays opted out. What was deleted does not come back.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "documented-change",
    symptom: Symptom::BehavesDifferently,
    question: "Is the change one that AWS documents for an account that is opted out?",
    rests_on: "The effective policy opts the service out at the account, and the catalogue has an impact of that with its source.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &["docs/services.md: each impact with its source and the day it was read"],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let (mut cases, mut missing) = (Vec::new(), Vec::new());
    for alike in &patient.alike {
        for key in patient.keys().filter(|key| *key != Key::DEFAULT) {
            match patient.verdict(alike, key) {
                ServiceVerdict::OptedOut => cases.extend(of_key(patient, alike, key)),
                ServiceVerdict::Unknown if patient.key().is_some() => missing.push(unknown(patient, key)),
                ServiceVerdict::Unknown
                | ServiceVerdict::OptedIn
                | ServiceVerdict::NotOptedOut
                | ServiceVerdict::Excepted => {}
            }
        }
    }
    Opinion::of(together(cases), missing, excluded(patient))
}

fn unknown(patient: &Patient<'_>, key: Key) -> Missing {
    Missing::because(format!("whether `{}` is opted out is not known", patient.name(key)))
}

/// What excludes it: the service is not opted out, or nothing is documented.
pub(super) fn excluded(patient: &Patient<'_>) -> String {
    let Some(key) = patient.key() else { return "no service with a documented impact is opted out".to_owned() };
    let opted_out = patient.alike.iter().any(|alike| patient.verdict(alike, key) == ServiceVerdict::OptedOut);
    let name = patient.name(key);
    match opted_out {
        true => format!("the catalogue of {} knows no change for `{name}`", patient.assessment.catalogue.date()),
        false => format!("`{name}` is not opted out here, so that the opt-out changes nothing of it"),
    }
}

fn of_key(patient: &Patient<'_>, alike: &Alike<'_>, key: Key) -> Vec<Case> {
    let service = patient.assessment.catalogue.get(patient.name(key));
    let impacts = service.map(|service| service.impacts.as_slice()).unwrap_or_default();
    impacts.iter().map(|impact| case(patient, alike, key, impact)).collect()
}

fn case(patient: &Patient<'_>, alike: &Alike<'_>, key: Key, impact: &Impact) -> Case {
    let name = patient.name(key);
    let reference = &impact.reference;
    let lasting = if impact.irreversible { " It cannot be undone." } else { "" };
    Case {
        subjects: alike.subjects(),
        observation: format!(
            "`{name}` is opted out; {}{lasting} ({}, read {})",
            impact.text, reference.source, reference.read
        ),
        conclusion: CONCLUSION.to_owned(),
        confidence: match impact.standing {
            Standing::Current => Confidence::Likely,
            Standing::Earlier => Confidence::Possible,
        },
        next: next(patient, alike, name),
        intent: exception(patient, alike, name),
    }
}

/// The commands that narrow it to the service at the account that is asked about.
pub(super) fn next(patient: &Patient<'_>, alike: &Alike<'_>, name: &str) -> Vec<String> {
    let target = alike.first();
    let target = if alike.accounts.len() == 1 { target.as_str() } else { "TARGET" };
    patient.next(NEXT, &[("SERVICE", name), ("TARGET", target)])
}

/// The lines for the intent, where it is one account that is asked about.
pub(super) fn exception(patient: &Patient<'_>, alike: &Alike<'_>, name: &str) -> Option<String> {
    let [account] = alike.accounts.as_slice() else { return None };
    Some(narrow_exception(patient.assessment.at, name, &account.to_string()))
}
