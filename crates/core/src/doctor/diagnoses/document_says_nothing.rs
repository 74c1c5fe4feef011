//! `document-says-nothing`: AWS accepts the document, and it assigns nothing.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, about_documents, named};
use crate::check::{Subject, admit};
use crate::org::Policy;
use crate::policy::{Document, Entry, Operator};

const NEXT: &[&str] = &[
    "aws organizations describe-policy --policy-id POLICY --query Policy.Content --output text",
    "optout plan INTENT FROM",
];
const CONCLUSION: &str = "AWS accepts an empty `services`, a service without a setting and a setting without `@@assign`. Such a \
     document opts nobody out. It can still lock: what its `@@operators_allowed_for_child_policies` forbids, no policy below can \
     set, not even an opt-out.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "document-says-nothing",
    symptom: Symptom::NoEffect,
    question: "Does a document say nothing, although AWS accepts it?",
    rests_on: "DescribePolicy: no `@@assign` anywhere under `services`.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "recorded answers of AWS (2026-09): such documents are admitted",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html",
    ],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    about_documents(patient, "every document that AWS accepts assigns something", |policy, text| {
        let accepted = admit(patient.assessment.catalogue, text).admissible();
        accepted.then(|| case(patient, policy)).flatten()
    })
}

fn case(patient: &Patient<'_>, policy: &Policy) -> Option<Case> {
    let document = patient.assessment.documents.get(&policy.id)?;
    // A document that only locks does what it is for, unless nothing opts out what it locks.
    let locks = has_controls(&document.root);
    if assigns(document) || (locks && !ails_below(patient, policy)) {
        return None;
    }
    Some(Case {
        subjects: vec![Subject::Policy(policy.id.clone())],
        observation: format!("the document of `{}` {}", policy.id, what(document)),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[("POLICY", policy.id.as_str())]),
        intent: None,
    })
}

fn ails_below(patient: &Patient<'_>, policy: &Policy) -> bool {
    let targets = patient.targets_of(&policy.id).unwrap_or_default();
    let mut below = patient.alike.iter().filter(|alike| alike.stops.iter().any(|stop| targets.contains(&stop)));
    below.any(|alike| patient.ails(alike))
}

fn services(document: &Document) -> impl Iterator<Item = &Entry> {
    document.root.children.get("services").into_iter().flat_map(|services| services.children.values())
}

fn assigns(document: &Document) -> bool {
    let setting =
        |service: &Entry| service.children.get("opt_out_policy").and_then(|it| it.value(Operator::Assign).cloned());
    services(document).any(|service| setting(service).is_some())
}

fn what(document: &Document) -> String {
    let locks = if has_controls(&document.root) { ", and locks" } else { "" };
    let names: Vec<&str> = services(document).map(|service| service.name.as_ref()).collect();
    match names.as_slice() {
        [] => format!("names no service{locks}"),
        some => format!("names {} and assigns nothing{locks}", named(some)),
    }
}

fn has_controls(entry: &Entry) -> bool {
    entry.controls.is_some() || entry.children.values().any(has_controls)
}
