//! What each destination is sent.

use optout_aws::publish::Delivery;
use optout_core::publish::Publication;
use serde_json::Value;

use super::fake::{Fake, s3_error};
use super::{finding, publication, published};

fn sizes(fake: &Fake, operation: &str, list: &str) -> Vec<usize> {
    fake.asked(operation).iter().map(|asked| asked.json()[list].as_array().unwrap().len()).collect()
}

#[tokio::test]
async fn findings_go_by_the_hundred_and_events_by_ten() {
    for (count, findings, events) in [(1, vec![100; 0], 1), (100, vec![100], 11), (101, vec![100, 1], 11)] {
        let fake = Fake::start(|_, _| None);
        let published = published(&fake, &publication(count)).await;
        assert!(published.is_whole(), "{published:?}");
        let expected = if count == 1 { vec![1] } else { findings };
        assert_eq!(sizes(&fake, "BatchImportFindings", "Findings"), expected);
        let sent = sizes(&fake, "PutEvents", "Entries");
        assert_eq!((sent.len(), sent.iter().sum::<usize>()), (events, count + 1));
        assert!(sent.iter().all(|size| *size <= 10));
        assert_eq!(published.standing.findings.len(), count);
        assert!(published.standing.unsent.is_empty());
    }
}

#[tokio::test]
async fn without_findings_only_a_summary_a_record_and_metrics_are_sent() {
    let fake = Fake::start(|_, _| None);
    let published = published(&fake, &publication(0)).await;
    assert_eq!((published.security_hub, published.topic), (Delivery::Nothing, Delivery::Nothing));
    assert_eq!(sizes(&fake, "PutEvents", "Entries"), [1]);
    assert_eq!(fake.asked("PutObject").len(), 1);
    assert!(fake.asked("BatchImportFindings").is_empty() && fake.asked("Publish").is_empty());
}

#[tokio::test]
async fn ten_thousand_findings_all_arrive_once() {
    let fake = Fake::start(|_, _| None);
    let published = published(&fake, &publication(10_000)).await;
    assert_eq!(published.security_hub, Delivery::Done { sent: 10_000 });
    assert_eq!(published.event_bus, Delivery::Done { sent: 10_001 });
    let all: std::collections::BTreeSet<String> = fake
        .asked("BatchImportFindings")
        .iter()
        .flat_map(|asked| asked.json()["Findings"].as_array().unwrap().clone())
        .map(|finding| finding["Id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(all.len(), 10_000);
}

#[tokio::test]
async fn the_caller_imports_as_its_own_default_product_of_the_sessions_region() {
    let fake = Fake::start(|_, _| None);
    published(&fake, &publication(1)).await;
    let first = fake.asked("BatchImportFindings")[0].json()["Findings"][0].clone();
    assert_eq!(first["AwsAccountId"], "111111111111");
    let product = "arn:aws-us-gov:securityhub:us-gov-west-1:111111111111:product/111111111111/default";
    assert_eq!(first["ProductArn"], product);
    assert_eq!(first["Resources"][0]["Id"], "AWS::::Account:000000000001");
    for of_analysts in
        ["Workflow", "WorkflowState", "Note", "VerificationState", "UserDefinedFields", "Severity", "Types"]
    {
        assert_eq!(first[of_analysts], Value::Null, "{of_analysts}");
    }
}

#[tokio::test]
async fn what_healed_is_imported_as_passed_and_archived_once() {
    let fake = Fake::start(|_, _| None);
    let first = published(&fake, &publication(2)).await;
    let healed = Publication { before: first.standing, findings: vec![finding(1)], ..publication(0) };
    let second = published(&fake, &healed).await;
    let findings = fake.asked("BatchImportFindings")[1].json()["Findings"].clone();
    let states: Vec<(&str, &str)> = findings
        .as_array()
        .unwrap()
        .iter()
        .map(|it| (it["Compliance"]["Status"].as_str().unwrap(), it["RecordState"].as_str().unwrap()))
        .collect();
    assert_eq!(states, [("PASSED", "ARCHIVED"), ("FAILED", "ACTIVE")]);
    assert_eq!(second.standing.findings, [finding(1)]);
}

#[tokio::test]
async fn the_record_is_locked_encrypted_summed_and_never_overwritten() {
    let fake = Fake::start(|_, _| None);
    published(&fake, &publication(0)).await;
    let put = fake.asked("PutObject")[0].clone();
    assert!(put.path.starts_with("/evidence/optout/2026/11/24/20261124T120000Z-"), "{}", put.path);
    assert_eq!(put.header("if-none-match"), "*");
    assert_eq!(put.header("x-amz-object-lock-mode"), "COMPLIANCE");
    assert_eq!(put.header("x-amz-object-lock-retain-until-date"), "2026-12-24T12:00:00Z");
    assert_eq!(put.header("x-amz-server-side-encryption"), "aws:kms");
    assert!(put.header("x-amz-server-side-encryption-aws-kms-key-id").ends_with("key/k"));
    assert_eq!(put.header("x-amz-checksum-sha256").len(), 44);
    assert_eq!(put.header("x-amz-sdk-checksum-algorithm"), "SHA256");
}

#[tokio::test]
async fn a_record_that_is_there_already_is_no_failure() {
    let fake = Fake::start(|asked, _| match asked.operation {
        "PutObject" => s3_error(412, "PreconditionFailed"),
        _ => None,
    });
    let published = published(&fake, &publication(0)).await;
    assert_eq!(published.bucket, Delivery::Already);
    assert!(published.is_whole());
}
