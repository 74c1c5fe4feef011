//! `optout.doctor/1`: the examination for machines.

use serde::Serialize;

use super::examination::standing;
use super::{Asked, Case, Confidence, Diagnosis, Examination, Missing, Opinion, Symptom};
use crate::check::{Decision, Subject};

/// The newest form.
pub const FORMAT: &str = "optout.doctor/1";

/// The examination as indented JSON text.
#[must_use]
pub fn json(examination: &Examination<'_>) -> String {
    // INVARIANT: every map key below is a string, which is all that could make this fail.
    serde_json::to_string_pretty(&FileV1::of(examination)).unwrap_or_default() + "\n"
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FileV1<'a> {
    /// Always `optout.doctor/1`.
    format: &'static str,
    /// The organization; absent where there is none, or it could not be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    organization: Option<String>,
    /// When the organization was read (RFC 3339).
    taken: String,
    /// What was asked.
    complaint: ComplaintV1<'a>,
    /// `diagnosed` where a diagnosis applies, `undetermined` where none does and something is not known, else `nothing-found`.
    decision: &'static str,
    /// Every diagnosis, those that do not apply included.
    diagnoses: Vec<DiagnosisV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ComplaintV1<'a> {
    /// The account; absent for every counted one.
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<String>,
    /// The service; absent for all.
    #[serde(skip_serializing_if = "Option::is_none")]
    service: Option<&'a str>,
    /// The symptom; absent for all that can be looked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    symptom: Option<Symptom>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct DiagnosisV1<'a> {
    /// Its name.
    id: &'static str,
    /// `type-not-enabled`, `no-effect` or `behaves-differently`.
    #[cfg_attr(test, schemars(with = "String"))]
    symptom: Symptom,
    /// What is asked.
    question: &'static str,
    /// The observation it rests on.
    rests_on: &'static str,
    /// `applies`, `unknown`, `excluded` or `not-examined`.
    standing: &'static str,
    /// Where it applies.
    cases: Vec<CaseV1<'a>>,
    /// What would have been needed, for all or some.
    missing: Vec<MissingV1<'a>>,
    /// The observation that excludes it, for all that the cases and the missing ones do not name.
    #[serde(skip_serializing_if = "Option::is_none")]
    excluded_by: Option<&'a str>,
    /// Where the rule is known from.
    sources: &'static [&'static str],
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CaseV1<'a> {
    /// To whom it applies.
    subjects: Vec<SubjectV1>,
    /// What was observed.
    observation: &'a str,
    /// What follows.
    conclusion: &'a str,
    /// `certain`, `likely` or `possible`.
    #[cfg_attr(test, schemars(with = "String"))]
    confidence: Confidence,
    /// The commands to go on with.
    next: &'a [String],
    /// Lines for the intent.
    #[serde(skip_serializing_if = "Option::is_none")]
    intent: Option<&'a str>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SubjectV1 {
    /// `organization`, `root`, `organizational-unit`, `account`, `policy`.
    kind: &'static str,
    /// Its id.
    id: String,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct MissingV1<'a> {
    /// What, and why.
    reason: &'a str,
    /// The IAM action that would be needed.
    #[serde(skip_serializing_if = "Option::is_none")]
    permission: Option<&'a str>,
}

impl<'a> FileV1<'a> {
    fn of(examination: &'a Examination<'a>) -> Self {
        let snapshot = examination.patient.snapshot();
        let diagnosis = |(diagnosis, opinion): &'a (&'static Diagnosis, Option<Opinion>)| {
            DiagnosisV1::of(diagnosis, opinion.as_ref())
        };
        Self {
            format: FORMAT,
            organization: snapshot.organization().map(|it| it.id.to_string()),
            taken: snapshot.taken.to_string(),
            complaint: complaint(examination),
            decision: word(examination.decision),
            diagnoses: examination.opinions.iter().map(diagnosis).collect(),
        }
    }
}

fn complaint<'a>(examination: &'a Examination<'a>) -> ComplaintV1<'a> {
    let complaint = &examination.patient.complaint;
    let service = complaint.service.map(|asked| match asked {
        Asked::Key(key) => examination.patient.name(key),
        Asked::NotReached(service) => service.id.as_str(),
    });
    ComplaintV1 { account: complaint.account.map(|it| it.to_string()), service, symptom: complaint.symptom }
}

/// The decision in a word.
pub(super) const fn word(decision: Decision) -> &'static str {
    match decision {
        Decision::Fails => "diagnosed",
        Decision::Undetermined => "undetermined",
        Decision::Holds => "nothing-found",
    }
}

impl<'a> DiagnosisV1<'a> {
    fn of(diagnosis: &'static Diagnosis, opinion: Option<&'a Opinion>) -> Self {
        let cases = opinion.map(|opinion| opinion.cases.as_slice()).unwrap_or_default();
        let missing = opinion.map(|opinion| opinion.missing.as_slice()).unwrap_or_default();
        let excluded = opinion.filter(|opinion| opinion.cases.is_empty() && opinion.missing.is_empty());
        Self {
            id: diagnosis.id,
            symptom: diagnosis.symptom,
            question: diagnosis.question,
            rests_on: diagnosis.rests_on,
            standing: standing(opinion).as_str(),
            cases: cases.iter().map(case).collect(),
            missing: missing.iter().map(gap).collect(),
            excluded_by: excluded.map(|opinion| opinion.excluded.as_str()),
            sources: diagnosis.sources,
        }
    }
}

fn case(case: &Case) -> CaseV1<'_> {
    CaseV1 {
        subjects: case.subjects.iter().map(subject).collect(),
        observation: &case.observation,
        conclusion: &case.conclusion,
        confidence: case.confidence,
        next: &case.next,
        intent: case.intent.as_deref(),
    }
}

fn subject(subject: &Subject) -> SubjectV1 {
    SubjectV1 { kind: subject.kind(), id: subject.to_string() }
}

fn gap(missing: &Missing) -> MissingV1<'_> {
    MissingV1 { reason: &missing.reason, permission: missing.permission.as_deref() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("doctor-1.json", &crate::published::written::<super::FileV1<'static>>());
    }
}
