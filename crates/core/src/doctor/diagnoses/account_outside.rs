//! `account-outside`: the account that is asked about is not in this organization.

use super::{Case, Confidence, Diagnosis, Ground, Missing, Opinion, Patient, Symptom};
use crate::check::Subject;
use crate::org::Part;

const NEXT: &[&str] = &["aws organizations describe-organization", "aws organizations list-accounts"];
const CONCLUSION: &str = "No policy of this organization reaches an account outside of it. Which organization it is in, if any, its own \
     credentials tell (the first command). If it belongs here, invite it: it joins at the root and takes on what is attached there.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "account-outside",
    symptom: Symptom::NoEffect,
    question: "Is the account in this organization?",
    rests_on: "ListAccounts, read to its last page; AWS answers TargetNotFoundException for an account that is not in it.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_accounts_invites.html"],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let Some(account) = patient.complaint.account else {
        return Opinion::excluded("no single account is asked about");
    };
    if patient.assessment.result(account).is_some() {
        return Opinion::excluded(format!("{account} is in the organization"));
    }
    if patient.is_seen_by_member() {
        let own = "these credentials may ask for their own account only";
        return Opinion::unknown(patient.missing(&[Part::Accounts], own));
    }
    match &patient.snapshot().accounts {
        Some(accounts) if patient.assessment.whole => Opinion::applies(Case {
            subjects: vec![Subject::Account(account)],
            observation: format!("ListAccounts lists {} accounts, and {account} is not among them", accounts.len()),
            conclusion: CONCLUSION.to_owned(),
            confidence: Confidence::Certain,
            next: patient.next(NEXT, &[]),
            intent: None,
        }),
        Some(_) => Opinion::unknown(Missing::because("not every account could be listed")),
        None => Opinion::unknown(patient.missing(&[Part::Accounts], "the accounts could not be listed")),
    }
}
