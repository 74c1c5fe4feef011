//! Missing locks. `services` keeps children from naming more services, `opt_out_policy` from changing the value.
//!
//! Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out_syntax.html>
//! example 1, and the rules of inheritance in [`crate::policy`].

use super::rules::{Advice, Named, Policy};
use crate::policy::{Controls, Json, Member, Operator};

const WRITE: &str = "add `\"@@operators_allowed_for_child_policies\": [\"@@none\"]`";

/// What children may do at a place; everything where nothing is said.
fn controls(json: &Json) -> Controls {
    let words = json.get("@@operators_allowed_for_child_policies").and_then(Json::as_array);
    words.and_then(|words| Controls::of(words.iter().filter_map(Json::as_str))).unwrap_or(Controls::ALL)
}

/// Whether children may assign another value to a setting.
pub(super) fn is_open(setting: &Json) -> bool {
    controls(setting).allows(Operator::Assign)
}

/// Whether what children may do is written out, and not left to be everything.
pub(super) fn is_written(json: &Json) -> bool {
    json.get("@@operators_allowed_for_child_policies").is_some()
}

/// Whether children may add keys to what stands under a key.
pub(super) fn lets_add(member: &Member) -> bool {
    controls(&member.value).allow_adding()
}

/// `services`: children may add keys to it. Below a document with `default`, that one's lock decides.
pub(super) fn services(policy: &Policy<'_>) -> Vec<Advice> {
    let concerns = opts_out(policy) && !policy.around.refines;
    let open = policy.services.filter(|_| concerns).filter(|services| lets_add(services));
    let message = "`services` is open: a policy further down may name a service that this one does not, and opt it in";
    open.map(|services| Advice::new(services.key_span, message, format!("{WRITE} to `services`")).locking(services))
        .into_iter()
        .collect()
}

/// The container `default`: AWS's own example locks it too.
pub(super) fn default(policy: &Policy<'_>) -> Vec<Advice> {
    let open = policy.default().filter(|default| default.says("optOut") && lets_add(default.member));
    let message = "`default` has no lock of its own; that of its setting decides, and AWS's example has both";
    open.map(|default| {
        Advice::new(default.member.key_span, message, format!("{WRITE} to `default`")).locking(default.member)
    })
    .into_iter()
    .collect()
}

/// `opt_out_policy` of whatever the document opts out: children may assign another value, and none beside it needs to.
pub(super) fn settings(policy: &Policy<'_>) -> Vec<Advice> {
    let needed = |named: &&Named<'_>| policy.around.changed_below.contains(&named.member.key);
    let opted_out = policy.named.iter().filter(|named| named.says("optOut") && !needed(named));
    let open = opted_out.filter_map(|named| Some((named, named.setting?)));
    open.filter(|(_, setting)| is_open(&setting.value))
        .map(|(named, setting)| {
            let key = &named.member.key;
            let message = format!("the setting of `{key}` is open: a policy further down may opt in again");
            Advice::new(setting.key_span, message, format!("{WRITE} to `opt_out_policy` of `{key}`")).locking(setting)
        })
        .collect()
}

/// Only a document that opts something out has something to keep.
fn opts_out(policy: &Policy<'_>) -> bool {
    policy.named.iter().any(|named| named.says("optOut"))
}
