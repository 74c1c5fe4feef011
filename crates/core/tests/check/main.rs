//! What an organization comes to: verdicts, whose answer they rest on, controls, and the decision.

#![expect(clippy::unwrap_used, clippy::panic, reason = "a test that panics fails, which is what it is for")]

mod basis;
mod controls;
mod decision;
mod exceptions;
mod locks;
mod order;
mod organization;
mod policies;
mod scope;
mod unread;
mod verdict;

use optout_core::check::{
    AccountVerdict, Assessment, Basis, Decision, Finding, Outcome, ServiceVerdict, Severity, decide, findings,
};
use organization::id;
pub(crate) use organization::{LEX_IN, LOCKED, OPT_OUT, OUT, OUT_BUT_LEX, healthy};

pub(crate) fn verdict(assessment: &Assessment<'_>, account: usize) -> AccountVerdict {
    assessment.result(id(account)).unwrap().verdict
}

pub(crate) fn basis(assessment: &Assessment<'_>, account: usize) -> Basis {
    assessment.result(id(account)).unwrap().basis
}

pub(crate) fn service(assessment: &Assessment<'_>, account: usize, name: &str) -> ServiceVerdict {
    assessment.service(assessment.result(id(account)).unwrap(), assessment.keys.get(name).unwrap())
}

/// The outcome of one control.
pub(crate) fn outcome(assessment: &Assessment<'_>, control: &str) -> Outcome {
    let mut all = findings(assessment);
    let at = all.iter().position(|(it, _)| it.id == control).unwrap();
    all.swap_remove(at).1
}

/// What one control found: subject, severity, message.
pub(crate) fn found(assessment: &Assessment<'_>, control: &str) -> Vec<(String, Severity, String)> {
    let one = |it: Finding| (it.subject.to_string(), it.severity, it.message.to_string());
    outcome(assessment, control).findings.into_iter().map(one).collect()
}

/// Whether a control holds for everybody, and is known to.
pub(crate) fn holds(assessment: &Assessment<'_>, control: &str) -> bool {
    let outcome = outcome(assessment, control);
    outcome.findings.is_empty() && outcome.unknown.is_none()
}

/// Whether it could not be determined, and found nothing.
pub(crate) fn is_open(assessment: &Assessment<'_>, control: &str) -> bool {
    let outcome = outcome(assessment, control);
    outcome.findings.is_empty() && outcome.unknown.is_some()
}

pub(crate) fn decided(assessment: &Assessment<'_>) -> Decision {
    decide(assessment, &findings(assessment), Severity::High, &|_| false)
}

#[test]
fn in_a_healthy_organization_every_control_holds() {
    let organization = healthy();
    let assessment = organization.assess();
    let open: Vec<_> =
        findings(&assessment).into_iter().filter(|(_, it)| !it.findings.is_empty() || it.unknown.is_some()).collect();
    assert!(open.is_empty(), "{open:?}");
    assert_eq!(assessment.verdict, AccountVerdict::OptedOut);
    assert_eq!(decided(&assessment), Decision::Holds);
}

#[test]
fn the_same_question_has_the_same_answer() {
    let organization = healthy().attached("lexin", LEX_IN, "2");
    let (one, two) = (organization.assess(), organization.assess());
    assert_eq!(format!("{:?}", findings(&one)), format!("{:?}", findings(&two)));
    assert_eq!(format!("{:?}", one.accounts), format!("{:?}", two.accounts));
}
