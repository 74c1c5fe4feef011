//! The calls that the function makes and what is granted for them are the same: none is missing, none is spare, whatever the event
//! is about, and on the resources and types of policies that the calls name. What is called is taken from the wire.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "a test that panics fails, which is what it is for"
)]

mod call;
#[path = "../../../../tests/cloud/mod.rs"]
#[expect(dead_code, reason = "it is made for the tests of the program too")]
mod cloud;
#[path = "../monitor/envelopes.rs"]
#[expect(dead_code, reason = "it is made for the tests of the monitor too")]
mod envelopes;
mod iam;
#[path = "../../../../tests/naive/mod.rs"]
mod naive;
mod scenes;
mod template;

use std::collections::BTreeSet;

use optout_aws::pace::Operation;
use optout_core::generate::access::function::Part;
use optout_core::generate::access::{Purpose, iam_policy};
use serde_json::Value;

use call::Call;
use iam::{Statement, differences};

/// What AWS needs beside an action that is called, and no request names.
const IMPLIED: [(&str, &str); 6] = [
    ("logs:CreateLogStream", "Lambda itself writes the log, by the function's role"),
    ("logs:PutLogEvents", "Lambda itself writes the log, by the function's role"),
    ("sqs:SendMessage", "Lambda itself hands over what failed for good, by the function's role"),
    ("s3:ListBucket", "without it S3 answers 403 in place of 404 for an object that is not there"),
    ("kms:Decrypt", "S3 asks for it to read an object of a bucket encrypted by a key, SNS to encrypt a message"),
    ("kms:GenerateDataKey", "S3 and SNS ask for it to encrypt"),
];

/// The statements of a policy of `optout generate iam-policy`.
fn written(purpose: Purpose) -> Vec<Statement> {
    let output = iam_policy(&template::design(), purpose).unwrap();
    let policy: Value = serde_json::from_str(&output.files[0].text).unwrap();
    policy["Statement"].as_array().unwrap().iter().map(Statement::of).collect()
}

async fn monitored() -> Vec<Call> {
    let mut calls = Box::pin(scenes::readings()).await;
    calls.extend(Box::pin(scenes::events()).await);
    calls
}

async fn everything_here() -> Vec<Call> {
    let mut calls = Box::pin(monitored()).await;
    calls.extend(Box::pin(scenes::rules()).await);
    calls.extend(Box::pin(scenes::resources()).await);
    calls
}

fn assert_fits(statements: &[Statement], calls: &[Call]) {
    let differences = differences(statements, calls, &IMPLIED);
    assert!(differences.is_empty(), "{}", differences.join("\n"));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_monitor_calls_what_its_policy_grants_and_nothing_else() {
    assert_fits(&written(Purpose::Monitor), &Box::pin(monitored()).await);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_handler_calls_what_the_role_of_the_stack_grants_and_nothing_else() {
    let statements: Vec<Statement> = template::statements().iter().map(Statement::of).collect();
    let calls = Box::pin(everything_here()).await;
    assert_fits(&statements, &calls);
    // It must be able to say no: without any of its statements something is missing or not granted.
    for left_out in 0..statements.len() {
        let mut fewer = statements.clone();
        let gone = fewer.remove(left_out);
        assert!(!differences(&fewer, &calls, &IMPLIED).is_empty(), "nobody needs {gone:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn everything_that_the_function_can_do_is_in_the_policy_for_it_and_nothing_else() {
    let mut calls = Box::pin(everything_here()).await;
    let (own, theirs) = Box::pin(scenes::fleet()).await;
    calls.extend(own);
    assert_fits(&written(Purpose::Lambda), &calls);
    // What `reader.yaml` gives the role in each organization is these parts.
    let granted: BTreeSet<String> = [Part::Read, Part::Trail].iter().flat_map(|part| part.actions()).collect();
    let missing: Vec<&Call> = theirs.iter().filter(|call| !granted.contains(&call.action)).collect();
    assert!(!theirs.is_empty() && missing.is_empty(), "{missing:#?}");
}

#[test]
fn every_granted_action_of_organizations_is_a_call_that_this_project_makes() {
    let known: BTreeSet<&str> = Operation::ALL.iter().map(|operation| operation.permission()).collect();
    for part in [Part::Read, Part::Changed, Part::CustomResource] {
        let spare: Vec<String> = part.actions().into_iter().filter(|action| !known.contains(action.as_str())).collect();
        assert!(spare.is_empty(), "{part:?}: {spare:?}");
    }
}
