//! The organization's resource policy: who else may do what.

use std::sync::Arc;

use serde_json::{Value, json};

use crate::caller;
use crate::dispatch::Context;
use crate::error::{ApiError, constraint};
use crate::operations::tags;
use crate::state::ResourcePolicy;

/// Longest document in characters (user guide, quotas, read 2026-11-23).
const LONGEST: usize = 40_000;

pub(crate) fn put(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let content = context.input.required_sized("Content", 1, LONGEST)?;
    let tags = tags::read(context.input)?;
    context.only_management()?;
    if context.state.resource_policy.is_some() && !tags.is_empty() {
        let message = "Tags cannot be given when a resource policy is replaced.";
        return Err(constraint("UPDATE_EXISTING_RESOURCE_POLICY_WITH_TAGS_NOT_SUPPORTED", message));
    }
    let (document, stored) = caller::resource_policy(content, |account| context.state.is_member(account))?;
    let content: Arc<str> = stored.map_or_else(|| content.into(), Arc::from);
    let (id, tags) = match context.state.resource_policy.take() {
        Some(old) => (old.id, old.tags),
        None => (context.state.mint.other("rp-"), tags),
    };
    let policy = ResourcePolicy { id, content, document, tags };
    let shown = show(context, &policy);
    context.state.resource_policy = Some(policy);
    Ok(shown)
}

pub(crate) fn describe(context: &mut Context<'_>) -> Result<Value, ApiError> {
    context.authorize_any()?;
    let policy = context.state.resource_policy.as_ref().ok_or_else(not_found)?;
    Ok(show(context, policy))
}

pub(crate) fn delete(context: &mut Context<'_>) -> Result<Value, ApiError> {
    context.only_management()?;
    context.state.resource_policy.take().ok_or_else(not_found)?;
    Ok(json!({}))
}

/// Recorded.
fn not_found() -> ApiError {
    ApiError::new("ResourcePolicyNotFoundException", "No resource-based policy found.")
}

fn show(context: &Context<'_>, policy: &ResourcePolicy) -> Value {
    let organization = context.state.organization_id();
    let arn = context.state.arn(&format!("resourcepolicy/{organization}/{}", policy.id));
    json!({ "ResourcePolicy": {
        "ResourcePolicySummary": { "Id": policy.id, "Arn": arn },
        "Content": policy.content,
    }})
}
