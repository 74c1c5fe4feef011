//! State machines in the Amazon States Language: one that invokes the function until a reading is complete, and the same for many
//! organizations side by side.
//!
//! Source: <https://docs.aws.amazon.com/step-functions/latest/dg/connect-lambda.html>, read 2026-11-24 in an older edition (how the
//! function is called). Believed and not read: <https://states-language.net/spec.html> to its end, that the answer is `Payload`,
//! that a map with a result writer gives `MapRunArn`, and which errors are of Lambda itself, all as many public state machines
//! have it; <https://docs.aws.amazon.com/step-functions/latest/dg/connect-sns.html>,
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-map-distributed.html>,
//! <https://docs.aws.amazon.com/step-functions/latest/dg/state-fail.html>.

use serde_json::{Map, Value, json};

use super::function::LONGEST;

/// How long a whole reading may take, in seconds; the next one would begin otherwise.
pub(super) const WHOLE: u32 = 6 * 3600;
/// How long all organizations of a fleet may take, in seconds.
const FLEET: u32 = 24 * 3600;

/// How many organizations are read side by side, and how many may fail.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct FleetLimits {
    /// How many at once, at least 1. All read with the function's concurrency of one account.
    pub concurrency: u32,
    /// How many of a hundred may fail before the rest is not read any more; 100: all are read whatever happens.
    pub tolerated_failures: u8,
}

/// The machine that reads one organization: again while the function answers `continue`, told where it comes to nothing.
pub(super) fn reading() -> Value {
    let mut states = read_states(&json!({ "optout": "scheduled" }), "Tell");
    states.extend(tell_states());
    json!({
        "Comment": "Reads an organization; an answer `continue` means that there is more to read",
        "StartAt": "Begin",
        "TimeoutSeconds": WHOLE,
        "States": states,
    })
}

/// The machine that reads many, from a list in S3.
pub(super) fn fleet(limits: FleetLimits) -> Value {
    let mut states = tell_states();
    states.insert("Organizations".into(), organizations(limits));
    states.insert("Count".into(), count());
    let any = json!({ "Variable": "$.ItemCounts.Failed", "NumericGreaterThan": 0, "Next": "Some" });
    states.insert("DidAny".into(), json!({ "Type": "Choice", "Choices": [any], "Default": "All" }));
    let message = "organizations could not be read: see FAILED_0.json among the results";
    states.insert("Some".into(), error("Unread", message, "Tell"));
    states.insert("All".into(), json!({ "Type": "Succeed" }));
    json!({
        "Comment": "Reads every organization of a list, side by side; one that fails never hides another",
        "StartAt": "Organizations",
        "TimeoutSeconds": FLEET,
        "States": states,
    })
}

/// Reads, looks at the answer, reads on.
fn read_states(payload: &Value, failed: &str) -> Map<String, Value> {
    let mut payload = payload.clone();
    if let Some(payload) = payload.as_object_mut() {
        payload.insert("execution.$".to_owned(), "$$.Execution.Name".into());
        payload.insert("resume.$".to_owned(), "$.answer".into());
    }
    let read = json!({
        "Type": "Task",
        "Resource": "${Invoke}",
        "Parameters": { "FunctionName": "${FunctionArn}", "Payload": payload },
        "ResultSelector": { "answer.$": "$.Payload" },
        "ResultPath": "$.read",
        // A little more than the function itself has.
        "TimeoutSeconds": LONGEST + 60,
        "Retry": retries(),
        "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": failed }],
        "Next": "IsDone",
    });
    let answered = |status: &str, next: &str| {
        json!({ "And": [
            { "Variable": "$.read.answer.status", "IsPresent": true },
            { "Variable": "$.read.answer.status", "StringEquals": status },
        ], "Next": next })
    };
    let choices = [answered("done", "Answer"), answered("continue", "Keep")];
    let is_done = json!({ "Type": "Choice", "Choices": choices, "Default": "Unexpected" });
    let unexpected = error("Unexpected", "the answer is neither `done` nor `continue`", failed);
    let states = [
        ("Begin", json!({ "Type": "Pass", "Result": {}, "ResultPath": "$.answer", "Next": "Read" })),
        ("Read", read),
        ("IsDone", is_done),
        // In place of the answer before: nothing grows from one invocation to the next.
        ("Keep", json!({ "Type": "Pass", "InputPath": "$.read.answer", "ResultPath": "$.answer", "Next": "Read" })),
        ("Unexpected", unexpected),
        ("Answer", json!({ "Type": "Pass", "OutputPath": "$.read.answer", "Next": "Done" })),
        ("Done", json!({ "Type": "Succeed" })),
    ];
    states.map(|(name, state)| (name.to_owned(), state)).into_iter().collect()
}

/// What is tried again: faults of Lambda soon, everything else, like a reading that was throttled, after a while.
fn retries() -> Value {
    let lambda = [
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
    ];
    json!([
        { "ErrorEquals": lambda, "IntervalSeconds": 2, "MaxAttempts": 6, "BackoffRate": 2, "JitterStrategy": "FULL" },
        { "ErrorEquals": ["States.ALL"], "IntervalSeconds": 60, "MaxAttempts": 2, "BackoffRate": 2 },
    ])
}

/// An error as a failed task leaves it.
fn error(name: &str, cause: &str, next: &str) -> Value {
    json!({ "Type": "Pass", "Result": { "Error": name, "Cause": cause }, "ResultPath": "$.error", "Next": next })
}

/// Tells the topic why nothing came of it, and fails, so that the alarm and the history say the same.
fn tell_states() -> Map<String, Value> {
    let message = json!({ "error.$": "$.error", "execution.$": "$$.Execution.Id" });
    let tell = json!({
        "Type": "Task",
        "Resource": "${Publish}",
        "Parameters": {
            "TopicArn": "${TopicArn}",
            "Subject": "optout could not read the organization",
            "Message": message,
        },
        "ResultPath": "$.told",
        "TimeoutSeconds": 60,
        "Retry": [{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 3, "BackoffRate": 2 }],
        "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.untold", "Next": "Failed" }],
        "Next": "Failed",
    });
    let failed = json!({ "Type": "Fail", "ErrorPath": "$.error.Error", "CausePath": "$.error.Cause" });
    [("Tell", tell), ("Failed", failed)].map(|(name, state)| (name.to_owned(), state)).into_iter().collect()
}

fn organizations(limits: FleetLimits) -> Value {
    let payload = json!({ "optout": "scheduled", "organization.$": "$.organization", "run.$": "$.run" });
    let mut states = read_states(&payload, "Unread");
    let failed = json!({ "Type": "Fail", "ErrorPath": "$.error.Error", "CausePath": "$.error.Cause" });
    states.insert("Unread".into(), failed);
    json!({
        "Type": "Map",
        "Label": "Organizations",
        "ItemReader": {
            "Resource": "${GetObject}",
            "ReaderConfig": { "InputType": "JSON" },
            "Parameters": { "Bucket": "${Bucket}", "Key": "${ListKey}" },
        },
        "ItemSelector": { "organization.$": "$$.Map.Item.Value", "run.$": "$$.Execution.Name" },
        "MaxConcurrency": limits.concurrency,
        "ToleratedFailurePercentage": limits.tolerated_failures,
        "ItemProcessor": {
            "ProcessorConfig": { "Mode": "DISTRIBUTED", "ExecutionType": "STANDARD" },
            "StartAt": "Begin",
            "States": states,
        },
        "ResultWriter": {
            "Resource": "${PutObject}",
            "Parameters": { "Bucket": "${Bucket}", "Prefix": "${ResultPrefix}" },
        },
        "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Tell" }],
        "Next": "Count",
    })
}

/// A map that tolerates failures ends well: how many there were, only its run says.
fn count() -> Value {
    json!({
        "Type": "Task",
        "Resource": "${DescribeMapRun}",
        "Parameters": { "MapRunArn.$": "$.MapRunArn" },
        "ResultSelector": { "ItemCounts.$": "$.ItemCounts" },
        "TimeoutSeconds": 60,
        "Retry": [{ "ErrorEquals": ["States.ALL"], "IntervalSeconds": 5, "MaxAttempts": 3, "BackoffRate": 2 }],
        "Catch": [{ "ErrorEquals": ["States.ALL"], "ResultPath": "$.error", "Next": "Tell" }],
        "Next": "DidAny",
    })
}
