//! What stood before, from Security Hub itself: for whoever keeps no state of their own.

use std::collections::BTreeMap;

use aws_sdk_securityhub::operation::get_findings::GetFindingsOutput;
use aws_sdk_securityhub::types::{
    AwsSecurityFinding, AwsSecurityFindingFilters, ComplianceStatus, StringFilter, StringFilterComparison,
};
use jiff::Timestamp;
use optout_core::check::{Severity, controls};
use optout_core::publish::{PublishedFinding, Publisher, Run, Standing, Status, Subject};
use tokio::runtime::Handle;

use super::{caller, security_hub};
use crate::cancel::Cancel;
use crate::pace::Operation;
use crate::progress::Watch;
use crate::request::{Failure, FailureKind, Purpose, Requests};
use crate::session::Session;

/// The largest page: botocore 1.44.5, securityhub model (`MaxResults`), read 2026-11-24. Three pages a second: `pace::operation`.
const PAGE: i32 = 100;
const GENERATOR: &str = "optout/";

/// The stack of the thread that reads: the SDK's reader of a finding has hundreds of resource types on its stack, more
/// than a thread has by default.
const STACK: usize = 64 * 1024 * 1024;

/// The findings of an organization that this account imported and that have not passed.
///
/// # Errors
/// Where Security Hub could not be read to the end: half of what stood is no ground to say what appeared.
pub async fn stood(session: &Session, organization: &str) -> Result<Standing, Failure> {
    let (told, answer) = tokio::sync::oneshot::channel();
    let (session, organization, runtime) = (session.clone(), organization.to_owned(), Handle::current());
    let work = move || {
        // Whoever asked may have gone away.
        let _ = told.send(runtime.block_on(Box::pin(read_all(&session, &organization))));
    };
    let started = std::thread::Builder::new().name("findings".to_owned()).stack_size(STACK).spawn(work);
    let failed = |why: String| Failure::new(Operation::GetFindings, FailureKind::Failed, why);
    started.map_err(|error| failed(error.to_string()))?;
    answer.await.unwrap_or_else(|_| Err(failed("the reading ended early".to_owned())))
}

async fn read_all(session: &Session, organization: &str) -> Result<Standing, Failure> {
    let cancel = Cancel::new();
    let requests = Requests::new(session, Watch::new(&|_| {}), &cancel);
    let publisher = caller(&requests).await?;
    let (client, filters) = (security_hub::client(session), filters(&publisher, organization));
    let send = |token: Option<String>| {
        client.get_findings().filters(filters.clone()).max_results(PAGE).set_next_token(token).send()
    };
    // Read page by page: the SDK's findings are large.
    let page = |page: GetFindingsOutput| {
        (page.findings.unwrap_or_default().iter().filter_map(read).collect(), page.next_token)
    };
    let listing = requests.pages(Operation::GetFindings, Purpose::Main, send, page).await;
    if let Some(failure) = listing.failure {
        return Err(failure);
    }
    let mine = |finding: &PublishedFinding| finding.run.organization == organization;
    // By id: an answer may have the same finding of several Regions.
    let findings: BTreeMap<String, PublishedFinding> =
        listing.items.into_iter().filter(mine).map(|it| (it.id.clone(), it)).collect();
    Ok(Standing { findings: findings.into_values().collect(), unsent: BTreeMap::new() })
}

fn filters(publisher: &Publisher, organization: &str) -> AwsSecurityFindingFilters {
    let filter = |value: &str, comparison| StringFilter::builder().value(value).comparison(comparison).build();
    AwsSecurityFindingFilters::builder()
        .product_arn(filter(&publisher.product_arn, StringFilterComparison::Equals))
        .generator_id(filter(GENERATOR, StringFilterComparison::Prefix))
        .id(filter(&format!("{GENERATOR}{organization}/"), StringFilterComparison::Prefix))
        .build()
}

/// Reads a finding of ours; `None` for one that passed, or that is not of our form.
fn read(form: &AwsSecurityFinding) -> Option<PublishedFinding> {
    let status = match form.compliance()?.status()? {
        ComplianceStatus::Failed => Status::Failed,
        ComplianceStatus::Warning => Status::Undetermined,
        _ => return None,
    };
    let control_id = form.generator_id()?.strip_prefix(GENERATOR)?;
    let control = controls::ALL.iter().find(|control| control.id == control_id);
    let fields = form.product_fields()?;
    let field = |name: &str| fields.get(name).cloned();
    let (title, why) = control.map_or(("", ""), |control| (control.title, control.why));
    let description = form.description().unwrap_or_default();
    let recommendation = form.remediation().and_then(|remediation| remediation.recommendation());
    Some(PublishedFinding {
        id: form.id()?.to_owned(),
        control: control_id.to_owned(),
        status,
        severity: severity(form)?,
        subject: subject(form, control_id)?,
        title: if title.is_empty() { form.title().unwrap_or_default() } else { title }.to_owned(),
        message: description.strip_suffix(&format!(". {why}")).unwrap_or(description).to_owned(),
        why: why.to_owned(),
        remedy: recommendation.and_then(|it| it.text()).unwrap_or_default().to_owned(),
        source: recommendation.and_then(|it| it.url()).map(str::to_owned),
        accepted: field("optout/Accepted"),
        created: form.created_at()?.parse().ok()?,
        updated: form.updated_at()?.parse().ok()?,
        run: run(&field)?,
    })
}

fn run(field: &impl Fn(&str) -> Option<String>) -> Option<Run> {
    Some(Run {
        organization: field("optout/Organization")?,
        verdict: field("optout/OrganizationVerdict").unwrap_or_default(),
        decision: field("optout/Decision").unwrap_or_default(),
        read: field("optout/Read")?.parse::<Timestamp>().ok()?,
        version: field("optout/Version").unwrap_or_default(),
    })
}

fn severity(form: &AwsSecurityFinding) -> Option<Severity> {
    let word = form.finding_provider_fields()?.severity()?.original()?;
    Severity::WORDS.iter().find(|(known, _)| *known == word).map(|(_, severity)| *severity)
}

fn subject(form: &AwsSecurityFinding, control: &str) -> Option<Subject> {
    let resource = form.resources().first()?;
    let id = resource.id().unwrap_or_default();
    let other = resource.details().and_then(|details| details.other());
    let detail = |name: &str| other.and_then(|other| other.get(name)).cloned();
    let account = id.strip_prefix("AWS::::Account:").and_then(|id| id.parse().ok());
    Some(Subject {
        kind: detail("Kind").unwrap_or_default(),
        id: account.map_or_else(
            || named(form.id().unwrap_or_default(), control),
            |id: optout_core::org::AccountId| id.to_string(),
        ),
        name: detail("Name"),
        path: detail("Path"),
        arn: id.starts_with("arn:").then(|| id.to_owned()),
        account,
        partition: resource.partition().map_or_else(|| "aws".to_owned(), |partition| partition.as_str().to_owned()),
        verdict: detail("Verdict"),
        basis: detail("Basis"),
    })
}

/// The subject that a finding's own id names: what comes after the control and the kind.
fn named(id: &str, control: &str) -> String {
    let rest = id.split_once(&format!("/{control}/")).map_or(id, |(_, rest)| rest);
    rest.split_once('/').map_or(rest, |(_, subject)| subject).to_owned()
}
