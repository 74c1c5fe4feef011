//! `optout workstation check`: which tools are there, and what they share.

use clap::ValueEnum;
use jiff::Timestamp;
use optout_core::workstation::inventory::{self, Looked};

use super::{Line, MachineOptions, exit, text};
use crate::error::Error;
use crate::exit::Exit;
use crate::options::OutputOptions;
use crate::ui::Ui;

/// Say what AWS developer tools on this machine share: content, usage data, or nothing
///
/// Exit code 2 when content is shared, 3 when that could not be determined; usage data alone counts with
/// --fail-on low.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout workstation check
  optout workstation check --all
  optout workstation check --format json --output $HOSTNAME.json
  optout workstation check --format ocsf --name ann-laptop
  optout workstation check --user-home /mnt/image/Users/dev --os windows")]
pub(super) struct Args {
    #[command(flatten)]
    machine: MachineOptions,

    /// What fails: `high` is shared content, `low` is usage data too
    #[arg(long, value_enum, value_name = "LEVEL", default_value_t = Line::High)]
    fail_on: Line,

    /// Show tools that are not installed and settings that are fine, too
    #[arg(long, help_heading = "Output")]
    all: bool,

    /// The form of the output
    #[arg(long, value_enum, default_value_t = Form::Text, help_heading = "Output")]
    format: Form,

    #[command(flatten)]
    output: OutputOptions,
}

/// The form of the output.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For machines: versioned, with a schema in docs/schemas
    Json,
    /// Test results, as build servers and inventory tools read them
    Junit,
    /// OCSF Compliance Findings about this device, for SIEMs
    Ocsf,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let subject = args.machine.subject()?;
    let (_, report) = subject.look();
    let looked = Looked {
        report: &report,
        machine: subject.name.as_deref(),
        home: &subject.machine.home,
        at: Timestamp::now(),
        tool_version: env!("CARGO_PKG_VERSION"),
    };
    match args.format {
        Form::Text => args.output.styled(ui, &text::render(&report, subject.name.as_deref(), args.all))?,
        Form::Json => args.output.json(ui, &inventory::json(&looked))?,
        Form::Junit => args.output.text(ui, &inventory::junit(&looked, args.fail_on == Line::Low))?,
        Form::Ocsf => args.output.json(ui, &inventory::ocsf(&looked))?,
    }
    Ok(exit(&report, args.fail_on))
}
