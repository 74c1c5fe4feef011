//! The request of CloudFormation, of which only the URL to answer to must be right.
//!
//! Believed and not read: <https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/crpg-ref-requests.html>.

use std::fmt;

use optout_aws::presigned::PresignedUrl;
use serde_json::Value;

/// A request that can be answered.
#[derive(Clone, PartialEq)]
pub struct Request {
    /// What to do; what is wrong where that is not known.
    pub kind: Result<RequestType, Malformed>,
    /// Where to answer; `None` where whoever invoked the function waits for what it returns. Not displayed.
    pub url: Option<PresignedUrl>,
    /// The type of the resource.
    pub resource_type: String,
    /// The name of the resource in its template.
    pub logical_id: String,
    /// The ARN of the stack.
    pub stack_id: String,
    /// The id of the request.
    pub request_id: String,
    /// The id that an earlier answer gave the resource.
    pub physical_id: Option<String>,
    /// The properties.
    pub properties: Value,
    /// Those before an update.
    pub old_properties: Value,
}

/// What to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestType {
    /// Make it.
    Create,
    /// Make it what the properties now say.
    Update,
    /// Take it away.
    Delete,
}

/// A request that is not as AWS documents it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the request of CloudFormation is malformed: {0}")]
pub struct Malformed(pub String);

impl fmt::Debug for Request {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut shown = f.debug_struct("Request");
        shown.field("kind", &self.kind).field("resource_type", &self.resource_type);
        shown.field("logical_id", &self.logical_id).finish_non_exhaustive()
    }
}

impl Request {
    /// Reads a request: CloudFormation's, or one of the same form of somebody who waits for what the invocation returns, as
    /// Terraform's `aws_lambda_invocation` does. The latter has no `ResponseURL`, and names no stack.
    ///
    /// # Errors
    /// Without a URL to answer to, where a stack waits.
    pub fn of(payload: &Value) -> Result<Self, Malformed> {
        let text = |name: &str| payload.get(name).and_then(Value::as_str).map(str::to_owned);
        let is_ours = ["ResponseURL", "StackId", "RequestId"].iter().all(|name| payload.get(name).is_none());
        let url = match text("ResponseURL") {
            Some(url) => Some(PresignedUrl::new(&url).map_err(|error| Malformed(format!("`ResponseURL`: {error}")))?),
            None if is_ours => None,
            None => return Err(Malformed("it has no `ResponseURL`".to_owned())),
        };
        let part = |name: &str| payload.get(name).cloned().unwrap_or_default();
        Ok(Self {
            kind: kind(payload, is_ours),
            url,
            resource_type: text("ResourceType").unwrap_or_default(),
            logical_id: text("LogicalResourceId").unwrap_or_default(),
            stack_id: text("StackId").unwrap_or_default(),
            request_id: text("RequestId").unwrap_or_default(),
            physical_id: text("PhysicalResourceId").filter(|id| !id.is_empty()),
            properties: part("ResourceProperties"),
            old_properties: part("OldResourceProperties"),
        })
    }

    /// The id that the resource has, or one that stands for nothing where it was never made.
    #[must_use]
    pub fn known_id(&self) -> String {
        self.physical_id.clone().unwrap_or_else(|| "not-created".to_owned())
    }
}

fn kind(payload: &Value, is_ours: bool) -> Result<RequestType, Malformed> {
    let of_a_stack = ["StackId", "RequestId"].into_iter().filter(|_| !is_ours);
    for name in of_a_stack.chain(["LogicalResourceId", "ResourceType"]) {
        let text = payload.get(name).and_then(Value::as_str);
        if text.is_none_or(str::is_empty) {
            return Err(Malformed(format!("it has no `{name}`")));
        }
    }
    match payload.get("RequestType").and_then(Value::as_str) {
        Some("Create") => Ok(RequestType::Create),
        Some("Update") => Ok(RequestType::Update),
        Some("Delete") => Ok(RequestType::Delete),
        Some(_) => Err(Malformed("its `RequestType` is not `Create`, `Update` or `Delete`".to_owned())),
        None => Err(Malformed("it has no `RequestType`".to_owned())),
    }
}
