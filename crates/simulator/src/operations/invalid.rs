//! Accounts whose effective policy AWS holds invalid, and why. Which document is invalid is not judged here: the
//! snapshot or a change says it.

use std::ops::Bound;

use optout_core::org::{AccountId, InvalidPolicy, PolicyType, TargetId};
use serde_json::{Map, Value, json};

use crate::caller::Resource;
use crate::dispatch::Context;
use crate::error::{self, ApiError};
use crate::input;
use crate::show;
use crate::state::Invalid;

pub(crate) fn list_accounts(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let policy_type = policy_type(context)?;
    let page = context.page()?;
    context.authorize(&[Resource::of_type(&policy_type)])?;
    check_enabled(context, &policy_type)?;
    let from = page.start::<AccountId>()?;
    let invalid = context.state.invalid.get(&policy_type);
    let ids = invalid.into_iter().flat_map(|accounts| accounts.range((from, Bound::Unbounded)).map(|(id, _)| id));
    let accounts = ids.filter_map(|id| Some((id, context.state.accounts.get(id)?)));
    let page = page.cut(accounts, |(id, _)| id.to_string());
    let mut answer =
        page.answer("Accounts", |(id, account)| show::account(context.state, *id, account, context.options.fields));
    if let Some(fields) = answer.as_object_mut() {
        fields.insert("PolicyType".to_owned(), json!(policy_type));
    }
    Ok(answer)
}

/// `Path` and `EvaluationTimestamp` are there only while there are errors (recorded).
pub(crate) fn list_errors(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let policy_type = policy_type(context)?;
    let page = context.page()?;
    let account = account(context)?;
    context.authorize(&[Resource::effective(context.state, account, &policy_type, false)])?;
    if !context.state.accounts.contains_key(&account) {
        return Err(error::account_not_found());
    }
    check_enabled(context, &policy_type)?;
    let invalid = context.state.invalid.get(&policy_type).and_then(|accounts| accounts.get(&account));
    let errors = invalid.map(|invalid| invalid.errors.clone()).unwrap_or_default();
    let mut answer = page.cut_list(errors)?.answer("EffectivePolicyValidationErrors", |error| show_error(&error));
    if let Some(fields) = answer.as_object_mut() {
        describe(context, fields, account, &policy_type, invalid);
    }
    Ok(answer)
}

fn describe(
    context: &Context<'_>,
    fields: &mut Map<String, Value>,
    account: AccountId,
    policy_type: &PolicyType,
    invalid: Option<&Invalid>,
) {
    let mut put = |name: &str, value: Value| drop(fields.insert(name.to_owned(), value));
    put("AccountId", json!(account));
    put("PolicyType", json!(policy_type));
    if let Some(invalid) = invalid {
        put("Path", json!(context.state.path_text(&TargetId::Account(account))));
        put("EvaluationTimestamp", show::date(invalid.evaluated));
    }
}

fn show_error(error: &InvalidPolicy) -> Value {
    json!({
        "ErrorCode": error.code,
        "ErrorMessage": error.message,
        "PathToError": error.path,
        "ContributingPolicies": error.policies,
    })
}

/// A missing account is a target that is not supported here, and so is a root (recorded).
fn account(context: &Context<'_>) -> Result<AccountId, ApiError> {
    let text = context.input.text("AccountId")?.ok_or_else(error::target_not_supported)?;
    text.parse().map_err(|_| error::target_not_supported())
}

/// Any type without effective policies is refused in the same words here (recorded).
fn policy_type(context: &Context<'_>) -> Result<PolicyType, ApiError> {
    let policy_type = input::policy_type(context.input.required("PolicyType")?);
    match &policy_type {
        PolicyType::ServiceControl | PolicyType::ResourceControl | PolicyType::Other(_) => {
            Err(error::invalid_enum_policy_type())
        }
        _ => Ok(policy_type),
    }
}

fn check_enabled(context: &Context<'_>, policy_type: &PolicyType) -> Result<(), ApiError> {
    if context.state.is_enabled(policy_type) { Ok(()) } else { Err(error::effective_policy_not_found()) }
}
