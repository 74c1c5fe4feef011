//! Whatever fails: the others go on, what did not arrive is named, and the next run tells it again.

use std::collections::BTreeSet;

use optout_aws::publish::{Delivery, Destination, Published, publish};
use optout_core::publish::{ChangeKind, Publication};

use super::fake::{Asked, Fake, error, imported, put, s3_error, xml_error};
use super::{everywhere, publication, published, session};

fn ids(asked: &Asked) -> Vec<String> {
    let findings = asked.json()["Findings"].as_array().unwrap().clone();
    findings.iter().map(|finding| finding["Id"].as_str().unwrap().to_owned()).collect()
}

fn lost(delivery: &Delivery) -> (usize, usize, String) {
    match delivery {
        Delivery::Lost { sent, lost, remedy } => (*sent, lost.len(), remedy.clone()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_finding_that_failed_in_a_batch_is_sent_alone_and_then_named() {
    let fake = Fake::start(
        (|asked: &Asked, number: usize| {
            let bad = ids(asked).into_iter().filter(|id| id.ends_with("042") || (number == 0 && id.ends_with("007")));
            let failed: Vec<_> = bad.map(|id| (id, "InternalFailure")).collect();
            Some((200, imported(asked, &failed)))
        })
        .only("BatchImportFindings"),
    );
    let published = published(&fake, &publication(100)).await;
    let (sent, count, _) = lost(&published.security_hub);
    assert_eq!((sent, count, fake.asked("BatchImportFindings").len()), (99, 1, 3));
    let unsent: Vec<&String> = published.standing.unsent.keys().collect();
    assert!(unsent.len() == 1 && unsent[0].ends_with("042"), "{unsent:?}");
}

#[tokio::test]
async fn where_it_is_not_said_which_findings_failed_none_counts_as_imported() {
    let fake = Fake::start(
        (|asked: &Asked, number: usize| {
            let text = r#"{"FailedCount": 2, "SuccessCount": 1, "FailedFindings": []}"#;
            Some((200, if number == 0 { text.to_owned() } else { imported(asked, &[]) }))
        })
        .only("BatchImportFindings"),
    );
    let published = published(&fake, &publication(3)).await;
    assert_eq!(published.security_hub, Delivery::Done { sent: 3 });
    assert_eq!(fake.asked("BatchImportFindings").len(), 4);
}

#[tokio::test]
async fn a_batch_that_is_refused_is_halved_until_the_one_to_blame_stands_alone() {
    let fake = Fake::start(
        (|asked: &Asked, _: usize| {
            ids(asked).iter().any(|id| id.ends_with("042")).then(|| error(400, "InvalidInputException")).flatten()
        })
        .only("BatchImportFindings"),
    );
    let published = published(&fake, &publication(101)).await;
    let (sent, count, _) = lost(&published.security_hub);
    assert_eq!((sent, count), (100, 1));
}

#[tokio::test]
async fn where_security_hub_is_off_one_call_is_enough_and_all_others_are_told() {
    for answer in ["whole", "each"] {
        let fake = Fake::start(
            (move |asked: &Asked, _: usize| match answer {
                "whole" => error(401, "InvalidAccessException"),
                _ => {
                    let failed: Vec<_> = ids(asked).into_iter().map(|id| (id, "InvalidAccess")).collect();
                    Some((200, imported(asked, &failed)))
                }
            })
            .only("BatchImportFindings"),
        );
        let published = published(&fake, &publication(250)).await;
        let (sent, count, remedy) = lost(&published.security_hub);
        assert_eq!((sent, count, fake.asked("BatchImportFindings").len()), (0, 250, 1), "{answer}");
        assert!(remedy.contains("enable-security-hub"), "{remedy}");
        assert_eq!(published.event_bus, Delivery::Done { sent: 251 });
        assert_eq!((&published.topic, &published.bucket), (&Delivery::Done { sent: 1 }, &Delivery::Done { sent: 1 }));
        assert_eq!(published.standing.unsent.len(), 250);
    }
}

#[tokio::test]
async fn entries_that_may_pass_are_sent_again_and_others_are_named() {
    let fake = Fake::start(
        (|asked: &Asked, number: usize| {
            let entries = asked.json()["Entries"].as_array().unwrap().len();
            let mut codes = vec![None; entries];
            if number == 0 {
                codes[0] = Some("ThrottlingException");
                codes[1] = Some("MalformedDetail");
            }
            Some((200, put(&codes)))
        })
        .only("PutEvents"),
    );
    let published = published(&fake, &publication(5)).await;
    let (sent, count, _) = lost(&published.event_bus);
    assert_eq!((sent, count, fake.asked("PutEvents").len()), (5, 1, 2));
    assert_eq!(fake.asked("PutEvents")[1].json()["Entries"].as_array().unwrap().len(), 1);
    assert_eq!(published.standing.unsent.len(), 1);
}

#[tokio::test]
async fn no_permission_anywhere_is_told_with_the_permission() {
    let fake = Fake::start(|asked, _| match asked.operation {
        "BatchImportFindings" | "PutEvents" => error(403, "AccessDeniedException"),
        "Publish" => xml_error(403, "AuthorizationError"),
        "PutObject" => s3_error(403, "AccessDenied"),
        _ => None,
    });
    let published = published(&fake, &publication(3)).await;
    let permissions = [
        (Destination::SecurityHub, "securityhub:BatchImportFindings"),
        (Destination::EventBus, "events:PutEvents"),
        (Destination::Topic, "sns:Publish"),
        (Destination::Bucket, "s3:PutObject"),
    ];
    for (destination, permission) in permissions {
        let found = published.deliveries().into_iter().find(|(it, _)| *it == destination).unwrap();
        assert!(lost(found.1).2.contains(permission), "{found:?}");
    }
    assert_eq!(published.metrics, Delivery::Done { sent: 1 });
    assert_eq!(published.standing.unsent.len(), 3);
}

#[tokio::test]
async fn a_sink_that_fails_is_a_failure_of_metrics_alone() {
    let fake = Fake::start(|_, _| None);
    let full = |_: &str| Err(std::io::Error::other("full"));
    let published = publish(&session(&fake).await, &everywhere(), &publication(1), &full).await;
    assert!(!published.metrics.is_whole() && published.bucket.is_whole());
    assert!(published.standing.unsent.is_empty());
}

/// Whether a request of this number fails, by a sequence that is the same on every run.
fn fails(seed: u64, number: usize) -> bool {
    let mixed = (seed.wrapping_mul(6_364_136_223_846_793_005) ^ number as u64).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    (mixed >> 60) < 6
}

/// A run against services that fail at random, for good or in passing.
async fn stormy(seed: u64, publication: &Publication) -> (Fake, Published) {
    let fake = Fake::start(move |asked, number| {
        if asked.operation == "GetCallerIdentity" || !fails(seed, number) {
            return None;
        }
        match (asked.operation, (seed as usize + number) % 4) {
            ("BatchImportFindings", 0) => Some((200, imported(asked, &[(ids(asked)[0].clone(), "InternalFailure")]))),
            ("PutEvents", 0) => {
                let entries = asked.json()["Entries"].as_array().unwrap().len();
                Some((200, put(&vec![Some("InternalFailure"); entries])))
            }
            ("PutObject", _) => s3_error(503, "SlowDown"),
            ("Publish", 1) => xml_error(400, "InvalidParameter"),
            (_, 1) => error(400, "InvalidInputException"),
            (_, 2) => error(429, "LimitExceededException"),
            _ => Some((500, String::new())),
        }
    });
    let published = published(&fake, publication).await;
    (fake, published)
}

#[tokio::test]
async fn through_any_storm_every_finding_arrived_or_is_told_again() {
    for seed in 0..20 {
        let first = publication(25);
        let (fake, published) = stormy(seed, &first).await;
        let arrived = published.standing.findings.len();
        assert_eq!(arrived, 25, "seed {seed}: all stand");
        let told = |asked: &Asked| asked.json()["Entries"].to_string();
        let events: String = fake.asked("PutEvents").iter().map(told).collect();
        for finding in &first.findings {
            let unsent = published.standing.unsent.contains_key(&finding.id);
            assert!(unsent || events.contains(&finding.id), "seed {seed}: {}", finding.id);
        }
        let again = Publication { before: published.standing.clone(), ..publication(25) };
        let unsent: BTreeSet<&String> = published.standing.unsent.keys().collect();
        let changes = again.changes();
        let announced: BTreeSet<&String> = changes.changes.iter().map(|change| &change.finding.id).collect();
        assert_eq!(announced, unsent, "seed {seed}");
        assert!(changes.changes.iter().all(|change| change.kind == ChangeKind::Appeared));
    }
}

/// Faults of one operation alone.
trait Only: Sized {
    fn only(self, operation: &'static str) -> impl Fn(&Asked, usize) -> Option<(u16, String)> + Send + Sync + 'static;
}

impl<F: Fn(&Asked, usize) -> Option<(u16, String)> + Send + Sync + 'static> Only for F {
    fn only(self, operation: &'static str) -> impl Fn(&Asked, usize) -> Option<(u16, String)> + Send + Sync + 'static {
        move |asked, number| if asked.operation == operation { self(asked, number) } else { None }
    }
}
