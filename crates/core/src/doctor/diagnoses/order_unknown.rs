//! `order-unknown`: policies at one target disagree, and nothing says which one was attached first.

use super::order_dependent::{Dispute, disputes};
use super::{Alike, Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, about_accounts, named};

const NEXT: &[&str] = &[
    "aws organizations describe-effective-policy --policy-type AISERVICES_OPT_OUT_POLICY --target-id ACCOUNT",
    "optout verify --account ACCOUNT --evidence all",
];
const CONCLUSION: &str = "No API returns the order of attachment, so what holds cannot be computed: AWS's own answer for the account \
     tells. Keep one policy at the target that assigns the setting, and the question is gone.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "order-unknown",
    symptom: Symptom::NoEffect,
    question: "Is what holds unknown because the order of attachment is?",
    rests_on: "DescribePolicy of the policies of one target: they assign different values to one setting, AWS was not asked \
               for the account, and no recorded events give the order.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html#multiple-same-node-values",
        "https://docs.aws.amazon.com/organizations/latest/APIReference/API_ListPoliciesForTarget.html",
    ],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    about_accounts(patient, "nothing in question hangs on an order that is not known", |alike, state| {
        let open = disputes(patient, alike, state).into_iter().filter(|dispute| dispute.winner.is_none());
        Ok(open.map(|dispute| case(patient, alike, &dispute)).collect())
    })
}

fn case(patient: &Patient<'_>, alike: &Alike<'_>, dispute: &Dispute) -> Case {
    Case {
        subjects: alike.subjects(),
        observation: format!(
            "{} at {} assign different values to {}, and nothing says which was attached first",
            named(&dispute.policies),
            dispute.target,
            named(&dispute.names)
        ),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[("ACCOUNT", &alike.first())]),
        intent: None,
    }
}
