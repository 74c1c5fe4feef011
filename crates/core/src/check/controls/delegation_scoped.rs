//! `delegation-scoped`: whoever else may change these policies may change these only.

use super::{Severity, without_policies};
use crate::check::{Assessment, Control, Finding, Outcome, Subject, Writer, writers};

const ID: &str = "delegation-scoped";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "Delegated rights to change policies are limited to this policy type",
    severity: Severity::Medium,
    why: "The resource policy of the organization can let member accounts attach, change and detach policies. A grant without a \
          limit to a policy type includes the opt-out policies, whether or not that was meant.",
    remedy: "Limit the statement by the condition organizations:PolicyType, or by resources of the form \
             policy/o-…/aiservices_opt_out_policy/*.",
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html"],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    if without_policies(assessment) {
        return Outcome::holds();
    }
    match writers(assessment.snapshot) {
        None => Outcome::unknown("the resource policy of the organization could not be read"),
        Some(writers) => Outcome::fails(writers.iter().filter(|writer| !writer.limited).map(finding).collect()),
    }
}

fn finding(writer: &Writer) -> Finding {
    let severity = if writer.principal == "*" { Severity::High } else { Severity::Medium };
    let message = format!("may {} policies of any type", writer.actions.join(", "));
    Finding::new(ID, severity, Subject::Principal(writer.principal.clone()), message)
}
