//! `attachments-lost`: the type was disabled and enabled again, which attaches nothing.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom, counted, no_list, organization};
use crate::org::{Part, PolicyTypeState};

const NEXT: &[&str] = &[
    "aws cloudtrail lookup-events --region us-east-1 --lookup-attributes AttributeKey=EventName,AttributeValue=DisablePolicyType",
    "optout plan INTENT FROM",
];
const CONCLUSION: &str = "Disabling the type detaches every policy of it everywhere and deletes none; enabling it again brings no \
     attachment back. The policies look as before and do nothing until each is attached again. Policies that were never attached \
     look the same: the events of the last 90 days tell.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "attachments-lost",
    symptom: Symptom::NoEffect,
    question: "Was the type disabled and enabled again?",
    rests_on: "ListPolicies and ListTargetsForPolicy: policies are there, and not one of them is attached to anything.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &[
        "https://docs.aws.amazon.com/organizations/latest/userguide/disable-policy-type.html",
        "recorded answers of AWS (2026-09): after enabling again the effective policy was empty",
    ],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    let Some(policies) = patient.policies() else { return no_list(patient) };
    let Some(attachments) = patient.attachments.as_ref().filter(|it| it.is_whole()) else {
        let parts = [Part::Attachments, Part::Policies];
        return match patient.well() {
            Some(well) => Opinion::excluded(well),
            None => Opinion::unknown(patient.missing(&parts, "where policies are attached could not be read")),
        };
    };
    let attached: usize = attachments.iter().map(|(_, list)| list.len()).sum();
    if attached > 0 {
        return Opinion::excluded(format!("{} there", counted(attached, "attachment is", "attachments are")));
    }
    if policies.is_empty() {
        return Opinion::excluded("there is no policy that could have lost an attachment");
    }
    let off = patient.snapshot().policy_type_state() != Some(Some(&PolicyTypeState::Enabled));
    let state = if off { "not enabled" } else { "enabled" };
    let policies = counted(policies.len(), "opt-out policy is", "opt-out policies are");
    Opinion::applies(Case {
        subjects: organization(patient),
        observation: format!("the type is {state}, {policies} there, and nothing is attached anywhere"),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Possible,
        next: patient.next(NEXT, &[]),
        intent: None,
    })
}
