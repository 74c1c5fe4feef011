//! OCSF: a JSON array of Compliance Findings (class 2003), one a line: one for the machine's content, one for its usage data,
//! one per setting and place.
//!
//! Fields, closed sets and their meaning: version 1.8.0 of the schema, <https://schema.ocsf.io/1.8.0/classes/compliance_finding>
//! (read 2026-11-24); the machine is the event's `device`. Events are said to be created when the machine was looked at.

use serde::Serialize;

use super::{Looked, about, label};
use crate::report::ocsf::{Product, VERSION};
use crate::report::{json_lines, stable};
use crate::workstation::report::{Finding, ProductReport};
use crate::workstation::terms::{Kind, Os};
use crate::workstation::verdict::{Severity, Verdict, severity};

/// The machine as events.
#[must_use]
pub fn render(looked: &Looked<'_>) -> String {
    let whole = looked.verdicts().into_iter().map(|(kind, verdict)| about_machine(looked, kind, verdict));
    let tools = looked.report.products.iter();
    let settings = tools.flat_map(|tool| tool.findings.iter().map(move |it| about_setting(looked, tool, it)));
    json_lines(whole.chain(settings))
}

#[derive(Serialize)]
struct Event<'a> {
    activity_id: u8,
    activity_name: &'static str,
    category_name: &'static str,
    category_uid: u8,
    class_name: &'static str,
    class_uid: u16,
    compliance: Compliance,
    device: Device<'a>,
    finding_info: FindingInfo<'a>,
    message: String,
    metadata: Metadata<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    remediation: Option<Remediation<'a>>,
    resources: [Resource<'a>; 1],
    severity: &'static str,
    severity_id: u8,
    status: &'static str,
    status_id: u8,
    time: i64,
    type_name: &'static str,
    type_uid: u32,
    unmapped: Unmapped<'a>,
}

#[derive(Serialize)]
struct Compliance {
    control: String,
    desc: &'static str,
    status: &'static str,
    status_details: [String; 1],
    status_id: u8,
}

#[derive(Serialize)]
struct Device<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    hostname: Option<&'a str>,
    name: &'a str,
    os: System,
    r#type: &'static str,
    type_id: u8,
}

#[derive(Serialize)]
struct System {
    name: &'static str,
    r#type: &'static str,
    type_id: u16,
}

#[derive(Serialize)]
struct FindingInfo<'a> {
    created_time: i64,
    desc: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    src_url: Option<&'a str>,
    title: String,
    uid: String,
}

#[derive(Serialize)]
struct Metadata<'a> {
    event_code: String,
    product: Product<&'a str>,
    uid: String,
    version: &'static str,
}

#[derive(Serialize)]
struct Remediation<'a> {
    desc: &'a str,
    references: [&'a str; 1],
}

#[derive(Serialize)]
struct Resource<'a> {
    name: String,
    r#type: &'static str,
    uid: &'a str,
}

/// What the schema has no place for.
#[derive(Serialize)]
struct Unmapped<'a> {
    home: &'a str,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    fixable: Option<bool>,
}

/// What an event is about.
struct Subject<'a> {
    control: String,
    kind: Kind,
    verdict: Verdict,
    title: String,
    message: String,
    details: String,
    words: Vec<&'a str>,
    resource: Resource<'a>,
    remediation: Option<Remediation<'a>>,
    fixable: Option<bool>,
}

fn about_machine<'a>(looked: &Looked<'a>, kind: Kind, verdict: Verdict) -> Event<'a> {
    let word = about(kind);
    let subject = Subject {
        control: format!("workstation-{word}"),
        kind,
        verdict,
        title: title(kind, "this machine"),
        message: format!("{word} of {}: {verdict}", looked.name()),
        details: verdict.word().to_owned(),
        words: Vec::new(),
        resource: Resource { name: looked.name().to_owned(), r#type: "machine", uid: looked.home },
        remediation: None,
        fixable: None,
    };
    event(looked, subject)
}

fn about_setting<'a>(looked: &Looked<'a>, tool: &'a ProductReport, finding: &'a Finding) -> Event<'a> {
    let path = finding.path.as_deref().unwrap_or_default();
    let subject = Subject {
        control: finding.setting.clone(),
        kind: finding.kind,
        verdict: finding.verdict,
        title: title(finding.kind, &tool.name),
        message: format!("{}: {}: {}", tool.name, label(finding), finding.verdict),
        details: finding.reason.to_string(),
        words: vec![&tool.id, &finding.setting, finding.instance.as_deref().unwrap_or_default(), path],
        resource: Resource {
            name: label(finding),
            r#type: "setting",
            uid: finding.path.as_deref().unwrap_or(&finding.setting),
        },
        remediation: Some(Remediation { desc: &finding.menu, references: [&finding.source] }),
        fixable: Some(finding.fixable),
    };
    event(looked, subject)
}

fn title(kind: Kind, of: &str) -> String {
    match kind {
        Kind::Content => format!("{of} does not share content"),
        Kind::Telemetry => format!("{of} does not share usage data"),
    }
}

fn event<'a>(looked: &Looked<'a>, subject: Subject<'a>) -> Event<'a> {
    let uid = id(looked, &subject);
    let at = looked.at.as_millisecond();
    let (severity, severity_id) = weight(subject.kind, subject.verdict);
    let (status, status_id) = standing(subject.verdict);
    let device = device(looked);
    Event {
        activity_id: 1,
        activity_name: "Create",
        category_name: "Findings",
        category_uid: 2,
        class_name: "Compliance Finding",
        class_uid: 2003,
        compliance: compliance(&subject),
        device,
        finding_info: FindingInfo {
            created_time: at,
            desc: subject.details,
            src_url: subject.remediation.as_ref().and_then(|it| it.references.first().copied()),
            title: subject.title,
            uid: uid.clone(),
        },
        message: subject.message,
        metadata: metadata(looked, subject.control, &uid),
        remediation: subject.remediation,
        resources: [subject.resource],
        severity,
        severity_id,
        status,
        status_id,
        time: at,
        type_name: "Compliance Finding: Create",
        type_uid: 200_301,
        unmapped: Unmapped { home: looked.home, verdict: subject.verdict.word(), fixable: subject.fixable },
    }
}

/// The same on every run for the same machine, home, tool, setting and place.
fn id(looked: &Looked<'_>, subject: &Subject<'_>) -> String {
    let mut words = vec!["workstation", looked.machine.unwrap_or_default(), looked.home, subject.control.as_str()];
    words.extend(&subject.words);
    format!("optout/workstation/{}/{}", subject.control, stable::id(&words))
}

fn metadata<'a>(looked: &Looked<'a>, control: String, finding: &str) -> Metadata<'a> {
    let product = Product::optout(looked.tool_version);
    let uid = stable::id(&["ocsf", finding, &looked.at.to_string()]).to_string();
    Metadata { event_code: control, product, uid, version: VERSION }
}

fn device<'a>(looked: &Looked<'a>) -> Device<'a> {
    let os = looked.report.os;
    let type_id = match os {
        Os::Windows => 100,
        Os::Linux => 200,
        Os::MacOs => 300,
    };
    let os = System { name: os.name(), r#type: os.name(), type_id };
    Device { hostname: looked.machine, name: looked.name(), os, r#type: "Unknown", type_id: 0 }
}

fn compliance(subject: &Subject<'_>) -> Compliance {
    // "Warning: The compliance check did not yield a result due to missing information."
    let (status, status_id) = match subject.verdict {
        Verdict::OptedOut | Verdict::NotInstalled => ("Pass", 1),
        Verdict::Unknown => ("Warning", 2),
        Verdict::Sharing => ("Fail", 3),
    };
    let desc = match subject.kind {
        Kind::Content => "AWS may use shared content to improve its AI services.",
        Kind::Telemetry => "Figures on use go to AWS; they hold no content.",
    };
    let control = subject.control.clone();
    Compliance { control, desc, status, status_details: [subject.details.clone()], status_id }
}

/// `severity` and `severity_id`.
const fn weight(kind: Kind, verdict: Verdict) -> (&'static str, u8) {
    match severity(kind, verdict) {
        None | Some(Severity::Info) => ("Informational", 1),
        Some(Severity::Low) => ("Low", 2),
        Some(Severity::Medium) => ("Medium", 3),
        Some(Severity::High) => ("High", 4),
    }
}

/// `status` and `status_id`: how far somebody is with the finding.
const fn standing(verdict: Verdict) -> (&'static str, u8) {
    match verdict {
        Verdict::OptedOut | Verdict::NotInstalled => ("Resolved", 4),
        Verdict::Unknown | Verdict::Sharing => ("New", 1),
    }
}
