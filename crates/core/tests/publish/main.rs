//! What a run publishes: changes between two runs, and the forms in which other systems take them, whatever names say.

#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that panics fails, which is what it is for")]

mod changes;
mod forms;
mod metrics;
mod recorded;

use std::collections::BTreeSet;

use jiff::Timestamp;
use optout_core::catalogue::Catalogue;
use optout_core::check::{Question, Severity, assess};
use optout_core::org::{Snapshot, read};
use optout_core::publish::{Judged, Publication, PublishedFinding, Run, Standing, Status, Subject};
use optout_core::report::{NothingAccepted, Origin, Report};
use optout_core::source::Source;

pub(crate) fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

pub(crate) fn earlier() -> Timestamp {
    "2026-11-01T00:00:00Z".parse().unwrap()
}

/// The example organization.
pub(crate) fn acme() -> Snapshot {
    let text = include_str!("../../../../examples/acme/organization.json");
    read(&Source::new("acme.json", text)).unwrap()
}

/// What `look` sees in the report of a snapshot.
pub(crate) fn reported<T>(snapshot: &Snapshot, look: impl FnOnce(&Report<'_>) -> T) -> T {
    let assessment = assess(&Question { at: now(), ..Question::plain(snapshot, Catalogue::embedded()) });
    let origin = Origin { organization: "acme.json".to_owned(), tool_version: "0.1.0".to_owned(), ..Origin::default() };
    look(&Report::new(&assessment, Severity::High, &NothingAccepted, origin))
}

pub(crate) fn published(snapshot: &Snapshot, before: Standing) -> Publication {
    reported(snapshot, |report| Publication::of(report, before, now()))
}

/// A finding about an account that nobody read.
pub(crate) fn finding(number: usize, name: &str) -> PublishedFinding {
    let account = format!("{number:012}");
    PublishedFinding {
        id: format!("optout/o-exampleorgid/default-opted-out/account/{account}"),
        control: "default-opted-out".to_owned(),
        status: Status::Failed,
        severity: Severity::High,
        subject: Subject {
            kind: "account".to_owned(),
            id: account.clone(),
            name: Some(name.to_owned()),
            path: Some("Root / Production".to_owned()),
            arn: Some(format!("arn:aws:organizations::111111111111:account/o-exampleorgid/{account}")),
            account: account.parse().ok(),
            partition: "aws".to_owned(),
            verdict: Some("not-opted-out".to_owned()),
            basis: Some("aws".to_owned()),
        },
        title: "`default` is opted out".to_owned(),
        message: "`default` is unset".to_owned(),
        why: "AWS may use the content".to_owned(),
        remedy: "attach a policy".to_owned(),
        source: None,
        accepted: None,
        created: now(),
        updated: now(),
        run: Run {
            organization: "o-exampleorgid".to_owned(),
            verdict: "not-opted-out".to_owned(),
            decision: "fails".to_owned(),
            read: now(),
            version: "0.1.0".to_owned(),
        },
    }
}

pub(crate) fn many(count: usize) -> Vec<PublishedFinding> {
    (1..=count).map(|number| finding(number, "workload")).collect()
}

/// A run that looked at every account and everything else.
pub(crate) fn everything() -> Judged {
    Judged { open: BTreeSet::new(), listed: None, accounts: None, others: true }
}

pub(crate) fn standing(findings: Vec<PublishedFinding>) -> Standing {
    Standing { findings, ..Standing::default() }
}
