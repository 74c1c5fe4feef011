//! A CloudFormation custom resource: the policy type that a template cannot enable, and a policy with its attachments.
//!
//! Whoever sent the request waits until an answer comes or its own time is over, an hour unless the template says less. So
//! there is an answer in every case: also to what is malformed, to what failed, and before Lambda ends the invocation. Once
//! the answer has arrived the invocation succeeds whatever it says: a second try would work on a stack that has moved on.
//! Where it could not be delivered the invocation fails, Lambda tries again, and every step may be repeated.
//!
//! Source: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-responses.html>, read 2026-11-24; the time is
//! `ServiceTimeout` of `AWS::CloudFormation::CustomResource`, 1 to 3,600 seconds, as public definitions of the resource quote it.
//! Believed and not read: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html> and
//! <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requesttypes.html>.

mod policy;
mod policy_type;
mod properties;
mod request;
mod response;

pub use request::{Malformed, Request, RequestType};
pub use response::{Done, Failed, Response};

use std::panic::AssertUnwindSafe;
use std::time::Duration;

use futures::FutureExt;
use optout_aws::cancel::Cancel;
use optout_aws::presigned::Undelivered;
use optout_aws::session::{Session, SessionError};
use optout_core::source::shown;
use serde_json::{Value, json};
use tokio::time::Instant;

use crate::invocation::Invocation;

/// The resource that enables the policy type.
pub const POLICY_TYPE_RESOURCE: &str = "Custom::AiOptOutPolicyType";
/// The resource that is a policy.
pub const POLICY_RESOURCE: &str = "Custom::AiOptOutPolicy";

/// How much of what is left stays unused, so that the invocation ends by itself.
const LAST: Duration = Duration::from_millis(250);

/// Why the invocation failed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ResourceError {
    /// There is nowhere to send an answer.
    #[error(transparent)]
    Malformed(#[from] Malformed),
    /// It was not done, and whoever invoked the function waits for what it returns.
    #[error("{0}")]
    Failed(String),
    /// The answer did not arrive.
    #[error(transparent)]
    Undelivered(#[from] Undelivered),
}

/// Does what the request asks for and answers CloudFormation. Without a session the answer is why there is none; opening it
/// is part of the work, and may fail, hang or break as any other.
///
/// # Errors
/// Where no answer arrived.
pub async fn handle<'s>(
    session: impl Future<Output = Result<&'s Session, SessionError>>,
    payload: &Value,
    invocation: &Invocation,
) -> Result<Value, ResourceError> {
    let request = Request::of(payload)?;
    let outcome = in_time(session, &request, invocation).await;
    let Some(url) = &request.url else { return returned(outcome) };
    let response = Response::new(&request, outcome);
    match response.reason.as_deref() {
        Some(reason) => {
            tracing::error!(resource = %shown(&request.logical_id), reason, "CloudFormation is told of a failure")
        }
        None => tracing::info!(resource = %shown(&request.logical_id), "CloudFormation is told of a success"),
    }
    let left = invocation.deadline.saturating_duration_since(Instant::now()).saturating_sub(LAST);
    url.put(response.body().as_bytes(), left).await?;
    Ok(json!({ "status": response.status(), "physicalResourceId": response.physical_id }))
}

/// The answer as what the invocation returns.
fn returned(outcome: Result<Done, Failed>) -> Result<Value, ResourceError> {
    let done = outcome.map_err(|failed| ResourceError::Failed(failed.reason))?;
    Ok(json!({ "status": "SUCCESS", "physicalResourceId": done.physical_id, "data": done.data }))
}

/// The work, ended before the invocation is; a fault of the program becomes an answer like any other.
async fn in_time<'s>(
    session: impl Future<Output = Result<&'s Session, SessionError>>,
    request: &Request,
    invocation: &Invocation,
) -> Result<Done, Failed> {
    let cancel = Cancel::new();
    let work = async { work(session.await, request, &cancel).await };
    let work = AssertUnwindSafe(Box::pin(work)).catch_unwind();
    match tokio::time::timeout(invocation.time_to_work(), work).await {
        Ok(Ok(outcome)) => outcome,
        Ok(Err(_)) => Err(Failed::new("the function failed: this is a fault of the program")),
        Err(_) => Err(Failed::new(
            "it was not done within the time of one invocation; what was done stays done, and the next try goes on from there",
        )),
    }
}

async fn work(session: Result<&Session, SessionError>, request: &Request, cancel: &Cancel) -> Result<Done, Failed> {
    let kind = request.kind.as_ref().map_err(|malformed| Failed::new(malformed.to_string()))?;
    let session = session.map_err(|error| Failed::new(format!("{error}; {}", error.help())));
    match (request.resource_type.as_str(), kind) {
        // Nothing was made that could be taken back: the policy type stays on, and of other types there is nothing.
        (POLICY_TYPE_RESOURCE, RequestType::Delete) => Ok(Done::unchanged(request)),
        (POLICY_TYPE_RESOURCE, RequestType::Create | RequestType::Update) => {
            policy_type::enable(session?, request, cancel).await
        }
        (POLICY_RESOURCE, _) if request.url.is_none() => Err(Failed::new(format!(
            "`{POLICY_RESOURCE}` belongs to a stack of CloudFormation; without one only `{POLICY_TYPE_RESOURCE}` can be asked for"
        ))),
        (POLICY_RESOURCE, RequestType::Create) => policy::create(session?, request, cancel).await,
        (POLICY_RESOURCE, RequestType::Update) => policy::update(session?, request, cancel).await,
        (POLICY_RESOURCE, RequestType::Delete) => policy::delete(session, request, cancel).await,
        (_, RequestType::Delete) => Ok(Done::unchanged(request)),
        (other, RequestType::Create | RequestType::Update) => Err(Failed::new(format!(
            "a resource of the type `{}` is not known; this function makes `{POLICY_TYPE_RESOURCE}` and `{POLICY_RESOURCE}`",
            shown(&other.chars().take(60).collect::<String>()),
        ))),
    }
}
