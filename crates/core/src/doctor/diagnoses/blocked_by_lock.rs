//! `blocked-by-lock`: a policy further up forbids what this one says, and it is passed over in silence.

use super::{
    Alike, Case, Confidence, Diagnosis, Ground, Missing, Opinion, Patient, Symptom, about_accounts, named, step_text,
    steps_backwards,
};
use crate::check::{Key, Setting};
use crate::doctor::patient::narrow_exception;
use crate::policy::{Cause, Effect, Rule, State, Step};
use crate::source::shown;

const NEXT: &[&str] = &["optout explain ACCOUNT SERVICE FROM", "optout plan INTENT FROM"];
const CONCLUSION: &str = "AWS accepts such a policy and passes over what is forbidden, without an error. A level below can never widen \
     what is allowed: only the policy further up can open it. If the lock is on purpose, detach the policy that does nothing; if \
     the change is, declare it as an exception, and the plan opens exactly its way.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "blocked-by-lock",
    symptom: Symptom::NoEffect,
    question: "Does a lock further up forbid what the policy says?",
    rests_on: "DescribePolicy of each policy on the way: `@@operators_allowed_for_child_policies` of one further up forbids an \
               `@@assign` below, and what holds is another value.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/policy-operators.html",
        "docs/inheritance.md, rules 1 and 10 to 14",
    ],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let excluded = "nothing in question that a policy on the way says is forbidden further up";
    about_accounts(patient, excluded, |alike, state| cases(patient, alike, state))
}

fn cases(patient: &Patient<'_>, alike: &Alike<'_>, state: &State) -> Result<Vec<Case>, Missing> {
    let mut cases = Vec::new();
    for key in patient.deciding_keys(alike) {
        let name = patient.name(key);
        for step in steps_backwards(state, name).filter(|step| makes_a_difference(patient, alike, key, step)) {
            match &step.effect {
                Effect::Blocked(cause) => cases.push(case(patient, alike, name, step, cause)),
                Effect::Undetermined(cause) if !patient.is_well(alike) => return Err(undetermined(name, step, cause)),
                Effect::Undetermined(_)
                | Effect::Applied
                | Effect::Nothing
                | Effect::LostTo(_)
                | Effect::DependsOnOrder(_) => {}
            }
        }
    }
    Ok(cases)
}

/// Whether the step says something else than what holds.
fn makes_a_difference(patient: &Patient<'_>, alike: &Alike<'_>, key: Key, step: &Step) -> bool {
    match (patient.assessment.setting(alike.result, key), step.value.as_str()) {
        (Some(Setting::OptOut), Some("optOut")) | (Some(Setting::OptIn), Some("optIn")) => false,
        (_, _) => true,
    }
}

fn undetermined(name: &str, step: &Step, cause: &Cause) -> Missing {
    Missing::because(format!("{}; whether that counts is not decided: {}", step_text(step, name), cause.rule.text()))
}

fn case(patient: &Patient<'_>, alike: &Alike<'_>, name: &str, step: &Step, cause: &Cause) -> Case {
    let limits = cause
        .limits
        .iter()
        .map(|limit| format!("`{}` at {} allows {}", shown(&limit.policy), limit.target, limit.controls));
    let place = if cause.path.is_empty() { named(["the outermost level"]) } else { named([&cause.path]) };
    let opts_in = step.value.as_str() == Some("optIn");
    Case {
        subjects: alike.subjects(),
        observation: format!(
            "{}, and that is passed over: at {place} {} (rule: {})",
            step_text(step, name),
            limits.collect::<Vec<_>>().join(", "),
            cause.rule.text()
        ),
        conclusion: CONCLUSION.to_owned(),
        confidence: confidence(alike, cause.rule),
        next: patient.next(NEXT, &[("ACCOUNT", &alike.first()), ("SERVICE", name)]),
        intent: opts_in.then(|| narrow_exception(patient.assessment.at, name, &step.target)),
    }
}

/// That a container's list keeps children from adding keys is AWS's documentation alone, unless its answer agrees.
fn confidence(alike: &Alike<'_>, rule: Rule) -> Confidence {
    match rule {
        Rule::KeyMayNotBeAdded | Rule::NamedButEmpty if !alike.result.basis.is_aws() => Confidence::Likely,
        Rule::KeyMayNotBeAdded
        | Rule::NamedButEmpty
        | Rule::FirstAssignWins
        | Rule::AppendAfterAssign
        | Rule::RemoveLast
        | Rule::SettingLocked => Confidence::Certain,
    }
}
