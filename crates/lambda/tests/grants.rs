//! The calls that a reading makes and the actions that the function's role grants for it are the same: none is missing, none
//! is spare.

#![expect(clippy::unwrap_used, reason = "a test that panics fails, which is what it is for")]

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use optout_aws::pace::Operation;
use optout_aws::session::{Keys, SessionOptions};
use optout_core::generate::access::function::Part;
use optout_core::org::PolicyType;
use optout_core::source::Source;
use optout_lambda::dispatch::Function;
use optout_lambda::invocation::Invocation;
use optout_lambda::settings::Settings;
use optout_simulator::{Fields, Options, Rules, Simulator};
use serde_json::{Value, json};
use tokio::time::Instant;

/// Delegates, a resource policy and an account whose effective policy is invalid: everything that is looked at is there.
const ACME: &str = include_str!("../../../examples/acme/organization.json");
/// How much faster than AWS the clocks run.
const SCALE: f64 = 500.0;

fn resolve(_: &PolicyType, _: &[Vec<Arc<str>>]) -> Value {
    json!({ "services": { "default": { "opt_out_policy": "optOut" } } })
}

/// The actions of the calls that a scheduled event leads to.
async fn called(fields: Fields) -> BTreeSet<String> {
    let organization = optout_core::org::read(&Source::new("acme", ACME)).unwrap();
    let options = Options { time_scale: SCALE, fields, ..Options::default() };
    let running = Simulator::start(&organization, Rules { admit: |_, _| true, resolve }, options).await.unwrap();
    let keys = Keys { access_key_id: "111111111111".into(), secret_access_key: "a secret of the tests".into() };
    let endpoint_url = Some(running.url.clone());
    let options = SessionOptions { keys: Some(keys), endpoint_url, time_scale: SCALE, ..SessionOptions::default() };
    let function = Function::new(Ok(Settings::default()), options);
    let deadline = Instant::now() + Duration::from_secs(600);
    let invocation = Invocation { request_id: "request".into(), place: None, deadline };
    function.handle(&json!({ "optout": "scheduled" }), &invocation).await.unwrap();
    let calls = function.session().await.unwrap().calls();
    // Who one is, everybody may ask.
    let operations = calls.iter().filter(|(operation, count)| *count > 0 && *operation != Operation::GetCallerIdentity);
    operations.map(|(operation, _)| operation.permission().to_owned()).collect()
}

#[tokio::test]
async fn a_reading_calls_what_is_granted_for_it_and_nothing_else() {
    let with_paths = called(Fields::default()).await;
    let without_paths = called(Fields { paths: false, ..Fields::default() }).await;
    let called: BTreeSet<String> = with_paths.union(&without_paths).cloned().collect();
    let of_organizations = |all: &BTreeSet<String>| -> BTreeSet<String> {
        all.iter().filter(|action| action.starts_with("organizations:")).cloned().collect()
    };
    assert_eq!(of_organizations(&called), Part::Read.actions());
    let monitor: BTreeSet<String> = Part::MONITOR.iter().flat_map(|part| part.actions()).collect();
    let missing: Vec<&String> = called.difference(&monitor).collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn every_granted_action_of_these_services_is_a_call_that_this_project_makes() {
    let known: BTreeSet<&str> = Operation::ALL.iter().map(|operation| operation.permission()).collect();
    for part in [Part::Read, Part::CustomResource] {
        let spare: Vec<String> = part.actions().into_iter().filter(|action| !known.contains(action.as_str())).collect();
        assert!(spare.is_empty(), "{part:?}: {spare:?}");
    }
}
