//! What another system accepts, as its documentation says it: what validators of shape do not look at.

use optout_core::report::Format;
use proptest::prelude::*;
use serde_json::Value;

use super::{accepted, acme, origin, rendered, reported};

/// Limits of <https://docs.aws.amazon.com/securityhub/1.0/APIReference/API_AwsSecurityFinding.html> and the model of botocore
/// 1.44.5, read 2026-11-24.
fn assert_security_hub_accepts(finding: &Value) {
    let text = |pointer: &str| finding.pointer(pointer).unwrap().as_str().unwrap();
    for (pointer, most) in [
        ("/Id", 512),
        ("/GeneratorId", 512),
        ("/ProductArn", 2048),
        ("/ProductName", 128),
        ("/Title", 256),
        ("/Description", 1024),
        ("/Remediation/Recommendation/Text", 512),
        ("/Resources/0/Type", 256),
        ("/Resources/0/Id", 512),
        ("/FindingProviderFields/Severity/Original", 64),
    ] {
        assert!((1..=most).contains(&text(pointer).chars().count()), "{pointer}: {finding:#}");
    }
    assert_eq!((text("/SchemaVersion"), text("/AwsAccountId").len()), ("2018-10-08", 12));
    let label = text("/FindingProviderFields/Severity/Label");
    assert!(["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"].contains(&label), "{label}");
    assert!(["PASSED", "WARNING", "FAILED", "NOT_AVAILABLE"].contains(&text("/Compliance/Status")));
    assert!(["ACTIVE", "ARCHIVED"].contains(&text("/RecordState")));
    assert!(["aws", "aws-cn", "aws-us-gov", "aws-us-iso", "aws-us-iso-b"].contains(&text("/Resources/0/Partition")));
    let namespaces =
        ["Software and Configuration Checks", "TTPs", "Effects", "Unusual Behaviors", "Sensitive Data Identifications"];
    assert!(namespaces.contains(&text("/FindingProviderFields/Types/0").split('/').next().unwrap()));
    for time in ["/CreatedAt", "/UpdatedAt"] {
        assert!(text(time).parse::<jiff::Timestamp>().is_ok() && text(time).ends_with('Z'));
    }
    let fields = finding["ProductFields"].as_object().unwrap();
    assert!(
        fields.len() <= 50
            && fields.iter().all(|(key, value)| key.len() <= 128 && value.as_str().unwrap().len() <= 2048)
    );
    assert!(finding.to_string().len() < 240 * 1024, "240 KB a finding");
}

#[test]
fn security_hub_accepts_the_example() {
    let text = reported(&acme(), &accepted("a study"), origin(), |report| rendered(report, Format::Asff));
    let findings: Vec<Value> = serde_json::from_str(&text).unwrap();
    findings.iter().for_each(assert_security_hub_accepts);
    let archived = findings.iter().filter(|it| it["RecordState"] == "ARCHIVED").count();
    assert!(archived > 0 && archived < findings.len(), "what was accepted is archived, and only that");
}

#[test]
fn code_scanning_gets_a_level_a_file_and_a_fingerprint_for_every_result() {
    let text = reported(&acme(), &accepted("a study"), origin(), |report| rendered(report, Format::Sarif));
    let sarif: Value = serde_json::from_str(&text).unwrap();
    let run = &sarif["runs"][0];
    let rules: Vec<&str> =
        run["tool"]["driver"]["rules"].as_array().unwrap().iter().map(|rule| rule["id"].as_str().unwrap()).collect();
    for result in run["results"].as_array().unwrap() {
        assert!(rules.contains(&result["ruleId"].as_str().unwrap()));
        assert!(["error", "warning", "note"].contains(&result["level"].as_str().unwrap()));
        assert_eq!(result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"], "optout.toml");
        assert!(result["partialFingerprints"]["primaryLocationLineHash"].as_str().unwrap().ends_with(":1"));
    }
}

proptest! {
    #![proptest_config(super::hostile::cases())]

    #[test]
    fn security_hub_accepts_long_names(name in "\\PC{0,900}", reason in "\\PC{0,5000}") {
        let mut snapshot = acme();
        snapshot.accounts.iter_mut().flatten().for_each(|it| it.name = name.clone());
        let text = reported(&snapshot, &accepted(&reason), origin(), |report| rendered(report, Format::Asff));
        let findings: Vec<Value> = serde_json::from_str(&text).unwrap();
        findings.iter().for_each(assert_security_hub_accepts);
    }
}
