//! One file a diagnosis, and the table of them: from what makes opting out impossible to what only differs in time.

mod account_not_in_use;
mod account_outside;
mod attached_to_nothing;
mod attachments_lost;
mod blocked_by_lock;
mod conflicting_opt_in;
mod consolidated_billing;
mod could_not_be_read;
mod document_inadmissible;
mod document_says_nothing;
mod documented_change;
mod invalid_effective_policy;
mod no_default;
mod no_organization;
mod no_policy;
mod not_reached;
mod not_recognised;
mod order_dependent;
mod order_unknown;
mod partition_without_type;
mod policy_of_another_type;
mod seen_from_member;
mod still_propagating;
mod type_off;
mod type_pending;
mod undocumented_change;
mod wrong_level;

use super::{Alike, Case, Confidence, Diagnosis, Ground, Missing, Opinion, Patient, Symptom};
use crate::check::{Key, Subject};
use crate::org::{Part, Policy};
use crate::policy::{Effect, State, Step};
use crate::source::shown;

/// Every diagnosis, in the order in which they are shown.
pub const ALL: &[&Diagnosis] = &[
    &no_organization::DIAGNOSIS,
    &partition_without_type::DIAGNOSIS,
    &consolidated_billing::DIAGNOSIS,
    &type_off::DIAGNOSIS,
    &type_pending::DIAGNOSIS,
    &seen_from_member::DIAGNOSIS,
    &account_outside::DIAGNOSIS,
    &account_not_in_use::DIAGNOSIS,
    &no_policy::DIAGNOSIS,
    &policy_of_another_type::DIAGNOSIS,
    &attachments_lost::DIAGNOSIS,
    &attached_to_nothing::DIAGNOSIS,
    &wrong_level::DIAGNOSIS,
    &no_default::DIAGNOSIS,
    &conflicting_opt_in::DIAGNOSIS,
    &order_dependent::DIAGNOSIS,
    &order_unknown::DIAGNOSIS,
    &blocked_by_lock::DIAGNOSIS,
    &document_says_nothing::DIAGNOSIS,
    &document_inadmissible::DIAGNOSIS,
    &invalid_effective_policy::DIAGNOSIS,
    &still_propagating::DIAGNOSIS,
    &not_recognised::DIAGNOSIS,
    &could_not_be_read::DIAGNOSIS,
    &not_reached::DIAGNOSIS,
    &documented_change::DIAGNOSIS,
    &undocumented_change::DIAGNOSIS,
];

/// The only one that is asked for where the service is none of the policy's.
pub(super) const NOT_REACHED: &str = not_reached::DIAGNOSIS.id;

/// The diagnosis of a name.
#[must_use]
pub fn get(id: &str) -> Option<&'static Diagnosis> {
    ALL.iter().copied().find(|diagnosis| diagnosis.id == id)
}

/// How many names a sentence takes.
const NAMED: usize = 5;

/// Names in a sentence: the first few, then how many more.
fn named<T: std::fmt::Display>(names: impl IntoIterator<Item = T>) -> String {
    let names: Vec<String> = names.into_iter().map(|name| format!("`{}`", shown(&name.to_string()))).collect();
    let first = names.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(NAMED) {
        0 => first,
        more => format!("{first} and {more} more"),
    }
}

/// The names of keys in a sentence.
fn keys(patient: &Patient<'_>, keys: &[Key]) -> String {
    named(keys.iter().map(|key| patient.name(*key)))
}

/// "1 policy", "3 policies".
fn counted(count: usize, one: &str, several: &str) -> String {
    if count == 1 { format!("1 {one}") } else { format!("{count} {several}") }
}

/// The steps of a key's setting, the last one first.
fn steps_backwards<'s>(state: &'s State, name: &str) -> impl Iterator<Item = &'s Step> + use<'s> {
    state.setting(&["services", name, "opt_out_policy"]).into_iter().flat_map(|setting| setting.steps_backwards())
}

/// The last step that set a key's value.
fn decider<'s>(state: &'s State, name: &str) -> Option<&'s Step> {
    steps_backwards(state, name).find(|step| step.effect == Effect::Applied)
}

/// A step in words: which policy, where, what.
fn step_text(step: &Step, name: &str) -> String {
    let value = step.value.as_str().map_or_else(|| step.value.to_string(), str::to_owned);
    format!("`{}` at {} assigns {} to `{}`", shown(&step.policy), step.target, shown(&value), shown(name))
}

/// Looks at accounts that are alike, one group after the other. Where the policies on the way could not be worked out,
/// that is missing, unless nothing ails there.
fn about_accounts(
    patient: &Patient<'_>,
    excluded: &str,
    look: impl Fn(&Alike<'_>, &State) -> Result<Vec<Case>, Missing>,
) -> Opinion {
    let (mut cases, mut missing) = (Vec::new(), Vec::new());
    for alike in &patient.alike {
        match &alike.state {
            Ok(state) => match look(alike, state) {
                Ok(found) => cases.extend(found),
                Err(gap) => missing.push(gap),
            },
            Err(why) if !patient.is_well(alike) => missing.push(patient.uncomputed(why)),
            Err(_) => {}
        }
    }
    Opinion::of(together(cases), missing, excluded)
}

/// Cases that differ in their subjects only become one.
fn together(cases: Vec<Case>) -> Vec<Case> {
    let mut merged: Vec<Case> = Vec::new();
    for case in cases {
        let same = |it: &&mut Case| it.observation == case.observation && it.conclusion == case.conclusion;
        match merged.iter_mut().find(same) {
            Some(known) => {
                known.subjects.extend(case.subjects);
                known.subjects.sort();
                known.intent = known.intent.take().filter(|lines| case.intent.as_ref() == Some(lines));
            }
            None => merged.push(case),
        }
    }
    merged
}

/// What every policy-by-policy diagnosis says where the list of policies is missing.
fn no_list(patient: &Patient<'_>) -> Opinion {
    if let Some(well) = patient.well() {
        return Opinion::excluded(well);
    }
    Opinion::unknown(patient.missing(&[Part::Policies], "the policies could not be listed"))
}

/// Looks at the document of every policy of interest. One that was not read is missing, unless nothing ails anybody.
fn about_documents(patient: &Patient<'_>, excluded: &str, look: impl Fn(&Policy, &str) -> Option<Case>) -> Opinion {
    let Some(policies) = patient.policies() else { return no_list(patient) };
    let (mut cases, mut missing) = (Vec::new(), Vec::new());
    for policy in policies.into_iter().filter(|policy| patient.concerns(&policy.id)) {
        match &policy.content {
            None if patient.well().is_some() => {}
            None => {
                missing.push(patient.missing(&[Part::PolicyContent], "the documents of policies could not be read"))
            }
            Some(text) => cases.extend(look(policy, text)),
        }
    }
    Opinion::of(cases, missing, excluded)
}

/// Whose business the whole organization is.
fn organization(patient: &Patient<'_>) -> Vec<Subject> {
    vec![Subject::Organization(patient.snapshot().organization().map(|it| it.id.clone()))]
}
