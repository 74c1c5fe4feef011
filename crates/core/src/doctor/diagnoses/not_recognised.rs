//! `not-recognised`: AWS's answer says something that this program does not know.

use super::{Diagnosis, Ground, Missing, Opinion, Patient, Symptom, keys};
use crate::check::{Key, Setting};
use crate::source::shown;

const NEXT: &[&str] = &[
    "aws organizations describe-effective-policy --policy-type AISERVICES_OPT_OUT_POLICY --target-id ACCOUNT",
    "optout verify FROM",
];

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "not-recognised",
    symptom: Symptom::NoEffect,
    question: "Does AWS answer something that is not understood here?",
    rests_on: "DescribeEffectivePolicy: a value other than optOut and optIn, or content that is no document.",
    conclusion: "What it means is not known, and it is never taken for an opt-out. Update optout.",
    next: NEXT,
    sources: &["https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html"],
    ground: Ground::Enabled,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let mut missing = Vec::new();
    for alike in &patient.alike {
        let Some(reading) = patient.assessment.reading(alike.result) else { continue };
        let strange = |key: &Key| reading.get(*key).setting == Some(Setting::Unrecognised);
        let strange: Vec<Key> = patient.keys().filter(strange).collect();
        if let Some(why) = reading.why_malformed() {
            missing.push(Missing::because(format!("AWS's answer for {}: {}", alike.first(), shown(why))));
        } else if !strange.is_empty() {
            let names = keys(patient, &strange);
            missing
                .push(Missing::because(format!("AWS's answer for {} has an unknown value for {names}", alike.first())));
        }
    }
    Opinion::of(Vec::new(), missing, "every answer of AWS is understood")
}
