//! `optout website`: what public pages say to the crawlers that train models.

mod check;
mod generate;
mod write;

use optout_core::source::nearest;
use optout_core::website::crawler::{CrawlerCatalogue, Preset};

use crate::error::Error;
use crate::exit::Exit;
use crate::file;
use crate::ui::Ui;

/// Find out which crawlers may fetch a website, and keep those out that train models
///
/// The organization policy says nothing about public pages: robots.txt does.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout website check https://example.com
  optout website write public/robots.txt")]
pub(crate) struct Args {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    Check(check::Args),
    Generate(generate::Args),
    Write(write::Args),
}

/// Which crawlers are meant.
#[derive(Debug, Clone, clap::Args)]
#[command(next_help_heading = "Crawlers")]
struct CrawlerOptions {
    /// The crawlers to keep out: aws-training, aws-all, ai-training or ai-all
    #[arg(long, value_name = "PRESET")]
    block: Option<String>,

    /// Use this catalogue of crawlers in place of the one compiled in
    #[arg(long, value_name = "FILE")]
    crawlers: Option<String>,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    match &args.action {
        Action::Check(args) => check::run(args, ui),
        Action::Generate(args) => generate::run(args, ui),
        Action::Write(args) => write::run(args, ui),
    }
}

impl CrawlerOptions {
    fn load(&self) -> Result<CrawlerCatalogue, Error> {
        match &self.crawlers {
            None => Ok(CrawlerCatalogue::embedded().clone()),
            Some(path) => Ok(CrawlerCatalogue::parse(file::source(path, file::LARGEST_TEXT)?)?),
        }
    }

    fn preset<'c>(&self, catalogue: &'c CrawlerCatalogue) -> Result<&'c Preset, Error> {
        let names = || catalogue.presets.iter().map(|preset| preset.name.as_str());
        let found = match &self.block {
            None => catalogue.default_preset(),
            Some(name) => catalogue.preset(name),
        };
        found.ok_or_else(|| {
            let name = self.block.as_deref().unwrap_or_default();
            let all = names().collect::<Vec<_>>().join(", ");
            let help = nearest(name, names()).map_or(all, |near| format!("did you mean `{near}`?"));
            Error::usage(format!("no preset is called `{name}`"), help)
        })
    }
}
