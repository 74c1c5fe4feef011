//! `optout website write`: an existing robots.txt, changed as little as possible.

use std::path::Path;

use optout_core::website::edit::{self, RefusedError};

use super::CrawlerOptions;
use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::ui::Ui;

/// Change a robots.txt so that the crawlers of a preset are kept out, and nothing else
///
/// Shows the change and asks before it writes. Comments, order and everybody else's rules stay; a change that cannot
/// be proved to do only this is refused. The old file stays beside the new one with .bak at its end.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout website write public/robots.txt
  optout website write --block ai-training --yes public/robots.txt
  optout website write --dry-run public/robots.txt")]
pub(super) struct Args {
    /// The robots.txt; one that is not there is made
    #[arg(value_name = "FILE")]
    file: String,

    #[command(flatten)]
    crawlers: CrawlerOptions,

    /// Write without asking
    #[arg(long, short, conflicts_with = "dry_run")]
    yes: bool,

    /// Show the change and write nothing; exit code 2 when there is one
    #[arg(long)]
    dry_run: bool,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let catalogue = args.crawlers.load()?;
    let preset = args.crawlers.preset(&catalogue)?;
    let old = old(&args.file)?;
    let refused =
        |error: RefusedError| Error::failed(format!("`{}` is left as it is: {error}", args.file), error.help());
    let edit = edit::write(old.as_deref().unwrap_or_default(), &args.file, preset, &catalogue).map_err(refused)?;
    let text = if old.is_some() { edit.text } else { edit::generate(preset, &catalogue) };
    if edit.diff.is_empty() {
        ui.note(&format!("{} keeps the crawlers of {} out already", args.file, preset.name));
        return Ok(Exit::Holds);
    }
    ui.data(if old.is_some() { &edit.diff } else { &text })?;
    if args.dry_run {
        return Ok(Exit::Fails);
    }
    if !args.yes && !ui.confirm(&format!("Write {}?", args.file))? {
        ui.note("nothing was written");
        return Ok(Exit::Fails);
    }
    file::replace_with_backup(Path::new(&args.file), old.as_deref(), text.as_bytes())?;
    ui.note(&format!("{} is written", args.file));
    Ok(Exit::Holds)
}

/// What is there now; `None` where there is no file.
fn old(path: &str) -> Result<Option<Vec<u8>>, Error> {
    match std::fs::symlink_metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Ok(_) | Err(_) => file::read_regular(path, file::LARGEST_TEXT).map(Some),
    }
}
