//! `documents-admissible`: every policy in force could be sent to AWS again as it is.

use super::{Severity, without_policies};
use crate::check::{Assessment, Control, Finding, Outcome, Subject, admit};
use crate::org::{Policy, PolicyType};

const ID: &str = "documents-admissible";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "Every stored opt-out policy is admissible",
    severity: Severity::Low,
    why: "A stored document that admission would refuse is either newer than the catalogue of services or damaged in the copy \
          at hand: what it does should not be relied on.",
    remedy: "Run `optout lint` on the document. If it names a service newer than the catalogue, update optout or pass \
             --catalogue FILE.",
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html",
    ],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    let Some(policies) = &assessment.snapshot.policies else {
        let unread = !without_policies(assessment);
        return Outcome { unknown: unread.then(|| "the policies could not be listed".to_owned()), ..Outcome::holds() };
    };
    let ours = || policies.iter().filter(|policy| policy.policy_type == PolicyType::AiOptOut);
    let unread = ours().filter(|policy| policy.content.is_none()).count();
    let unknown = (unread > 0).then(|| format!("the documents of {unread} policies could not be read"));
    Outcome { findings: ours().filter_map(|policy| finding(assessment, policy)).collect(), unknown }
}

fn finding(assessment: &Assessment<'_>, policy: &Policy) -> Option<Finding> {
    let problems = admit(assessment.catalogue, policy.content.as_deref()?).problems;
    let first = problems.first()?;
    let newer = problems.iter().all(|problem| problem.code == "policy-unknown-service");
    let severity = if newer { Severity::Info } else { Severity::Low };
    let more = match problems.len() - 1 {
        0 => String::new(),
        more => format!(" (and {more} more)"),
    };
    Some(Finding::new(ID, severity, Subject::Policy(policy.id.clone()), format!("{}{more}", first.message)))
}
