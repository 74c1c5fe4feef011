//! `optout website generate`: a fresh robots.txt.

use optout_core::website::edit;

use super::CrawlerOptions;
use crate::error::Error;
use crate::exit::Exit;
use crate::options::OutputOptions;
use crate::ui::Ui;

/// Print a robots.txt that keeps the crawlers of a preset out and lets everybody else in
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout website generate > robots.txt
  optout website generate --block ai-training --output public/robots.txt")]
pub(super) struct Args {
    #[command(flatten)]
    crawlers: CrawlerOptions,

    #[command(flatten)]
    output: OutputOptions,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let catalogue = args.crawlers.load()?;
    let preset = args.crawlers.preset(&catalogue)?;
    args.output.text(ui, &edit::generate(preset, &catalogue))?;
    Ok(Exit::Holds)
}
