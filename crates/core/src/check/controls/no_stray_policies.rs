//! `no-stray-policies`: no opt-out policy that does nothing, or only looks like one.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::{Severity, without_policies};
use crate::check::{Assessment, Control, Finding, Outcome, Subject, Uncomputed};
use crate::org::{Attachments, Policy, PolicyId, PolicyType};

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
    if without_policies(assessment) {
        return Outcome::holds();
    }
    let Some(policies) = &assessment.snapshot.policies else {
        return Outcome::unknown("the policies could not be listed");
    };
    let pretenders = policies.iter().filter(|policy| policy.policy_type != PolicyType::AiOptOut).map(pretender);
    let Some(attachments) = Attachments::of(assessment.snapshot) else {
        let unknown = Some(Uncomputed::Attachments.to_string());
        return Outcome { findings: pretenders.collect(), unknown };
    };
    let attached: HashSet<&PolicyId> =
        attachments.iter().flat_map(|(_, list)| list.iter().map(|it| &it.policy)).collect();
    let ours = policies.iter().filter(|policy| policy.policy_type == PolicyType::AiOptOut);
    let nowhere = |policy: &&Policy| attachments.is_whole() && !attached.contains(&policy.id);
    let unattached = ours.filter(nowhere).map(unattached);
    Outcome::fails(unattached.chain(doubled(policies, &attachments)).chain(pretenders).collect())
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
fn doubled(policies: &[Policy], attachments: &Attachments<'_>) -> Vec<Finding> {
    let meanings = meanings(policies);
    let mut findings = Vec::new();
    for (target, attached) in attachments.iter().filter(|(_, attached)| attached.len() > 1) {
        let mut first: HashMap<usize, &PolicyId> = HashMap::new();
        for policy in attached.iter().map(|attachment| &attachment.policy) {
            let Some(meaning) = meanings.get(policy) else { continue };
            let earlier = *first.entry(*meaning).or_insert(policy);
            if earlier != policy {
                let message = format!("`{policy}` means the same as `{earlier}`, which is attached here too");
                findings.push(Finding::new(ID, Severity::Low, Subject::Target(target.clone()), message));
            }
        }
    }
    findings
}

/// A number for what each document says, equal for equal documents.
fn meanings(policies: &[Policy]) -> HashMap<&PolicyId, usize> {
    let mut numbers: HashMap<Value, usize> = HashMap::new();
    let mut meaning = |policy: &Policy| {
        let value: Value = serde_json::from_str(policy.content.as_deref()?).ok()?;
        let next = numbers.len();
        Some(*numbers.entry(value).or_insert(next))
    };
    policies.iter().filter_map(|policy| Some((&policy.id, meaning(policy)?))).collect()
}
