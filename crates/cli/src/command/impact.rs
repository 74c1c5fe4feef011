//! `optout impact`: which accounts lose what by opting out, and the commands that save data first.

use optout_core::report::impact;

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

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let planning = args.planning.load()?;
    let snapshot = Organization::get(&args.organization, planning_read(), ui)?.snapshot;
    let plan = planning.plan(&snapshot, ui)?;
    let concerned = impact::concerned(&plan, &snapshot, &planning.catalogue);
    match args.format {
        Format::Text => args.output.styled(ui, &impact::text(&concerned, &snapshot, &planning.catalogue))?,
        Format::Json => args.output.json(ui, &super::pretty(&impact::listing(&concerned)))?,
    }
    Ok(Exit::fails_if(concerned.iter().any(|it| it.service.has_irreversible_impact())))
}
