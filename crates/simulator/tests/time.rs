//! What depends on time, with the runtime's clock paused: propagation, latency, rates, the time scale.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test that cannot go on fails")]

mod support;

use std::time::Duration;

use optout_core::org::PolicyType;
use optout_simulator::{Delivery, Effect, Fault, Options, Propagation, Request, Simulator, Throttling, When};
use serde_json::{Value, json};
use support::{MANAGEMENT, MEMBER, ROOT, RULES, organization, with_types};
use tokio::time::{Instant, advance};

const AI: &str = "AISERVICES_OPT_OUT_POLICY";

/// A simulator without a connection.
struct Still(Simulator);

impl Still {
    fn of(types: &[PolicyType], options: Options) -> Self {
        Self(Simulator::new(&with_types(types), RULES, options).unwrap())
    }

    async fn ask(&self, operation: &str, input: Value) -> (u16, Value) {
        let request = Request {
            method: "POST".to_owned(),
            path: "/".to_owned(),
            target: Some(format!("AWSOrganizationsV20161128.{operation}")),
            authorization: Some(format!("AWS4-HMAC-SHA256 Credential={MANAGEMENT}/x")),
            body: input.to_string().into_bytes(),
            ..Request::default()
        };
        match self.0.answer(&request).await {
            Delivery::Whole(reply) => (reply.status, serde_json::from_slice(&reply.body).unwrap()),
            other => (0, json!(format!("{other:?}"))),
        }
    }

    async fn ok(&self, operation: &str, input: Value) -> Value {
        let (status, answer) = self.ask(operation, input).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    async fn policy(&self, value: &str) -> String {
        let content = document(value).to_string();
        let input = json!({ "Type": AI, "Name": value, "Description": "", "Content": content });
        self.ok("CreatePolicy", input).await["Policy"]["PolicySummary"]["Id"].as_str().unwrap().to_owned()
    }

    /// The setting of `default` in force for the member, and when AWS says it was updated.
    async fn view(&self) -> (Option<String>, f64) {
        let answer = self.ok("DescribeEffectivePolicy", json!({ "PolicyType": AI, "TargetId": MEMBER })).await;
        let effective = &answer["EffectivePolicy"];
        let document: Value = serde_json::from_str(effective["PolicyContent"].as_str().unwrap()).unwrap();
        let setting = document["services"]["default"]["opt_out_policy"].as_str().map(str::to_owned);
        (setting, effective["LastUpdatedTimestamp"].as_f64().unwrap())
    }

    async fn setting(&self) -> Option<String> {
        self.view().await.0
    }
}

fn document(value: &str) -> Value {
    json!({ "services": { "default": { "opt_out_policy": { "@@assign": value } } } })
}

fn observed() -> Options {
    Options { propagation: Propagation::OBSERVED, ..Options::default() }
}

async fn milliseconds(count: u64) {
    advance(Duration::from_millis(count)).await;
}

#[tokio::test(start_paused = true)]
async fn an_attachment_shows_first_as_a_timestamp_then_as_content() {
    let still = Still::of(&[PolicyType::AiOptOut], observed());
    milliseconds(10_000).await;
    let id = still.policy("optOut").await;
    let (before, stamp) = still.view().await;
    still.ok("AttachPolicy", json!({ "PolicyId": id, "TargetId": ROOT })).await;
    assert_eq!(still.view().await, (before.clone(), stamp));
    milliseconds(1_100).await;
    let (old_content, new_stamp) = still.view().await;
    assert_eq!(old_content, before);
    assert!(new_stamp > stamp);
    milliseconds(1_400).await;
    assert_eq!(still.view().await, (Some("optOut".to_owned()), new_stamp));
}

#[tokio::test(start_paused = true)]
async fn two_quick_updates_show_only_the_second() {
    let still = Still::of(&[PolicyType::AiOptOut], observed());
    let id = still.policy("optOut").await;
    still.ok("AttachPolicy", json!({ "PolicyId": id, "TargetId": ROOT })).await;
    milliseconds(60_000).await;
    for value in ["optIn", "optOut"] {
        let content = json!({ "services": { "default": { "opt_out_policy": { "@@assign": value } }, "lex": {} } });
        still.ok("UpdatePolicy", json!({ "PolicyId": id, "Content": content.to_string() })).await;
        milliseconds(100).await;
    }
    for _ in 0..40 {
        assert_eq!(still.setting().await.as_deref(), Some("optOut"));
        milliseconds(100).await;
    }
}

#[tokio::test(start_paused = true)]
async fn disabling_shows_at_once_and_enabling_again_serves_the_old_document_for_a_while() {
    let still = Still::of(&[PolicyType::AiOptOut], observed());
    let id = still.policy("optOut").await;
    still.ok("AttachPolicy", json!({ "PolicyId": id, "TargetId": ROOT })).await;
    milliseconds(60_000).await;
    let switch = json!({ "RootId": ROOT, "PolicyType": AI });
    still.ok("DisablePolicyType", switch.clone()).await;
    let (_, off) = still.ask("DescribeEffectivePolicy", json!({ "PolicyType": AI })).await;
    assert_eq!(off["__type"], "EffectivePolicyNotFoundException");
    milliseconds(60_000).await;
    still.ok("EnablePolicyType", switch).await;
    milliseconds(460).await;
    assert_eq!(still.setting().await.as_deref(), Some("optOut"));
    milliseconds(800).await;
    assert_eq!(still.setting().await, None);
}

#[tokio::test(start_paused = true)]
async fn enabling_may_take_a_while() {
    let still = Still::of(&[], Options { enabling: Duration::from_secs(5), ..Options::default() });
    let id = still.policy("optOut").await;
    let status = |root: &Value| root["PolicyTypes"][0]["Status"].as_str().map(str::to_owned);
    let enabled = still.ok("EnablePolicyType", json!({ "RootId": ROOT, "PolicyType": AI })).await;
    assert_eq!(status(&enabled["Root"]).as_deref(), Some("PENDING_ENABLE"));
    let attach = json!({ "PolicyId": id, "TargetId": ROOT });
    let (_, refused) = still.ask("AttachPolicy", attach.clone()).await;
    assert_eq!(refused["__type"], "PolicyTypeNotEnabledException");
    milliseconds(5_000).await;
    let roots = still.ok("ListRoots", json!({})).await;
    assert_eq!(status(&roots["Roots"][0]).as_deref(), Some("ENABLED"));
    still.ok("AttachPolicy", attach).await;
}

#[tokio::test(start_paused = true)]
async fn without_delays_changes_show_at_once() {
    let still = Still::of(&[PolicyType::AiOptOut], Options::default());
    let id = still.policy("optOut").await;
    still.ok("AttachPolicy", json!({ "PolicyId": id, "TargetId": ROOT })).await;
    assert_eq!(still.setting().await.as_deref(), Some("optOut"));
    still.ok("DetachPolicy", json!({ "PolicyId": id, "TargetId": ROOT })).await;
    assert_eq!(still.setting().await, None);
}

#[tokio::test(start_paused = true)]
async fn a_move_takes_its_time_as_well() {
    let still = Still::of(&[PolicyType::AiOptOut], observed());
    let unit = support::UNIT;
    let id = still.policy("optOut").await;
    still.ok("AttachPolicy", json!({ "PolicyId": id, "TargetId": unit })).await;
    milliseconds(60_000).await;
    let input = json!({ "AccountId": MEMBER, "SourceParentId": ROOT, "DestinationParentId": unit });
    still.ok("MoveAccount", input).await;
    assert_eq!(still.setting().await, None);
    milliseconds(2_500).await;
    assert_eq!(still.setting().await.as_deref(), Some("optOut"));
}

#[tokio::test(start_paused = true)]
async fn latency_and_slowness_add_up_in_simulated_time() {
    let slow = Effect::Slow { milliseconds: 300 };
    let faults =
        vec![Fault { operations: vec!["ListRoots".to_owned()], callers: Vec::new(), when: When::Always, effect: slow }];
    let options = Options { latency: Duration::from_millis(700), time_scale: 10.0, faults, ..Options::default() };
    let still = Still::of(&[], options);
    let start = Instant::now();
    still.ok("ListRoots", json!({})).await;
    let taken = start.elapsed();
    assert!((100..=101).contains(&taken.as_millis()), "{taken:?}");
}

#[tokio::test(start_paused = true)]
async fn buckets_fill_at_the_speed_of_simulated_time() {
    let throttling = Throttling::Documented { undocumented: None };
    let still = Still::of(&[], Options { throttling, time_scale: 60.0, ..Options::default() });
    let ask = async || still.ask("DescribeOrganization", json!({})).await.0;
    assert_eq!([ask().await, ask().await, ask().await], [200, 200, 400]);
    milliseconds(16).await;
    assert_eq!(ask().await, 400);
    milliseconds(1).await;
    assert_eq!([ask().await, ask().await], [200, 400]);
}

#[tokio::test(start_paused = true)]
async fn dates_follow_simulated_time() {
    let starts = "2026-11-24T06:00:00Z".parse().unwrap();
    let simulator =
        Simulator::new(&organization(), RULES, Options { starts, time_scale: 60.0, ..Options::default() }).unwrap();
    milliseconds(1_000).await;
    assert_eq!(simulator.snapshot().taken.to_string(), "2026-11-24T06:01:00Z");
}
