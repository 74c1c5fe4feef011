//! What else was seen: runs of other commands, services in use, dates. All of it optional, none of it guessed.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::evaluate::{Seen, few};
use super::watch::{MonitorState, SavedUsage};
use crate::catalogue::{Catalogue, Eligibility, Hipaa};
use crate::check::{AccountVerdict, Assessment, Decision};
use crate::reach::{Site, Sites, Workstation};
use crate::report::Report;

/// Reports of machines and sites that are older say nothing about today.
const OLDEST_DAYS: i64 = 90;

/// What was seen beside the organization.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Observations {
    /// What `optout workstation check` wrote, one a machine.
    pub workstations: Vec<Workstation>,
    /// What `optout website check` wrote.
    pub websites: Vec<Sites>,
    /// The AI services in use; `None` where that was not looked up.
    pub services_in_use: Option<ServicesInUse>,
    /// Since when every account is opted out; `None` where no recorded runs say.
    pub opted_out_since: Option<OptedOutSince>,
    /// What the monitor's state says; `None` where none was given.
    pub monitor: Option<MonitorState>,
    /// A saved reading of usage; `None` where none was given.
    pub usage: Option<SavedUsage>,
}

/// The AI services that accounts use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServicesInUse {
    /// Their keys in the catalogue, or ids of services that no policy reaches.
    pub keys: BTreeSet<String>,
    /// How that is known, in words.
    pub source: String,
}

/// Since when every counted account is opted out without interruption.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OptedOutSince {
    /// The first day.
    pub since: Date,
    /// How that is known, in words.
    pub source: String,
}

pub(super) fn verification(report: &Report<'_>) -> Seen {
    match report.decision {
        Decision::Holds => Seen::holds("`optout verify` holds"),
        Decision::Fails => Seen::fails("`optout verify` fails"),
        Decision::Undetermined => Seen::unknown("`optout verify` could not determine everything"),
    }
}

/// AWS's own answers for every counted account; computed verdicts are none.
pub(super) fn effective_policies(assessment: &Assessment<'_>) -> Seen {
    let ids = |wanted: &dyn Fn(AccountVerdict, bool) -> bool| -> Vec<String> {
        let wanted = assessment.counted().filter(|it| wanted(it.verdict, it.basis.is_aws()));
        wanted.map(|it| it.id.to_string()).collect()
    };
    let failing = ids(&|verdict, _| matches!(verdict, AccountVerdict::OptedIn | AccountVerdict::NotOptedOut));
    let open = ids(&|verdict, from_aws| verdict == AccountVerdict::Unknown || !from_aws);
    let all = assessment.counted().count();
    if !failing.is_empty() {
        Seen::fails(format!("{} of {all} accounts are not opted out: {}", failing.len(), few(&failing)))
    } else if !open.is_empty() {
        let count = open.len();
        Seen::unknown(format!(
            "there is no answer of AWS's that decides it for {count} of {all} accounts: {}",
            few(&open)
        ))
    } else if all == 0 || !assessment.whole {
        Seen::unknown("not every account could be listed")
    } else {
        Seen::holds(format!("AWS's own answer opts every one of {all} accounts out, apart from declared exceptions"))
    }
}

pub(super) fn hipaa_eligible(catalogue: &Catalogue, in_use: Option<&ServicesInUse>) -> Seen {
    let Some(list) = catalogue.hipaa_list() else {
        return Seen::unknown("the catalogue does not have AWS's list of HIPAA eligible services");
    };
    let details = vec![format!("AWS's list as of {}: {}", list.as_of, list.reference.source)];
    let Some(in_use) = in_use else { return which_matter(catalogue).with(details) };
    let (mut missing, mut unclear) = (Vec::new(), Vec::new());
    for key in &in_use.keys {
        match said(catalogue, key).map(|said| said.eligibility) {
            Some(Eligibility::Listed) => {}
            Some(Eligibility::NotListed) => missing.push(key.clone()),
            Some(Eligibility::Unclear) | None => unclear.push(key.clone()),
        }
    }
    let (all, source) = (in_use.keys.len(), &in_use.source);
    if !missing.is_empty() {
        Seen::fails(format!("in use, and not on the list: {} ({source})", few(&missing)))
    } else if !unclear.is_empty() {
        Seen::unknown(format!("whether these are on the list is unclear: {} ({source})", few(&unclear)))
    } else {
        Seen::holds(format!("all {all} AI services in use are on the list ({source})"))
    }
    .with(details)
}

/// Nobody knows what is in use: the services that would have to be none of those.
fn which_matter(catalogue: &Catalogue) -> Seen {
    let off = |hipaa: &Option<Hipaa>| hipaa.as_ref().is_none_or(|said| said.eligibility != Eligibility::Listed);
    let keys = catalogue.services().iter().filter(|service| off(&service.hipaa)).map(|service| service.key.to_string());
    let names: Vec<String> = keys.collect();
    Seen::unknown(format!("which AI services are in use is not known; not surely on the list: {}", names.join(", ")))
}

fn said<'a>(catalogue: &'a Catalogue, key: &str) -> Option<&'a Hipaa> {
    let of_key = catalogue.get(key).and_then(|service| service.hipaa.as_ref());
    let other = || catalogue.not_covered().iter().find(|service| service.id == key)?.hipaa.as_ref();
    of_key.or_else(other)
}

pub(super) fn opt_out_date(since: Option<&OptedOutSince>) -> Seen {
    match since {
        Some(known) => Seen::holds(format!("opted out since {} ({})", known.since, known.source)),
        None => Seen::unknown("no recorded runs were given that say since when every account is opted out"),
    }
}

/// Whether a report is too old, or of a time that is still to come, on the day of the audit.
fn stale(at: Timestamp, today: Timestamp) -> bool {
    let age = today.duration_since(at);
    age > SignedDuration::from_hours(24 * OLDEST_DAYS) || age < SignedDuration::from_hours(-24)
}

/// What several reports say together: any that shares, else any that is open or stale, else all is well.
fn reported(kind: &str, sharing: &[String], open: &[String], stale: &[String], all: usize) -> Seen {
    if !sharing.is_empty() {
        Seen::fails(format!("{} of {all} {kind} share: {}", sharing.len(), few(sharing)))
    } else if !open.is_empty() {
        Seen::unknown(format!("what {} of {all} {kind} share is open: {}", open.len(), few(open)))
    } else if !stale.is_empty() {
        let count = stale.len();
        Seen::unknown(format!("{count} of {all} reports are not of the last {OLDEST_DAYS} days: {}", few(stale)))
    } else {
        Seen::holds(format!("none of the {all} {kind} that were reported shares"))
    }
}

pub(super) fn workstations(machines: &[Workstation], today: Timestamp) -> Seen {
    if machines.is_empty() {
        return Seen::unknown(
            "no report of a machine was given: `--workstation FILE` takes what `optout workstation check \
                              --format json` wrote",
        );
    }
    let named = |wanted: &dyn Fn(&&Workstation) -> bool| -> Vec<String> {
        machines.iter().filter(|machine| wanted(machine)).map(Workstation::name).collect()
    };
    let sharing = named(&|machine| machine.shares() == Some(true));
    let open = named(&|machine| machine.shares().is_none());
    let old = named(&|machine| stale(machine.at, today));
    reported("machines", &sharing, &open, &old, machines.len())
        .with(machines.iter().map(Workstation::describe).collect())
}

pub(super) fn websites(reports: &[Sites], today: Timestamp) -> Seen {
    let sites: Vec<(&Sites, &Site)> =
        reports.iter().flat_map(|it| it.sites.iter().map(move |site| (it, site))).collect();
    if sites.is_empty() {
        return Seen::unknown(
            "no report of a site was given: `--website FILE` takes what `optout website check --format \
                              json` wrote",
        );
    }
    let named = |wanted: &dyn Fn(&(&Sites, &Site)) -> bool| -> Vec<String> {
        sites.iter().filter(|it| wanted(it)).map(|(_, site)| site.name.clone()).collect()
    };
    let sharing = named(&|(_, site)| site.shares() == Some(true));
    let open = named(&|(_, site)| site.shares().is_none());
    let old = named(&|(report, _)| stale(report.at, today));
    let details = sites.iter().map(|(report, site)| site.describe(report.at)).collect();
    reported("sites", &sharing, &open, &old, sites.len()).with(details)
}
