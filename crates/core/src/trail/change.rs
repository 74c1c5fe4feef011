//! What an event changed, by its name.
//!
//! Names: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_cloudtrail-integration.html> and the API
//! reference of AWS Organizations (`AccountJoinedOrganization` and `AccountDepartedOrganization`, since 2026-05-28, in its
//! CreateAccount, AcceptHandshake, LeaveOrganization and RemoveAccountFromOrganization), read 2026-11-24.

use std::sync::Arc;

use serde_json::Value;

use super::record::{Fields, kept};
use super::{Change, Written};
use crate::org::{AccountId, PolicyId};

/// What CloudTrail writes in place of a text it hides.
const HIDDEN: &str = "HIDDEN_DUE_TO_SECURITY_REASONS";

/// The largest document that AWS accepts is 10,000 characters; many times that is no document.
const LARGEST_DOCUMENT: usize = 128 * 1024;

/// The largest text of an event whose form AWS does not document that is shown.
const LARGEST_DETAILS: usize = 1_024;

/// What came of a call.
pub(super) enum Outcome {
    /// It changed something.
    Change(Change),
    /// It came to nothing.
    Failed,
    /// It changed nothing that matters here.
    Untouched,
}

/// Whether events of this name may touch the opt-out.
pub(super) fn concerns(name: &str) -> bool {
    NAMES.binary_search(&name).is_ok()
}

/// The names of events that are looked at, in order.
pub const NAMES: &[&str] = &[
    "AcceptHandshake",
    "AccountDepartedOrganization",
    "AccountJoinedOrganization",
    "AttachPolicy",
    "CloseAccount",
    "CloseAccountResult",
    "CreateAccount",
    "CreateAccountResult",
    "CreateGovCloudAccount",
    "CreateOrganization",
    "CreateOrganizationalUnit",
    "CreatePolicy",
    "DeleteOrganization",
    "DeleteOrganizationalUnit",
    "DeletePolicy",
    "DeleteResourcePolicy",
    "DeregisterDelegatedAdministrator",
    "DetachPolicy",
    "DisablePolicyType",
    "EffectivePolicyValidation",
    "EnableAllFeatures",
    "EnablePolicyType",
    "InviteAccountToOrganization",
    "LeaveOrganization",
    "MoveAccount",
    "PutResourcePolicy",
    "RegisterDelegatedAdministrator",
    "RemoveAccountFromOrganization",
    "TagResource",
    "UntagResource",
    "UpdateOrganizationalUnit",
    "UpdatePolicy",
];

/// Calls that write and change nothing that is read here: of handshakes that were not accepted, of billing between
/// organizations, and of which services may act in the organization.
///
/// Source: botocore 1.44.5, organizations model, the operations there are and what it says of each, read 2026-11-24.
pub const HARMLESS: &[&str] = &[
    "CancelHandshake",
    "DeclineHandshake",
    "DisableAWSServiceAccess",
    "EnableAWSServiceAccess",
    "InviteOrganizationToTransferResponsibility",
    "TerminateResponsibilityTransfer",
    "UpdateResponsibilityTransfer",
];

/// The change that an event made; `caller` is the account that made the call.
///
/// # Errors
/// What is missing, or not as it should be.
pub(super) fn change(name: &str, fields: &Fields<'_>, caller: Option<AccountId>) -> Result<Outcome, String> {
    let change = match name {
        "CreatePolicy" => create_policy(fields)?,
        "UpdatePolicy" => update_policy(fields)?,
        "DeletePolicy" => Change::DeletePolicy { policy: fields.id("requestParameters.policyId")? },
        "AttachPolicy" => Change::AttachPolicy {
            policy: fields.id("requestParameters.policyId")?,
            target: fields.id("requestParameters.targetId")?,
        },
        "DetachPolicy" => Change::DetachPolicy {
            policy: fields.id("requestParameters.policyId")?,
            target: fields.id("requestParameters.targetId")?,
        },
        "EnablePolicyType" => Change::EnablePolicyType {
            root: fields.id("requestParameters.rootId")?,
            policy_type: fields.id("requestParameters.policyType")?,
        },
        "DisablePolicyType" => Change::DisablePolicyType {
            root: fields.id("requestParameters.rootId")?,
            policy_type: fields.id("requestParameters.policyType")?,
        },
        "TagResource" | "UntagResource" => return tags(name, fields),
        "PutResourcePolicy" => Change::PutResourcePolicy,
        "DeleteResourcePolicy" => Change::DeleteResourcePolicy,
        "RegisterDelegatedAdministrator" => Change::RegisterDelegate {
            account: fields.id("requestParameters.accountId")?,
            service: kept(fields.text("requestParameters.servicePrincipal")?),
        },
        "DeregisterDelegatedAdministrator" => Change::DeregisterDelegate {
            account: fields.id("requestParameters.accountId")?,
            service: kept(fields.text("requestParameters.servicePrincipal")?),
        },
        "CreateOrganization" | "DeleteOrganization" | "EnableAllFeatures" => Change::Organization,
        "CreateOrganizationalUnit" => Change::CreateUnit {
            unit: fields.id("responseElements.organizationalUnit.id")?,
            parent: fields.id("requestParameters.parentId")?,
            name: kept(fields.text("requestParameters.name")?),
        },
        "UpdateOrganizationalUnit" => Change::RenameUnit {
            unit: fields.id("requestParameters.organizationalUnitId")?,
            name: fields.optional("requestParameters.name")?.map(kept),
        },
        "DeleteOrganizationalUnit" => Change::DeleteUnit { unit: fields.id("requestParameters.organizationalUnitId")? },
        "EffectivePolicyValidation" => validity(fields)?,
        _ => return account_change(name, fields, caller),
    };
    Ok(Outcome::Change(change))
}

fn account_change(name: &str, fields: &Fields<'_>, caller: Option<AccountId>) -> Result<Outcome, String> {
    let change = match name {
        "CreateAccount" | "CreateGovCloudAccount" => Change::CreateAccount,
        "CreateAccountResult" => {
            let status = "serviceEventDetails.createAccountStatus";
            return result(fields, status, |account| Change::AccountCreated { account });
        }
        "CloseAccountResult" => {
            let status = "serviceEventDetails.closeAccountStatus";
            return result(fields, status, |account| Change::AccountClosed { account });
        }
        "CloseAccount" => Change::CloseAccount { account: fields.id("requestParameters.accountId")? },
        "InviteAccountToOrganization" => Change::InviteAccount { account: invited(fields)? },
        "AcceptHandshake" => match accepted(fields, caller)? {
            Some(account) => Change::AcceptInvitation { account },
            None => return Ok(Outcome::Untouched),
        },
        "MoveAccount" => Change::MoveAccount {
            account: fields.id("requestParameters.accountId")?,
            from: fields.id("requestParameters.sourceParentId")?,
            to: fields.id("requestParameters.destinationParentId")?,
        },
        "RemoveAccountFromOrganization" => Change::RemoveAccount { account: fields.id("requestParameters.accountId")? },
        "LeaveOrganization" => Change::LeaveOrganization { account: caller },
        "AccountJoinedOrganization" => {
            let (account, details) = membership(fields);
            Change::AccountJoined { account, details }
        }
        "AccountDepartedOrganization" => {
            let (account, details) = membership(fields);
            Change::AccountDeparted { account, details }
        }
        _ => return Ok(Outcome::Untouched),
    };
    Ok(Outcome::Change(change))
}

fn create_policy(fields: &Fields<'_>) -> Result<Change, String> {
    Ok(Change::CreatePolicy {
        policy: fields.id("responseElements.policy.policySummary.id")?,
        policy_type: fields.id("requestParameters.type")?,
        name: kept(fields.text("requestParameters.name")?),
        content: match written(fields)? {
            Written::Unchanged => Written::Hidden,
            written @ (Written::Hidden | Written::Text(_)) => written,
        },
    })
}

fn update_policy(fields: &Fields<'_>) -> Result<Change, String> {
    let policy_type = "responseElements.policy.policySummary.type";
    Ok(Change::UpdatePolicy {
        policy: fields.id("requestParameters.policyId")?,
        policy_type: fields.optional(policy_type)?.map(|_| fields.id(policy_type)).transpose()?,
        name: fields.optional("requestParameters.name")?.map(kept),
        content: written(fields)?,
    })
}

fn written(fields: &Fields<'_>) -> Result<Written, String> {
    Ok(match fields.optional("requestParameters.content")? {
        None => Written::Unchanged,
        Some(HIDDEN) => Written::Hidden,
        Some(text) if text.len() > LARGEST_DOCUMENT => {
            return Err(format!("`requestParameters.content` has {} bytes, more than any policy", text.len()));
        }
        Some(text) => Written::Text(Arc::from(text)),
    })
}

/// Tags of policies only: those of accounts and units change nothing here.
fn tags(name: &str, fields: &Fields<'_>) -> Result<Outcome, String> {
    let resource = fields.text("requestParameters.resourceId")?;
    let Ok(policy) = resource.parse::<PolicyId>() else { return Ok(Outcome::Untouched) };
    let list = |path| fields.get(path).and_then(Value::as_array).into_iter().flatten();
    let change = if name == "TagResource" {
        let keys = list("requestParameters.tags").filter_map(|tag| tag.get("key").and_then(Value::as_str));
        Change::TagPolicy { policy, keys: keys.take(50).map(kept).collect() }
    } else {
        let keys = list("requestParameters.tagKeys").filter_map(Value::as_str);
        Change::UntagPolicy { policy, keys: keys.take(50).map(kept).collect() }
    };
    Ok(Outcome::Change(change))
}

/// What came of something that AWS did in the background.
fn result(fields: &Fields<'_>, status: &str, change: impl FnOnce(AccountId) -> Change) -> Result<Outcome, String> {
    if fields.text(&format!("{status}.state"))? != "SUCCEEDED" {
        return Ok(Outcome::Failed);
    }
    Ok(Outcome::Change(change(fields.id(&format!("{status}.accountId"))?)))
}

fn invited(fields: &Fields<'_>) -> Result<Option<AccountId>, String> {
    let by_id = fields.optional("requestParameters.target.type")? == Some("ACCOUNT");
    by_id.then(|| fields.id("requestParameters.target.id")).transpose()
}

/// The account that accepted an invitation; `None` for another kind of handshake.
fn accepted(fields: &Fields<'_>, caller: Option<AccountId>) -> Result<Option<Option<AccountId>>, String> {
    let action = fields.optional("responseElements.handshake.action")?;
    if action.is_some_and(|action| !action.eq_ignore_ascii_case("INVITE")) {
        return Ok(None);
    }
    let parties = fields.get("responseElements.handshake.parties").and_then(Value::as_array);
    let text = |party: &Value, key| party.get(key).and_then(Value::as_str).map(str::to_owned);
    let mut accounts = parties.into_iter().flatten().filter(|party| text(party, "type").as_deref() == Some("ACCOUNT"));
    let named = accounts.find_map(|party| text(party, "id")?.parse().ok());
    Ok(Some(named.or(caller)))
}

/// AWS documents the names of these events and of some fields (`joinedMethod`, `joinedTime`, `departedMethod`,
/// `departedTime`), not their form: the account is taken where it is named like in other service events, the rest is shown
/// as it is.
fn membership(fields: &Fields<'_>) -> (Option<AccountId>, String) {
    let details = fields.get("serviceEventDetails");
    let account = details.and_then(|details| details.get("accountId")).and_then(Value::as_str);
    let text = details.map(Value::to_string).filter(|text| text.len() <= LARGEST_DETAILS).unwrap_or_default();
    (account.and_then(|text| text.parse().ok()), text)
}

fn validity(fields: &Fields<'_>) -> Result<Change, String> {
    let state = fields.text("serviceEventDetails.state")?;
    let valid = match state {
        "VALID" => true,
        "INVALID" => false,
        other => return Err(format!("`serviceEventDetails.state` is `{}`, expected VALID or INVALID", kept(other))),
    };
    let errors = fields.get("serviceEventDetails.validationErrors").and_then(Value::as_array);
    let text = |error: &Value, key| error.get(key).and_then(Value::as_str).map(str::to_owned).unwrap_or_default();
    let error = |error: &Value| kept(&format!("{}: {}", text(error, "errorCode"), text(error, "errorMessage")));
    Ok(Change::EffectivePolicy {
        account: fields.id("serviceEventDetails.accountId")?,
        policy_type: fields.id("serviceEventDetails.policyType")?,
        valid,
        errors: errors.into_iter().flatten().take(20).map(error).collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::NAMES;

    #[test]
    fn names_are_in_order_so_that_they_are_found() {
        assert!(NAMES.is_sorted());
    }
}
