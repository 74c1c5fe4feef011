//! `optout impact`: which accounts lose what by opting out, and the commands that save data first.

use optout_core::report::impact;

use crate::error::Error;
use crate::exit::Exit;
use crate::options::{AnswerOptions, OrganizationOptions, PlanningOptions, planning_read};
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

    #[command(flatten)]
    answer: AnswerOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let planning = args.planning.load()?;
    let snapshot = Organization::get(&args.organization, planning_read(), ui)?.snapshot;
    let plan = planning.plan(&snapshot, ui)?;
    let concerned = impact::concerned(&plan, &snapshot, &planning.catalogue);
    args.answer.hand_out(
        || impact::text(&concerned, &snapshot, &planning.catalogue),
        || super::pretty(&impact::listing(&concerned)),
        ui,
    )?;
    Ok(Exit::fails_if(concerned.iter().any(|it| it.service.has_irreversible_impact())))
}
