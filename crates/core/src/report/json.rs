//! `optout.report/1`: the report for machines. The structs are its form, apart from what the program works with.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::Value;

use super::Report;
use super::reach::{self, WebsiteV1, WorkstationV1};
use crate::check::{AccountResult, Assessment, Basis, Control, Decision, Finding, Lock, Outcome};
use crate::org::{AccountId, Scope};

/// The name of the form.
pub const FORMAT: &str = "optout.report/1";

/// The report as JSON text, equal bytes for equal reports; indented unless `compact`.
#[must_use]
pub fn render(report: &Report<'_>, compact: bool) -> String {
    let file = FileV1::of(report);
    // INVARIANT: every map key below is a string, which is all that could make this fail.
    let text = if compact { serde_json::to_string(&file) } else { serde_json::to_string_pretty(&file) };
    text.unwrap_or_default() + "\n"
}

/// What the report says of the organization, in the fields of `optout.report/1` but without its accounts: for answers that must
/// stay small. The worst findings come first.
#[must_use]
pub fn without_accounts(report: &Report<'_>) -> Value {
    let mut found = pairs(report);
    found.sort_by_key(|(finding, _)| Reverse(finding.severity));
    let part = PartV1 {
        format: FORMAT,
        verdict: report.assessment.verdict.as_str(),
        decision: decision(report.decision),
        organization: organization(report.assessment),
        summary: summary(report),
        findings: found.into_iter().map(|(_, form)| form).collect(),
        unknowns: unknowns(report),
    };
    // INVARIANT: every map key is a string, which is all that could make this fail.
    serde_json::to_value(part).unwrap_or_default()
}

#[derive(Serialize)]
struct PartV1<'a> {
    format: &'static str,
    verdict: &'static str,
    decision: &'static str,
    organization: OrganizationV1,
    summary: SummaryV1,
    findings: Vec<FindingV1<'a>>,
    unknowns: Vec<UnknownV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub(super) struct FileV1<'a> {
    /// Always `optout.report/1`.
    format: &'static str,
    /// The version of optout.
    tool_version: &'a str,
    /// The time judged by (RFC 3339).
    at: String,
    /// The worst verdict of the counted accounts.
    verdict: &'static str,
    /// `holds`, `fails` or `undetermined`: exit codes 0, 2 and 3.
    decision: &'static str,
    /// `organization`, or `account` where the caller may only ask for its own.
    scope: &'static str,
    organization: OrganizationV1,
    source: SourceV1<'a>,
    catalogue: CatalogueV1,
    #[serde(skip_serializing_if = "Option::is_none")]
    intent: Option<NamedV1<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    baseline: Option<NamedV1<'a>>,
    summary: SummaryV1,
    accounts: Vec<AccountV1<'a>>,
    findings: Vec<FindingV1<'a>>,
    unknowns: Vec<UnknownV1<'a>>,
    /// Developers' machines, where reports of some were given; they are no part of the decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    workstations: Vec<WorkstationV1<'a>>,
    /// Websites, where reports of some were given; they are no part of the decision.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    websites: Vec<WebsiteV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct OrganizationV1 {
    /// `null` where there is none or it could not be read.
    id: Option<String>,
    management_account: Option<String>,
    /// Status of the policy type: `ENABLED`, another one, `null` where off or unread.
    policy_type: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SourceV1<'a> {
    /// A file's path, or the live organization.
    name: &'a str,
    partition: &'a str,
    /// When the organization was read (RFC 3339).
    taken: String,
    /// How AWS was asked: `all`, `chain` or `none`.
    evidence: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    caller: Option<CallerV1<'a>>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CallerV1<'a> {
    account: String,
    principal: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct CatalogueV1 {
    date: String,
    services: usize,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct NamedV1<'a> {
    path: &'a str,
    sha256: &'a str,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct SummaryV1 {
    accounts: usize,
    counted: usize,
    /// Counted accounts by verdict.
    verdicts: BTreeMap<&'static str, usize>,
    /// Counted accounts by whose answer the verdict rests on.
    bases: BTreeMap<&'static str, usize>,
    /// Counted accounts by lock.
    locks: BTreeMap<&'static str, usize>,
    /// Findings by severity.
    findings: BTreeMap<&'static str, usize>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct AccountV1<'a> {
    id: String,
    name: &'a str,
    state: &'a str,
    counted: bool,
    verdict: &'static str,
    /// `aws`, `aws-chain` or `computed`.
    basis: &'static str,
    /// With `aws-chain`: the account that AWS was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    basis_account: Option<String>,
    /// `full`, `partial`, `none` or `unknown`.
    lock: &'static str,
    #[cfg_attr(test, schemars(with = "BTreeMap<String, ServiceV1>"))]
    services: Services<'a>,
}

/// Written one by one: half a million accounts have millions of entries.
struct Services<'a> {
    assessment: &'a Assessment<'a>,
    result: &'a AccountResult,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ServiceV1 {
    verdict: &'static str,
    /// `opt-out`, `opt-in`, `unset`, `unrecognised`; `null` where it is not known.
    setting: Option<&'static str>,
    /// `full`, `none` or `unknown`.
    lock: &'static str,
    /// Through what a policy below could change it.
    #[serde(skip_serializing_if = "Option::is_none")]
    hole: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct FindingV1<'a> {
    control: &'static str,
    severity: &'static str,
    subject: String,
    subject_kind: &'static str,
    message: &'a str,
    remedy: &'static str,
    /// Why it was accepted, where it was.
    #[serde(skip_serializing_if = "Option::is_none")]
    accepted: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct UnknownV1<'a> {
    what: &'a str,
    reason: &'a str,
    /// The IAM action that would be needed.
    permission: Option<&'a str>,
}

impl Serialize for Services<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.assessment.keys.len()))?;
        for (key, name) in self.assessment.keys.iter() {
            let lock = self.assessment.lock(self.result, key);
            let hole = match lock {
                Lock::None(hole) => Some(hole.to_string()),
                Lock::Full | Lock::Unknown => None,
            };
            let service = ServiceV1 {
                verdict: self.assessment.service(self.result, key).as_str(),
                setting: self.assessment.setting(self.result, key).map(|setting| setting.as_str()),
                lock: lock.as_str(),
                hole,
            };
            map.serialize_entry(name, &service)?;
        }
        map.end()
    }
}

impl<'a> FileV1<'a> {
    pub(super) fn of(report: &'a Report<'a>) -> Self {
        let assessment = report.assessment;
        Self {
            format: FORMAT,
            tool_version: &report.origin.tool_version,
            at: assessment.at.to_string(),
            verdict: assessment.verdict.as_str(),
            decision: decision(report.decision),
            scope: scope(assessment.snapshot.scope),
            organization: organization(assessment),
            source: source(report),
            catalogue: CatalogueV1 {
                date: assessment.catalogue.date().to_string(),
                services: assessment.catalogue.services().len(),
            },
            intent: report.origin.intent.as_ref().map(named),
            baseline: report.origin.baseline.as_ref().map(named),
            summary: summary(report),
            accounts: assessment.accounts.iter().map(|result| account(assessment, result)).collect(),
            findings: findings(report),
            unknowns: unknowns(report),
            workstations: reach::workstations(report),
            websites: reach::websites(report),
        }
    }
}

/// The word of a decision.
#[must_use]
pub const fn decision(decision: Decision) -> &'static str {
    match decision {
        Decision::Holds => "holds",
        Decision::Fails => "fails",
        Decision::Undetermined => "undetermined",
    }
}

const fn scope(scope: Scope) -> &'static str {
    match scope {
        Scope::Organization => "organization",
        Scope::Account(_) => "account",
    }
}

fn organization(assessment: &Assessment<'_>) -> OrganizationV1 {
    let organization = assessment.snapshot.organization();
    let state = assessment.snapshot.policy_type_state().flatten();
    OrganizationV1 {
        id: organization.map(|organization| organization.id.to_string()),
        management_account: organization.map(|organization| organization.management_account.to_string()),
        policy_type: state.map(|state| state.as_str().to_owned()),
    }
}

fn source<'a>(report: &'a Report<'_>) -> SourceV1<'a> {
    let snapshot = report.assessment.snapshot;
    let caller = snapshot.caller.as_ref();
    SourceV1 {
        name: &report.origin.organization,
        partition: snapshot.partition.as_str(),
        taken: snapshot.taken.to_string(),
        evidence: snapshot.evidence.as_str(),
        caller: caller.map(|caller| CallerV1 { account: caller.account.to_string(), principal: &caller.principal }),
    }
}

fn named((path, sha256): &(String, String)) -> NamedV1<'_> {
    NamedV1 { path, sha256 }
}

fn summary(report: &Report<'_>) -> SummaryV1 {
    let assessment = report.assessment;
    let lock = |account: &AccountResult| assessment.group(account).map_or("unknown", |group| group.lock.as_str());
    SummaryV1 {
        accounts: assessment.accounts.len(),
        counted: assessment.counted().count(),
        verdicts: tally(assessment.counted().map(|account| account.verdict.as_str())),
        bases: tally(assessment.counted().map(|account| account.basis.as_str())),
        locks: tally(assessment.counted().map(lock)),
        findings: tally(report.findings().map(|finding| finding.severity.as_str())),
    }
}

/// How often each word occurs.
pub(super) fn tally<'w>(words: impl Iterator<Item = &'w str>) -> BTreeMap<&'w str, usize> {
    let mut counts = BTreeMap::new();
    words.for_each(|word| *counts.entry(word).or_insert(0) += 1);
    counts
}

fn account<'a>(assessment: &'a Assessment<'a>, result: &'a AccountResult) -> AccountV1<'a> {
    let account = assessment.account(result);
    AccountV1 {
        id: result.id.to_string(),
        name: account.map_or("", |account| account.name.as_str()),
        state: account.map_or("", |account| account.state.as_str()),
        counted: result.counted,
        verdict: result.verdict.as_str(),
        basis: result.basis.as_str(),
        basis_account: basis_account(result.basis).map(|id| id.to_string()),
        lock: assessment.group(result).map_or("unknown", |group| group.lock.as_str()),
        services: Services { assessment, result },
    }
}

pub(super) const fn basis_account(basis: Basis) -> Option<AccountId> {
    match basis {
        Basis::AwsChain(account) => Some(account),
        Basis::Aws | Basis::Computed => None,
    }
}

fn findings<'a>(report: &'a Report<'_>) -> Vec<FindingV1<'a>> {
    pairs(report).into_iter().map(|(_, form)| form).collect()
}

/// Every finding with its form.
fn pairs<'a>(report: &'a Report<'_>) -> Vec<(&'a Finding, FindingV1<'a>)> {
    let form = |remedy: &'static str, finding: &'a Finding| FindingV1 {
        control: finding.control,
        severity: finding.severity.as_str(),
        subject: finding.subject.to_string(),
        subject_kind: finding.subject.kind(),
        message: &finding.message,
        remedy,
        accepted: report.accepted(finding),
    };
    let of = |(control, outcome): &'a (&'static Control, Outcome)| {
        let remedy = control.remedy;
        outcome.findings.iter().map(move |finding| (finding, form(remedy, finding)))
    };
    report.outcomes.iter().flat_map(of).collect()
}

fn unknowns<'a>(report: &'a Report<'_>) -> Vec<UnknownV1<'a>> {
    let of = |unknown: &'a super::Unknown| UnknownV1 {
        what: &unknown.what,
        reason: &unknown.reason,
        permission: unknown.permission.as_deref(),
    };
    report.unknowns.iter().map(of).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("report-1.json", &crate::published::written::<super::FileV1<'static>>());
    }
}
