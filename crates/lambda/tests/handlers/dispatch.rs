//! From an event to its handler, and what becomes of events without one.

use lambda_runtime::Diagnostic;
use optout_lambda::dispatch::{Function, HandlerError};
use optout_lambda::settings::Settings;
use serde_json::json;

use crate::bench::{Bench, acme, event, unhurried};

const PERIODIC: &str = include_str!("../data/config-periodic.json");
const RESOURCE: &str = include_str!("../data/resource-type.json");

#[tokio::test]
async fn events_of_each_kind_reach_their_handler() {
    let bench = Bench::start(&acme()).await;
    let function = bench.function();
    for text in [
        include_str!("../data/scheduled-rule.json"),
        include_str!("../data/scheduled-scheduler.json"),
        include_str!("../data/organizations-attach.json"),
        r#"{"optout": "scheduled"}"#,
    ] {
        assert!(function.handle(&event(text), &unhurried()).await.is_ok(), "{text}");
    }
    let answer = function.handle(&event(PERIODIC), &unhurried()).await.unwrap();
    assert_eq!(answer["compliance"], "NON_COMPLIANT");
    let mut resource = event(RESOURCE);
    resource["ResponseURL"] = format!("{}/answer", bench.cloud.url).into();
    let answer = function.handle(&resource, &unhurried()).await.unwrap();
    assert_eq!(answer["status"], "SUCCESS");
}

#[tokio::test]
async fn an_unknown_event_fails_the_invocation() {
    let bench = Bench::start(&acme()).await;
    let error = bench.function().handle(&json!({"Records": []}), &unhurried()).await.unwrap_err();
    let told = Diagnostic::from(error);
    assert_eq!(told.error_type, "UnknownEvent");
    assert!(told.error_message.contains("`Records`") && told.error_message.contains("\"optout\""), "{told:?}");
}

#[tokio::test]
async fn a_wrong_setting_fails_every_event_but_those_that_somebody_waits_for() {
    let bench = Bench::start(&acme()).await;
    let settings = Settings::read(&|name| (name == "OPTOUT_FAIL_ON").then(|| "loud".to_owned()));
    let function = Function::new(settings, bench.options());
    let error = function.handle(&event(PERIODIC), &unhurried()).await.unwrap_err();
    assert!(matches!(&error, HandlerError::Setting(it) if it.variable == "OPTOUT_FAIL_ON"), "{error}");
    let mut resource = event(RESOURCE);
    resource["ResponseURL"] = format!("{}/answer", bench.cloud.url).into();
    assert_eq!(function.handle(&resource, &unhurried()).await.unwrap()["status"], "SUCCESS");
}

#[tokio::test]
async fn without_credentials_cloudformation_is_told_so() {
    let bench = Bench::start(&acme()).await;
    let mut options = bench.options();
    options.external_id = Some("x".into());
    let function = Function::new(Ok(Settings::default()), options);
    let mut resource = event(RESOURCE);
    resource["ResponseURL"] = format!("{}/answer", bench.cloud.url).into();
    assert_eq!(function.handle(&resource, &unhurried()).await.unwrap()["status"], "FAILED");
    let answer = bench.cloud.answers().remove(0);
    assert!(answer["Reason"].as_str().unwrap().contains("external id"), "{answer}");
}
