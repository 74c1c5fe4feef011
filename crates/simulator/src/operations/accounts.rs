//! Accounts: listed, described, moved, created, closed, removed.

use std::collections::BTreeMap;
use std::ops::Bound;

use optout_core::org::{AccountId, AccountState, TargetId};
use serde_json::{Map, Value, json};

use crate::caller::{self, Resource};
use crate::dispatch::Context;
use crate::error::{self, ApiError, constraint};
use crate::operations::{tags, units};
use crate::show;
use crate::state::{Account, Creation};

/// The most accounts an organization may have
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>, read 2026-11-23).
const MOST: usize = 50_000;

pub(crate) fn list(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    context.authorize_any()?;
    let from = page.start::<AccountId>()?;
    let page = page.cut(context.state.accounts.range((from, Bound::Unbounded)), |(id, _)| id.to_string());
    Ok(page.answer("Accounts", |(id, account)| show::account(context.state, *id, account, context.options.fields)))
}

pub(crate) fn list_for_parent(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let page = context.page()?;
    let parent = units::parent(context, "ParentId")?;
    let from = page.start::<AccountId>()?;
    let ids = context.state.children.get(&parent);
    let ids = ids.into_iter().flat_map(|children| children.accounts.range((from, Bound::Unbounded)));
    let accounts = ids.filter_map(|id| Some((id, context.state.accounts.get(id)?)));
    let page = page.cut(accounts, |(id, _)| id.to_string());
    Ok(page.answer("Accounts", |(id, account)| show::account(context.state, *id, account, context.options.fields)))
}

pub(crate) fn describe(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let id = account(context)?;
    let record = context.state.accounts.get(&id).ok_or_else(error::account_not_found)?;
    Ok(json!({ "Account": show::account(context.state, id, record, context.fields()) }))
}

/// The account a request names, by a caller who may ask, where it is there.
fn account(context: &Context<'_>) -> Result<AccountId, ApiError> {
    let id: AccountId = context.input.id("AccountId")?;
    context.authorize(&[Resource::target(context.state, &TargetId::Account(id), None)])?;
    if context.state.accounts.contains_key(&id) { Ok(id) } else { Err(error::account_not_found()) }
}

pub(crate) fn move_account(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let source: TargetId = context.input.id("SourceParentId")?;
    let destination: TargetId = context.input.id("DestinationParentId")?;
    let id = account(context)?;
    context.only_management()?;
    if !is_parent(context, &source) || context.state.parents.get(&id) != Some(&source) {
        let message = "You specified a source parent that doesn't exist or does not hold the account.";
        return Err(ApiError::new("SourceParentNotFoundException", message));
    }
    if !is_parent(context, &destination) {
        let message = "You specified a destination parent that doesn't exist.";
        return Err(ApiError::new("DestinationParentNotFoundException", message));
    }
    if source == destination {
        let message = "The account is already in the destination parent.";
        return Err(ApiError::new("DuplicateAccountException", message));
    }
    context.state.move_account(id, &destination, context.now);
    Ok(json!({}))
}

fn is_parent(context: &Context<'_>, target: &TargetId) -> bool {
    !matches!(target, TargetId::Account(_)) && context.state.has_target(target)
}

/// The account is there at once, and the request says so from DescribeCreateAccountStatus on; CreateAccount itself
/// answers that it is in progress, as AWS does.
pub(crate) fn create(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let email = context.input.required_sized("Email", 6, 64)?.to_owned();
    let name = context.input.required_sized("AccountName", 1, 50)?.to_owned();
    let tags = tags::read(context.input)?;
    context.authorize_any()?;
    if !tags.is_empty() {
        caller::authorize(context.state, context.caller, "TagResource", &[Resource::any()])?;
    }
    if context.state.accounts.len() >= MOST {
        let message = "The organization has as many accounts as it may.";
        return Err(constraint("ACCOUNT_NUMBER_LIMIT_EXCEEDED", message));
    }
    let outcome = open_account(context, &name, email, tags)?;
    let request = context.state.mint.other("car-");
    let creation = Creation { name, requested: context.date(), outcome };
    let shown = json!({
        "Id": request,
        "AccountName": creation.name,
        "State": "IN_PROGRESS",
        "RequestedTimestamp": show::date(creation.requested),
    });
    context.state.creations.insert(request, creation);
    Ok(json!({ "CreateAccountStatus": shown }))
}

fn open_account(
    context: &mut Context<'_>,
    name: &str,
    email: String,
    tags: BTreeMap<String, String>,
) -> Result<Result<AccountId, &'static str>, ApiError> {
    // One call in ten seconds at most: looking through all addresses is not worth an index.
    if context.state.accounts.values().any(|account| account.email.eq_ignore_ascii_case(&email)) {
        return Ok(Err("EMAIL_ALREADY_EXISTS"));
    }
    let state = &mut *context.state;
    let id = state.mint.account(|id| state.accounts.contains_key(id));
    let id = id.ok_or_else(|| ApiError::new("ServiceException", "An internal error occurred."))?;
    let joined = context.date();
    let account = Account { email, joined, tags, ..Account::plain(id, name) };
    let root = context.state.root_target();
    context.state.join(id, account, &root, context.now);
    Ok(Ok(id))
}

pub(crate) fn describe_creation(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let request = context.input.required("CreateAccountRequestId")?;
    context.authorize_any()?;
    let not_found = || {
        let message = "You specified a create account request that doesn't exist.";
        ApiError::new("CreateAccountStatusNotFoundException", message)
    };
    let creation = context.state.creations.get(request).ok_or_else(not_found)?;
    Ok(json!({ "CreateAccountStatus": show_creation(request, creation) }))
}

fn show_creation(request: &str, creation: &Creation) -> Value {
    let mut shown = Map::new();
    let mut put = |name: &str, value: Value| drop(shown.insert(name.to_owned(), value));
    put("Id", json!(request));
    put("AccountName", json!(creation.name));
    put("RequestedTimestamp", show::date(creation.requested));
    put("CompletedTimestamp", show::date(creation.requested));
    match creation.outcome {
        Ok(account) => {
            put("State", json!("SUCCEEDED"));
            put("AccountId", json!(account));
        }
        Err(reason) => {
            put("State", json!("FAILED"));
            put("FailureReason", json!(reason));
        }
    }
    Value::Object(shown)
}

/// Closed at once; AWS takes its time over `PENDING_CLOSURE`.
pub(crate) fn close(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let id = account(context)?;
    context.only_management()?;
    if id == context.state.management() {
        let message = "The management account cannot be closed this way.";
        return Err(constraint("CANNOT_CLOSE_MANAGEMENT_ACCOUNT", message));
    }
    let record = context.state.accounts.get_mut(&id).ok_or_else(error::account_not_found)?;
    match record.state {
        AccountState::Closed | AccountState::Suspended | AccountState::PendingClosure => {
            Err(ApiError::new("AccountAlreadyClosedException", "The account is closed already."))
        }
        AccountState::Active | AccountState::PendingActivation | AccountState::Other(_) => {
            record.state = AccountState::Closed;
            Ok(json!({}))
        }
    }
}

pub(crate) fn remove(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let id = account(context)?;
    context.only_management()?;
    if id == context.state.management() {
        let message = "The management account cannot leave its organization.";
        return Err(ApiError::new("MasterCannotLeaveOrganizationException", message));
    }
    if context.state.delegates.contains_key(&id) {
        let message = "The account is a delegated administrator: deregister it first.";
        return Err(constraint("CANNOT_REMOVE_DELEGATED_ADMINISTRATOR_FROM_ORG", message));
    }
    context.state.leave(id, context.now);
    Ok(json!({}))
}
