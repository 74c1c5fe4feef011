//! `not-reached`: the opt-out policy does not reach the service at all.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, organization};
use crate::catalogue::NotCovered;
use crate::doctor::Asked;

const NEXT: &[&str] = &["optout services", "optout workstation check"];

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "not-reached",
    symptom: Symptom::BehavesDifferently,
    question: "Does the opt-out policy reach the service at all?",
    rests_on: "The catalogue: services without a key of the policy, and what applies to them instead.",
    conclusion: "The policy does not reach the service: it neither opts it out nor changes how it behaves.",
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html",
        "https://aws.amazon.com/service-terms/",
    ],
    ground: Ground::Nothing,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    match patient.complaint.service {
        Some(Asked::NotReached(service)) => Opinion::applies(case(patient, service)),
        Some(Asked::Key(key)) => Opinion::excluded(format!("`{}` is a key of the policy", patient.name(key))),
        None => Opinion::excluded("no service is asked about that the policy does not reach"),
    }
}

fn case(patient: &Patient<'_>, service: &NotCovered) -> Case {
    let reference = &service.reference;
    Case {
        subjects: organization(patient),
        observation: format!(
            "{} has no key of the policy ({}, read {})",
            service.name, reference.source, reference.read
        ),
        conclusion: format!("{} {}", DIAGNOSIS.conclusion, service.instead),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[]),
        intent: None,
    }
}
