//! Whether trails bring events: those of this account, and those of every other account that may change these policies.
//!
//! A call is recorded in the account that makes it. Of other accounts only a trail of the organization shows from here that
//! their events arrive; what they have of their own cannot be seen, and is said to be unknown.

use std::collections::{BTreeMap, BTreeSet};

use optout_aws::request::Failure;
use optout_aws::state::{Raised, RaisedKind};
use optout_aws::trail::{Delivery, Reach};
use optout_core::check::writers;
use optout_core::org::{AccountId, Snapshot};
use optout_core::source::shown;

use super::finish::of_monitor;
use crate::monitor::raised_id;

/// How many trails are named.
const NAMED: usize = 10;

/// What is wrong, or not known, about the arrival of events.
pub(super) fn findings(snapshot: &Snapshot, arrival: &Delivery) -> Vec<(String, Raised)> {
    let finding = |subject: &str, description: String, undetermined: bool| {
        let id = raised_id(Some(snapshot), RaisedKind::NoTrail, subject);
        (id, of_monitor(RaisedKind::NoTrail, description, undetermined))
    };
    let own = here(arrival).map(|(description, undetermined)| finding("trail", description, undetermined));
    let others = elsewhere(snapshot, arrival);
    let others = others.into_iter().map(|(who, description)| finding(&format!("trail/{who}"), description, true));
    own.into_iter().chain(others).collect()
}

/// What is wrong here, and whether that is only not known.
fn here(arrival: &Delivery) -> Option<(String, bool)> {
    match arrival {
        Delivery::Arrives { .. } => None,
        Delivery::Missing { trails } if trails.is_empty() => Some((
            "there is no trail in this account: no event of AWS Organizations reaches EventBridge".to_owned(),
            false,
        )),
        Delivery::Missing { trails } => {
            let each = trails.iter().take(NAMED).map(|(trail, why)| format!("{}: {why}", shown(trail)));
            let each = each.collect::<Vec<_>>().join("; ");
            Some((format!("no trail brings events of AWS Organizations to EventBridge: {each}"), false))
        }
        Delivery::Unknown { failure } => {
            Some((format!("it is not known whether a trail brings events here: {}", asked(failure)), true))
        }
    }
}

fn asked(failure: &Failure) -> String {
    format!("{failure} ({} is needed)", failure.operation.permission())
}

/// The other accounts that may change these policies, each with why it is not known whether its events arrive; none where a
/// trail of the organization brings those of all.
fn elsewhere(snapshot: &Snapshot, arrival: &Delivery) -> BTreeMap<String, String> {
    let why = match arrival {
        Delivery::Arrives { reach: Reach::Organization, .. } => return BTreeMap::new(),
        Delivery::Arrives { reach: Reach::Account { doubt: Some(failure) }, .. } | Delivery::Unknown { failure } => {
            format!("whether a trail of the organization works could not be told from here: {}", asked(failure))
        }
        Delivery::Arrives { reach: Reach::Account { doubt: None }, .. } | Delivery::Missing { .. } => {
            "no trail of the organization that works is seen from here".to_owned()
        }
    };
    let Some(organization) = snapshot.organization() else { return BTreeMap::new() };
    let own = snapshot.caller.as_ref().map(|caller| caller.account);
    let mut all = named(snapshot, own, &why);
    if own != Some(organization.management_account) {
        let whom = format!("the management account {}", organization.management_account);
        all.insert(organization.management_account.to_string(), unknown(&whom, &why));
    }
    all
}

fn unknown(whom: &str, why: &str) -> String {
    format!("it is not known whether a trail brings events of {whom}: {why}, and its own trails only it can show")
}

/// Those whom the resource policy of the organization names, by account where it names one.
fn named(snapshot: &Snapshot, own: Option<AccountId>, why: &str) -> BTreeMap<String, String> {
    let Some(writers) = writers(snapshot) else {
        let description = "the organization's resource policy could not be read, so that it is not known which other accounts \
                           may change these policies, and whether trails bring their events";
        return BTreeMap::from([("unknown".to_owned(), format!("{description}: {why}"))]);
    };
    let mut verbs: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for writer in writers {
        let account = account_of(&writer.principal);
        if account.is_none() || account != own {
            let who = account.map_or_else(|| shown(&writer.principal).into_owned(), |account| account.to_string());
            verbs.entry(who).or_default().extend(writer.actions);
        }
    }
    let told = |(who, verbs): (String, BTreeSet<&str>)| {
        let verbs: Vec<&str> = verbs.into_iter().collect();
        let whom = format!("`{who}`, which may change these policies ({})", verbs.join(", "));
        let description = unknown(&whom, why);
        (who, description)
    };
    verbs.into_iter().map(told).collect()
}

/// The account of a principal: its id alone, or in the ARN of a root user, a role or a user.
fn account_of(principal: &str) -> Option<AccountId> {
    let in_arn = || principal.split(':').nth(4);
    let id = if principal.starts_with("arn:") { in_arn()? } else { principal };
    id.parse().ok()
}
