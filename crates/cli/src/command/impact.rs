//! `optout impact`: which accounts lose what by opting out, and the commands that save data first.

use std::collections::BTreeSet;

use optout_core::catalogue::{Catalogue, Impact, Service};
use optout_core::org::{AccountId, Snapshot};
use optout_core::plan::Plan;
use optout_core::report::{Styled, Tone};
use optout_core::source::shown;
use serde::Serialize;

use crate::error::Error;
use crate::exit::Exit;
use crate::options::{Format, OrganizationOptions, OutputOptions, PlanningOptions, planning_read};
use crate::organization::Organization;
use crate::ui::Ui;

/// List what opting out changes beyond its purpose: accounts concerned, and the commands that save data first
///
/// About the services that the plan would newly opt out, of accounts that still work. Exit code 2 when something would
/// be lost for good.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout impact
  optout impact --organization snapshot.json --format json
  optout impact --intent optout.toml --profile management")]
pub(crate) struct Args {
    #[command(flatten)]
    organization: OrganizationOptions,

    #[command(flatten)]
    planning: PlanningOptions,

    /// The form of the output
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,

    #[command(flatten)]
    output: OutputOptions,
}

/// A service that is newly opted out with what that does.
struct Concerned<'a> {
    service: &'a Service,
    accounts: BTreeSet<AccountId>,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let planning = args.planning.load()?;
    let snapshot = Organization::get(&args.organization, planning_read(), ui)?.snapshot;
    let plan = planning.plan(&snapshot, ui)?;
    let concerned = concerned(&plan, &snapshot, &planning.catalogue);
    match args.format {
        Format::Text => args.output.styled(ui, &text(&concerned, &snapshot, &planning.catalogue))?,
        Format::Json => args.output.json(ui, &super::pretty(&listing(&concerned)))?,
    }
    Ok(Exit::fails_if(concerned.iter().any(|it| it.service.has_irreversible_impact())))
}

fn concerned<'a>(plan: &Plan, snapshot: &Snapshot, catalogue: &'a Catalogue) -> Vec<Concerned<'a>> {
    let apart = snapshot.accounts.iter().flatten().filter(|account| !account.state.is_counted());
    let apart: BTreeSet<AccountId> = apart.map(|account| account.id).collect();
    let accounts = |key: &str| -> BTreeSet<AccountId> {
        let newly = |change: &&optout_core::plan::Change| {
            change.settings.iter().any(|it| it.service == key && it.after == "opt-out" && it.before != "absent")
        };
        let changes = plan.changes.iter().filter(newly);
        changes.flat_map(|it| it.accounts.iter().copied()).filter(|id| !apart.contains(id)).collect()
    };
    let with_impact = catalogue.services().iter().filter(|service| !service.impacts.is_empty());
    let all = with_impact.map(|service| Concerned { service, accounts: accounts(service.key.as_str()) });
    all.filter(|it| !it.accounts.is_empty()).collect()
}

fn text(concerned: &[Concerned<'_>], snapshot: &Snapshot, catalogue: &Catalogue) -> Styled {
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

#[derive(Serialize)]
struct Listing<'a> {
    format: &'static str,
    services: Vec<Entry<'a>>,
}

#[derive(Serialize)]
struct Entry<'a> {
    service: &'a str,
    name: &'a str,
    accounts: Vec<AccountId>,
    impacts: Vec<ImpactEntry<'a>>,
}

#[derive(Serialize)]
struct ImpactEntry<'a> {
    severity: &'static str,
    irreversible: bool,
    standing: &'static str,
    text: &'a str,
    before: Option<&'a str>,
    commands: &'a [String],
    source: &'a str,
}

fn listing<'a>(concerned: &'a [Concerned<'a>]) -> Listing<'a> {
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
    Listing { format: "optout.impact/1", services: concerned.iter().map(entry).collect() }
}
