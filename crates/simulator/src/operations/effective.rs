//! Effective policies: computed by the rules that were handed in, shown with AWS's delays, or as a fault scripts them.

use std::sync::Arc;
use std::time::Duration;

use optout_core::org::{AccountId, PolicyId, PolicyType, TargetId};
use serde_json::{Value, json};

use crate::caller::Resource;
use crate::clock::Moment;
use crate::dispatch::Context;
use crate::error::{self, ApiError};
use crate::faults::EffectiveScript;
use crate::input;
use crate::operations::effective_text::reversed;
use crate::propagation::Cutoff;
use crate::show;
use crate::state::State;

pub(crate) fn describe(context: &mut Context<'_>) -> Result<Value, ApiError> {
    let policy_type = policy_type(context)?;
    let account = target(context, &policy_type)?;
    if context.plan.script(account) == Some(&EffectiveScript::NotFound) || !context.state.is_enabled(&policy_type) {
        return Err(error::effective_policy_not_found());
    }
    let content = content(context, account, &policy_type);
    let updated = last_updated(context, account, &policy_type);
    Ok(json!({ "EffectivePolicy": {
        "PolicyContent": content,
        "LastUpdatedTimestamp": show::date(crate::clock::date_after(context.starts, updated)),
        "TargetId": account,
        "PolicyType": policy_type,
    }}))
}

/// Service control policies are refused in other words than resource control policies and nonsense (recorded).
fn policy_type(context: &Context<'_>) -> Result<PolicyType, ApiError> {
    let policy_type = input::policy_type(context.input.required("PolicyType")?);
    match &policy_type {
        PolicyType::ServiceControl => Err(error::invalid_enum_policy_type()),
        PolicyType::ResourceControl | PolicyType::Other(_) => Err(error::invalid_enum("PolicyType")),
        _ => Ok(policy_type),
    }
}

/// The account that is asked about. What is wrong with it is said before whether the type is on; a member that names
/// another account is refused, whether that is there or not (recorded for one that is).
fn target(context: &Context<'_>, policy_type: &PolicyType) -> Result<AccountId, ApiError> {
    let own = context.caller.account;
    let account = match context.input.text("TargetId")? {
        None => own,
        Some(_) => match context.input.id("TargetId")? {
            TargetId::Account(id) => id,
            TargetId::Root(_) | TargetId::Unit(_) => {
                context.authorize(&[Resource::of_type(policy_type)])?;
                return Err(error::target_not_supported());
            }
        },
    };
    context.authorize(&[Resource::effective(context.state, account, policy_type, account == own)])?;
    if context.state.accounts.contains_key(&account) { Ok(account) } else { Err(error::target_not_found()) }
}

/// The document: the last valid one where it is invalid, the scripted one where a fault says so.
fn content(context: &Context<'_>, account: AccountId, policy_type: &PolicyType) -> String {
    let at = cutoff(context, policy_type);
    let invalid = context.state.invalid.get(policy_type).and_then(|accounts| accounts.get(&account));
    match (context.plan.script(account), invalid) {
        (Some(EffectiveScript::Content(text)), _) => text.clone(),
        (Some(EffectiveScript::PeersReversed), _) => computed(context, account, policy_type, at, true),
        (Some(EffectiveScript::KeysReversed), _) => reversed(&computed(context, account, policy_type, at, false)),
        (Some(EffectiveScript::Stale), _) => computed(context, account, policy_type, Some(Cutoff::Start), false),
        (Some(EffectiveScript::NotFound) | None, Some(invalid)) => {
            invalid.last_valid.as_deref().unwrap_or("{}").to_owned()
        }
        (Some(EffectiveScript::NotFound) | None, None) => computed(context, account, policy_type, at, false),
    }
}

fn computed(
    context: &Context<'_>,
    account: AccountId,
    policy_type: &PolicyType,
    at: Option<Cutoff>,
    reversed_peers: bool,
) -> String {
    let mut levels = levels(context.state, account, policy_type, at);
    if reversed_peers {
        levels.iter_mut().for_each(|level| level.reverse());
    }
    (context.rules.resolve)(policy_type, &levels).to_string()
}

/// The documents along the account's path, level by level, in order of attachment.
fn levels(state: &State, account: AccountId, policy_type: &PolicyType, at: Option<Cutoff>) -> Vec<Vec<Arc<str>>> {
    let documents = |target: TargetId| {
        let ids = state.attached.get_at(&(target, policy_type.clone()), at).into_iter().flatten();
        ids.filter_map(|id| state.contents.get_at(id, at).cloned()).collect()
    };
    state.path(account, at).into_iter().map(documents).collect()
}

/// How much of the past the content shows: everything but the last changes, and for a while after the type was
/// enabled again only what was before it was disabled.
fn cutoff(context: &Context<'_>, policy_type: &PolicyType) -> Option<Cutoff> {
    let delays = context.propagation();
    let switched = context.state.types.get(policy_type).copied().unwrap_or_default();
    if let (Some(enabled), Some(disabled)) = (switched.enabled, switched.disabled)
        && enabled >= disabled
        && context.now.saturating_sub(enabled) < delays.stale_after_enable
    {
        return Some(Cutoff::Before(disabled));
    }
    (delays.content > Duration::ZERO).then_some(Cutoff::Delayed { now: context.now, delay: delays.content })
}

/// The last change to anything the effective policy is made of, once the timestamp shows it; the start before any.
fn last_updated(context: &Context<'_>, account: AccountId, policy_type: &PolicyType) -> Moment {
    let state = &*context.state;
    let visible = Cutoff::Delayed { now: context.now, delay: context.propagation().timestamp };
    let path = state.path(account, None);
    let moved = state.parents.last_change(&account, visible);
    let switched = state.types.get(policy_type).and_then(|it| it.enabled);
    let attached =
        path.iter().filter_map(|target| state.attached.last_change(&(target.clone(), policy_type.clone()), visible));
    let policies = path.iter().flat_map(|target| state.attached_to(target, policy_type));
    let updated = policies.filter_map(|id| last_update(state, id, visible));
    attached.chain(updated).chain(moved).chain(switched).max().unwrap_or_default()
}

fn last_update(state: &State, id: &PolicyId, visible: Cutoff) -> Option<Moment> {
    state.policies.get(id)?.updated.iter().rev().copied().find(|moment| visible.shows(*moment))
}
