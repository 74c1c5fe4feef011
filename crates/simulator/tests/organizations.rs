//! Organizations of every kind, who may call what in them, and what becomes of them.

mod support;

use optout_core::org::{PolicyType, Snapshot};
use optout_simulator::{Options, Trust};
use serde_json::{Value, json};
use support::{
    Bench, MANAGEMENT, MEMBER, ROOT, UNIT, attach, between, create_policy, organization, with_accounts, with_types,
};

const AI: &str = "AISERVICES_OPT_OUT_POLICY";

fn setting(value: &str) -> Value {
    json!({ "services": { "default": { "opt_out_policy": { "@@assign": value } } } })
}

#[tokio::test]
async fn the_access_key_says_who_calls() {
    let bench = Bench::start(&organization(), Options::default()).await;
    for (key, account) in [
        (MEMBER, MEMBER),
        ("ASIAXXXX222222222222", MEMBER),
        ("AKIAIOSFODNN7EXAMPLE", MANAGEMENT),
        ("AKIA999999999999", MANAGEMENT),
        ("999999999999", "999999999999"),
    ] {
        let answer = bench.sts(key, "Action=GetCallerIdentity").await;
        assert_eq!(between(&answer.text, "<Account>", "</Account>"), account, "{key}");
    }
    let outside = bench.call("999999999999", "DescribeOrganization", json!({})).await;
    assert_eq!(outside.code(), "AWSOrganizationsNotInUseException");
    let nobody = bench.send("POST", "/", "X-Amz-Target: AWSOrganizationsV20161128.ListRoots\r\n", "{}").await.unwrap();
    assert_eq!(nobody.code(), "MissingAuthenticationTokenException");
}

#[tokio::test]
async fn a_role_may_ask_for_an_external_id_and_a_code() {
    let role = "arn:aws:iam::222222222222:role/Reader";
    let trust = Trust { external_id: Some("secret".to_owned()), mfa: Some(("device".to_owned(), "123456".to_owned())) };
    let trusts = [(role.to_owned(), trust)].into();
    let bench = Bench::start(&organization(), Options { trusts, ..Options::default() }).await;
    let assume = async |more: &str| {
        let role = role.replace(':', "%3A").replace('/', "%2F");
        bench.sts(MANAGEMENT, &format!("Action=AssumeRole&RoleArn={role}&RoleSessionName=test{more}")).await
    };
    for wrong in ["", "&ExternalId=other&SerialNumber=device&TokenCode=123456", "&ExternalId=secret"] {
        let answer = assume(wrong).await;
        assert_eq!((answer.status, between(&answer.text, "<Code>", "</Code>")), (403, "AccessDenied"), "{wrong}");
    }
    let answer = assume("&ExternalId=secret&SerialNumber=device&TokenCode=123456").await;
    let key = between(&answer.text, "<AccessKeyId>", "</AccessKeyId>");
    assert_eq!(bench.call(key, "ListAccounts", json!({})).await.code(), "AccessDeniedException");
}

#[tokio::test]
async fn a_denial_in_the_resource_policy_does_not_bind_the_management_account() {
    let bench = Bench::start(&organization(), Options::default()).await;
    let statement = json!({
        "Effect": "Deny", "Principal": "*", "Action": "organizations:Describe*", "Resource": "*"
    });
    let content = json!({ "Version": "2012-10-17", "Statement": [statement] }).to_string();
    bench.ok(MANAGEMENT, "PutResourcePolicy", json!({ "Content": content })).await;
    bench.ok(MANAGEMENT, "DescribeOrganization", json!({})).await;
    let member = bench.call(MEMBER, "DescribeOrganization", json!({})).await;
    assert_eq!(member.code(), "AccessDeniedException");
    bench.ok(MANAGEMENT, "DeleteResourcePolicy", json!({})).await;
    bench.ok(MEMBER, "DescribeOrganization", json!({})).await;
}

#[tokio::test]
async fn re_attaching_moves_a_policy_to_the_end() {
    let bench = Bench::start(&with_types(&[PolicyType::AiOptOut]), Options::default()).await;
    let first = create_policy(&bench, AI, "first", &setting("optOut")).await;
    let second = create_policy(&bench, AI, "second", &setting("optIn")).await;
    attach(&bench, &first, ROOT).await;
    attach(&bench, &second, ROOT).await;
    let content = async || {
        let answer = bench.ok(MEMBER, "DescribeEffectivePolicy", json!({ "PolicyType": AI })).await;
        answer["EffectivePolicy"]["PolicyContent"].as_str().unwrap().contains("optOut")
    };
    assert!(content().await);
    bench.ok(MANAGEMENT, "DetachPolicy", json!({ "PolicyId": first, "TargetId": ROOT })).await;
    attach(&bench, &first, ROOT).await;
    assert!(!content().await);
}

#[tokio::test]
async fn consolidated_billing_has_no_policies_until_all_features_are_on() {
    let mut snapshot = organization();
    let Some(optout_core::org::Membership::Member(organization)) = &mut snapshot.membership else { return };
    organization.all_features = false;
    let bench = Bench::start(&snapshot, Options::default()).await;
    let enable = json!({ "RootId": ROOT, "PolicyType": AI });
    let refused = bench.call(MANAGEMENT, "EnablePolicyType", enable.clone()).await;
    assert_eq!(refused.code(), "PolicyTypeNotAvailableForOrganizationException");
    let handshake = bench.ok(MANAGEMENT, "EnableAllFeatures", json!({})).await;
    let again = bench.call(MANAGEMENT, "EnableAllFeatures", json!({})).await;
    assert_eq!(again.json()["Reason"], "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION");
    let id = handshake["Handshake"]["Id"].clone();
    bench.ok(MANAGEMENT, "AcceptHandshake", json!({ "HandshakeId": id })).await;
    bench.ok(MANAGEMENT, "EnablePolicyType", enable).await;
}

#[tokio::test]
async fn an_account_without_an_organization_can_make_one_and_delete_it() {
    let mut snapshot = Snapshot::empty(organization().taken, "test", optout_core::org::Partition::Aws);
    snapshot.membership = Some(optout_core::org::Membership::None);
    let bench = Bench::start(&snapshot, Options::default()).await;
    let none = bench.call(MANAGEMENT, "DescribeOrganization", json!({})).await;
    assert_eq!(none.code(), "AWSOrganizationsNotInUseException");
    let made = bench.ok(MANAGEMENT, "CreateOrganization", json!({ "FeatureSet": "ALL" })).await;
    assert_eq!(made["Organization"]["MasterAccountId"], MANAGEMENT);
    let root = bench.ok(MANAGEMENT, "ListRoots", json!({})).await["Roots"][0].clone();
    assert_eq!(root["PolicyTypes"], json!([]));
    bench.ok(MANAGEMENT, "DeleteOrganization", json!({})).await;
    let none = bench.call(MANAGEMENT, "ListAccounts", json!({})).await;
    assert_eq!(none.code(), "AWSOrganizationsNotInUseException");
}

#[tokio::test]
async fn govcloud_does_not_have_the_policy_type() {
    let mut snapshot = organization();
    snapshot.partition = optout_core::org::Partition::GovCloud;
    let bench = Bench::start(&snapshot, Options::default()).await;
    let refused = bench.call(MANAGEMENT, "EnablePolicyType", json!({ "RootId": ROOT, "PolicyType": AI })).await;
    assert_eq!(refused.code(), "PolicyTypeNotAvailableForOrganizationException");
    let account = bench.ok(MANAGEMENT, "DescribeAccount", json!({ "AccountId": MEMBER })).await;
    assert!(account["Account"]["Arn"].as_str().unwrap().starts_with("arn:aws-us-gov:organizations::"));
}

#[tokio::test]
async fn a_saved_state_loads_into_the_same_organization() {
    let bench = Bench::start(&with_accounts(3), Options::default()).await;
    let id = create_policy(&bench, AI, "policy", &setting("optOut")).await;
    attach(&bench, &id, UNIT).await;
    let saved = bench.running.simulator.snapshot();
    let text = optout_core::org::write(&saved);
    let read = optout_core::org::read(&optout_core::source::Source::new("saved", text)).unwrap();
    let again = Bench::start(&read, Options::default()).await;
    let input = json!({ "PolicyType": AI, "TargetId": "300000000002" });
    let (before, after) = (
        bench.ok(MANAGEMENT, "DescribeEffectivePolicy", input.clone()).await,
        again.ok(MANAGEMENT, "DescribeEffectivePolicy", input).await,
    );
    assert_eq!(before["EffectivePolicy"]["PolicyContent"], after["EffectivePolicy"]["PolicyContent"]);
    assert_eq!(optout_core::org::Snapshot { taken: saved.taken, ..again.running.simulator.snapshot() }, saved);
}

#[tokio::test]
async fn service_control_policies_come_with_one_of_awss_own_at_every_target() {
    let bench = Bench::start(&organization(), Options::default()).await;
    let switch = json!({ "RootId": ROOT, "PolicyType": "SERVICE_CONTROL_POLICY" });
    let targets = async || {
        let answer = bench.ok(MANAGEMENT, "ListTargetsForPolicy", json!({ "PolicyId": "p-FullAWSAccess" })).await;
        answer["Targets"].as_array().map_or(0, Vec::len)
    };
    bench.ok(MANAGEMENT, "EnablePolicyType", switch.clone()).await;
    assert_eq!(targets().await, 4);
    bench.ok(MANAGEMENT, "DisablePolicyType", switch.clone()).await;
    assert_eq!(targets().await, 0);
    bench.ok(MANAGEMENT, "EnablePolicyType", switch).await;
    assert_eq!(targets().await, 4);
    let unit = bench.ok(MANAGEMENT, "CreateOrganizationalUnit", json!({ "ParentId": ROOT, "Name": "new" })).await;
    let input = json!({ "TargetId": unit["OrganizationalUnit"]["Id"], "Filter": "SERVICE_CONTROL_POLICY" });
    let there = bench.ok(MANAGEMENT, "ListPoliciesForTarget", input).await;
    assert_eq!(there["Policies"][0]["Id"], "p-FullAWSAccess");
}
