//! `optout init`: an intent made from what the organization has today.

use std::path::PathBuf;

use optout_core::check::{Question, assess};
use optout_core::intent::init;
use optout_core::org::{Snapshot, TargetId, Tree};

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::options::{CatalogueOptions, OrganizationOptions, planning_read};
use crate::organization::Organization;
use crate::ui::Ui;

/// Write an `optout.toml` for this organization: what shall hold, with today's opt-ins as exceptions to be decided
///
/// An exception that is taken over needs a reason and an approver before the file is accepted. A file that is there
/// already is never overwritten.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout init
  optout init --profile management --output intent/optout.toml
  optout init --organization snapshot.json")]
pub(crate) struct Args {
    #[command(flatten)]
    organization: OrganizationOptions,

    /// Where to write it
    #[arg(long, short, value_name = "FILE", default_value = "optout.toml", help_heading = "Output")]
    output: PathBuf,

    #[command(flatten)]
    catalogue: CatalogueOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    refuse_to_overwrite(&args.output)?;
    let catalogue = args.catalogue.load()?;
    let organization = Organization::get(&args.organization, planning_read(), ui)?;
    let snapshot = &organization.snapshot;
    let opted_in = opted_in(snapshot, &catalogue);
    let named: Vec<(&str, TargetId)> = opted_in.iter().map(|(key, target)| (key.as_str(), target.clone())).collect();
    file::create(&args.output, init(snapshot, &named).as_bytes())?;
    ui.note(&format!("wrote {}", args.output.display()));
    if !named.is_empty() {
        let count = named.len();
        ui.warn(&format!(
            "{count} opt-ins of today are in it as exceptions: each needs a reason and an approver, or goes"
        ));
    }
    ui.note("next: `optout plan` shows what it would change");
    Ok(Exit::Holds)
}

fn refuse_to_overwrite(path: &std::path::Path) -> Result<(), Error> {
    if path.exists() {
        let message = format!("`{}` is there already", path.display());
        return Err(Error::failed(message, "edit it, or name another file with --output"));
    }
    Ok(())
}

/// The services that are opted in, each with the highest targets below which that is decided.
fn opted_in(snapshot: &Snapshot, catalogue: &optout_core::catalogue::Catalogue) -> Vec<(String, TargetId)> {
    let question = Question::plain(snapshot, catalogue);
    let assessment = assess(&question);
    let Ok(tree) = Tree::new(snapshot) else { return Vec::new() };
    let mut found = std::collections::BTreeSet::new();
    for result in &assessment.accounts {
        let Some(group) = assessment.group(result) else { continue };
        let Some(path) = assessment.account(result).and_then(|account| tree.path(account)) else { continue };
        for (key, name) in assessment.keys.iter() {
            let said = group.reading.get(key);
            if said.own && said.setting == Some(optout_core::check::Setting::OptIn) {
                let policies = group.deciders.get(&key).into_iter().flatten().map(|it| it.policy.as_ref());
                let policies: std::collections::BTreeSet<&str> = policies.collect();
                let attached = |target: &&TargetId| {
                    let list = snapshot.attachments.as_ref().and_then(|all| all.get(*target)).into_iter().flatten();
                    list.into_iter().any(|it| policies.contains(it.policy.as_str()))
                };
                let at = path.iter().rev().find(attached).cloned();
                found.insert((name.to_owned(), at.unwrap_or(TargetId::Account(result.id))));
            }
        }
    }
    found.into_iter().collect()
}
