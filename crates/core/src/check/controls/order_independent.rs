//! `order-independent`: no result hangs on the order in which policies were attached.

use super::{Severity, named};
use crate::check::{Assessment, Control, Finding, Outcome, Subject};
use crate::org::PolicyId;

const ID: &str = "order-independent";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "No setting depends on the order of attachment",
    severity: Severity::Medium,
    why: "Where policies at one target assign different values, the one attached first counts. No API returns that order, and \
          attaching one of them again reverses it.",
    remedy: "Keep one policy at the target that assigns the setting.",
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html#multiple-same-node-values",
    ],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    let targets = assessment.snapshot.attachments.iter().flatten();
    let finding = |(target, attachments): (&crate::org::TargetId, &Vec<crate::org::Attachment>)| {
        let policies: Vec<PolicyId> = attachments.iter().map(|attachment| attachment.policy.clone()).collect();
        let known = policies.iter().all(|policy| assessment.documents.get(policy).is_some());
        let conflict = known && policies.len() > 1 && assessment.documents.order_could_matter(&policies);
        conflict.then(|| {
            let names = named(policies.iter().map(PolicyId::as_str));
            let message = format!("{names} assign different values to one setting here");
            Finding::new(ID, Severity::Medium, Subject::Target(target.clone()), message)
        })
    };
    Outcome::fails(targets.filter_map(finding).collect())
}
