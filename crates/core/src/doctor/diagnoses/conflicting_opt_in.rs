//! `conflicting-opt-in`: a policy, mostly one further down, opts back in.

use super::{
    Alike, Case, Confidence, Diagnosis, Ground, Missing, Opinion, Patient, Symptom, about_accounts, decider, step_text,
    steps_backwards,
};
use crate::check::{Key, ServiceVerdict, Standing};
use crate::org::Part;
use crate::policy::{Effect, State, Step};

const NEXT: &[&str] =
    &["optout explain ACCOUNT SERVICE FROM", "optout simulate detach POLICY TARGET FROM", "optout plan INTENT FROM"];
const CONCLUSION: &str = "The policy that opts in counts: a level below overrides what is above it as far as it is not locked, and a \
     service that is named overrides `default`. Detach it or change it, declare it as an exception, or lock further up.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "conflicting-opt-in",
    symptom: Symptom::NoEffect,
    question: "Does another policy, attached at the same place or further down, opt back in?",
    rests_on: "DescribePolicy of each policy on the way, merged level by level: the last `@@assign` that counts says optIn.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html example 2",
        "docs/inheritance.md, rules 1 and 5",
    ],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let mut opinion = about_accounts(patient, &excluded(patient), |alike, state| cases(patient, alike, state));
    let opted_in = |alike: &&super::Alike<'_>| !patient.with(alike, ServiceVerdict::OptedIn).is_empty();
    if opinion.cases.is_empty() && opinion.missing.is_empty() && patient.alike.iter().any(|alike| opted_in(&alike)) {
        opinion.missing.push(Missing::because("which policy opts in is not known"));
    }
    opinion
}

fn excluded(patient: &Patient<'_>) -> String {
    let declared: usize = patient
        .alike
        .iter()
        .map(|alike| patient.with(alike, ServiceVerdict::Excepted).len().min(1) * alike.accounts.len())
        .sum();
    match declared {
        0 => "no service in question is opted in".to_owned(),
        some => format!("what is opted in (at {some} of the accounts) the intent declares as an exception"),
    }
}

fn cases(patient: &Patient<'_>, alike: &Alike<'_>, state: &State) -> Result<Vec<Case>, Missing> {
    let mut told: Vec<String> = Vec::new();
    let mut cases = Vec::new();
    for key in patient.with(alike, ServiceVerdict::OptedIn) {
        let own = patient.assessment.reading(alike.result).is_some_and(|reading| reading.get(key).own);
        let name = if own { patient.name(key) } else { "default" };
        if told.iter().any(|known| known == name) {
            continue;
        }
        told.push(name.to_owned());
        // Where no step opts in, AWS's answer and the attached policies differ: another diagnosis.
        let step = decider(state, name).filter(|step| step.value.as_str() == Some("optIn"));
        cases.extend(step.map(|step| case(patient, alike, state, key, name, step)));
    }
    if cases.is_empty() && !told.is_empty() && !patient.unread(&[Part::PolicyContent]).is_empty() {
        return Err(patient.missing(&[Part::PolicyContent], "which policy opts in could not be read"));
    }
    Ok(cases)
}

fn case(patient: &Patient<'_>, alike: &Alike<'_>, state: &State, key: Key, name: &str, step: &Step) -> Case {
    let against = overruled(state, name, step).map(|(step, name)| format!("; {}", step_text(step, name)));
    let standing = match patient.assessment.standing(alike.result, key) {
        Standing::Expired => "; the exception that the intent had for it is over",
        Standing::Undeclared if patient.assessment.has_intent => "; the intent declares no exception for it",
        Standing::Undeclared | Standing::Allowed => "",
    };
    let words = [
        ("ACCOUNT", alike.first()),
        ("SERVICE", name.to_owned()),
        ("POLICY", step.policy.to_string()),
        ("TARGET", step.target.to_string()),
    ];
    Case {
        subjects: alike.subjects(),
        observation: format!("{}{}{standing}", step_text(step, name), against.unwrap_or_default()),
        conclusion: CONCLUSION.to_owned(),
        confidence: if alike.result.basis.is_aws() { Confidence::Certain } else { Confidence::Likely },
        next: patient.next(NEXT, &words.each_ref().map(|(word, value)| (*word, value.as_str()))),
        intent: None,
    }
}

/// The opt-out that is overruled: of the same key, else of `default`.
fn overruled<'s>(state: &'s State, name: &'s str, by: &Step) -> Option<(&'s Step, &'s str)> {
    let opts_out = |step: &&Step| step.effect == Effect::Applied && step.value.as_str() == Some("optOut");
    let before = steps_backwards(state, name).filter(|step| step.level < by.level).find(opts_out);
    let of_default = || steps_backwards(state, "default").find(opts_out).map(|step| (step, "default"));
    before.map(|step| (step, name)).or_else(of_default)
}
