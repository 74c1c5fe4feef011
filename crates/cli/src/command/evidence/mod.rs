//! `optout evidence`: what an auditor can check alone.

mod bundle;
mod verify;

use clap::Subcommand;

use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// Make an archive of evidence that an auditor can check alone, and check one
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout evidence bundle --intent optout.toml --sign evidence-key
  optout evidence verify optout-evidence-o-exampleorgid-20261124T101500Z.tar.gz --signer evidence-key.pub")]
pub(crate) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    Bundle(Box<bundle::Args>),
    Verify(verify::Args),
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    match &args.what {
        What::Bundle(args) => bundle::run(args, ui),
        What::Verify(args) => verify::run(args, ui),
    }
}
