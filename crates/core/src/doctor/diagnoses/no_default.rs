//! `no-default`: the policies on the way name other services, and not `default`.

use std::collections::BTreeSet;

use super::{
    Alike, Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, about_accounts, keys, named, steps_backwards,
};
use crate::check::{Key, ServiceVerdict};
use crate::policy::{Effect, State};

const NEXT: &[&str] = &["optout explain ACCOUNT SERVICE FROM", "optout plan INTENT FROM"];
const CONCLUSION: &str = "A policy covers the services that it names. `default` stands for all, those that AWS adds later too; a \
     document without it leaves every other service as AWS has it: content may be used.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "no-default",
    symptom: Symptom::NoEffect,
    question: "Do the policies on the way set other services only, and no `default`?",
    rests_on: "DescribePolicy of each policy on the way: something is assigned, and neither the service nor `default` is.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html",
    ],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let excluded = "what is not opted out is not for want of `default` in a policy on the way";
    about_accounts(patient, excluded, |alike, state| Ok(case(patient, alike, state).into_iter().collect()))
}

fn case(patient: &Patient<'_>, alike: &Alike<'_>, state: &State) -> Option<Case> {
    let bare: Vec<Key> = patient.with(alike, ServiceVerdict::NotOptedOut);
    let unset = |name: &str| steps_backwards(state, name).next().is_none();
    let left: Vec<Key> = bare.into_iter().filter(|key| unset(patient.name(*key)) && unset("default")).collect();
    let first = left.iter().copied().find(|key| *key != Key::DEFAULT).or_else(|| left.first().copied())?;
    let (set, policies) = assigned(patient, state);
    if set.is_empty() {
        return None;
    }
    Some(Case {
        subjects: alike.subjects(),
        observation: format!(
            "{} on the way set {}; neither `default` nor {} is set",
            named(&policies),
            named(&set),
            keys(patient, &left)
        ),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[("ACCOUNT", &alike.first()), ("SERVICE", patient.name(first))]),
        intent: None,
    })
}

/// The services that are assigned something on the way, and the policies that do it.
fn assigned(patient: &Patient<'_>, state: &State) -> (Vec<String>, BTreeSet<String>) {
    let (mut set, mut policies) = (Vec::new(), BTreeSet::new());
    for (_, name) in patient.assessment.keys.iter() {
        let applied = steps_backwards(state, name).filter(|step| step.effect == Effect::Applied);
        let by: Vec<String> = applied.map(|step| step.policy.to_string()).collect();
        if !by.is_empty() {
            set.push(name.to_owned());
            policies.extend(by);
        }
    }
    (set, policies)
}
