//! `still-propagating`: AWS's answer is not yet what the attached policies mean.

use jiff::{SignedDuration, Timestamp};

use super::{Alike, Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, keys};
use crate::check::{Basis, Key, Setting};
use crate::org::TargetId;

const NEXT: &[&str] = &[
    "optout explain ACCOUNT SERVICE FROM",
    "aws organizations describe-effective-policy --policy-type AISERVICES_OPT_OUT_POLICY --target-id ACCOUNT",
];
const CONCLUSION: &str = "AWS's answer counts, and it is not (yet) what the attached policies mean. Changes were seen to arrive within 2 \
     to 6 seconds, and a new timestamp with the old content in between: compare the content, not LastUpdatedTimestamp, and ask \
     again for half a minute.";
const OLD: &str = "AWS's answer counts, and it is not what the attached policies mean. The last attachment is long ago, changes were \
     seen to arrive within seconds: look for an update of a document at that time, else report the difference.";

/// How long after a change AWS's answer may lag: several times what was observed.
const LAG: SignedDuration = SignedDuration::from_mins(1);

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "still-propagating",
    symptom: Symptom::NoEffect,
    question: "Is the change still on its way?",
    rests_on: "DescribeEffectivePolicy, compared by content with what the attached policies mean; recorded AttachPolicy events \
               say how long ago the last one was.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "recorded answers of AWS (2026-09, one member account, us-east-1, tag policies): new content after 2.5 to 5.3 s",
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_effective.html",
    ],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let (mut cases, mut missing) = (Vec::new(), Vec::new());
    for alike in &patient.alike {
        if alike.result.basis.is_aws() {
            cases.extend(case(patient, alike));
        } else if !patient.assessment.computed_counts {
            let parts = [crate::org::Part::EffectivePolicy];
            missing.push(patient.missing(&parts, "AWS's own answer is not known, so nothing can be compared"));
        }
    }
    Opinion::of(cases, missing, "AWS's answers are what the attached policies mean, or these leave it open")
}

fn case(patient: &Patient<'_>, alike: &Alike<'_>) -> Option<Case> {
    let (aws, ours) = (patient.assessment.reading(alike.result)?, patient.assessment.group(alike.result)?);
    if ours.uncomputed.is_some() {
        return None;
    }
    let differs = |key: &Key| match (ours.reading.get(*key).setting, aws.get(*key).setting) {
        (None, _) | (_, None | Some(Setting::Unrecognised)) => false,
        (ours, theirs) => ours != theirs,
    };
    let different: Vec<Key> = patient.keys().filter(differs).collect();
    let first = *different.first()?;
    let word = |setting: Option<Setting>| setting.map_or("unknown", Setting::as_str);
    let (says, means) = (word(aws.get(first).setting), word(ours.reading.get(first).setting));
    let age = age(patient, alike);
    let (confidence, conclusion) = judged(age);
    Some(Case {
        subjects: alike.subjects(),
        observation: format!(
            "AWS says {says} for {}, the attached policies mean {means}{}",
            keys(patient, &different),
            age.map(|age| format!("; the last recorded attachment was {} s before AWS was asked", age.as_secs()))
                .unwrap_or_default()
        ),
        conclusion: conclusion.to_owned(),
        confidence,
        next: patient.next(NEXT, &[("ACCOUNT", &alike.first()), ("SERVICE", patient.name(first))]),
        intent: None,
    })
}

fn judged(age: Option<SignedDuration>) -> (Confidence, &'static str) {
    match age {
        Some(age) if age <= LAG => (Confidence::Likely, CONCLUSION),
        Some(_) => (Confidence::Possible, OLD),
        None => (Confidence::Possible, CONCLUSION),
    }
}

/// How long before AWS's answer the last attachment on the way was recorded.
fn age(patient: &Patient<'_>, alike: &Alike<'_>) -> Option<SignedDuration> {
    let asked = match alike.result.basis {
        Basis::Aws => patient.snapshot().answers.get(&alike.result.id)?.asked,
        Basis::AwsChain(other) => patient.snapshot().answers.get(&other)?.asked,
        Basis::Computed => return None,
    };
    let last =
        alike.stops.iter().filter_map(|stop| last_attached(patient, stop)).filter(|time| *time <= asked).max()?;
    Some(asked.duration_since(last))
}

fn last_attached(patient: &Patient<'_>, target: &TargetId) -> Option<Timestamp> {
    patient.attachments.as_ref()?.at(target)?.iter().filter_map(|attachment| attachment.attached?.at()).max()
}
