//! The function on AWS Lambda (`provided.al2023`): waits for events and hands each to its handler.

use lambda_runtime::{Error, LambdaEvent, run, service_fn};
use optout_aws::session::{Session, SessionOptions};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let session = Session::open(&SessionOptions::default()).await?;
    let session = &session;
    // Boxed, so that the reading's large future does not become part of the runtime's.
    let handler = |event: LambdaEvent<Value>| async move {
        Box::pin(optout_lambda::scheduled::handle(session, &event.payload)).await.map_err(Error::from)
    };
    run(service_fn(handler)).await
}
