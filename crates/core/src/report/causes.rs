//! Findings with the same cause together: ten thousand accounts read like ten.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use super::Report;
use crate::check::{Control, Outcome, Severity, Subject};

/// The findings of one cause.
#[derive(Debug)]
pub(super) struct Cause<'f> {
    /// The control that does not hold.
    pub(super) control: &'static Control,
    /// Why they were accepted, where they were.
    pub(super) accepted: Option<String>,
    /// How grave they are.
    pub(super) severity: Severity,
    /// What is wrong.
    pub(super) message: &'f str,
    /// For whom, in the order of the findings.
    pub(super) subjects: Vec<&'f Subject>,
}

/// Every cause: not accepted ones first, then graver ones, then in the order of the controls.
pub(super) fn causes<'f>(report: &'f Report<'_>) -> Vec<Cause<'f>> {
    let of = |(control, outcome): &'f (&'static Control, Outcome)| of_control(report, control, outcome);
    let mut causes: Vec<Cause<'_>> = report.outcomes.iter().flat_map(of).collect();
    causes.sort_by_key(|cause| (cause.accepted.is_some(), Reverse(cause.severity)));
    causes
}

/// What findings of one cause have in common: why they were accepted, how grave they are, what is wrong.
type Common<'f> = (Option<String>, Reverse<Severity>, &'f str);

fn of_control<'f>(report: &Report<'_>, control: &'static Control, outcome: &'f Outcome) -> Vec<Cause<'f>> {
    let mut causes: BTreeMap<Common<'f>, Vec<&'f Subject>> = BTreeMap::new();
    for finding in &outcome.findings {
        let common = (report.accepted(finding), Reverse(finding.severity), finding.message.as_ref());
        causes.entry(common).or_default().push(&finding.subject);
    }
    let cause =
        |((accepted, Reverse(severity), message), subjects)| Cause { control, accepted, severity, message, subjects };
    causes.into_iter().map(cause).collect()
}
