//! Region controls: service control policies that deny what is asked of other Regions, and whom they bind.
//!
//! Such a policy binds principals of member accounts. It does not bind the management account, nor service-linked roles,
//! and it says nothing about where a service itself stores or processes what it was given: AI services may do that in
//! another Region by their terms, until they are opted out of. Sources, read 2026-11-24:
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html>,
//! <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_ai-opt-out.html>.

mod statement;

use std::collections::BTreeSet;

use super::evaluate::{Seen, few};
use crate::check::Assessment;
use crate::org::{
    AccountId, AttachedPolicy, Part, PolicyType, PolicyTypeState, Snapshot, TargetId, Tree, Unread, UnreadReason,
};
use statement::RegionControl;

/// What is known of the controls at every target.
struct Controls<'a> {
    /// The targets at which a control is attached that binds whoever is below.
    binding: BTreeSet<&'a TargetId>,
    /// Every Region control found, in sentences.
    described: Vec<String>,
    /// What could not be read or understood, and may be one more.
    gaps: Vec<String>,
}

/// Whether every counted member account is bound.
pub(super) fn observe(assessment: &Assessment<'_>) -> Seen {
    let snapshot = assessment.snapshot;
    if let Some(why) = switched_off(snapshot) {
        return Seen::fails(why);
    }
    let Some(policies) = &snapshot.service_control_policies else { return Seen::unknown(unread(snapshot)) };
    let controls = controls(snapshot, policies);
    let (mut open, mut unclear, mut bound) = (Vec::new(), Vec::new(), 0_usize);
    for (account, binds) in members(assessment, &controls) {
        match binds {
            Some(true) => bound += 1,
            Some(false) => open.push(account.to_string()),
            None => unclear.push(account.to_string()),
        }
    }
    let management = "the management account is bound by no service control policy".to_owned();
    let details = controls.described.iter().cloned().chain(controls.gaps.iter().cloned()).chain([management]);
    answer(bound, &open, &unclear, !assessment.whole).with(details.collect())
}

fn answer(bound: usize, open: &[String], unclear: &[String], partly_listed: bool) -> Seen {
    if !open.is_empty() {
        let all = bound + open.len() + unclear.len();
        return Seen::fails(format!(
            "no Region control reaches {} of {all} member accounts: {}",
            open.len(),
            few(open)
        ));
    }
    if !unclear.is_empty() {
        let count = unclear.len();
        return Seen::unknown(format!(
            "whether a Region control reaches {count} member accounts is open: {}",
            few(unclear)
        ));
    }
    if partly_listed {
        return Seen::unknown("not every account could be listed".to_owned());
    }
    if bound == 0 {
        return Seen::fails("there is no member account, and the management account cannot be bound".to_owned());
    }
    Seen::holds(format!("a Region control reaches every one of {bound} member accounts"))
}

/// Why no service control policy can be in force; `None` where they may be.
fn switched_off(snapshot: &Snapshot) -> Option<String> {
    let types = &snapshot.root.as_ref()?.policy_types;
    let state =
        types.iter().find(|status| status.policy_type == PolicyType::ServiceControl).map(|status| &status.state);
    match state {
        None => Some("service control policies are off for the root, so none is in force".to_owned()),
        Some(PolicyTypeState::PendingEnable) => Some("service control policies are still being switched on".to_owned()),
        Some(PolicyTypeState::PendingDisable) => Some("service control policies are being switched off".to_owned()),
        Some(PolicyTypeState::Enabled | PolicyTypeState::Other(_)) => None,
    }
}

/// Why the policies were not read.
fn unread(snapshot: &Snapshot) -> String {
    let of_part = snapshot.unread.iter().find(|unread| unread.part == Part::ServiceControlPolicies);
    match of_part {
        Some(unread) => format!("the service control policies could not be read: {}", why(unread)),
        None => {
            "the service control policies were not read; `optout audit` reads them from AWS, `optout snapshot --with \
                 service-control-policies` saves them"
                .to_owned()
        }
    }
}

fn why(unread: &Unread) -> String {
    let needs = unread.permission.as_ref().filter(|_| unread.reason == UnreadReason::AccessDenied);
    let needs = needs.map(|needed| format!(" (needs {needed})")).unwrap_or_default();
    format!("{} {}{needs}", unread.operation, unread.reason.as_str().replace('-', " "))
}

fn controls<'a>(snapshot: &'a Snapshot, policies: &'a [AttachedPolicy]) -> Controls<'a> {
    let mut controls = Controls { binding: BTreeSet::new(), described: Vec::new(), gaps: Vec::new() };
    let of_part = snapshot.unread.iter().filter(|unread| unread.part == Part::ServiceControlPolicies);
    controls.gaps.extend(of_part.map(|unread| format!("not read: {}", why(unread))));
    for attached in policies.iter().filter(|attached| !attached.policy.aws_managed) {
        controls.add(attached);
    }
    controls
}

impl<'a> Controls<'a> {
    fn add(&mut self, attached: &'a AttachedPolicy) {
        let policy = &attached.policy;
        let name = format!("`{}` ({})", policy.name, policy.id);
        // What could not be read is among the gaps already.
        let Some(content) = &policy.content else { return };
        let found = match statement::region_controls(content) {
            Ok(found) => found,
            Err(why) => return self.gaps.push(format!("{name} cannot be understood: {why}")),
        };
        let Some(targets) = &attached.targets else { return };
        self.described.extend(found.iter().map(|control| format!("{name}, {}: {control}", attached_to(targets))));
        if found.iter().any(RegionControl::binds) {
            self.binding.extend(targets);
        }
    }

    /// Whether the account is bound; `None` where that is open.
    fn bind(&self, path: Option<&[TargetId]>, own: AccountId) -> Option<bool> {
        let own = [TargetId::Account(own)];
        let at = path.unwrap_or(&own);
        let bound = at.iter().any(|target| self.binding.contains(target));
        if bound { Some(true) } else { (path.is_some() && self.gaps.is_empty()).then_some(false) }
    }
}

fn attached_to(targets: &[TargetId]) -> String {
    let names: Vec<String> = targets.iter().map(ToString::to_string).collect();
    if names.is_empty() { "attached to nothing".to_owned() } else { format!("attached to {}", few(&names)) }
}

/// Every counted member account with whether it is bound.
fn members<'a>(
    assessment: &'a Assessment<'_>,
    controls: &'a Controls<'_>,
) -> impl Iterator<Item = (AccountId, Option<bool>)> + 'a {
    let tree = Tree::new(assessment.snapshot).ok();
    let management = assessment.snapshot.organization().map(|organization| organization.management_account);
    let members = assessment.counted().filter(move |result| Some(result.id) != management);
    members.map(move |result| {
        let path = assessment.account(result).and_then(|account| tree.as_ref()?.path(account));
        (result.id, controls.bind(path.as_deref(), result.id))
    })
}
