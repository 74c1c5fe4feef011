//! AWS Security Finding Format: a JSON array of findings, one a line, as BatchImportFindings takes them by the hundred.
//!
//! Fields, limits and closed sets: botocore 1.44.5, securityhub model (`AwsSecurityFinding` and what it holds), the text of
//! <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html> (read
//! 2026-11-24). `AwsAccountId` is the account that publishes: with its default product no other is accepted. The account
//! that a finding is about is its resource, and in its `Id`, which is the same on every run.

use std::collections::BTreeMap;

use serde::Serialize;

use super::cut::cut;
use super::publication::{Publication, Publisher, UnknownPublisherError};
use super::{Report, for_others};
use crate::check::Severity;
use crate::org::Partition;
use crate::publish::{PublishedFinding, Status, Subject};
use crate::source::{shown, shown_json};

/// The limits of the model's texts, in bytes here so that they hold in characters too. What a resource's id and a field may have
/// the model does not say: believed, and for product fields (2,048 characters) less than allowed.
const TITLE: usize = 256;
const DESCRIPTION: usize = 1_024;
const RECOMMENDATION: usize = 512;
const RESOURCE: usize = 512;
const FIELD: usize = 1_024;

/// The report as findings.
pub(super) fn render(report: &Report<'_>, publication: &Publication) -> Result<String, UnknownPublisherError> {
    let publisher = publication.publisher(report.assessment.snapshot)?;
    let findings = for_others(report);
    Ok(lines(findings.iter().map(|it| finding(it, &publisher))))
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

/// A finding as BatchImportFindings takes it. What an analyst may have set (workflow, note, verification) is never in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AsffFinding {
    /// Always `2018-10-08`.
    pub schema_version: &'static str,
    /// Its id.
    pub id: String,
    /// The product that it comes from.
    pub product_arn: String,
    /// Always `optout`.
    pub product_name: &'static str,
    /// `optout/` and the control.
    pub generator_id: String,
    /// The account that publishes.
    pub aws_account_id: String,
    /// When it was first seen.
    pub created_at: String,
    /// When it was last seen.
    pub updated_at: String,
    /// What must hold, and for whom.
    pub title: String,
    /// What is wrong and why it matters.
    pub description: String,
    /// How to mend it.
    pub remediation: AsffRemediation,
    /// What the run said.
    pub product_fields: BTreeMap<&'static str, String>,
    /// What it is about.
    pub resources: [AsffResource; 1],
    /// Whether it holds.
    pub compliance: AsffCompliance,
    /// `ACTIVE` or `ARCHIVED`.
    pub record_state: &'static str,
    /// How grave it is, and its types.
    pub finding_provider_fields: AsffProvider,
}

/// How to mend it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AsffRemediation {
    /// In words.
    pub recommendation: AsffRecommendation,
}

/// How to mend it, in words.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AsffRecommendation {
    /// The words.
    pub text: String,
    /// A page about it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub url: Option<String>,
}

/// What a finding is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AsffResource {
    /// `AwsAccount` or `Other`.
    pub r#type: &'static str,
    /// Its id.
    pub id: String,
    /// Its partition, where Security Hub knows that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partition: Option<&'static str>,
    /// What is known of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub details: Option<AsffDetails>,
}

/// What is known of a resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AsffDetails {
    /// By name.
    pub other: BTreeMap<&'static str, String>,
}

/// Whether it holds.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AsffCompliance {
    /// `PASSED`, `WARNING` or `FAILED`.
    pub status: &'static str,
}

/// What a provider of findings may change on every import.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AsffProvider {
    /// How grave it is.
    pub severity: AsffSeverity,
    /// Its types.
    pub types: [&'static str; 1],
}

/// How grave it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct AsffSeverity {
    /// Security Hub's word.
    pub label: &'static str,
    /// Ours.
    pub original: &'static str,
}

/// The finding as `publisher` imports it. What passed, and what was accepted, is archived where it was open before:
/// `RecordState` says so.
#[must_use]
pub(crate) fn finding(it: &PublishedFinding, publisher: &Publisher) -> AsffFinding {
    AsffFinding {
        schema_version: "2018-10-08",
        id: it.id.clone(),
        product_arn: publisher.product_arn.clone(),
        product_name: "optout",
        generator_id: format!("optout/{}", it.control),
        aws_account_id: publisher.account.to_string(),
        created_at: time(it.created),
        updated_at: time(it.updated),
        title: cut(&format!("{}: {}", it.title, it.label()), TITLE),
        description: cut(&format!("{}. {}", it.message, it.why), DESCRIPTION),
        remediation: AsffRemediation {
            recommendation: AsffRecommendation { text: cut(&it.remedy, RECOMMENDATION), url: it.source.clone() },
        },
        product_fields: fields(it),
        resources: [resource(&it.subject)],
        compliance: AsffCompliance { status: compliance(it.status) },
        record_state: if it.accepted.is_some() { "ARCHIVED" } else { "ACTIVE" },
        finding_provider_fields: AsffProvider {
            severity: AsffSeverity { label: label(it.severity), original: it.severity.as_str() },
            types: ["Software and Configuration Checks/AWS Security Best Practices"],
        },
    }
}

fn time(at: jiff::Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

fn fields(it: &PublishedFinding) -> BTreeMap<&'static str, String> {
    let fields = [
        ("optout/Control", it.control.clone()),
        ("optout/Organization", it.run.organization.clone()),
        ("optout/OrganizationVerdict", it.run.verdict.clone()),
        ("optout/Decision", it.run.decision.clone()),
        ("optout/Read", it.run.read.to_string()),
        ("optout/Version", it.run.version.clone()),
    ];
    let accepted = it.accepted.as_ref().map(|reason| ("optout/Accepted", reason.clone()));
    present(fields.into_iter().chain(accepted))
}

fn resource(subject: &Subject) -> AsffResource {
    let details = present(
        [
            ("Kind", Some(&subject.kind)),
            ("Name", subject.name.as_ref()),
            ("Path", subject.path.as_ref()),
            ("Verdict", subject.verdict.as_ref()),
            ("Basis", subject.basis.as_ref()),
        ]
        .into_iter()
        .filter_map(|(key, value)| Some((key, value?.clone()))),
    );
    let other =
        || subject.arn.clone().unwrap_or_else(|| cut(&format!("optout/{}/{}", subject.kind, subject.id), RESOURCE));
    AsffResource {
        r#type: if subject.account.is_some() { "AwsAccount" } else { "Other" },
        // As Security Hub's own findings name an account:
        // <https://docs.aws.amazon.com/securityhub/latest/userguide/sample-control-findings.html>.
        id: subject.account.map_or_else(other, |id| format!("AWS::::Account:{id}")),
        partition: partition(&Partition::of(&subject.partition)),
        details: (!details.is_empty()).then_some(AsffDetails { other: details }),
    }
}

/// The fields that have a text, each short enough and safe to show.
fn present(fields: impl Iterator<Item = (&'static str, String)>) -> BTreeMap<&'static str, String> {
    let fields = fields.map(|(key, value)| (key, cut(&shown(&value), FIELD)));
    fields.filter(|(_, value)| !value.trim().is_empty()).collect()
}

/// `ComplianceStatus` of the model.
const fn compliance(status: Status) -> &'static str {
    match status {
        Status::Failed => "FAILED",
        Status::Undetermined => "WARNING",
        Status::Passed => "PASSED",
    }
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
