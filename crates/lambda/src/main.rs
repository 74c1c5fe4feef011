//! The function on AWS Lambda (`provided.al2023`): waits for events and hands each to its handler.

use std::time::Duration;

use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use optout_aws::session::SessionOptions;
use optout_lambda::dispatch::Function;
use optout_lambda::invocation::Invocation;
use optout_lambda::log;
use optout_lambda::settings::Settings;
use serde_json::Value;

/// How long the start waits for a session: less than the ten seconds that Lambda gives it, as public notes quote
/// <https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html>, read 2026-11-24.
const STARTING: Duration = Duration::from_secs(5);

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let variable = |name: &str| std::env::var(name).ok();
    log::begin(variable("AWS_LAMBDA_LOG_LEVEL").as_deref());
    let function = Function::new(Settings::read(&variable), SessionOptions::default());
    // While the function starts; where it fails or takes long, each invocation tries again, in its own time, and says so.
    match tokio::time::timeout(STARTING, function.session()).await {
        Ok(Ok(_)) => {}
        Ok(Err(error)) => tracing::error!(%error, "no session yet"),
        Err(_) => tracing::error!("no session yet: it takes long"),
    }
    let function = &function;
    // Boxed, so that the reading's large future does not become part of the runtime's.
    let handler = |event: LambdaEvent<Value>| async move {
        let context = event.context;
        let (id, arn) = (&context.request_id, &context.invoked_function_arn);
        let invocation = Invocation::new(id, arn, context.deadline, Timestamp::now());
        Box::pin(function.handle(&event.payload, &invocation)).await
    };
    run(service_fn(handler)).await
}
