//! The function on AWS Lambda (`provided.al2023`): waits for events and hands each to its handler.

use jiff::Timestamp;
use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use optout_aws::session::SessionOptions;
use optout_lambda::dispatch::Function;
use optout_lambda::invocation::Invocation;
use optout_lambda::log;
use optout_lambda::settings::Settings;
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let variable = |name: &str| std::env::var(name).ok();
    log::begin(variable("AWS_LAMBDA_LOG_LEVEL").as_deref());
    let function = Function::new(Settings::read(&variable), SessionOptions::default());
    // While the function starts; where it fails, each invocation tries again and says so.
    if let Err(error) = function.session().await {
        tracing::error!(%error, "no session yet");
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
