//! Policies: made, changed, deleted, read.

use std::ops::Bound;
use std::sync::Arc;

use optout_core::org::{PolicyId, PolicyType};
use serde_json::{Map, Value, json};

use crate::admission;
use crate::caller::{self, Resource};
use crate::dispatch::Context;
use crate::error::{self, ApiError, constraint};
use crate::limits;
use crate::operations::{tags, types};
use crate::show;
use crate::state::Policy;

/// Longest name and description in characters (botocore 1.44.5); that characters count and not bytes is recorded.
const LONGEST_NAME: usize = 128;
const LONGEST_DESCRIPTION: usize = 512;

/// Works while the type is off (recorded), not without all features.
pub(crate) fn create(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let policy_type = context.input.policy_type("Type")?;
    let name = context.input.required_sized("Name", 1, LONGEST_NAME)?.to_owned();
    let description = context.input.required_sized("Description", 0, LONGEST_DESCRIPTION)?.to_owned();
    let content: Arc<str> = context.input.required_sized("Content", 1, usize::MAX)?.into();
    let tags = tags::read(context.input)?;
    let id = new_id(context)?;
    authorize_new(context, &id, &policy_type, !tags.is_empty())?;
    check_new(context, &policy_type, &name, &content)?;
    let policy = Policy { name, description, policy_type, aws_managed: false, tags, updated: Vec::new() };
    let shown = show_policy(context, &id, &policy, &content);
    context.state.add_policy(id, policy, content, context.now);
    Ok(shown)
}

fn new_id(context: &mut Context<'_>) -> Result<PolicyId, ApiError> {
    let state = &mut *context.state;
    let id = state.mint.policy(|id| state.policies.contains_key(id));
    id.ok_or_else(|| ApiError::new("ServiceException", "An internal error occurred."))
}

/// A policy that is made with tags needs the permission to tag as well (recorded).
fn authorize_new(context: &Context<'_>, id: &PolicyId, policy_type: &PolicyType, tagged: bool) -> Result<(), ApiError> {
    let resource = [Resource::policy(context.state, id, policy_type, false)];
    context.authorize(&resource)?;
    if tagged {
        caller::authorize(context.state, context.caller, "TagResource", &resource)?;
    }
    Ok(())
}

fn check_new(context: &Context<'_>, policy_type: &PolicyType, name: &str, content: &str) -> Result<(), ApiError> {
    if !types::is_available(context, policy_type) {
        let message = "The policy type is not available to the organization.";
        return Err(ApiError::new("PolicyTypeNotAvailableForOrganizationException", message));
    }
    let of_type = context.state.by_type.get(policy_type).map_or(0, |ids| ids.len());
    if of_type >= limits::of(policy_type).policies {
        let message = "The organization has as many policies of this type as it may.";
        return Err(constraint("POLICY_NUMBER_LIMIT_EXCEEDED", message));
    }
    check_name(context, policy_type, name, None)?;
    admission::check(context.rules, policy_type, content)
}

/// Names are unique among the policies of a type: CloudFormation's handler says "name and type"
/// (aws-cloudformation/cloudformation-coverage-roadmap issue 2245); the API's own documentation says name only.
fn check_name(
    context: &Context<'_>,
    policy_type: &PolicyType,
    name: &str,
    own: Option<&PolicyId>,
) -> Result<(), ApiError> {
    let ids = context.state.by_type.get(policy_type).into_iter().flatten().filter(|id| Some(*id) != own);
    if ids.filter_map(|id| context.state.policies.get(id)).any(|policy| policy.name == name) {
        return Err(ApiError::new("DuplicatePolicyException", "A policy with the same name already exists."));
    }
    Ok(())
}

/// A refused update changes nothing; the answer has the name and description only where the request had them; an
/// empty description is answered and not stored (all recorded).
pub(crate) fn update(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let id = policy_id(context)?;
    let name = context.input.sized("Name", 1, LONGEST_NAME)?.map(str::to_owned);
    let description = context.input.sized("Description", 0, LONGEST_DESCRIPTION)?.map(str::to_owned);
    let content: Option<Arc<str>> = context.input.sized("Content", 1, usize::MAX)?.map(Arc::from);
    let policy = policy(context, &id)?.clone();
    check_own(&policy)?;
    if let Some(name) = &name {
        check_name(context, &policy.policy_type, name, Some(&id))?;
    }
    if let Some(content) = &content {
        admission::check(context.rules, &policy.policy_type, content)?;
    }
    store(context, &id, name.as_ref(), description.as_ref(), content);
    let stored = context.state.contents.get(&id).cloned();
    Ok(show_update(context, &id, &policy, name, description, stored.as_ref()))
}

fn store(
    context: &mut Context<'_>,
    id: &PolicyId,
    name: Option<&String>,
    description: Option<&String>,
    content: Option<Arc<str>>,
) {
    let Some(policy) = context.state.policies.get_mut(id) else { return };
    policy.name = name.unwrap_or(&policy.name).clone();
    policy.description = description.filter(|text| !text.is_empty()).unwrap_or(&policy.description).clone();
    policy.updated.push(context.now);
    if content.is_some() {
        context.state.contents.set(id.clone(), content, context.now);
    }
}

fn show_update(
    context: &Context<'_>,
    id: &PolicyId,
    policy: &Policy,
    name: Option<String>,
    description: Option<String>,
    content: Option<&Arc<str>>,
) -> Value {
    let mut summary = Map::new();
    let mut put = |name: &str, value: Value| drop(summary.insert(name.to_owned(), value));
    put("Id", json!(id));
    put("Arn", json!(context.state.policy_arn(id, &policy.policy_type, policy.aws_managed)));
    put("Type", json!(policy.policy_type));
    put("AwsManaged", json!(policy.aws_managed));
    if let Some(name) = name {
        put("Name", json!(name));
    }
    if let Some(description) = description {
        put("Description", json!(description));
    }
    json!({ "Policy": { "PolicySummary": summary, "Content": content } })
}

pub(crate) fn delete(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let id = policy_id(context)?;
    check_own(policy(context, &id)?)?;
    if context.state.targets.get(&id).is_some_and(|targets| !targets.is_empty()) {
        let message = "The specified policy is in use and cannot be deleted.";
        return Err(ApiError::new("PolicyInUseException", message));
    }
    context.state.delete_policy(&id, context.now);
    Ok(json!({}))
}

/// A policy whose document was not read into the snapshot cannot be shown: the caller is refused.
pub(crate) fn describe(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let id = policy_id(context)?;
    let policy = policy(context, &id)?;
    let content = context.state.contents.get(&id).ok_or_else(error::access_denied)?;
    Ok(show_policy(context, &id, policy, content))
}

fn show_policy(context: &Context<'_>, id: &PolicyId, policy: &Policy, content: &str) -> Value {
    let summary = show::policy_summary(context.state, id, policy);
    json!({ "Policy": { "PolicySummary": summary, "Content": content } })
}

pub(crate) fn list(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    let policy_type = context.input.policy_type("Filter")?;
    context.authorize(&[Resource::of_type(&policy_type)])?;
    let from = page.start::<PolicyId>()?;
    let ids = context.state.by_type.get(&policy_type);
    let ids = ids.into_iter().flat_map(|ids| ids.range((from.clone(), Bound::Unbounded)));
    let policies = ids.filter_map(|id| Some((id, context.state.policies.get(id)?)));
    let page = page.cut(policies, |(id, _)| id.to_string());
    Ok(page.answer("Policies", |(id, policy)| show::policy_summary(context.state, id, policy)))
}

/// The id of the policy a request names.
pub(crate) fn policy_id(context: &Context<'_>) -> Result<PolicyId, ApiError> {
    context.input.id("PolicyId")
}

/// The policy of an id, for a caller who may do this to it. Whoever is no management account is refused for a policy
/// that is not there, too (recorded).
pub(crate) fn policy<'a>(context: &'a Context<'_>, id: &PolicyId) -> Result<&'a Policy, ApiError> {
    match context.state.policies.get(id) {
        Some(policy) => {
            let resource = Resource::policy(context.state, id, &policy.policy_type, policy.aws_managed);
            context.authorize(&[resource])?;
            Ok(policy)
        }
        None => {
            context.only_management()?;
            Err(error::policy_not_found())
        }
    }
}

fn check_own(policy: &Policy) -> Result<(), ApiError> {
    if policy.aws_managed {
        return Err(error::invalid_input("IMMUTABLE_POLICY", "You specified a policy that is managed by AWS."));
    }
    Ok(())
}
