//! Tags of policies, accounts, units, the root and the resource policy.

use std::collections::BTreeMap;

use optout_core::org::{PolicyId, TargetId};
use serde_json::{Value, json};

use crate::caller::Resource;
use crate::dispatch::Context;
use crate::error::{self, ApiError, constraint, invalid_input};
use crate::input::Input;
use crate::state::Tags;

/// The most tags a resource may have (user guide, quotas, read 2026-11-23).
const MOST: usize = 50;
const LONGEST_KEY: usize = 128;
const LONGEST_VALUE: usize = 256;

pub(crate) fn tag(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let added = read(context.input)?;
    if context.input.list("Tags")?.is_empty() {
        return Err(error::input_required("Tags"));
    }
    let tags = resource(context)?;
    if tags.keys().chain(added.keys()).collect::<std::collections::BTreeSet<_>>().len() > MOST {
        return Err(constraint("MAX_TAG_LIMIT_EXCEEDED", "The resource would have more tags than it may."));
    }
    tags.extend(added);
    Ok(json!({}))
}

pub(crate) fn untag(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let keys = context.input.list("TagKeys")?;
    let keys: Option<Vec<String>> = keys.iter().map(|key| key.as_str().map(str::to_owned)).collect();
    let keys = keys.ok_or_else(|| error::serialization("`TagKeys` is not a list of strings"))?;
    if keys.is_empty() {
        return Err(error::input_required("TagKeys"));
    }
    let tags = resource(context)?;
    keys.iter().for_each(|key| drop(tags.remove(key)));
    Ok(json!({}))
}

pub(crate) fn list(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    let tags: Vec<(String, String)> = resource(context)?.clone().into_iter().collect();
    Ok(page.cut_list(tags)?.answer("Tags", |(key, value)| json!({ "Key": key, "Value": value })))
}

/// The tags of a request, empty where there are none.
pub(crate) fn read(input: &Input) -> Result<Tags, ApiError> {
    let mut tags = BTreeMap::new();
    for item in input.list("Tags")? {
        let field = |name: &str| item.get(name).and_then(Value::as_str);
        let key = field("Key").ok_or_else(|| error::input_required("Key"))?;
        let value = field("Value").ok_or_else(|| error::input_required("Value"))?;
        check(key, value)?;
        if tags.insert(key.to_owned(), value.to_owned()).is_some() {
            return Err(invalid_input("DUPLICATE_TAG_KEY", "You specified the same tag key more than once."));
        }
    }
    if tags.len() > MOST {
        return Err(constraint("MAX_TAG_LIMIT_EXCEEDED", "The resource would have more tags than it may."));
    }
    Ok(tags)
}

fn check(key: &str, value: &str) -> Result<(), ApiError> {
    if key.is_empty() {
        return Err(error::too_short("Key"));
    }
    if key.chars().count() > LONGEST_KEY {
        return Err(error::too_long("Key"));
    }
    if value.chars().count() > LONGEST_VALUE {
        return Err(error::too_long("Value"));
    }
    let lower = key.to_ascii_lowercase();
    if lower.starts_with("aws:") {
        let message = "You specified a tag key that begins with a prefix reserved for AWS.";
        return Err(invalid_input("INVALID_SYSTEM_TAGS_PARAMETER", message));
    }
    let allowed = |letter: char| letter.is_alphanumeric() || letter.is_whitespace() || "_.:/=+-@".contains(letter);
    if key.chars().chain(value.chars()).all(allowed) { Ok(()) } else { Err(error::invalid_pattern("Tags")) }
}

/// The tags of the resource a request names, for a caller who may.
fn resource<'a>(context: &'a mut Context<'_>) -> Result<&'a mut Tags, ApiError> {
    let id = context.input.required("ResourceId")?.to_owned();
    if let Ok(target) = id.parse::<TargetId>() {
        context.authorize(&[Resource::target(context.state, &target, None)])?;
        return of_target(context, &target).ok_or_else(error::target_not_found);
    }
    if let Ok(policy) = id.parse::<PolicyId>() {
        return of_policy(context, &policy);
    }
    context.authorize_any()?;
    let resource_policy = context.state.resource_policy.as_mut().filter(|policy| policy.id == id);
    match resource_policy {
        Some(policy) => Ok(&mut policy.tags),
        None if id.starts_with("rp-") => Err(error::target_not_found()),
        None => Err(error::invalid_pattern("ResourceId")),
    }
}

fn of_policy<'a>(context: &'a mut Context<'_>, id: &PolicyId) -> Result<&'a mut Tags, ApiError> {
    match context.state.policies.get(id) {
        Some(policy) => {
            let resource = Resource::policy(context.state, id, &policy.policy_type, policy.aws_managed);
            context.authorize(&[resource])?;
        }
        None => context.only_management()?,
    }
    context.state.policies.get_mut(id).map(|policy| &mut policy.tags).ok_or_else(error::target_not_found)
}

fn of_target<'a>(context: &'a mut Context<'_>, target: &TargetId) -> Option<&'a mut Tags> {
    match target {
        TargetId::Root(id) => Some(&mut context.state.root).filter(|root| root.id == *id).map(|root| &mut root.tags),
        TargetId::Unit(id) => context.state.units.get_mut(id).map(|unit| &mut unit.tags),
        TargetId::Account(id) => context.state.accounts.get_mut(id).map(|account| &mut account.tags),
    }
}
