//! `optout completions`: what a shell needs to complete command lines.

use clap::CommandFactory;
use clap_complete::Shell;

use super::Cli;
use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;

/// Print the completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout completions bash > ~/.local/share/bash-completion/completions/optout
  optout completions zsh > ~/.zfunc/_optout")]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "optout", &mut script);
    ui.raw(&script)?;
    Ok(Exit::Holds)
}
