//! `optout generate`: files for other tools.

mod workstation;

use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// Generate files that bring about an opt-out with other tools
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout generate workstation --for ansible")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Workstation(workstation::Args),
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    match &args.what {
        What::Workstation(args) => workstation::run(args, ui),
    }
}
