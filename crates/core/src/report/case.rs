//! What every control came to, in single cases, and findings of one cause put together: what formats have in common.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Report;
use crate::check::{Control, Finding, Severity, Subject};

/// One thing that a control came to.
#[derive(Debug)]
pub(super) enum Case<'r> {
    /// It holds for everybody.
    Holds,
    /// It could not be determined, for all or some.
    Open(&'r str),
    /// It does not hold for a subject; with the reason where that was accepted.
    Fails(&'r Finding, Option<String>),
}

/// Every control with its cases: each has at least one.
pub(super) fn cases<'r>(report: &'r Report<'_>) -> impl Iterator<Item = (&'static Control, Vec<Case<'r>>)> {
    report.outcomes.iter().map(|(control, outcome)| {
        let fails = outcome.findings.iter().map(|finding| Case::Fails(finding, report.accepted(finding)));
        let mut cases: Vec<Case<'_>> = fails.collect();
        cases.extend(outcome.unknown.as_deref().map(Case::Open));
        if cases.is_empty() {
            cases.push(Case::Holds);
        }
        (*control, cases)
    })
}

/// The findings of one cause.
#[derive(Debug)]
pub(super) struct Cause<'r> {
    pub(super) control: &'static Control,
    pub(super) accepted: Option<String>,
    pub(super) severity: Severity,
    pub(super) message: &'r str,
    pub(super) subjects: Vec<&'r Subject>,
}

/// What findings have in common: why they were accepted, how grave they are, what is wrong.
type Same<'r> = (Option<String>, Reverse<Severity>, &'r str);

/// All findings by cause, in the order of the controls; not accepted and graver ones first.
pub(super) fn causes<'r>(report: &'r Report<'_>) -> Vec<Cause<'r>> {
    let mut all = Vec::new();
    for (control, outcome) in &report.outcomes {
        let mut groups: BTreeMap<Same<'r>, Vec<&'r Subject>> = BTreeMap::new();
        for finding in &outcome.findings {
            let same = (report.accepted(finding), Reverse(finding.severity), finding.message.as_ref());
            groups.entry(same).or_default().push(&finding.subject);
        }
        all.extend(groups.into_iter().map(|((accepted, Reverse(severity), message), subjects)| Cause {
            control,
            accepted,
            severity,
            message,
            subjects,
        }));
    }
    all
}

/// All findings by cause: not accepted ones first, then graver ones, then in the order of the controls.
pub(super) fn causes_by_gravity<'r>(report: &'r Report<'_>) -> Vec<Cause<'r>> {
    let mut causes = causes(report);
    causes.sort_by_key(|cause| (cause.accepted.is_some(), Reverse(cause.severity)));
    causes
}
