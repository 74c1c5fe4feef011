//! `invalid-effective-policy`: AWS holds back updates and keeps the last valid effective policy.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, named};
use crate::check::{Basis, Subject};
use crate::org::{AccountId, InvalidPolicy, Part};
use crate::source::shown;

const NEXT: &[&str] = &[
    "aws organizations list-effective-policy-validation-errors --account-id ACCOUNT --policy-type AISERVICES_OPT_OUT_POLICY",
    "optout verify --account ACCOUNT --evidence all",
];
const CONCLUSION: &str = "The account gets no updates of its effective policy and keeps the last valid one, while every call still \
     succeeds. Mend the policies that AWS names; the account leaves the list once the merged document is valid again.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "invalid-effective-policy",
    symptom: Symptom::NoEffect,
    question: "Does AWS hold the merged policy of the account invalid?",
    rests_on: "ListAccountsWithInvalidEffectivePolicy and ListEffectivePolicyValidationErrors; without the list, AWS's answer \
               for the account itself.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/invalid-policy-alerts.html"],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let Some(invalid) = &patient.snapshot().invalid else { return unlisted(patient) };
    let accounts = || patient.alike.iter().flat_map(|alike| alike.accounts.iter());
    let cases = accounts().filter_map(|account| Some(case(patient, *account, invalid.get(account)?))).collect();
    Opinion::of(cases, Vec::new(), "AWS lists no account in question as having an invalid effective policy")
}

fn unlisted(patient: &Patient<'_>) -> Opinion {
    if !patient.alike.is_empty() && patient.alike.iter().all(|alike| alike.result.basis == Basis::Aws) {
        return Opinion::excluded("AWS answered for each account itself, so that what is in force is known");
    }
    Opinion::unknown(
        patient.missing(&[Part::InvalidPolicies], "the accounts with an invalid effective policy are not known"),
    )
}

fn case(patient: &Patient<'_>, account: AccountId, errors: &[InvalidPolicy]) -> Case {
    let one = |error: &InvalidPolicy| {
        let by = if error.policies.is_empty() { String::new() } else { format!(" from {}", named(&error.policies)) };
        let place = if error.path.is_empty() { String::new() } else { format!(" at `{}`", shown(&error.path)) };
        format!("{}{place}{by}: {}", shown(&error.code), shown(&error.message))
    };
    let errors: Vec<String> = errors.iter().map(one).collect();
    let why = if errors.is_empty() { String::new() } else { format!(" ({})", errors.join("; ")) };
    Case {
        subjects: vec![Subject::Account(account)],
        observation: format!("AWS lists its effective policy as invalid{why}"),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[("ACCOUNT", &account.to_string())]),
        intent: None,
    }
}
