//! `optout verify`: may AWS use the content of these accounts?

use optout_core::report::Format;

use crate::error::Error;
use crate::exit::Exit;
use crate::options::RecordOptions;
use crate::ui::Ui;
use crate::verdict::VerdictOptions;

/// Say for every account whether AWS may use its content to improve AI services, and what does not hold
///
/// AWS's own answer decides; the answer computed from the attached policies explains. What could not be read is
/// unknown, never fine. Exit code 2 when a counted account is not opted out or a control at or above --fail-on does
/// not hold, 3 when that could not be determined.
///
/// Several reports may be written at once: each --output takes the last --format since the --output before it, else
/// the format that its name says; a --format that no --output took goes to standard output.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout verify
  optout verify --profile management --intent optout.toml
  optout verify --record --intent optout.toml
  optout verify --organization snapshot.json --max-age 36h --format json --output report.json
  optout verify --format text --format sarif --output out.sarif
  optout verify --output report.csv --output report.xml --format text
  optout verify --fleet fleet.toml --at-once 8 --format html --output report/
  optout verify --ou ou-ab12-11111111 --evidence all")]
pub(crate) struct Args {
    #[command(flatten)]
    verdict: VerdictOptions,

    /// Name every account and every subject of a finding
    #[arg(long, help_heading = "Output")]
    all: bool,

    #[command(flatten)]
    recording: RecordOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    args.verdict.run(Format::Text, args.all, Some(&args.recording), ui)
}
