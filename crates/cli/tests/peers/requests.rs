//! What is sent to AWS's services, byte by byte as it went over the wire, judged by botocore's own models.

use std::process::Stdio;

use optout_simulator::Options;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::cloud::{Asked, Cloud};
use crate::environment::Environment;
use crate::program::optout;
use crate::simulator::serve_text;
use crate::state;

const ACME: &str = include_str!("../../../../examples/acme/organization.json");

/// As the script takes it.
pub(crate) fn told(asked: &Asked) -> Value {
    let headers: Value = asked.headers.iter().map(|(name, value)| (name.clone(), json!(value))).collect();
    json!({
        "service": asked.service,
        "operation": asked.operation,
        "method": asked.method,
        "uri": asked.uri,
        "headers": headers,
        "body": String::from_utf8_lossy(&asked.body),
    })
}

/// How many requests of each operation botocore accepts, or why it does not accept one.
pub(crate) fn judged(boto3: &Environment, requests: &[Value]) -> Result<Value, String> {
    let mut script = boto3.script("requests_botocore.py");
    script.stdin(Stdio::piped());
    let output = assert_cmd::Command::from_std(script).write_stdin(json!(requests).to_string()).output().unwrap();
    match output.status.success() {
        true => Ok(serde_json::from_slice(&output.stdout).unwrap()),
        false => Err(String::from_utf8_lossy(&output.stderr).into_owned()),
    }
}

#[test]
fn botocore_knows_every_request_to_every_service() {
    let Some(boto3) = Environment::of("boto3") else { return };
    let runtime = Runtime::new().unwrap();
    let running = serve_text(&runtime, ACME, Options::default());
    let cloud = Cloud::start(&running.url);
    let arn = |service: &str, rest: &str| format!("arn:aws:{service}:us-east-1:111111111111:{rest}");
    let (bus, topic) = (arn("events", "event-bus/optout"), arn("sns", "optout"));
    let everywhere = ["publish", "--security-hub", "--event-bus", &bus, "--topic", &topic, "--bucket", "evidence"];
    let retain = ["--retain", "governance:30d"];
    for _ in 0..2 {
        let ended = optout(&cloud.url, everywhere.iter().chain(&retain));
        assert_eq!(ended.code, 2, "{ended:?}");
    }
    runtime.block_on(state::written_and_read(&cloud.url));

    let requests: Vec<Value> = cloud.asked().iter().map(told).collect();
    let counts = judged(&boto3, &requests).unwrap_or_else(|why| panic!("{why}"));
    let organizations = counts["organizations:ListAccounts"].as_u64().unwrap();
    assert!(organizations >= 2, "{counts}");
    for operation in [
        "events:PutEvents",
        "s3:GetObject",
        "s3:PutObject",
        "securityhub:BatchImportFindings",
        "securityhub:GetFindings",
        "sns:Publish",
        "sts:GetCallerIdentity",
    ] {
        assert!(counts[operation].as_u64().is_some_and(|count| count > 0), "{operation}: {counts}");
    }
    refused(&boto3, &requests);
    runtime.block_on(running.shutdown());
}

/// It must be able to say no: a word that is none, a text that is too long, a member that nobody knows, one that is missing.
fn refused(boto3: &Environment, requests: &[Value]) {
    let of = |operation: &str| requests.iter().find(|it| it["operation"] == operation).unwrap().clone();
    let changed = |operation: &str, from: &str, to: &str| {
        let mut request = of(operation);
        let body = request["body"].as_str().unwrap().replace(from, to);
        assert_ne!(request["body"], body, "{operation} has no {from}");
        request["body"] = json!(body);
        request
    };
    let mut lock = of("PutObject");
    lock["headers"]["x-amz-object-lock-mode"] = json!("FOREVER");
    for broken in [
        changed("BatchImportFindings", "\"SchemaVersion\"", "\"Schema\""),
        changed("PutEvents", "\"Entries\"", "\"Entry\""),
        changed("Publish", "Message=", "Massage="),
        lock,
    ] {
        assert!(judged(boto3, std::slice::from_ref(&broken)).is_err(), "{broken}");
    }
}
