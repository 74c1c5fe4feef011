//! Keeps every call with its answer, for those who want to see what AWS itself said.
//!
//! It sits in the SDK, below what reads the answers, so that nothing of ours can come between.

use std::sync::{Arc, Mutex, PoisonError};

use aws_sdk_organizations::config::interceptors::{
    BeforeTransmitInterceptorContextRef, FinalizerInterceptorContextRef,
};
use aws_sdk_organizations::config::{ConfigBag, Intercept, RuntimeComponents};
use aws_sdk_organizations::error::BoxError;
use aws_smithy_types::config_bag::{Storable, StoreReplace};
use jiff::Timestamp;
use optout_core::evidence::Exchange;

use crate::request::without_session_names;

/// The calls so far; cheap to clone, all clones keep together.
#[derive(Debug, Clone, Default)]
pub struct Recorder {
    exchanges: Arc<Mutex<Vec<Exchange>>>,
}

impl Recorder {
    /// A recorder that has seen nothing.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Every call that came to an end, in the order of their ends; repeated ones are there as often as they were sent.
    ///
    /// Names of role sessions are replaced: they are people's.
    #[must_use]
    pub fn exchanges(&self) -> Vec<Exchange> {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn keep(&self, exchange: Exchange) {
        self.exchanges.lock().unwrap_or_else(PoisonError::into_inner).push(exchange);
    }
}

impl Intercept for Recorder {
    fn name(&self) -> &'static str {
        "Recorder"
    }

    fn read_before_transmit(
        &self,
        context: &BeforeTransmitInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        state: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        let request = context.request();
        let body = text(request.body().bytes());
        let operation = operation(request.headers().get("x-amz-target"), &body);
        state.interceptor_state().store_put(Sent { operation, body });
        Ok(())
    }

    fn read_after_attempt(
        &self,
        context: &FinalizerInterceptorContextRef<'_>,
        _: &RuntimeComponents,
        state: &mut ConfigBag,
    ) -> Result<(), BoxError> {
        // What fails before it is sent is no call.
        let Some(sent) = state.load::<Sent>() else { return Ok(()) };
        let response = context.response();
        self.keep(Exchange {
            at: Timestamp::now(),
            operation: sent.operation.clone(),
            request: sent.body.clone(),
            status: response.map(|it| it.status().as_u16()),
            request_id: response.and_then(request_id).map(str::to_owned),
            answer: text(response.and_then(|it| it.body().bytes())),
        });
        Ok(())
    }
}

/// A request on its way; the SDK gives it away when it sends it.
#[derive(Debug)]
struct Sent {
    operation: String,
    body: String,
}

impl Storable for Sent {
    type Storer = StoreReplace<Self>;
}

fn text(bytes: Option<&[u8]>) -> String {
    without_session_names(&String::from_utf8_lossy(bytes.unwrap_or_default()))
}

type Response = aws_sdk_organizations::config::http::HttpResponse;

fn request_id(response: &Response) -> Option<&str> {
    response.headers().get("x-amzn-requestid").or_else(|| response.headers().get("x-amz-request-id"))
}

/// JSON protocols name the operation in a header after the API's name, the query protocol in the body.
///
/// Source: <https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html> and
/// <https://smithy.io/2.0/aws/protocols/aws-query-protocol.html>, read 2026-11-24.
fn operation(target: Option<&str>, body: &str) -> String {
    let named = target.and_then(|target| target.rsplit('.').next());
    let queried = || body.split('&').find_map(|pair| pair.strip_prefix("Action="));
    named.or_else(queried).unwrap_or("unknown").to_owned()
}

#[cfg(test)]
mod tests {
    use super::operation;

    #[test]
    fn operations_are_named_by_header_or_body() {
        assert_eq!(operation(Some("AWSOrganizationsV20161128.ListRoots"), "{}"), "ListRoots");
        assert_eq!(operation(None, "Action=GetCallerIdentity&Version=2011-06-15"), "GetCallerIdentity");
        assert_eq!(operation(None, "{}"), "unknown");
    }
}
