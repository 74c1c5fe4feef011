//! `optout man`: manual pages, made from the same texts as `--help`.

use std::path::PathBuf;

use clap::CommandFactory;
use clap_mangen::Man;

use super::Cli;
use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::ui::Ui;

/// Print the manual page, or write one for every command into a folder
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout man > optout.1
  optout man --out ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// Write a page for every command into this folder, which must exist
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let mut root = Cli::command().disable_help_subcommand(true);
    root.build();
    match &args.out {
        None => ui.raw(&page(root)?)?,
        Some(folder) => {
            let pages = pages(&root, "optout");
            for (name, command) in &pages {
                file::write(&folder.join(format!("{name}.1")), &page(command.clone())?)?;
            }
            ui.note(&format!("{} pages in {}", pages.len(), folder.display()));
        }
    }
    Ok(Exit::Holds)
}

/// Every command with the name of its page, like `optout-services-check`.
fn pages(command: &clap::Command, name: &str) -> Vec<(String, clap::Command)> {
    let below = command.get_subcommands().flat_map(|below| pages(below, &format!("{name}-{}", below.get_name())));
    std::iter::once((name.to_owned(), command.clone())).chain(below).collect()
}

fn page(command: clap::Command) -> Result<Vec<u8>, Error> {
    let mut page = Vec::new();
    Man::new(command).render(&mut page).map_err(|error| Error::write("the manual page", &error))?;
    Ok(page)
}
