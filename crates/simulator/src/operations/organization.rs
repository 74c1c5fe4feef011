//! The organization as a whole: whether there is one, and with which features.

use optout_core::org::AccountId;
use serde_json::{Value, json};

use crate::dispatch::Context;
use crate::error::{self, ApiError, constraint};
use crate::show;
use crate::state::{Account, Migration, Organization};

/// How long a handshake stays open: 90 days for enabling all features (user guide, read 2026-11-23).
const DAYS_OF_HANDSHAKE: i64 = 90;

pub(crate) fn describe(context: &mut Context<'_>) -> Result<Value, ApiError> {
    context.authorize_any()?;
    let organization = context.state.organization.as_ref().ok_or_else(error::not_in_use)?;
    Ok(json!({ "Organization": show::organization(context.state, organization) }))
}

/// The caller's account becomes the management account of a new organization without policy types.
pub(crate) fn create(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let all_features = match context.input.text("FeatureSet")? {
        None | Some("ALL") => true,
        Some("CONSOLIDATED_BILLING") => false,
        Some(_) => return Err(error::invalid_enum("FeatureSet")),
    };
    if context.state.organization.is_some() {
        let message = "The account is already a member of an organization.";
        return Err(ApiError::new("AlreadyInOrganizationException", message));
    }
    let management = context.caller.account;
    let id = context.state.mint.organization().ok_or_else(service_failure)?;
    let organization = Organization { id, management, all_features };
    let shown = organization.clone();
    context.state.organization = Some(organization);
    found(context, management);
    Ok(json!({ "Organization": show::organization(context.state, &shown) }))
}

fn found(context: &mut Context<'_>, management: AccountId) {
    let root = context.state.root_target();
    let joined = context.date();
    let account = Account { invited: true, joined, ..Account::plain(management, "Management") };
    context.state.join(management, account, &root, context.now);
}

fn service_failure() -> ApiError {
    ApiError { status: 500, ..ApiError::new("ServiceException", "An internal error occurred.") }
}

/// Only the management account, alone in its organization and without units or policies of its own.
pub(crate) fn delete(context: &mut Context<'_>) -> Result<Value, ApiError> {
    context.authorize_any()?;
    let state = &mut *context.state;
    let own_policies = state.policies.values().any(|policy| !policy.aws_managed);
    if state.accounts.len() > 1 || !state.units.is_empty() || own_policies {
        let message = "The organization still has accounts, organizational units or policies.";
        return Err(ApiError::new("OrganizationNotEmptyException", message));
    }
    let management = state.management();
    state.leave(management, context.now);
    state.home = management;
    state.organization = None;
    state.root.types.clear();
    Ok(json!({}))
}

/// An organization that has all features refuses (recorded); the others get a handshake to accept.
pub(crate) fn enable_all_features(context: &mut Context<'_>) -> Result<Value, ApiError> {
    context.only_management()?;
    if context.state.organization.as_ref().is_some_and(|it| it.all_features) {
        return Err(handshake_constraint(
            "ORGANIZATION_ALREADY_HAS_ALL_FEATURES",
            "All features are already enabled on this organization.",
        ));
    }
    if context.state.migration.is_some() {
        return Err(handshake_constraint(
            "ORGANIZATION_IS_ALREADY_PENDING_ALL_FEATURES_MIGRATION",
            "The organization is already being moved to all features.",
        ));
    }
    let migration = Migration { id: context.state.mint.other("h-"), requested: context.date() };
    let shown = handshake(context, &migration, "REQUESTED");
    context.state.migration = Some(migration);
    Ok(json!({ "Handshake": shown }))
}

/// Accepts the handshake of EnableAllFeatures, the only kind there is here.
pub(crate) fn accept_handshake(context: &mut Context<'_>) -> Result<Value, ApiError> {
    context.only_management()?;
    let id = context.input.required("HandshakeId")?;
    let Some(migration) = context.state.migration.take_if(|migration| migration.id == id) else {
        return Err(ApiError::new("HandshakeNotFoundException", "You specified a handshake that doesn't exist."));
    };
    if let Some(organization) = &mut context.state.organization {
        organization.all_features = true;
    }
    Ok(json!({ "Handshake": handshake(context, &migration, "ACCEPTED") }))
}

fn handshake_constraint(reason: &str, message: &str) -> ApiError {
    ApiError::because("HandshakeConstraintViolationException", reason, message)
}

fn handshake(context: &Context<'_>, migration: &Migration, state: &str) -> Value {
    let organization = context.state.organization_id();
    let expires = jiff::SignedDuration::from_hours(24 * DAYS_OF_HANDSHAKE);
    let expires = migration.requested.checked_add(expires).unwrap_or(jiff::Timestamp::MAX);
    json!({
        "Id": migration.id,
        "Arn": context.state.arn(&format!("handshake/{organization}/enable_all_features/{}", migration.id)),
        "Parties": [{ "Id": context.state.management(), "Type": "ACCOUNT" }, { "Id": organization, "Type": "ORGANIZATION" }],
        "State": state,
        "RequestedTimestamp": show::date(migration.requested),
        "ExpirationTimestamp": show::date(expires),
        "Action": "ENABLE_ALL_FEATURES",
        "Resources": [{ "Value": organization, "Type": "ORGANIZATION" }],
    })
}

/// Fails where the organization has consolidated billing only.
pub(crate) fn needs_all_features(context: &Context<'_>) -> Result<(), ApiError> {
    if context.state.organization.as_ref().is_some_and(|it| it.all_features) {
        return Ok(());
    }
    Err(constraint("ORGANIZATION_NOT_IN_ALL_FEATURES_MODE", "The organization does not have all features."))
}
