//! AWS Security Finding Format: a JSON array of findings, one a line, as BatchImportFindings takes them by the hundred.
//!
//! Fields, limits and closed sets: botocore 1.44.5, securityhub model (`AwsSecurityFinding` and what it holds), the text of
//! <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html> (read
//! 2026-11-24). `AwsAccountId` is the account that publishes: with its default product no other is accepted. The account
//! that a finding is about is its resource, and in its `Id`, which is the same on every run.

use std::collections::BTreeMap;

use serde::Serialize;

use super::case::{Case, cases};
use super::cut::cut;
use super::finding_id::Ids;
use super::publication::{Publication, Publisher, UnknownPublisherError};
use super::sarif::address;
use super::subject::{About, Subjects};
use super::{Report, json};
use crate::check::{Control, Severity};
use crate::org::Partition;
use crate::source::{shown, shown_json};

/// The limits of the API reference, in bytes here so that they hold in characters too.
const TITLE: usize = 256;
const DESCRIPTION: usize = 1_024;
const RECOMMENDATION: usize = 512;
const RESOURCE: usize = 512;
const FIELD: usize = 1_024;

/// The report as findings.
pub(super) fn render(report: &Report<'_>, publication: &Publication) -> Result<String, UnknownPublisherError> {
    let publisher = publication.publisher(report.assessment.snapshot)?;
    let subjects = Subjects::of(report);
    let organization = subjects.organization();
    let ids = Ids::of(report, &organization);
    let maker = Maker { report, publisher, organization, ids, subjects };
    let all = cases(report).flat_map(|(control, cases)| {
        let maker = &maker;
        cases.into_iter().map(move |case| maker.finding(control, &case)).collect::<Vec<_>>()
    });
    Ok(lines(all))
}

/// A JSON array with one element a line.
pub(crate) fn lines<T: Serialize>(elements: impl Iterator<Item = T>) -> String {
    let mut text = "[\n".to_owned();
    for (at, element) in elements.enumerate() {
        if at > 0 {
            text.push_str(",\n");
        }
        // INVARIANT: every map key is a string, which is all that could make this fail.
        text.push_str(&shown_json(&serde_json::to_string(&element).unwrap_or_default()));
    }
    text + "\n]\n"
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Finding<'a> {
    schema_version: &'static str,
    id: String,
    product_arn: &'a str,
    product_name: &'static str,
    generator_id: String,
    aws_account_id: String,
    created_at: String,
    updated_at: String,
    title: String,
    description: String,
    remediation: Remediation,
    product_fields: BTreeMap<&'static str, String>,
    resources: [Resource; 1],
    compliance: Compliance,
    record_state: &'static str,
    finding_provider_fields: Provider,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Remediation {
    recommendation: Recommendation,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Recommendation {
    text: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'static str>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Resource {
    r#type: &'static str,
    id: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    partition: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    details: Option<Details>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Details {
    other: BTreeMap<&'static str, String>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Compliance {
    status: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Provider {
    severity: Label,
    types: [&'static str; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Label {
    label: &'static str,
    original: &'static str,
}

/// What all findings of a report share.
struct Maker<'r, 'a> {
    report: &'r Report<'a>,
    publisher: Publisher,
    organization: About,
    ids: Ids<'r>,
    subjects: Subjects<'r>,
}

impl Maker<'_, '_> {
    fn finding(&self, control: &'static Control, case: &Case<'_>) -> Finding<'_> {
        let about = match case {
            Case::Holds | Case::Open(_) => self.organization.clone(),
            Case::Fails(finding, _) => self.subjects.about(&finding.subject),
        };
        let (status, severity, message) = match case {
            Case::Holds => ("PASSED", Severity::Info, control.title),
            Case::Open(why) => ("WARNING", control.severity, *why),
            Case::Fails(finding, _) => ("FAILED", finding.severity, finding.message.as_ref()),
        };
        let accepted = match case {
            Case::Fails(_, accepted) => accepted.as_deref(),
            Case::Holds | Case::Open(_) => None,
        };
        let at = self.report.assessment.at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string();
        Finding {
            schema_version: "2018-10-08",
            id: self.ids.id(control, case, &about),
            product_arn: &self.publisher.product_arn,
            product_name: "optout",
            generator_id: format!("optout/{}", control.id),
            aws_account_id: self.publisher.account.to_string(),
            created_at: at.clone(),
            updated_at: at,
            title: cut(&format!("{}: {}", control.title, about.label()), TITLE),
            description: cut(&format!("{}. {}", shown(message), control.why), DESCRIPTION),
            remediation: remediation(control),
            product_fields: self.fields(control, accepted),
            resources: [self.resource(&about)],
            compliance: Compliance { status },
            record_state: if accepted.is_some() { "ARCHIVED" } else { "ACTIVE" },
            finding_provider_fields: Provider {
                severity: Label { label: label(severity), original: severity.as_str() },
                types: ["Software and Configuration Checks/AWS Security Best Practices"],
            },
        }
    }

    fn fields(&self, control: &Control, accepted: Option<&str>) -> BTreeMap<&'static str, String> {
        let assessment = self.report.assessment;
        let accepted = accepted.map(|reason| ("optout/Accepted", reason.to_owned()));
        let fields = [
            ("optout/Control", control.id.to_owned()),
            ("optout/Organization", self.organization.id.clone()),
            ("optout/OrganizationVerdict", assessment.verdict.to_string()),
            ("optout/Decision", json::decision(self.report.decision).to_owned()),
            ("optout/Read", assessment.snapshot.taken.to_string()),
            ("optout/Version", self.report.origin.tool_version.clone()),
        ];
        present(fields.into_iter().chain(accepted))
    }

    fn resource(&self, about: &About) -> Resource {
        let account = about.account;
        let result = account.and_then(|id| self.report.assessment.result(id));
        let details = present(
            [
                ("Kind", Some(about.kind.to_owned())),
                ("Name", about.name.clone()),
                ("Path", about.path.clone()),
                ("Verdict", result.map(|result| result.verdict.to_string())),
                ("Basis", result.map(|result| result.basis.as_str().to_owned())),
            ]
            .into_iter()
            .filter_map(|(key, value)| Some((key, value?))),
        );
        let other =
            || about.arn.clone().unwrap_or_else(|| cut(&format!("optout/{}/{}", about.kind, about.id), RESOURCE));
        Resource {
            r#type: if account.is_some() { "AwsAccount" } else { "Other" },
            // As Security Hub's own findings name an account:
            // <https://docs.aws.amazon.com/securityhub/latest/userguide/sample-control-findings.html>.
            id: account.map_or_else(other, |id| format!("AWS::::Account:{id}")),
            partition: partition(&self.report.assessment.snapshot.partition),
            details: (!details.is_empty()).then_some(Details { other: details }),
        }
    }
}

/// The fields that have a text, each short enough and safe to show.
fn present(fields: impl Iterator<Item = (&'static str, String)>) -> BTreeMap<&'static str, String> {
    let fields = fields.map(|(key, value)| (key, cut(&shown(&value), FIELD)));
    fields.filter(|(_, value)| !value.trim().is_empty()).collect()
}

fn remediation(control: &Control) -> Remediation {
    let url = control.sources.iter().find_map(|source| address(source));
    Remediation { recommendation: Recommendation { text: cut(control.remedy, RECOMMENDATION), url } }
}

/// `SeverityLabel` of the model.
const fn label(severity: Severity) -> &'static str {
    match severity {
        Severity::Info => "INFORMATIONAL",
        Severity::Low => "LOW",
        Severity::Medium => "MEDIUM",
        Severity::High => "HIGH",
        Severity::Critical => "CRITICAL",
    }
}

/// `Partition` of the model is a closed set, in which newer partitions are not.
const fn partition(partition: &Partition) -> Option<&'static str> {
    match partition {
        Partition::Aws => Some("aws"),
        Partition::GovCloud => Some("aws-us-gov"),
        Partition::China => Some("aws-cn"),
        Partition::Other(_) => None,
    }
}
