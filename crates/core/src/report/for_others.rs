//! The cases of a report as findings that other systems keep: each with its own id, the subject it is about, and all that is
//! said of it in texts that are safe to show.

use super::case::{Case, cases};
use super::finding_id::Ids;
use super::sarif::address;
use super::subject::{About, Subjects};
use super::{Report, json};
use crate::check::{Control, Severity};
use crate::publish::{PublishedFinding, Run, Status, Subject};
use crate::source::shown;

/// Every case of the report, in the order of the controls; each is said to be created at the time judged by.
pub(crate) fn for_others(report: &Report<'_>) -> Vec<PublishedFinding> {
    let subjects = Subjects::of(report);
    let organization = subjects.organization();
    let ids = Ids::of(report, &organization);
    let maker = Maker { report, run: run(report, &organization), organization, ids, subjects };
    let of = |(control, cases): (&'static Control, Vec<Case<'_>>)| {
        cases.iter().map(|case| maker.finding(control, case)).collect::<Vec<_>>()
    };
    cases(report).flat_map(of).collect()
}

fn run(report: &Report<'_>, organization: &About) -> Run {
    let assessment = report.assessment;
    Run {
        organization: organization.id.clone(),
        verdict: assessment.verdict.to_string(),
        decision: json::decision(report.decision).to_owned(),
        read: assessment.snapshot.taken,
        version: report.origin.tool_version.clone(),
    }
}

/// What all findings of a report share.
struct Maker<'r, 'a> {
    report: &'r Report<'a>,
    run: Run,
    organization: About,
    ids: Ids<'r>,
    subjects: Subjects<'r>,
}

impl Maker<'_, '_> {
    fn finding(&self, control: &'static Control, case: &Case<'_>) -> PublishedFinding {
        let about = match case {
            Case::Holds | Case::Open(_) => self.organization.clone(),
            Case::Fails(finding, _) => self.subjects.about(&finding.subject),
        };
        let (status, severity, message) = match case {
            Case::Holds => (Status::Passed, Severity::Info, control.title),
            Case::Open(why) => (Status::Undetermined, control.severity, *why),
            Case::Fails(finding, _) => (Status::Failed, finding.severity, finding.message.as_ref()),
        };
        let accepted = match case {
            Case::Fails(_, accepted) => accepted.as_deref().map(|reason| shown(reason).into_owned()),
            Case::Holds | Case::Open(_) => None,
        };
        PublishedFinding {
            id: self.ids.id(control, case, &about),
            control: control.id.to_owned(),
            status,
            severity,
            subject: self.subject(about),
            title: control.title.to_owned(),
            message: shown(message).into_owned(),
            why: control.why.to_owned(),
            remedy: control.remedy.to_owned(),
            source: control.sources.iter().find_map(|source| address(source)).map(str::to_owned),
            accepted,
            created: self.report.assessment.at,
            updated: self.report.assessment.at,
            run: self.run.clone(),
        }
    }

    fn subject(&self, about: About) -> Subject {
        let result = about.account.and_then(|id| self.report.assessment.result(id));
        Subject {
            kind: about.kind.to_owned(),
            id: about.id,
            name: about.name,
            path: about.path,
            arn: about.arn,
            account: about.account,
            partition: self.report.assessment.snapshot.partition.as_str().to_owned(),
            verdict: result.map(|result| result.verdict.to_string()),
            basis: result.map(|result| result.basis.as_str().to_owned()),
        }
    }
}
