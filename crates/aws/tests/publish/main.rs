//! Publishing against services on loopback: batches, partial failures, one that fails hides no other, nothing is lost.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics fails, which is what it is for"
)]

mod destinations;
mod fake;
mod faults;
#[path = "../../../../tests/loopback/mod.rs"]
mod loopback;

use std::collections::BTreeSet;
use std::time::Duration;

use jiff::Timestamp;
use optout_aws::publish::{Bucket, Destinations, Published, Retention, RetentionMode, publish};
use optout_aws::session::{Keys, Patience, Session, SessionOptions};
use optout_core::check::{AccountVerdict, Severity};
use optout_core::evidence::Hash;
use optout_core::publish::{
    Evidence, Extent, Judged, Publication, PublishedFinding, Run, Standing, Status, Subject, Summary,
};

use fake::Fake;

pub(crate) fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

pub(crate) async fn session(fake: &Fake) -> Session {
    let keys = Keys { access_key_id: "AKIAIOSFODNN7EXAMPLE".into(), secret_access_key: "secret".into() };
    let options = SessionOptions {
        endpoint_url: Some(fake.url.clone()),
        region: Some("us-gov-west-1".into()),
        keys: Some(keys),
        time_scale: 1_000.0,
        patience: Patience { writing: Duration::from_secs(2), ..Patience::default() },
        ..SessionOptions::default()
    };
    Session::open(&options).await.unwrap()
}

pub(crate) fn everywhere() -> Destinations {
    Destinations {
        security_hub: true,
        event_bus: Some("bus".into()),
        topic: Some("arn:aws-us-gov:sns:us-gov-west-1:111111111111:opt-out".into()),
        bucket: Some(Bucket {
            name: "evidence".into(),
            prefix: "optout".into(),
            retention: Some(Retention { mode: RetentionMode::Compliance, days: 30 }),
            kms_key: Some("arn:aws-us-gov:kms:us-gov-west-1:111111111111:key/k".into()),
        }),
        metric_namespace: Some("OptOut".into()),
    }
}

pub(crate) fn finding(number: usize) -> PublishedFinding {
    let account = format!("{number:012}");
    PublishedFinding {
        id: format!("optout/o-exampleorgid/default-opted-out/account/{account}"),
        control: "default-opted-out".into(),
        status: Status::Failed,
        severity: Severity::High,
        subject: Subject {
            kind: "account".into(),
            id: account.clone(),
            name: Some("workload".into()),
            path: None,
            arn: Some(format!("arn:aws-us-gov:organizations::111111111111:account/o-exampleorgid/{account}")),
            account: account.parse().ok(),
            partition: "aws-us-gov".into(),
            verdict: Some("not-opted-out".into()),
            basis: Some("aws".into()),
        },
        title: "Every account is opted out by `default`".into(),
        message: "nothing is opted out".into(),
        why: "AWS may use the content".into(),
        remedy: "attach a policy".into(),
        source: None,
        accepted: None,
        created: now(),
        updated: now(),
        run: Run {
            organization: "o-exampleorgid".into(),
            verdict: "not-opted-out".into(),
            decision: "fails".into(),
            read: now(),
            version: "0.1.0".into(),
        },
    }
}

/// So many findings that are new.
pub(crate) fn publication(count: usize) -> Publication {
    let text = "{\"sha256\":\"x\",\"text\":\"y\"}\n".to_owned();
    let evidence = Evidence { sha256: Hash::of(&text), record: Hash::NONE, text, taken: now() };
    Publication {
        at: now(),
        summary: Summary {
            organization: Some("o-exampleorgid".into()),
            verdict: AccountVerdict::NotOptedOut,
            decision: "fails",
            answer: "AWS may use the content of 1 of 2 accounts".into(),
            counted: 2,
            verdicts: AccountVerdict::ALL.iter().map(|verdict| (*verdict, 0)).collect(),
            unknowns: 0,
            last_full_read: Some(now()),
            worst: Vec::new(),
        },
        findings: (1..=count).map(finding).collect(),
        before: Standing::default(),
        judged: Judged { open: BTreeSet::new(), listed: None, accounts: None, others: true },
        extent: Extent::Everything,
        cause: None,
        link: None,
        evidence: Some(evidence),
    }
}

pub(crate) async fn published(fake: &Fake, publication: &Publication) -> Published {
    publish(&session(fake).await, &everywhere(), publication, &|_| Ok(())).await
}
