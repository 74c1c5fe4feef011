//! `organization-exists`: there is an organization at all.

use super::{Severity, about_organization};
use crate::check::{Assessment, Control, Outcome};
use crate::org::Membership;

const ID: &str = "organization-exists";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "The account belongs to an organization",
    severity: Severity::Critical,
    why: "AI services opt-out policies exist only in AWS Organizations. An account without an organization cannot opt out, \
          even if it is the only one.",
    remedy: "Create an organization (an IAM principal with organizations:CreateOrganization may; it costs nothing), then \
             apply the policy to its root.",
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html"],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    match &assessment.snapshot.membership {
        Some(Membership::Member(_)) => Outcome::holds(),
        None => Outcome::unknown("whether the account is in an organization could not be read"),
        Some(Membership::None) => {
            let message = "the account is in no organization, so no opt-out policy can apply to it".to_owned();
            Outcome::fails(vec![about_organization(assessment, ID, Severity::Critical, message)])
        }
    }
}
