//! What a caller may do: the management account everything; a delegated administrator of any service all reads; a
//! member what the resource policy grants, DescribeOrganization, and its own effective policy. The resource policy's
//! denials bind every member, never the management account; a session policy binds whoever has one.
//!
//! Recorded behaviour: radkawar/stackd at 9dc356f5, answers of 2026-09-11 to 2026-09-13.

use std::collections::BTreeMap;

use optout_core::org::{AccountId, PolicyId, PolicyType, TargetId};

use super::evaluate::{Ask, Decision};
use super::{Caller, Standing};
use crate::error::{ApiError, access_denied, not_in_use};
use crate::state::State;

/// What a request is about.
#[derive(Debug, Clone, Default)]
pub(crate) struct Resource {
    /// Its ARN, `*` for nothing in particular.
    arn: String,
    /// The policy type in question.
    policy_type: Option<PolicyType>,
    /// Whether it is the caller's own account.
    own: bool,
}

impl Resource {
    /// Nothing in particular.
    pub(crate) fn any() -> Self {
        Self { arn: "*".to_owned(), ..Self::default() }
    }

    /// The policies of a type.
    pub(crate) fn of_type(policy_type: &PolicyType) -> Self {
        Self { policy_type: Some(policy_type.clone()), ..Self::any() }
    }

    /// A root, unit or account.
    pub(crate) fn target(state: &State, target: &TargetId, policy_type: Option<&PolicyType>) -> Self {
        Self { arn: state.target_arn(target), policy_type: policy_type.cloned(), own: false }
    }

    /// An account as whose effective policy is asked for.
    pub(crate) fn effective(state: &State, account: AccountId, policy_type: &PolicyType, own: bool) -> Self {
        Self { own, ..Self::target(state, &TargetId::Account(account), Some(policy_type)) }
    }

    /// A policy, also one that is about to be made.
    pub(crate) fn policy(state: &State, id: &PolicyId, policy_type: &PolicyType, aws_managed: bool) -> Self {
        Self { arn: state.policy_arn(id, policy_type, aws_managed), policy_type: Some(policy_type.clone()), own: false }
    }
}

/// Whether the caller may do `operation` to all of `resources`.
///
/// # Errors
/// `AccessDeniedException`, or `AWSOrganizationsNotInUseException` for a caller outside.
pub(crate) fn authorize(
    state: &State,
    caller: &Caller,
    operation: &str,
    resources: &[Resource],
) -> Result<(), ApiError> {
    let standing = caller.standing(state);
    if standing == Standing::Outside {
        return Err(not_in_use());
    }
    let may = |resource: &Resource| may(state, caller, standing, operation, resource);
    if resources.iter().all(may) { Ok(()) } else { Err(access_denied()) }
}

fn may(state: &State, caller: &Caller, standing: Standing, operation: &str, resource: &Resource) -> bool {
    let context = context(state, caller, resource);
    let account = caller.account.to_string();
    let action = format!("organizations:{operation}");
    let ask = Ask { account: &account, action: &action, resource: &resource.arn, context: &context };
    let session = caller.session.as_ref().and_then(|session| session.policy.as_ref());
    if session.is_some_and(|policy| policy.decide(&ask) != Decision::Allowed) {
        return false;
    }
    match standing {
        Standing::Management => true,
        Standing::Outside => false,
        Standing::Delegated | Standing::Member => {
            let granted = state.resource_policy.as_ref().map_or(Decision::Silent, |it| it.document.decide(&ask));
            match granted {
                Decision::Denied => false,
                Decision::Allowed => true,
                Decision::Silent => may_by_standing(standing, operation, resource),
            }
        }
    }
}

fn may_by_standing(standing: Standing, operation: &str, resource: &Resource) -> bool {
    let reads = operation.starts_with("Describe") || operation.starts_with("List");
    match standing {
        Standing::Management => true,
        Standing::Delegated => reads,
        Standing::Member => {
            operation == "DescribeOrganization" || (operation == "DescribeEffectivePolicy" && resource.own)
        }
        Standing::Outside => false,
    }
}

/// The condition keys AWS was seen to evaluate; `aws:ResourceAccount` is the management account, also for members.
fn context(state: &State, caller: &Caller, resource: &Resource) -> BTreeMap<&'static str, String> {
    let mut context = BTreeMap::from([
        ("aws:principalaccount", caller.account.to_string()),
        ("aws:resourceaccount", state.management().to_string()),
    ]);
    if let Some(policy_type) = &resource.policy_type {
        context.insert("organizations:policytype", policy_type.to_string());
    }
    context
}
