//! `root-covered`: the root itself opts out, so that accounts to come are covered.

use super::{Severity, without_policies};
use crate::check::{Assessment, Control, Finding, Outcome, Subject};
use crate::org::TargetId;

const ID: &str = "root-covered";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "The root opts out by `default`",
    severity: Severity::Medium,
    why: "New accounts start under the root or in any unit. Only a policy at the root covers every account that is to come.",
    remedy: "Attach the opt-out policy to the root, not to single units or accounts.",
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html"],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    if without_policies(assessment) {
        return Outcome::holds();
    }
    let Some(root) = &assessment.snapshot.root else { return Outcome::unknown("the root could not be read") };
    let target = TargetId::Root(root.id.clone());
    let state = match assessment.computed.state(&target) {
        Ok(state) => state,
        Err(uncomputed) => return Outcome::unknown(uncomputed.to_string()),
    };
    let default = state.setting(&["services", "default", "opt_out_policy"]);
    let value = default.map(|setting| setting.value());
    let message = match value.map(|value| (value.is_decided(), value.value().and_then(|it| it.as_str()))) {
        Some((true, Some("optOut"))) => return Outcome::holds(),
        Some((true, Some("optIn"))) => "the root opts in by `default`",
        Some((false, _)) => "whether the root opts out depends on the order in which its policies were attached",
        Some((true, _)) | None => "no policy at the root opts out by `default`: new accounts may not be covered",
    };
    Outcome::fails(vec![Finding::new(ID, Severity::Medium, Subject::Target(target), message)])
}
