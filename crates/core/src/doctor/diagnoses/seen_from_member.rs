//! `seen-from-member`: these credentials may ask for their own account only.

use super::{Case, Confidence, Diagnosis, Ground, Opinion, Patient, Symptom};
use crate::org::Part;

const NEXT: &[&str] = &["optout doctor --account ACCOUNT --profile MANAGEMENT"];
const CONCLUSION: &str = "A member account cannot see the policy types, nor any policy: that it sees none says nothing. What counts \
     for it is AWS's own answer, and by that AWS may use its content. The cause shows from the management account or from a \
     delegated administrator of any service.";

/// The diagnosis.
pub(super) const DIAGNOSIS: Diagnosis = Diagnosis {
    id: "seen-from-member",
    symptom: Symptom::TypeNotEnabled,
    question: "Is it only these credentials that cannot see it?",
    rests_on: "AWS denies ListRoots, ListAccounts and ListPolicies to an ordinary member account, and answers \
               DescribeEffectivePolicy for itself.",
    conclusion: CONCLUSION,
    next: NEXT,
    sources: &["https://docs.aws.amazon.com/organizations/latest/APIReference/API_DescribeEffectivePolicy.html"],
    ground: Ground::Organization,
    look,
};

fn look(patient: &Patient<'_>) -> Opinion {
    if !patient.is_seen_by_member() {
        return Opinion::excluded("these credentials see more than their own account");
    }
    if let Some(well) = patient.well() {
        return Opinion::excluded(format!("these credentials see their own account only, and {well}"));
    }
    let Some(own) = patient.alike.iter().find(|alike| patient.ails(alike) && alike.result.basis.is_aws()) else {
        let missing = patient.missing(&[Part::EffectivePolicy], "AWS's own answer for the account is not known");
        return Opinion::unknown(missing);
    };
    Opinion::applies(Case {
        subjects: own.subjects(),
        observation: "AWS denies these credentials everything but their own account, and says that it is not opted out"
            .to_owned(),
        conclusion: CONCLUSION.to_owned(),
        confidence: Confidence::Certain,
        next: patient.next(NEXT, &[("ACCOUNT", &own.first())]),
        intent: None,
    })
}
