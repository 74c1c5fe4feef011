//! Attachments: which policies are where.

use std::ops::Bound;

use optout_core::org::{PolicyId, PolicyType, TargetId};
use serde_json::{Value, json};

use crate::caller::Resource;
use crate::dispatch::Context;
use crate::error::{self, ApiError, constraint};
use crate::limits;
use crate::operations::{policies, types};
use crate::show;

pub(crate) fn attach(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let (policy, policy_type, target) = attachment(context)?;
    if !context.state.is_enabled(&policy_type) {
        return Err(types::not_enabled());
    }
    let there = context.state.attached_to(&target, &policy_type);
    if there.contains(&policy) {
        let message = "The selected policy is already attached to the specified target.";
        return Err(ApiError::new("DuplicatePolicyAttachmentException", message));
    }
    if there.len() >= limits::of(&policy_type).attached {
        let message = "The target has as many policies of this type as it may.";
        return Err(constraint("MAX_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", message));
    }
    context.state.attach(&policy, &target, context.now);
    Ok(json!({}))
}

pub(crate) fn detach(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let (policy, policy_type, target) = attachment(context)?;
    let there = context.state.attached_to(&target, &policy_type);
    if !there.contains(&policy) {
        let message = "The policy isn't attached to the specified target in the specified root.";
        return Err(ApiError::new("PolicyNotAttachedException", message));
    }
    if there.len() <= limits::of(&policy_type).least_attached {
        let message = "The target has as few policies of this type as it may.";
        return Err(constraint("MIN_POLICY_TYPE_ATTACHMENT_LIMIT_EXCEEDED", message));
    }
    context.state.detach(&policy, &target, context.now);
    Ok(json!({}))
}

/// The policy and target of a request. A delegate needs both granted (recorded).
fn attachment(context: &Context<'_>) -> Result<(PolicyId, PolicyType, TargetId), ApiError> {
    let id = policies::policy_id(context)?;
    let target: TargetId = context.input.id("TargetId")?;
    let policy_type = policies::policy(context, &id)?.policy_type.clone();
    context.authorize(&[Resource::target(context.state, &target, Some(&policy_type))])?;
    if !context.state.has_target(&target) {
        return Err(error::target_not_found());
    }
    Ok((id, policy_type, target))
}

pub(crate) fn list(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    let id = policies::policy_id(context)?;
    policies::policy(context, &id)?;
    let from = page.start::<TargetId>()?;
    let targets = context.state.targets.get(&id);
    let targets = targets.into_iter().flat_map(|targets| targets.range((from.clone(), Bound::Unbounded)));
    let page = page.cut(targets, |target| target.to_string());
    Ok(page.answer("Targets", |target| show_target(context, target)))
}

fn show_target(context: &Context<'_>, target: &TargetId) -> Value {
    let kind = match target {
        TargetId::Root(_) => "ROOT",
        TargetId::Unit(_) => "ORGANIZATIONAL_UNIT",
        TargetId::Account(_) => "ACCOUNT",
    };
    json!({
        "TargetId": target,
        "Arn": context.state.target_arn(target),
        "Name": context.state.name_of(target),
        "Type": kind,
    })
}

/// In order of id, not of attachment: no operation of AWS tells that order.
pub(crate) fn list_policies(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    let policy_type = context.input.policy_type("Filter")?;
    let target: TargetId = context.input.id("TargetId")?;
    context.authorize(&[Resource::target(context.state, &target, Some(&policy_type))])?;
    if !context.state.has_target(&target) {
        return Err(error::target_not_found());
    }
    let mut ids = context.state.attached_to(&target, &policy_type).to_vec();
    ids.sort_unstable();
    let policies = ids.iter().filter_map(|id| Some((id, context.state.policies.get(id)?))).collect();
    let page = page.cut_list(policies)?;
    Ok(page.answer("Policies", |(id, policy)| show::policy_summary(context.state, id, policy)))
}
