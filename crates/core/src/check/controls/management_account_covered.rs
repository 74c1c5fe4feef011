//! `management-account-covered`: the management account is opted out like the others.

use super::{Severity, only_own_account};
use crate::check::{AccountVerdict, Assessment, Control, Finding, Outcome, Subject};

const ID: &str = "management-account-covered";

/// The control.
pub(super) const CONTROL: Control = Control {
    id: ID,
    title: "The management account is opted out",
    severity: Severity::High,
    why: "Unlike service control policies, AI services opt-out policies do reach the management account, but only through the \
          root or an attachment of its own: policies on the units of the members pass it by.",
    remedy: "Attach the policy to the root.",
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies.html"],
    check,
};

fn check(assessment: &Assessment<'_>) -> Outcome {
    let Some(organization) = assessment.snapshot.organization() else { return Outcome::holds() };
    let id = organization.management_account;
    let Some(result) = assessment.result(id) else {
        return match only_own_account(assessment) || assessment.partial {
            true => Outcome::holds(),
            false => Outcome::unknown("the management account was not among the accounts that could be read"),
        };
    };
    match result.verdict {
        AccountVerdict::OptedOut | AccountVerdict::OptedOutToday | AccountVerdict::Excepted => Outcome::holds(),
        AccountVerdict::Unknown => Outcome::unknown("the verdict of the management account could not be determined"),
        AccountVerdict::NotOptedOut | AccountVerdict::OptedIn => {
            let message = format!("the management account is {}", result.verdict);
            Outcome::fails(vec![Finding::new(ID, Severity::High, Subject::Account(id), message)])
        }
    }
}
