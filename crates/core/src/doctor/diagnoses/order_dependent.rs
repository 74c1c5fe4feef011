//! `order-dependent`: policies at one target disagree, and the one attached first won.

use std::collections::BTreeSet;

use super::{
    Alike, Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, about_accounts, counted, named,
    steps_backwards,
};
use crate::check::Key;
use crate::policy::{Effect, State, Step};
use crate::source::shown;

const NEXT: &[&str] =
    &["optout explain ACCOUNT SERVICE FROM", "aws organizations detach-policy --policy-id POLICY --target-id TARGET"];
const CONCLUSION: &str = "Of several `@@assign` at one target the one that was attached first counts, and the others do nothing. \
     Attaching that one again moves it to the end and turns the result round. Keep one policy at the target that assigns it.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "order-dependent",
    symptom: Symptom::NoEffect,
    question: "Do policies at one target disagree, so that the order of attachment decided?",
    rests_on: "DescribePolicy of the policies of one target: they assign different values to one setting; AWS's answer, or \
               recorded AttachPolicy events, tell which one counts.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/inheritance-examples.html#multiple-same-node-values",
        "docs/inheritance.md, rule 2",
    ],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let excluded =
        "no two policies at one target assign different values to a setting in question, with a known winner";
    about_accounts(patient, excluded, |alike, state| {
        let settled = disputes(patient, alike, state).into_iter().filter(|dispute| dispute.winner.is_some());
        Ok(settled.map(|dispute| case(patient, alike, &dispute)).collect())
    })
}

/// Policies at one target that disagree about settings.
pub(super) struct Dispute {
    /// The target.
    pub(super) target: String,
    /// The settings' keys.
    pub(super) names: Vec<String>,
    /// The policies, in order.
    pub(super) policies: BTreeSet<String>,
    /// The value that holds, where AWS or recorded events tell, and who tells.
    pub(super) winner: Option<(String, &'static str)>,
}

/// The disputes that decide settings in question, those with the same policies at the same target together.
pub(super) fn disputes(patient: &Patient<'_>, alike: &Alike<'_>, state: &State) -> Vec<Dispute> {
    let mut all: Vec<Dispute> = Vec::new();
    for key in patient.deciding_keys(alike) {
        let Some(dispute) = dispute(patient, alike, state, key) else { continue };
        let same = |it: &&mut Dispute| {
            (&it.target, &it.policies, &it.winner) == (&dispute.target, &dispute.policies, &dispute.winner)
        };
        match all.iter_mut().find(same) {
            Some(known) => known.names.extend(dispute.names),
            None => all.push(dispute),
        }
    }
    all
}

/// What decides the key's setting, where that is a dispute: the last level that says anything which counts.
fn dispute(patient: &Patient<'_>, alike: &Alike<'_>, state: &State, key: Key) -> Option<Dispute> {
    let name = patient.name(key);
    let counts = |step: &&Step| match &step.effect {
        Effect::Applied | Effect::LostTo(_) | Effect::DependsOnOrder(_) => true,
        Effect::Nothing | Effect::Blocked(_) | Effect::Undetermined(_) => false,
    };
    let mut steps = steps_backwards(state, name).filter(counts).peekable();
    let level = steps.peek()?.level;
    let here: Vec<&Step> = steps.take_while(|step| step.level == level).collect();
    let first = here.first()?;
    if here.iter().all(|step| step.value == first.value) {
        return None;
    }
    let open = here.iter().any(|step| matches!(step.effect, Effect::DependsOnOrder(_)));
    Some(Dispute {
        target: first.target.to_string(),
        names: vec![name.to_owned()],
        policies: here.iter().map(|step| step.policy.to_string()).collect(),
        winner: if open { by_aws(patient, alike, key) } else { by_events(&here) },
    })
}

fn by_aws(patient: &Patient<'_>, alike: &Alike<'_>, key: Key) -> Option<(String, &'static str)> {
    let said = patient.assessment.reading(alike.result).filter(|_| alike.result.basis.is_aws())?.get(key);
    said.setting.filter(|_| said.own).map(|setting| (setting.as_str().to_owned(), "AWS answers"))
}

fn by_events(here: &[&Step]) -> Option<(String, &'static str)> {
    let won = here.iter().find(|step| step.effect == Effect::Applied)?;
    Some((won.value.as_str().unwrap_or_default().to_owned(), "by recorded events the first one assigns"))
}

fn case(patient: &Patient<'_>, alike: &Alike<'_>, dispute: &Dispute) -> Case {
    let (value, who) = dispute.winner.clone().unwrap_or_default();
    let several = counted(dispute.policies.len(), "policy", "policies");
    let last = dispute.policies.last().cloned().unwrap_or_default();
    let words = [
        ("ACCOUNT", alike.first()),
        ("SERVICE", dispute.names.first().cloned().unwrap_or_default()),
        ("TARGET", dispute.target.clone()),
        ("POLICY", if dispute.policies.len() == 1 { last } else { "POLICY".to_owned() }),
    ];
    Case {
        subjects: alike.subjects(),
        observation: format!(
            "{several} at {}, {}, assign different values to {}; {who} {}",
            dispute.target,
            named(&dispute.policies),
            named(&dispute.names),
            shown(&value)
        ),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &words.each_ref().map(|(word, value)| (*word, value.as_str()))),
        intent: None,
    }
}
