//! What the document sets, and what it leaves open.

use super::locks;
use super::rules::{Advice, Named, Policy};
use crate::check::Severity;

/// Without `default`, a service that is not named stays as an ancestor or AWS's default has it. One that refines another
/// document leaves `default` to that one.
pub(super) fn no_default(policy: &Policy<'_>) -> Vec<Advice> {
    let sets_it = policy.default().is_some_and(|default| default.value.is_some());
    let Some(services) = policy.services.filter(|_| !sets_it && !policy.around.refines) else { return Vec::new() };
    let message =
        "nothing is assigned to `default`: services that are not named, and every future one, are not covered";
    let help = "add `\"default\": {\"opt_out_policy\": {\"@@assign\": \"optOut\"}}`, unless a policy further up does";
    vec![Advice::new(services.key_span, message, help)]
}

/// `default` opted in.
pub(super) fn default_opted_in(policy: &Policy<'_>) -> Vec<Advice> {
    let value = policy.default().filter(|default| default.says("optIn")).and_then(|default| default.value);
    let message =
        "`default` is opted in: AWS may use the content of every service that is not named, and of future ones";
    value.map(|value| Advice::new(value.span, message, "write `optOut`")).into_iter().collect()
}

/// A named service opted in: beside a `default` of `optOut` it is a hole, in a document without `default` it was
/// written for this.
pub(super) fn service_opted_in(policy: &Policy<'_>) -> Vec<Advice> {
    let beside_opt_in = policy.default().is_some_and(|default| default.says("optIn"));
    let severity = if policy.default().is_some() { Severity::Medium } else { Severity::Info };
    let opted_in = policy.services_named().filter(|named| !beside_opt_in && named.says("optIn"));
    let found = opted_in.filter_map(|named| Some((&named.member.key, named.value?)));
    found
        .map(|(key, value)| {
            let message = format!("`{key}` is opted in: AWS may use its content wherever this policy applies");
            let help = "write `optOut`, or declare the exception with its reason and end date in the intent";
            Advice::new(value.span, message, help).severity(severity)
        })
        .collect()
}

/// A service that says what `default` says anyway, to policies further down too: named, it may be what they can change
/// though they can add nothing, or what they cannot change though they can add everything else.
pub(super) fn redundant_service(policy: &Policy<'_>) -> Vec<Advice> {
    let Some(default) = policy.default().and_then(|default| default.value?.as_str()) else { return Vec::new() };
    let lets_add = policy.services.is_some_and(locks::lets_add);
    let open = |named: &&Named<'_>| named.setting.is_some_and(|setting| locks::is_open(&setting.value));
    let same = policy.services_named().filter(|named| named.says(default) && open(named) == lets_add);
    let same = same.filter(|named| !policy.around.changed_below.contains(&named.member.key));
    same.map(|named| {
        let key = &named.member.key;
        let message = format!("`{key}` says the same as `default`");
        let help = "leave it out, unless it is to undo what a policy further up says of this service";
        Advice::new(named.member.key_span, message, help)
    })
    .collect()
}
