//! `no-stray-policies`: no opt-out policy that does nothing, or only looks like one.

use std::collections::BTreeMap;

use super::Severity;
use crate::check::{Assessment, Control, Finding, Outcome, Subject};
use crate::org::{Policy, PolicyId, PolicyType, TargetId};

const ID: &str = "no-stray-policies";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "No opt-out policy is unattached, doubled or of the wrong type",
    severity: Severity::Low,
    why: "An unattached policy does nothing, however right it looks; a service control policy that speaks of opting out does not \
          opt out of anything: service control policies control access, not the use of content.",
    remedy: "Attach the policy, or delete it. Replace policies of the wrong type by one of type AISERVICES_OPT_OUT_POLICY.",
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html"],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    let (Some(policies), Some(attachments)) = (&assessment.snapshot.policies, &assessment.snapshot.attachments) else {
        return Outcome::holds();
    };
    let attached = |id: &PolicyId| attachments.values().flatten().any(|attachment| attachment.policy == *id);
    let ours = || policies.iter().filter(|policy| policy.policy_type == PolicyType::AiOptOut);
    let unattached = ours().filter(|policy| !attached(&policy.id)).map(unattached);
    let pretenders = policies.iter().filter(|policy| policy.policy_type != PolicyType::AiOptOut).map(pretender);
    let doubled = doubled(assessment, attachments);
    Outcome::fails(unattached.chain(doubled).chain(pretenders).collect())
}

fn unattached(policy: &Policy) -> Finding {
    let message = "attached to nothing: it opts nobody out";
    Finding::new(ID, Severity::Low, Subject::Policy(policy.id.clone()), message)
}

fn pretender(policy: &Policy) -> Finding {
    let message = format!("looks like an opt-out policy but has the type {}: it opts nobody out", policy.policy_type);
    Finding::new(ID, Severity::Medium, Subject::Policy(policy.id.clone()), message)
}

/// Policies with equal documents at one target.
fn doubled(assessment: &Assessment<'_>, attachments: &BTreeMap<TargetId, Vec<crate::org::Attachment>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (target, attached) in attachments {
        for (at, attachment) in attached.iter().enumerate() {
            let same = |other: &&crate::org::Attachment| equal(assessment, &attachment.policy, &other.policy);
            if let Some(earlier) = attached.iter().take(at).find(same) {
                let message = format!("means the same as `{}`, which is attached to {target} too", earlier.policy);
                findings.push(Finding::new(ID, Severity::Low, Subject::Policy(attachment.policy.clone()), message));
            }
        }
    }
    findings
}

fn equal(assessment: &Assessment<'_>, left: &PolicyId, right: &PolicyId) -> bool {
    let value = |id| {
        let text = assessment.snapshot.policy(id)?.content.as_deref()?;
        serde_json::from_str::<serde_json::Value>(text).ok()
    };
    left != right && value(left).is_some_and(|left| value(right) == Some(left))
}
