//! The root and the policy types that are on.

use optout_core::org::{Partition, PolicyType, PolicyTypeState, RootId};
use serde_json::{Value, json};

use crate::caller::Resource;
use crate::dispatch::Context;
use crate::error::{self, ApiError};
use crate::show;

pub(crate) fn list_roots(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    context.authorize_any()?;
    Ok(page.cut_list(vec![show::root(context.state)])?.answer("Roots", |root| root))
}

pub(crate) fn enable(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let policy_type = switched_type(context)?;
    if !is_available(context, &policy_type) {
        let message = "The policy type is not available to the organization.";
        return Err(ApiError::new("PolicyTypeNotAvailableForOrganizationException", message));
    }
    if context.state.root.types.contains_key(&policy_type) {
        let message = "The specified policy type is already enabled.";
        return Err(ApiError::new("PolicyTypeAlreadyEnabledException", message));
    }
    context.state.enable(&policy_type, context.now);
    if !context.options.enabling.is_zero() {
        context.state.root.types.insert(policy_type, PolicyTypeState::PendingEnable);
    }
    Ok(json!({ "Root": show::root(context.state) }))
}

pub(crate) fn disable(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let policy_type = switched_type(context)?;
    if !context.state.root.types.contains_key(&policy_type) {
        return Err(not_enabled());
    }
    context.state.disable(&policy_type, context.now);
    Ok(json!({ "Root": show::root(context.state) }))
}

pub(crate) fn not_enabled() -> ApiError {
    ApiError::new("PolicyTypeNotEnabledException", "The specified policy type is not enabled on the root.")
}

/// The type that is to be switched, by somebody who may, at a root that is there.
fn switched_type(context: &Context<'_>) -> Result<PolicyType, ApiError> {
    let root: RootId = context.input.id("RootId")?;
    let policy_type = context.input.policy_type("PolicyType")?;
    let resource = Resource::target(context.state, &context.state.root_target(), Some(&policy_type));
    context.authorize(&[resource])?;
    if root == context.state.root.id { Ok(policy_type) } else { Err(error::root_not_found()) }
}

/// Without all features there are no policies; AI services opt-out, backup and chat policies exist in one partition
/// only (GovCloud and China user guides, read 2026-11-23; see `Partition::has_policy_type`).
pub(crate) fn is_available(context: &Context<'_>, policy_type: &PolicyType) -> bool {
    let elsewhere = matches!(policy_type, PolicyType::AiOptOut | PolicyType::Backup | PolicyType::Chatbot);
    let partition = match context.state.partition {
        Partition::Aws | Partition::Other(_) => true,
        Partition::GovCloud | Partition::China => !elsewhere,
    };
    partition && context.state.organization.as_ref().is_some_and(|it| it.all_features)
}
