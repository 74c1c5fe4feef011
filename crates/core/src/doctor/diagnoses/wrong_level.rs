//! `wrong-level`: policies are attached, and not on the way to the account.

use super::{Alike, Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, about_accounts, keys, named};
use crate::check::ServiceVerdict;
use crate::org::{AccountId, Attachments, TargetId};

const NEXT: &[&str] =
    &["optout simulate attach POLICY ROOT FROM", "optout explain ACCOUNT FROM", "optout plan INTENT FROM"];
const CONCLUSION: &str = "A policy reaches what lies below its target, and nothing beside it. Attached to the root it covers every \
     account, new ones and the management account too.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "wrong-level",
    symptom: Symptom::NoEffect,
    question: "Is the policy attached at the wrong level, beside the account?",
    rests_on: "ListTargetsForPolicy and the place of the account: no opt-out policy lies on the way from the root to it, and \
               one lies elsewhere.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &["https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_inheritance_mgmt.html"],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let excluded = "every account in question that is not opted out has a policy on its way";
    let Some(attachments) = patient.attachments.as_ref() else {
        return about_accounts(patient, excluded, |_, _| Ok(Vec::new()));
    };
    about_accounts(patient, excluded, |alike, _| Ok(case(patient, alike, attachments).into_iter().collect()))
}

fn case(patient: &Patient<'_>, alike: &Alike<'_>, attachments: &Attachments<'_>) -> Option<Case> {
    let bare = patient.with(alike, ServiceVerdict::NotOptedOut);
    if bare.is_empty() || !alike.stops.is_empty() {
        return None;
    }
    let (targets, policy) = elsewhere(attachments)?;
    let what = if patient.key().is_some() { keys(patient, &bare) } else { "anything".to_owned() };
    Some(Case {
        subjects: alike.subjects(),
        observation: format!(
            "nothing on the way from the root sets {what}; opt-out policies are attached to {}{}",
            named(&targets),
            only_management(patient, &targets)
        ),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[("POLICY", &policy), ("ACCOUNT", &alike.first())]),
        intent: None,
    })
}

/// The targets with a policy, and one such policy.
fn elsewhere(attachments: &Attachments<'_>) -> Option<(Vec<TargetId>, String)> {
    let targets: Vec<TargetId> = attachments.iter().map(|(target, _)| target.clone()).collect();
    let (_, list) = attachments.iter().next()?;
    Some((targets, list.first()?.policy.to_string()))
}

/// A template that attaches to `AWS::AccountId` ends there.
fn only_management(patient: &Patient<'_>, targets: &[TargetId]) -> &'static str {
    let management: Option<AccountId> = patient.snapshot().organization().map(|it| it.management_account);
    match targets {
        [TargetId::Account(only)] if Some(*only) == management => ", the management account itself",
        _ => "",
    }
}
