//! `all-features`: the organization has all features on.

use super::{Severity, about_organization};
use crate::check::{Assessment, Control, Outcome};
use crate::org::Membership;

const ID: &str = "all-features";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "The organization has all features enabled",
    severity: Severity::Critical,
    why: "With consolidated billing only, an organization cannot use policies of any type.",
    remedy: "Enable all features in the management account. That is one-way: invited accounts must accept a handshake, and \
             requests expire after 90 days.",
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_org_support-all-features.html"],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    match &assessment.snapshot.membership {
        Some(Membership::Member(organization)) if !organization.all_features => {
            let message = "the organization has consolidated billing only, so no policy can apply".to_owned();
            Outcome::fails(vec![about_organization(assessment, ID, Severity::Critical, message)])
        }
        Some(_) => Outcome::holds(),
        None => Outcome::unknown("the organization's feature set could not be read"),
    }
}
