//! One file a control, and the table of them: from what makes everything else impossible to what is good to know.

mod all_features;
mod catalogue_current;
mod computed_matches_aws;
mod default_opted_out;
mod delegation_scoped;
mod documents_admissible;
mod effective_policy_valid;
mod locked_against_children;
mod management_account_covered;
mod no_stray_policies;
mod no_undeclared_opt_in;
mod order_independent;
mod organization_exists;
mod page;
mod policy_type_enabled;
mod root_covered;
mod values_recognised;

pub use page::{index, page};

use std::collections::HashMap;
use std::sync::Arc;

use super::{AccountResult, AccountVerdict, Assessment, Control, Finding, Severity, Subject};
use crate::org::{Membership, Scope};

/// Every control, in the order in which they are shown.
pub const ALL: &[&Control] = &[
    &organization_exists::CONTROL,
    &all_features::CONTROL,
    &policy_type_enabled::CONTROL,
    &no_undeclared_opt_in::CONTROL,
    &default_opted_out::CONTROL,
    &values_recognised::CONTROL,
    &management_account_covered::CONTROL,
    &root_covered::CONTROL,
    &locked_against_children::CONTROL,
    &effective_policy_valid::CONTROL,
    &computed_matches_aws::CONTROL,
    &order_independent::CONTROL,
    &documents_admissible::CONTROL,
    &no_stray_policies::CONTROL,
    &delegation_scoped::CONTROL,
    &catalogue_current::CONTROL,
];

/// The control of a name.
#[must_use]
pub fn get(id: &str) -> Option<&'static Control> {
    ALL.iter().copied().find(|control| control.id == id)
}

/// The subject that stands for the organization.
fn organization(assessment: &Assessment<'_>) -> Subject {
    Subject::Organization(assessment.snapshot.organization().map(|organization| organization.id.clone()))
}

/// One finding about the organization.
fn about_organization(assessment: &Assessment<'_>, id: &'static str, severity: Severity, message: String) -> Finding {
    Finding::new(id, severity, organization(assessment), message)
}

/// Whether the snapshot speaks only about the caller's own account: what concerns others is then out of scope.
fn only_own_account(assessment: &Assessment<'_>) -> bool {
    match assessment.snapshot.scope {
        Scope::Account(_) => true,
        Scope::Organization => false,
    }
}

/// Whether policies of the organization are beside the point: out of scope, or there can be none, which other controls say.
fn without_policies(assessment: &Assessment<'_>) -> bool {
    let snapshot = assessment.snapshot;
    let billing_only = snapshot.organization().is_some_and(|organization| !organization.all_features);
    only_own_account(assessment) || billing_only || snapshot.membership == Some(Membership::None)
}

/// A finding about each of the accounts of which `look` finds something; accounts with an equal cause are looked at once
/// and share the message.
fn about_accounts<'a>(
    id: &'static str,
    accounts: impl Iterator<Item = &'a AccountResult>,
    look: impl Fn(&AccountResult) -> Option<(Severity, String)>,
) -> Vec<Finding> {
    let mut seen: HashMap<_, Option<(Severity, Arc<str>)>> = HashMap::new();
    let finding = |account: &AccountResult| {
        let look = || look(account).map(|(severity, message)| (severity, message.into()));
        let (severity, message) = seen.entry(account.cause()).or_insert_with(look).as_ref()?;
        Some(Finding::new(id, *severity, Subject::Account(account.id), Arc::clone(message)))
    };
    accounts.filter_map(finding).collect()
}

/// What leaves open whether every account is as it must be; `None` for nothing.
fn open_accounts(assessment: &Assessment<'_>) -> Option<String> {
    let open = assessment.counted().filter(|account| account.verdict == AccountVerdict::Unknown).count();
    match open {
        0 if assessment.whole => None,
        0 => Some("not every account could be listed".to_owned()),
        open => Some(format!("the verdict of {open} accounts could not be determined")),
    }
}

/// Names in a sentence: the first few, then how many more.
fn named<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 5;
    let names: Vec<&str> = names.into_iter().collect();
    let shown: Vec<String> = names.iter().take(SHOWN).map(|name| format!("`{name}`")).collect();
    match names.len().saturating_sub(SHOWN) {
        0 => shown.join(", "),
        more => format!("{} and {more} more", shown.join(", ")),
    }
}
