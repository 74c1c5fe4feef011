//! `account-not-in-use`: the account is suspended, closed, or not active yet.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom};
use crate::check::Subject;
use crate::source::shown;

const NEXT: &[&str] = &["aws organizations describe-account --account-id ACCOUNT"];
const CONCLUSION: &str = "An account that is suspended, closed or not active yet need not get updates of its effective policy, and \
     nobody works in it: it counts for no verdict. A closed one stays listed for 90 days.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "account-not-in-use",
    symptom: Symptom::NoEffect,
    question: "Is the account suspended, closed, or not active yet?",
    rests_on: "ListAccounts: State of the account (Status, which AWS retires, only where there is no State).",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_account_state.html"],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let Some(id) = patient.complaint.account else {
        return Opinion::excluded("accounts that are not in use are not counted, and explain nothing about others");
    };
    let Some(account) = patient.assessment.listed_account(id) else {
        return Opinion::excluded(format!("no state of {id} was read"));
    };
    let state = shown(account.state.as_str());
    if account.state.is_counted() {
        return Opinion::excluded(format!("the state of {id} is {state}"));
    }
    Opinion::applies(Case {
        subjects: vec![Subject::Account(id)],
        observation: format!("the state of {id} is {state}"),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[("ACCOUNT", &id.to_string())]),
        intent: None,
    })
}
