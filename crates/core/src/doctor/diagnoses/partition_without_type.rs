//! `partition-without-type`: GovCloud and China have no opt-out policies.

use super::{Case, Confidence, Diagnosis, Ground, Missing, Opinion, Patient, Symptom, organization};

const NEXT: &[&str] = &["optout services"];
const CONCLUSION: &str = "AWS says that AI services opt-out policies cannot be created or used in this partition. What it may do \
     with content there no policy says: ask AWS, or keep the services out of use.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "partition-without-type",
    symptom: Symptom::TypeNotEnabled,
    question: "Does the partition have AI services opt-out policies?",
    rests_on: "The partition in the ARN of the caller and of the organization.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-organizations.html",
        "https://docs.amazonaws.cn/en_us/aws/latest/userguide/organizations.html",
    ],
    ground: Ground::Nothing,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let partition = &patient.snapshot().partition;
    let name = partition.as_str();
    match partition.has_policy_type() {
        Some(true) => Opinion::excluded(format!("the partition is `{name}`, which has them")),
        None => {
            Opinion::unknown(Missing::because(format!("whether the partition `{name}` has them is not documented")))
        }
        Some(false) => Opinion::applies(Case {
            subjects: organization(patient),
            observation: format!("the partition is `{name}`"),
            conclusion: CONCLUSION.to_owned(),
            confidence: Confidence::Certain,
            next: patient.next(NEXT, &[]),
            intent: None,
        }),
    }
}
