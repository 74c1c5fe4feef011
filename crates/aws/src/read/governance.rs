//! What else bears on opt-out policies: invalid effective policies, delegated administrators, the resource policy.

use std::collections::BTreeMap;
use std::sync::Arc;

use aws_sdk_organizations::types::{self, EffectivePolicyType};
use optout_core::org::{AccountId, Delegate, InvalidPolicy, Part as Name};

use super::part::{Part, each, unread_of};
use crate::pace::Operation;
use crate::request::{Failure, FailureKind, Purpose, Requests};

/// Accounts with the reasons why their effective policies are invalid.
pub(super) type Invalid = BTreeMap<AccountId, Vec<InvalidPolicy>>;

/// The accounts whose effective policy AWS lists as invalid, each with the reasons; only where the whole list was read.
pub(super) async fn invalid(requests: &Requests<'_>) -> Part<Invalid> {
    let accounts = match invalid_accounts(requests).await {
        Ok(accounts) => accounts,
        // The policy type is off: no account has an effective policy, so none has an invalid one.
        Err(failure) if failure.is("EffectivePolicyNotFoundException") => Vec::new(),
        Err(failure) => return Part::missing(Name::InvalidPolicies, &failure),
    };
    requests.expect(Operation::ListEffectivePolicyValidationErrors, accounts.len());
    let reasons = each(accounts, |account| async move { (account, reasons(requests, account).await) }).await;
    let (mut invalid, mut failures) = (BTreeMap::new(), Vec::new());
    for (account, reasons) in reasons {
        match reasons {
            Ok(reasons) => drop(invalid.insert(account, reasons)),
            Err(failure) if failure.is("AccountNotFoundException") => {}
            Err(failure) => {
                invalid.insert(account, Vec::new());
                failures.push((account.to_string(), failure));
            }
        }
    }
    Part { value: Some(invalid), unread: unread_of(Name::InvalidPolicies, failures) }
}

async fn invalid_accounts(requests: &Requests<'_>) -> Result<Vec<AccountId>, Failure> {
    let operation = Operation::ListAccountsWithInvalidEffectivePolicy;
    requests.expect(operation, 1);
    let call = requests.organizations().list_accounts_with_invalid_effective_policy();
    let call = call.policy_type(EffectivePolicyType::AiservicesOptOutPolicy);
    let send = |token| call.clone().set_next_token(token).send();
    type Page = aws_sdk_organizations::operation::list_accounts_with_invalid_effective_policy::ListAccountsWithInvalidEffectivePolicyOutput;
    let take = |page: Page| (page.accounts.unwrap_or_default(), page.next_token);
    let accounts = requests.pages(operation, Purpose::Main, send, take).await.complete()?;
    let unclear = || Failure::new(operation, FailureKind::Malformed, "the answer has an account without a valid id");
    let id = |listed: &types::Account| listed.id().and_then(|id| id.parse().ok()).ok_or_else(unclear);
    accounts.iter().map(id).collect()
}

pub(super) async fn reasons(requests: &Requests<'_>, account: AccountId) -> Result<Vec<InvalidPolicy>, Failure> {
    let call = requests.organizations().list_effective_policy_validation_errors().account_id(account.to_string());
    let call = call.policy_type(EffectivePolicyType::AiservicesOptOutPolicy);
    let send = |token| call.clone().set_next_token(token).send();
    type Page = aws_sdk_organizations::operation::list_effective_policy_validation_errors::ListEffectivePolicyValidationErrorsOutput;
    let take = |page: Page| (page.effective_policy_validation_errors.unwrap_or_default(), page.next_token);
    let operation = Operation::ListEffectivePolicyValidationErrors;
    let errors = requests.pages(operation, Purpose::Main, send, take).await.complete()?;
    let mut reasons: Vec<InvalidPolicy> = errors.into_iter().map(reason).collect();
    // AWS gives them in another order each time.
    reasons.sort_by(|left, right| {
        (&left.path, &left.code, &left.message).cmp(&(&right.path, &right.code, &right.message))
    });
    Ok(reasons)
}

fn reason(error: types::EffectivePolicyValidationError) -> InvalidPolicy {
    let mut policies = error.contributing_policies.unwrap_or_default();
    policies.sort();
    InvalidPolicy {
        code: error.error_code.unwrap_or_default(),
        message: error.error_message.unwrap_or_default(),
        path: error.path_to_error.unwrap_or_default(),
        policies,
    }
}

/// The delegated administrators, each with the services it administers.
pub(super) async fn delegates(requests: &Requests<'_>) -> Part<Vec<Delegate>> {
    let accounts = match delegate_accounts(requests).await {
        Ok(accounts) => accounts,
        Err(failure) => return Part::missing(Name::Delegates, &failure),
    };
    requests.expect(Operation::ListDelegatedServicesForAccount, accounts.len());
    let (mut delegates, mut failures) = (Vec::new(), Vec::new());
    for (account, services) in
        each(accounts, |account| async move { (account, services(requests, account).await) }).await
    {
        match services {
            Ok(services) => delegates.push(Delegate { account, services: Some(services) }),
            // It was deregistered, or left, after it was listed.
            Err(failure) if failure.is("AccountNotRegisteredException") || failure.is("AccountNotFoundException") => {}
            Err(failure) => {
                delegates.push(Delegate { account, services: None });
                failures.push((account.to_string(), failure));
            }
        }
    }
    Part { value: Some(delegates), unread: unread_of(Name::Delegates, failures) }
}

async fn delegate_accounts(requests: &Requests<'_>) -> Result<Vec<AccountId>, Failure> {
    let operation = Operation::ListDelegatedAdministrators;
    requests.expect(operation, 1);
    let send = |token| requests.organizations().list_delegated_administrators().set_next_token(token).send();
    let take =
        |page: aws_sdk_organizations::operation::list_delegated_administrators::ListDelegatedAdministratorsOutput| {
            (page.delegated_administrators.unwrap_or_default(), page.next_token)
        };
    let listed = requests.pages(operation, Purpose::Main, send, take).await.complete()?;
    let unclear = || Failure::new(operation, FailureKind::Malformed, "the answer has an account without a valid id");
    let id = |it: &types::DelegatedAdministrator| it.id().and_then(|id| id.parse().ok()).ok_or_else(unclear);
    let mut accounts: Vec<AccountId> = listed.iter().map(id).collect::<Result<_, _>>()?;
    accounts.sort();
    accounts.dedup();
    Ok(accounts)
}

async fn services(requests: &Requests<'_>, account: AccountId) -> Result<Vec<String>, Failure> {
    let call = requests.organizations().list_delegated_services_for_account().account_id(account.to_string());
    let send = |token| call.clone().set_next_token(token).send();
    type Page =
        aws_sdk_organizations::operation::list_delegated_services_for_account::ListDelegatedServicesForAccountOutput;
    let take = |page: Page| (page.delegated_services.unwrap_or_default(), page.next_token);
    let operation = Operation::ListDelegatedServicesForAccount;
    let listed = requests.pages(operation, Purpose::Main, send, take).await.complete()?;
    let mut services: Vec<String> = listed.into_iter().filter_map(|service| service.service_principal).collect();
    services.sort();
    Ok(services)
}

/// The resource policy; `Some(None)` where there is none.
pub(super) async fn resource_policy(requests: &Requests<'_>) -> Part<Option<Arc<str>>> {
    let operation = Operation::DescribeResourcePolicy;
    requests.expect(operation, 1);
    let send = || requests.organizations().describe_resource_policy().send();
    let result = match requests.call(operation, Purpose::Main, send).await {
        Ok(answer) => match answer.resource_policy.and_then(|policy| policy.content) {
            Some(content) => Ok(Some(content.into())),
            None => Err(Failure::new(operation, FailureKind::Malformed, "the answer has no content")),
        },
        Err(failure) if failure.is("ResourcePolicyNotFoundException") => Ok(None),
        Err(failure) => Err(failure),
    };
    Part::of(Name::ResourcePolicy, result)
}
