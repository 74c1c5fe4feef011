//! `optout plan`: what would have to be done, and what that would change for whom.

use std::path::PathBuf;

use optout_core::plan::{PlanFile, write_plan};
use optout_core::report::plan;

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::options::{AnswerOptions, OrganizationOptions, PlanningOptions, planning_read};
use crate::organization::Organization;
use crate::ui::Ui;

/// Show what `optout apply` would do, and what it would change for whom; changes nothing
///
/// Policies that optout does not manage are never touched unless --adopt or --prune names them. Exit code 0 when the
/// intent holds already, 2 when there is something to do or something is in the way.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout plan
  optout plan --profile management --out plan.json
  optout plan --organization snapshot.json --format json
  optout plan --adopt p-ab12cd34 --accept-data-loss transcribe")]
pub(crate) struct Args {
    #[command(flatten)]
    organization: OrganizationOptions,

    #[command(flatten)]
    planning: PlanningOptions,

    /// Save the plan, to be reviewed and handed to `optout apply FILE`
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    out: Option<PathBuf>,

    #[command(flatten)]
    answer: AnswerOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let planning = args.planning.load()?;
    let organization = Organization::get(&args.organization, planning_read(), ui)?;
    let plan = planning.plan(&organization.snapshot, ui)?;
    let form = PlanFile {
        made: planning.at,
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        intent: planning.intent.source.clone(),
        options: planning.options.for_another_plan(&organization.snapshot),
        plan,
    };
    let text = || plan::render(&form.plan, &organization.snapshot, &planning.catalogue);
    args.answer.hand_out(text, || write_plan(&form), ui)?;
    if let Some(path) = &args.out {
        file::write(path, write_plan(&form).as_bytes())?;
        ui.note(&format!("`optout apply {}` runs exactly these steps", path.display()));
    }
    Ok(Exit::fails_if(!form.plan.is_empty()))
}
