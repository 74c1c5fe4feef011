//! `attached-to-nothing`: a policy that is there and attached nowhere.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, no_list};
use crate::check::Subject;
use crate::org::{Part, Policy};
use crate::source::shown;

const NEXT: &[&str] = &["optout simulate attach POLICY ROOT FROM", "optout plan INTENT FROM"];
const CONCLUSION: &str = "An unattached policy opts nobody out, however right its document is. CreatePolicy attaches nothing; nor \
     does CloudFormation without `TargetIds`, nor Terraform without an `aws_organizations_policy_attachment`.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "attached-to-nothing",
    symptom: Symptom::NoEffect,
    question: "Is a policy attached to nothing?",
    rests_on: "ListTargetsForPolicy of each opt-out policy, read to its last page.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListTargetsForPolicy.html",
        "https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-organizations-policy.html",
    ],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let Some(policies) = patient.policies() else { return no_list(patient) };
    if let Some(decided) = patient.misses_nothing() {
        return Opinion::excluded(decided);
    }
    let (mut cases, mut missing) = (Vec::new(), Vec::new());
    for policy in policies {
        match patient.targets_of(&policy.id) {
            Some(targets) if targets.is_empty() => cases.push(case(patient, policy)),
            Some(_) => {}
            None if patient.well().is_some() => {}
            None => {
                let reason = "where policies are attached could not be read";
                missing.push(patient.missing(&[Part::Attachments, Part::Policies], reason));
            }
        }
    }
    Opinion::of(cases, missing, "every opt-out policy is attached to something")
}

fn case(patient: &Patient<'_>, policy: &Policy) -> Case {
    Case {
        subjects: vec![Subject::Policy(policy.id.clone())],
        observation: format!("ListTargetsForPolicy lists no target for `{}` ({})", policy.id, shown(&policy.name)),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[("POLICY", policy.id.as_str())]),
        intent: None,
    }
}
