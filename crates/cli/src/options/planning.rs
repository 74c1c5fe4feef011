//! What plans are made of: the intent, what was allowed, the day.

use std::borrow::Cow;
use std::collections::BTreeSet;

use clap::Args;
use jiff::Timestamp;
use optout_aws::read::ReadOptions;
use optout_core::catalogue::Catalogue;
use optout_core::check::controls;
use optout_core::intent::{Intent, Known};
use optout_core::org::{PolicyId, Snapshot};
use optout_core::plan::{AcceptedLoss, Options, Plan, plan};

use super::{CatalogueOptions, Moment, SelectionOptions, read_options};
use crate::error::Error;
use crate::file;
use crate::ui::Ui;

/// The intent and what a plan may do beyond the policies it manages.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Plan")]
pub(crate) struct PlanningOptions {
    /// What shall hold, as `optout init` writes it
    #[arg(long, value_name = "FILE", default_value = "optout.toml")]
    intent: String,

    /// Take over this policy, which may be changed or deleted from then on; may be given several times
    #[arg(long, value_name = "POLICY")]
    adopt: Vec<PolicyId>,

    /// Detach this policy of somebody else wherever it is; may be given several times
    #[arg(long, value_name = "POLICY")]
    prune: Vec<PolicyId>,

    /// Create an organization where the account is in none; the account becomes its management account for ever
    #[arg(long)]
    create_organization: bool,

    /// Accept that opting out of these services loses data for good: keys separated by commas, or `all`
    #[arg(long, value_name = "SERVICE", value_delimiter = ',')]
    accept_data_loss: Vec<String>,

    /// Plan as if it were this date, like 2026-12-31 (UTC): exceptions end
    #[arg(long, value_name = "DATE")]
    at: Option<Moment>,

    #[command(flatten)]
    catalogue: CatalogueOptions,
}

/// Everything that a plan needs but the organization.
#[derive(Debug)]
pub(crate) struct Planning {
    pub(crate) intent: Intent,
    pub(crate) options: Options,
    pub(crate) at: Timestamp,
    pub(crate) catalogue: Cow<'static, Catalogue>,
}

impl PlanningOptions {
    /// The catalogue meant.
    pub(crate) fn catalogue(&self) -> Result<Cow<'static, Catalogue>, Error> {
        self.catalogue.load()
    }

    /// Reads the intent and the catalogue.
    pub(crate) fn load(&self) -> Result<Planning, Error> {
        let catalogue = self.catalogue.load()?;
        let source = file::source(&self.intent, file::LARGEST_TEXT).map_err(|error| self.missing(error))?;
        let intent = Intent::parse(&source, &known(&catalogue))?;
        Ok(Planning { intent, options: self.options(&catalogue)?, at: Moment::or_now(self.at), catalogue })
    }

    /// Most people who lack the file have not run `optout init` yet.
    fn missing(&self, error: Error) -> Error {
        match error {
            Error::Read { why, .. } if !std::path::Path::new(&self.intent).exists() => Error::failed(
                format!("cannot read the intent `{}`: {why}", self.intent),
                "write one with `optout init`, or name it with --intent",
            ),
            other => other,
        }
    }

    fn options(&self, catalogue: &Catalogue) -> Result<Options, Error> {
        let accept_data_loss = match self.accept_data_loss.iter().any(|word| word == "all") {
            true => AcceptedLoss::All,
            false => AcceptedLoss::Services(self.accepted(catalogue)?),
        };
        Ok(Options {
            adopt: self.adopt.iter().cloned().collect(),
            prune: self.prune.iter().cloned().collect(),
            create_organization: self.create_organization,
            accept_data_loss,
        })
    }

    fn accepted(&self, catalogue: &Catalogue) -> Result<BTreeSet<String>, Error> {
        let unknown = self.accept_data_loss.iter().find(|service| !catalogue.contains(service));
        match unknown {
            Some(service) => Err(Error::usage(
                format!("`{service}` is not the key of a service"),
                "`optout services --irreversible` lists those with data to lose; `all` accepts every loss",
            )),
            None => Ok(self.accept_data_loss.iter().cloned().collect()),
        }
    }
}

impl Planning {
    /// The plan for an organization. A policy that was to be taken over or detached and is not there is in nobody's way:
    /// the run before this one may have got rid of it.
    pub(crate) fn plan(&self, snapshot: &Snapshot, ui: &mut Ui) -> Result<Plan, Error> {
        let intent = self.intent.clone();
        let intent = if self.options.create_organization { intent.for_begun(snapshot) } else { intent };
        let intent = intent.resolve(snapshot)?;
        let options = self.options.for_another_plan(snapshot);
        let named = self.options.adopt.iter().chain(&self.options.prune);
        for id in named.filter(|id| !options.adopt.contains(*id) && !options.prune.contains(*id)) {
            ui.warn(&format!("there is no policy `{id}`, so it is in nobody's way"));
        }
        Ok(plan(&intent, snapshot, &self.catalogue, self.at, &options)?)
    }
}

/// What an intent may name.
pub(crate) fn known(catalogue: &Catalogue) -> Known<'_> {
    let services = catalogue.services().iter().map(|service| service.key.as_str());
    Known::new(services, controls::ALL.iter().map(|control| control.id))
}

/// What plans need to know of an organization: tags say what is managed.
pub(crate) fn planning_read() -> ReadOptions {
    ReadOptions { tags: true, strays: false, ..read_options(None, &SelectionOptions::default()) }
}
