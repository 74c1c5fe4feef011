//! The table of diagnoses, run: what applies, what is excluded, what could not be told, and what to make of it.

use super::{Asked, Complaint, Diagnosis, Ground, Missing, Opinion, Patient, Symptom, diagnoses};
use crate::check::{Assessment, Decision};
use crate::org::{Membership, PolicyTypeState};

/// What a diagnosis came to, in a word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Standing {
    /// It applies.
    Applies,
    /// It could not be told.
    Unknown,
    /// It does not apply, for certain.
    Excluded,
    /// Nobody asked for it.
    NotExamined,
}

impl Standing {
    /// The word used everywhere.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Applies => "applies",
            Self::Unknown => "unknown",
            Self::Excluded => "excluded",
            Self::NotExamined => "not-examined",
        }
    }
}

/// Everything that was found.
#[derive(Debug)]
pub struct Examination<'a> {
    /// Who was examined.
    pub patient: Patient<'a>,
    /// Every diagnosis of the table, in its order; `None` where nobody asked for it.
    pub opinions: Vec<(&'static Diagnosis, Option<Opinion>)>,
    /// What to make of it: it fails where a diagnosis applies.
    pub decision: Decision,
}

/// Examines.
#[must_use]
pub fn examine<'a>(assessment: &'a Assessment<'a>, complaint: Complaint<'a>) -> Examination<'a> {
    let patient = Patient::new(assessment, complaint);
    let opinion = |diagnosis: &&'static Diagnosis| (*diagnosis, opinion(diagnosis, &patient));
    let opinions: Vec<_> = diagnoses::ALL.iter().map(opinion).collect();
    let decision = decide(&patient, &opinions);
    Examination { patient, opinions, decision }
}

impl Examination<'_> {
    /// The diagnoses of a standing, with what each came to.
    pub fn with(&self, standing: Standing) -> impl Iterator<Item = (&'static Diagnosis, &Opinion)> {
        let looked_at = self.opinions.iter().filter_map(|(diagnosis, opinion)| Some((*diagnosis, opinion.as_ref()?)));
        looked_at.filter(move |(_, opinion)| self::standing(Some(opinion)) == standing)
    }

    /// The diagnoses that nobody asked for.
    pub fn not_examined(&self) -> impl Iterator<Item = &'static Diagnosis> {
        self.opinions.iter().filter(|(_, opinion)| opinion.is_none()).map(|(diagnosis, _)| *diagnosis)
    }

    /// What is missing, each once, with the diagnoses that needed it.
    #[must_use]
    pub fn missing(&self) -> Vec<(&Missing, Vec<&'static str>)> {
        let mut all: Vec<(&Missing, Vec<&'static str>)> = Vec::new();
        for (diagnosis, opinion) in &self.opinions {
            for missing in opinion.iter().flat_map(|opinion| &opinion.missing) {
                match all.iter_mut().find(|(known, _)| *known == missing) {
                    Some((_, needed)) => needed.push(diagnosis.id),
                    None => all.push((missing, vec![diagnosis.id])),
                }
            }
        }
        all
    }
}

/// What a diagnosis came to.
#[must_use]
pub(super) fn standing(opinion: Option<&Opinion>) -> Standing {
    match opinion {
        None => Standing::NotExamined,
        Some(opinion) if !opinion.cases.is_empty() => Standing::Applies,
        Some(opinion) if !opinion.missing.is_empty() => Standing::Unknown,
        Some(_) => Standing::Excluded,
    }
}

fn opinion(diagnosis: &Diagnosis, patient: &Patient<'_>) -> Option<Opinion> {
    is_asked_for(diagnosis, &patient.complaint).then(|| match no_ground(diagnosis.ground, patient) {
        Some(observation) => Opinion::excluded(observation),
        None => (diagnosis.look)(patient),
    })
}

/// How a service behaves is looked into only where somebody asks: every opt-out changes something.
fn is_asked_for(diagnosis: &Diagnosis, complaint: &Complaint<'_>) -> bool {
    if let Some(Asked::NotReached(_)) = complaint.service {
        return diagnosis.id == diagnoses::NOT_REACHED;
    }
    match (complaint.symptom, diagnosis.symptom) {
        (Some(symptom), of) => symptom == of,
        (None, Symptom::BehavesDifferently) => complaint.service.is_some(),
        (None, Symptom::TypeNotEnabled | Symptom::NoEffect) => true,
    }
}

/// The observation by which the question does not even arise.
fn no_ground(ground: Ground, patient: &Patient<'_>) -> Option<String> {
    match ground {
        Ground::Nothing => None,
        Ground::Organization => without_policies(patient),
        Ground::Enabled => without_policies(patient).or_else(|| not_enabled(patient)),
    }
}

fn without_policies(patient: &Patient<'_>) -> Option<String> {
    let snapshot = patient.snapshot();
    if snapshot.membership == Some(Membership::None) {
        return Some("the account is in no organization".to_owned());
    }
    if snapshot.partition.has_policy_type() == Some(false) {
        return Some(format!("the partition `{}` has no such policies", snapshot.partition.as_str()));
    }
    let billing_only = snapshot.organization().is_some_and(|organization| !organization.all_features);
    billing_only.then(|| "the organization has consolidated billing only, and so no policies".to_owned())
}

fn not_enabled(patient: &Patient<'_>) -> Option<String> {
    match patient.snapshot().policy_type_state()? {
        Some(PolicyTypeState::Enabled) => None,
        Some(state) => Some(format!("the policy type has the status `{}`", state.as_str())),
        None => Some("the policy type is off, so that no policy is in force".to_owned()),
    }
}

/// A known cause beats what is not known. Where AWS may use content and nothing explains it, that is not known either.
fn decide(patient: &Patient<'_>, opinions: &[(&'static Diagnosis, Option<Opinion>)]) -> Decision {
    let standings = || opinions.iter().map(|(_, opinion)| standing(opinion.as_ref()));
    let unexplained = patient.complaint.symptom.is_none() && patient.alike.iter().any(|alike| patient.ails(alike));
    if standings().any(|standing| standing == Standing::Applies) {
        Decision::Fails
    } else if unexplained || standings().any(|standing| standing == Standing::Unknown) {
        Decision::Undetermined
    } else {
        Decision::Holds
    }
}
