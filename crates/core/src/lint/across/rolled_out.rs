//! Templates with a policy that go out by a StackSet, or to many accounts by a landing zone.

use crate::check::Severity;
use crate::lint::Finding;
use crate::lint::facts::{AI_TYPE, Facts, How, Rollout};
use crate::source::Source;

/// Everything about roll-outs.
pub(in crate::lint) fn check(facts: &Facts, sources: &[Source]) -> Vec<(usize, Finding)> {
    let carries = |rollout: &&Rollout| match (&rollout.text, &rollout.path) {
        (Some(text), _) => has_policy(text),
        (None, Some(path)) => named(sources, path).is_some_and(|source| has_policy(&source.text)),
        (None, None) => false,
    };
    facts.rollouts.iter().filter(carries).map(|rollout| (rollout.at.file, finding(rollout))).collect()
}

fn has_policy(text: &str) -> bool {
    text.contains(AI_TYPE) && (text.contains("AWS::Organizations::Policy") || text.contains("aws_organizations_policy"))
}

/// The file that a path at the end names.
fn named<'s>(sources: &'s [Source], path: &str) -> Option<&'s Source> {
    let wanted = path.trim_start_matches("./").trim_start_matches('/').replace("${path.module}/", "");
    sources.iter().find(|source| {
        let name = source.name.replace('\\', "/");
        name == wanted || name.ends_with(&format!("/{wanted}"))
    })
}

fn finding(rollout: &Rollout) -> Finding {
    match &rollout.how {
        How::StackSet => Finding::new(
            "policy-in-stackset",
            Severity::High,
            rollout.at.span,
            "the policy goes out by a StackSet: service-managed ones skip the management account, and every member would try to make it",
            "deploy it as one plain stack, in the management account or a delegated administrator account",
        ),
        How::Targeted { wrong } => Finding::new(
            "policy-in-stackset",
            Severity::High,
            rollout.at.span,
            format!(
                "the landing zone makes one policy of the organization by a StackSet, but {wrong}: each stack would try to make it"
            ),
            "name one account, the management account or a delegated administrator, no unit, and one region",
        ),
        How::Lza { wrong } => Finding::new(
            "lza-deployment-targets",
            Severity::High,
            rollout.at.span,
            format!("the stack makes one policy of the organization, but {wrong}"),
            "write `accounts: [Management]` and one region",
        ),
    }
}
