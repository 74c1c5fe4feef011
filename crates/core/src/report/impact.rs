//! What opting out changes beyond its purpose: for whom, and the commands that save data first.

use std::collections::BTreeSet;

use serde::Serialize;

use super::{Styled, Tone};
use crate::catalogue::{Catalogue, Impact, Service};
use crate::org::{AccountId, Snapshot};
use crate::plan::Plan;
use crate::source::shown;

/// The newest form of the machine-readable one.
pub const FORMAT: &str = "optout.impact/1";

/// A service that is newly opted out with what that does.
#[derive(Debug)]
pub struct Concerned<'a> {
    /// The service.
    pub service: &'a Service,
    /// The accounts, by id.
    pub accounts: BTreeSet<AccountId>,
}

/// The services with a known impact that `plan` newly opts out, and the accounts that still work of which it does.
#[must_use]
pub fn concerned<'a>(plan: &Plan, snapshot: &Snapshot, catalogue: &'a Catalogue) -> Vec<Concerned<'a>> {
    let apart = snapshot.accounts.iter().flatten().filter(|account| !account.state.is_counted());
    let apart: BTreeSet<AccountId> = apart.map(|account| account.id).collect();
    let accounts = |key: &str| -> BTreeSet<AccountId> {
        let newly = |change: &&crate::plan::Change| {
            change.settings.iter().any(|it| it.service == key && it.after == "opt-out" && it.before != "absent")
        };
        let changes = plan.changes.iter().filter(newly);
        changes.flat_map(|it| it.accounts.iter().copied()).filter(|id| !apart.contains(id)).collect()
    };
    let with_impact = catalogue.services().iter().filter(|service| !service.impacts.is_empty());
    let all = with_impact.map(|service| Concerned { service, accounts: accounts(service.key.as_str()) });
    all.filter(|it| !it.accounts.is_empty()).collect()
}

/// For people.
#[must_use]
pub fn text(concerned: &[Concerned<'_>], snapshot: &Snapshot, catalogue: &Catalogue) -> Styled {
    let mut out = Styled::default();
    if concerned.is_empty() {
        out.push(Tone::Good, "NOTHING").plain("  no service with a known impact would be newly opted out").line();
        return out;
    }
    out.push(Tone::Strong, "Of every service").line();
    catalogue.impacts("default").for_each(|impact| of_impact(&mut out, impact));
    for it in concerned {
        let key = it.service.key.as_str();
        out.line().push(Tone::Strong, format!("{key}  {}", it.service.name)).line();
        for id in &it.accounts {
            let account = snapshot.accounts.iter().flatten().find(|account| account.id == *id);
            let name = account.map(|account| shown(&account.name).into_owned()).unwrap_or_default();
            out.plain(format!("  {id}  {name}")).line();
        }
        it.service.impacts.iter().for_each(|impact| of_impact(&mut out, impact));
    }
    out
}

fn of_impact(out: &mut Styled, impact: &Impact) {
    let tone = if impact.irreversible { Tone::Bad } else { Tone::Doubtful };
    let undo = if impact.irreversible { ", cannot be undone" } else { "" };
    out.plain("  ").push(tone, format!("{}{undo}", impact.severity.word())).plain(format!(": {}", impact.text)).line();
    if let Some(before) = &impact.before {
        out.plain(format!("    before: {before}")).line();
    }
    impact.commands.iter().for_each(|command| {
        out.plain(format!("      {command}")).line();
    });
    out.push(Tone::Faint, format!("    {}", impact.reference.source)).line();
}

/// For machines: `optout.impact/1`.
#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
pub struct Listing<'a> {
    /// Always `optout.impact/1`.
    format: &'static str,
    /// The services that would be newly opted out, with a known impact.
    services: Vec<Entry<'a>>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct Entry<'a> {
    /// Its key.
    service: &'a str,
    /// Its name.
    name: &'a str,
    /// The accounts that still work and are newly opted out.
    #[cfg_attr(test, schemars(with = "Vec<String>"))]
    accounts: Vec<AccountId>,
    /// What opting out changes, by AWS's documentation.
    impacts: Vec<ImpactEntry<'a>>,
}

#[derive(Debug, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
struct ImpactEntry<'a> {
    /// `high`, `medium`, `low` or `info`.
    severity: &'static str,
    /// Whether something is lost for good.
    irreversible: bool,
    /// How well it is established.
    standing: &'static str,
    /// What changes.
    text: &'a str,
    /// What to do before.
    before: Option<&'a str>,
    /// The commands that save data.
    commands: &'a [String],
    /// The URL of the source.
    source: &'a str,
}

/// The machine form.
#[must_use]
pub fn listing<'a>(concerned: &'a [Concerned<'a>]) -> Listing<'a> {
    let impact = |impact: &'a Impact| ImpactEntry {
        severity: impact.severity.word(),
        irreversible: impact.irreversible,
        standing: impact.standing.word(),
        text: &impact.text,
        before: impact.before.as_deref(),
        commands: &impact.commands,
        source: &impact.reference.source,
    };
    let entry = |it: &'a Concerned<'a>| Entry {
        service: it.service.key.as_str(),
        name: &it.service.name,
        accounts: it.accounts.iter().copied().collect(),
        impacts: it.service.impacts.iter().map(impact).collect(),
    };
    Listing { format: FORMAT, services: concerned.iter().map(entry).collect() }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_published_schema_is_the_one_of_the_structs() {
        crate::published::check("impact-1.json", &crate::published::written::<super::Listing<'static>>());
    }
}
