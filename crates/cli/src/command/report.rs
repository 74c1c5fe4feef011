//! `optout report`: the same answer as a document.

use optout_core::report::Format;

use crate::error::Error;
use crate::exit::Exit;
use crate::ui::Ui;
use crate::verdict::VerdictOptions;

/// Write what `optout verify` finds as a document: for people, spreadsheets, pipelines, auditors
///
/// Reads, judges and ends as `optout verify` does. Several reports may be written at once: each --output takes the last
/// --format since the --output before it, else the format that its name says; a --format that no --output took goes to
/// standard output.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout report --output report.md
  optout report --organization snapshot.json --output report.csv --output results.oscal.json
  optout report --format markdown-summary
  optout report --fleet fleet.toml --output all.html
  optout report --format asff --publish-account 111122223333 --publish-region eu-central-1 --output findings.json")]
pub(crate) struct Args {
    #[command(flatten)]
    verdict: VerdictOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    args.verdict.run(Format::Markdown, true, None, ui)
}
