//! `document-inadmissible`: a document that AWS would not accept: IAM statements, a bare value, a misspelt service.

use serde_json::Value;

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, about_documents};
use crate::check::{Subject, admit};
use crate::org::Policy;
use crate::source::{Problem, shown};

const NEXT: &[&str] = &[
    "aws organizations describe-policy --policy-id POLICY --query Policy.Content --output text",
    "optout lint policy.json",
];
const CONCLUSION: &str = "CreatePolicy and UpdatePolicy refuse such a document with MalformedPolicyDocumentException, without saying \
     why, and a refused update changes nothing: the policy then still has its old document. One that is stored all the same is \
     newer than the catalogue here, or its copy is damaged.";
const STATEMENTS: &str = "IAM statements say who may do what; in an opt-out policy they mean nothing, and AWS refuses them. \
     `optout generate policy` writes a document that it accepts.";
const MISSPELT: &str = "AWS refuses services that it does not know, misspelt ones among them, and compares them with their \
     capitals. If AWS does hold this document, the service is newer than the catalogue: pass --allow-key.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "document-inadmissible",
    symptom: Symptom::NoEffect,
    question: "Is a document one that AWS would refuse?",
    rests_on: "DescribePolicy, judged by the rules that AWS was seen to apply on admission.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "recorded answers of AWS (2026-09): admission",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html",
    ],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    about_documents(patient, "AWS would accept every document again as it is", |policy, text| {
        case(patient, policy, text)
    })
}

fn case(patient: &Patient<'_>, policy: &Policy, text: &str) -> Option<Case> {
    let problems = admit(patient.assessment.catalogue, text).problems;
    let first = problems.first()?;
    let (conclusion, confidence) = meaning(text, &problems);
    let help = first.help.as_deref().map(|help| format!(" ({})", shown(help))).unwrap_or_default();
    Some(Case {
        subjects: vec![Subject::Policy(policy.id.clone())],
        observation: format!("the document of `{}`: {}{help}", policy.id, shown(&first.message)),
        conclusion: conclusion.to_owned(),
        confidence,
        next: patient.next(NEXT, &[("POLICY", policy.id.as_str())]),
        intent: None,
    })
}

fn meaning(text: &str, problems: &[Problem]) -> (&'static str, Confidence) {
    if has_statements(text) {
        return (STATEMENTS, Confidence::Certain);
    }
    match problems.iter().all(|problem| problem.code == "policy-unknown-service") {
        true => (MISSPELT, Confidence::Possible),
        false => (CONCLUSION, Confidence::Likely),
    }
}

fn has_statements(text: &str) -> bool {
    let document: Value = serde_json::from_str(text).unwrap_or_default();
    document.get("Statement").is_some()
}
