//! Delegated administrators and the services that may act in the organization.

use std::collections::BTreeMap;

use jiff::Timestamp;
use optout_core::org::{AccountId, AccountState, TargetId};
use serde_json::{Value, json};

use crate::caller::Resource;
use crate::dispatch::Context;
use crate::error::{self, ApiError, constraint};
use crate::operations::organization;
use crate::show;
use crate::state::Delegate;

pub(crate) fn register(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let service = service(context)?;
    let account = account(context)?;
    context.only_management()?;
    organization::needs_all_features(context)?;
    if account == context.state.management() {
        let message = "The management account cannot be a delegated administrator.";
        return Err(constraint("CANNOT_REGISTER_MASTER_AS_DELEGATED_ADMINISTRATOR", message));
    }
    check_active(context, account)?;
    if !context.state.services.contains_key(&service) {
        let message = "Enable access for the service in the organization first.";
        return Err(constraint("SERVICE_ACCESS_NOT_ENABLED", message));
    }
    let now = context.date();
    let delegate = context.state.delegates.entry(account);
    let delegate = delegate.or_insert_with(|| Delegate { since: now, services: BTreeMap::new() });
    if delegate.services.contains_key(&service) {
        let message = "The account is already a delegated administrator for the service.";
        return Err(ApiError::new("AccountAlreadyRegisteredException", message));
    }
    delegate.services.insert(service, now);
    Ok(json!({}))
}

fn check_active(context: &Context<'_>, account: AccountId) -> Result<(), ApiError> {
    let suspended = [AccountState::Suspended, AccountState::Closed];
    if context.state.accounts.get(&account).is_some_and(|account| suspended.contains(&account.state)) {
        let message = "A suspended account cannot be a delegated administrator.";
        return Err(constraint("CANNOT_REGISTER_SUSPENDED_ACCOUNT_AS_DELEGATED_ADMINISTRATOR", message));
    }
    Ok(())
}

pub(crate) fn deregister(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let service = service(context)?;
    let account = account(context)?;
    context.only_management()?;
    let delegate = context.state.delegates.get_mut(&account).ok_or_else(not_registered)?;
    delegate.services.remove(&service).ok_or_else(not_registered)?;
    if delegate.services.is_empty() {
        context.state.delegates.remove(&account);
    }
    Ok(json!({}))
}

fn not_registered() -> ApiError {
    let message = "The account is not a delegated administrator for the service.";
    ApiError::new("AccountNotRegisteredException", message)
}

pub(crate) fn list_administrators(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    let service = context.input.sized("ServicePrincipal", 1, 128)?;
    context.authorize_any()?;
    let of_service = |delegate: &Delegate| service.is_none_or(|service| delegate.services.contains_key(service));
    let delegates = context.state.delegates.iter().filter(|(_, delegate)| of_service(delegate));
    let shown: Vec<Value> = delegates.filter_map(|(id, delegate)| show_delegate(context, *id, delegate)).collect();
    Ok(page.cut_list(shown)?.answer("DelegatedAdministrators", |delegate| delegate))
}

fn show_delegate(context: &Context<'_>, id: AccountId, delegate: &Delegate) -> Option<Value> {
    let account = context.state.accounts.get(&id)?;
    let mut shown = show::account_summary(context.state, id, account, context.fields());
    shown.insert("DelegationEnabledDate".to_owned(), show::date(delegate.since));
    Some(Value::Object(shown))
}

pub(crate) fn list_delegated_services(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    let account = account(context)?;
    let delegate = context.state.delegates.get(&account).ok_or_else(not_registered)?;
    let services: Vec<_> = delegate.services.iter().collect();
    let show = |(service, since): (&String, &Timestamp)| json!({ "ServicePrincipal": service, "DelegationEnabledDate": show::date(*since) });
    Ok(page.cut_list(services)?.answer("DelegatedServices", show))
}

pub(crate) fn list_services(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    context.authorize_any()?;
    let services: Vec<_> = context.state.services.iter().collect();
    let show = |(service, since): (&String, &Timestamp)| json!({ "ServicePrincipal": service, "DateEnabled": show::date(*since) });
    Ok(page.cut_list(services)?.answer("EnabledServicePrincipals", show))
}

/// A service that has access already keeps its date.
pub(crate) fn enable_service(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let service = service(context)?;
    context.only_management()?;
    organization::needs_all_features(context)?;
    let now = context.date();
    context.state.services.entry(service).or_insert(now);
    Ok(json!({}))
}

/// The service principal of a request: which ones AWS knows is not judged here, only that it is one.
fn service(context: &Context<'_>) -> Result<String, ApiError> {
    let service = context.input.required_sized("ServicePrincipal", 1, 128)?;
    if service.ends_with(".amazonaws.com") {
        return Ok(service.to_owned());
    }
    let message = "You specified a service principal that doesn't exist.";
    Err(error::invalid_input("UNRECOGNIZED_SERVICE_PRINCIPAL", message))
}

fn account(context: &Context<'_>) -> Result<AccountId, ApiError> {
    let id: AccountId = context.input.id("AccountId")?;
    context.authorize(&[Resource::target(context.state, &TargetId::Account(id), None)])?;
    if context.state.accounts.contains_key(&id) { Ok(id) } else { Err(error::account_not_found()) }
}
