//! `optout workstation check`: which tools are there, and what they share.

use jiff::Timestamp;
use optout_core::workstation::Report;
use serde::Serialize;

use super::{Line, MachineOptions, exit, text};
use crate::command::pretty;
use crate::error::Error;
use crate::exit::Exit;
use crate::options::{Format, OutputOptions};
use crate::ui::Ui;

/// Say what AWS developer tools on this machine share: content, usage data, or nothing
///
/// Exit code 2 when content is shared, 3 when that could not be determined; usage data alone counts with
/// --fail-on low.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout workstation check
  optout workstation check --all --format json
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
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,

    #[command(flatten)]
    output: OutputOptions,
}

#[derive(Serialize)]
struct Form<'a> {
    format: &'static str,
    at: Timestamp,
    home: &'a str,
    #[serde(flatten)]
    report: &'a Report,
}

pub(super) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let subject = args.machine.subject()?;
    let (_, report) = subject.look();
    match args.format {
        Format::Text => args.output.styled(ui, &text::render(&report, args.all))?,
        Format::Json => {
            let (at, home) = (Timestamp::now(), subject.machine.home.as_str());
            args.output.json(ui, &pretty(&Form { format: "optout.workstation/1", at, home, report: &report }))?;
        }
    }
    Ok(exit(&report, args.fail_on))
}
