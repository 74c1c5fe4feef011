//! OCSF: a JSON array of Compliance Findings (class 2003), one a line.
//!
//! Fields, closed sets and their meaning: version 1.8.0 of the schema, <https://schema.ocsf.io/1.8.0/classes/compliance_finding>
//! (read 2026-11-24), with its `cloud` profile. The account that a finding is about is the account of its cloud object.
//! Events are said to be created at the time of the report: a report does not know of the ones before it.

use serde::Serialize;

use super::asff::lines;
use super::case::{Case, cases};
use super::finding_id::Ids;
use super::sarif::address;
use super::subject::{About, Subjects};
use super::{Report, answer, json};
use crate::check::{Control, Severity};
use crate::source::shown;

/// The version of the schema.
pub(crate) const VERSION: &str = "1.8.0";

/// The report as events.
pub(super) fn render(report: &Report<'_>) -> String {
    let subjects = Subjects::of(report);
    let organization = subjects.organization();
    let ids = Ids::of(report, &organization);
    let maker = Maker { report, organization, ids, subjects, answer: answer::sentence(report.assessment) };
    lines(cases(report).flat_map(|(control, cases)| {
        let maker = &maker;
        cases.into_iter().map(move |case| maker.event(control, &case)).collect::<Vec<_>>()
    }))
}

#[derive(Serialize)]
struct Event {
    activity_id: u8,
    activity_name: &'static str,
    category_name: &'static str,
    category_uid: u8,
    class_name: &'static str,
    class_uid: u16,
    cloud: Cloud,
    compliance: Compliance,
    finding_info: FindingInfo,
    message: String,
    metadata: Metadata,
    remediation: Remediation,
    resources: [Resource; 1],
    severity: &'static str,
    severity_id: u8,
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    status_detail: Option<String>,
    status_id: u8,
    time: i64,
    type_name: &'static str,
    type_uid: u32,
    unmapped: Unmapped,
}

#[derive(Serialize)]
struct Cloud {
    #[serde(skip_serializing_if = "Option::is_none")]
    account: Option<Account>,
    cloud_partition: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    org: Option<Organization>,
    provider: &'static str,
}

#[derive(Serialize)]
struct Account {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    r#type: &'static str,
    type_id: u8,
    uid: String,
}

#[derive(Serialize)]
struct Organization {
    uid: String,
}

#[derive(Serialize)]
struct Compliance {
    checks: [Check; 1],
    control: &'static str,
    desc: &'static str,
    status: &'static str,
    status_details: Vec<String>,
    status_id: u8,
}

#[derive(Serialize)]
struct Check {
    name: &'static str,
    severity: &'static str,
    severity_id: u8,
    status: &'static str,
    status_id: u8,
    uid: &'static str,
}

#[derive(Serialize)]
struct FindingInfo {
    analytic: Analytic,
    created_time: i64,
    desc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_url: Option<&'static str>,
    title: &'static str,
    uid: String,
}

#[derive(Serialize)]
struct Analytic {
    name: &'static str,
    r#type: &'static str,
    type_id: u8,
    uid: &'static str,
    version: String,
}

#[derive(Serialize)]
struct Metadata {
    event_code: &'static str,
    product: Product<String>,
    profiles: [&'static str; 1],
    uid: String,
    version: &'static str,
}

/// Who says so.
#[derive(Serialize)]
pub(crate) struct Product<V> {
    name: &'static str,
    uid: &'static str,
    vendor_name: &'static str,
    version: V,
}

impl<V> Product<V> {
    /// This program in a version.
    pub(crate) const fn optout(version: V) -> Self {
        Self { name: "optout", uid: "optout", vendor_name: "optout", version }
    }
}

#[derive(Serialize)]
struct Remediation {
    desc: &'static str,
    references: Vec<&'static str>,
}

#[derive(Serialize)]
struct Resource {
    cloud_partition: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    namespace: Option<String>,
    role: &'static str,
    role_id: u8,
    r#type: &'static str,
    uid: String,
}

/// What the schema has no place for.
#[derive(Serialize)]
struct Unmapped {
    #[serde(skip_serializing_if = "Option::is_none")]
    account_verdict: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    basis: Option<&'static str>,
    organization_answer: String,
    organization_verdict: &'static str,
    decision: &'static str,
}

struct Maker<'r, 'a> {
    report: &'r Report<'a>,
    organization: About,
    ids: Ids<'r>,
    subjects: Subjects<'r>,
    answer: String,
}

impl Maker<'_, '_> {
    fn event(&self, control: &'static Control, case: &Case<'_>) -> Event {
        let about = match case {
            Case::Holds | Case::Open(_) => self.organization.clone(),
            Case::Fails(finding, _) => self.subjects.about(&finding.subject),
        };
        let (grave, message) = match case {
            Case::Holds => (Severity::Info, control.title),
            Case::Open(why) => (control.severity, *why),
            Case::Fails(finding, _) => (finding.severity, finding.message.as_ref()),
        };
        let accepted = match case {
            Case::Fails(_, accepted) => accepted.as_deref(),
            Case::Holds | Case::Open(_) => None,
        };
        let (message, uid) = (shown(message).into_owned(), self.ids.id(control, case, &about));
        let (severity, severity_id) = severity(grave);
        let (status, status_id) = standing(case);
        Event {
            activity_id: 1,
            activity_name: "Create",
            category_name: "Findings",
            category_uid: 2,
            class_name: "Compliance Finding",
            class_uid: 2003,
            cloud: self.cloud(&about),
            compliance: compliance(control, case, &message),
            finding_info: self.info(control, &message, &uid),
            message: format!("{}: {message}", about.label()),
            metadata: self.metadata(control, &uid),
            remediation: remediation(control),
            severity,
            severity_id,
            status,
            status_detail: accepted.map(|reason| format!("accepted: {}", shown(reason))),
            status_id,
            time: self.report.assessment.at.as_millisecond(),
            type_name: "Compliance Finding: Create",
            type_uid: 200_301,
            unmapped: self.unmapped(&about),
            resources: [self.resource(about)],
        }
    }

    fn partition(&self) -> String {
        shown(self.report.assessment.snapshot.partition.as_str()).into_owned()
    }

    fn cloud(&self, about: &About) -> Cloud {
        let account = about.account.map(|id| Account {
            name: about.name.clone(),
            r#type: "AWS Account",
            type_id: 10,
            uid: id.to_string(),
        });
        let known = self.report.assessment.snapshot.organization();
        let org = known.map(|organization| Organization { uid: organization.id.to_string() });
        Cloud { account, cloud_partition: self.partition(), org, provider: "AWS" }
    }

    fn info(&self, control: &'static Control, message: &str, uid: &str) -> FindingInfo {
        let version = self.report.origin.tool_version.clone();
        let analytic = Analytic { name: control.title, r#type: "Rule", type_id: 1, uid: control.id, version };
        FindingInfo {
            analytic,
            created_time: self.report.assessment.at.as_millisecond(),
            desc: format!("{message}. {}", control.why),
            src_url: control.sources.iter().find_map(|source| address(source)),
            title: control.title,
            uid: uid.to_owned(),
        }
    }

    fn metadata(&self, control: &'static Control, finding: &str) -> Metadata {
        let product = Product::optout(self.report.origin.tool_version.clone());
        let uid = super::stable::id(&["ocsf", finding, &self.report.assessment.at.to_string()]).to_string();
        Metadata { event_code: control.id, product, profiles: ["cloud"], uid, version: VERSION }
    }

    fn resource(&self, about: About) -> Resource {
        Resource {
            cloud_partition: self.partition(),
            name: about.name,
            namespace: about.path,
            role: "Affected",
            role_id: 3,
            r#type: about.kind,
            uid: about.arn.unwrap_or(about.id),
        }
    }

    fn unmapped(&self, about: &About) -> Unmapped {
        let result = about.account.and_then(|id| self.report.assessment.result(id));
        Unmapped {
            account_verdict: result.map(|result| result.verdict.as_str()),
            basis: result.map(|result| result.basis.as_str()),
            organization_answer: shown(&self.answer).into_owned(),
            organization_verdict: self.report.assessment.verdict.as_str(),
            decision: json::decision(self.report.decision),
        }
    }
}

fn compliance(control: &'static Control, case: &Case<'_>, message: &str) -> Compliance {
    // "Warning: The compliance check did not yield a result due to missing information."
    let (status, status_id) = match case {
        Case::Holds => ("Pass", 1),
        Case::Open(_) => ("Warning", 2),
        Case::Fails(..) => ("Fail", 3),
    };
    let (word, severity_id) = severity(control.severity);
    let check = Check { name: control.title, severity: word, severity_id, status, status_id, uid: control.id };
    Compliance {
        checks: [check],
        control: control.id,
        desc: control.why,
        status,
        status_details: vec![message.to_owned()],
        status_id,
    }
}

fn remediation(control: &'static Control) -> Remediation {
    let references = control.sources.iter().filter_map(|source| address(source)).collect();
    Remediation { desc: control.remedy, references }
}

/// `severity` and `severity_id`.
const fn severity(severity: Severity) -> (&'static str, u8) {
    match severity {
        Severity::Info => ("Informational", 1),
        Severity::Low => ("Low", 2),
        Severity::Medium => ("Medium", 3),
        Severity::High => ("High", 4),
        Severity::Critical => ("Critical", 5),
    }
}

/// `status` and `status_id`: how far somebody is with the finding.
const fn standing(case: &Case<'_>) -> (&'static str, u8) {
    match case {
        Case::Holds => ("Resolved", 4),
        Case::Open(_) | Case::Fails(_, None) => ("New", 1),
        Case::Fails(_, Some(_)) => ("Suppressed", 3),
    }
}
