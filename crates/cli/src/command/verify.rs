//! `optout verify`: may AWS use the content of these accounts?

use jiff::SignedDuration;
use optout_core::check::assess;
use optout_core::evidence::draft;
use optout_core::report::{Report, Unknown, json, text};

use crate::error::Error;
use crate::exit::Exit;
use crate::judgement::{Judgement, JudgementOptions};
use crate::options::{Format, Line, OutputOptions, RecordOptions, SelectionOptions, duration};
use crate::ui::Ui;

/// Say for every account whether AWS may use its content to improve AI services, and what does not hold
///
/// AWS's own answer decides; the answer computed from the attached policies explains. What could not be read is
/// unknown, never fine. Exit code 2 when a counted account is not opted out or a control at or above --fail-on does
/// not hold, 3 when that could not be determined.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout verify
  optout verify --profile management --intent optout.toml
  optout verify --record --intent optout.toml
  optout verify --organization snapshot.json --max-age 36h --format json --output report.json
  optout verify --ou ou-ab12-11111111 --evidence all")]
pub(crate) struct Args {
    #[command(flatten)]
    judgement: JudgementOptions,

    #[command(flatten)]
    selection: SelectionOptions,

    /// Accept the findings in this file, each with its reason and end date
    #[arg(long, value_name = "FILE", help_heading = "Judgement")]
    baseline: Option<String>,

    /// Fail when a control of this severity or a higher one does not hold
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Line::High, help_heading = "Judgement")]
    fail_on: Line,

    /// A saved organization that is older than this, like 36h or 7d, decides nothing
    #[arg(long, value_name = "DURATION", value_parser = duration, help_heading = "Judgement")]
    max_age: Option<SignedDuration>,

    /// Name every account and every subject of a finding
    #[arg(long, help_heading = "Output")]
    all: bool,

    /// The form of the output
    #[arg(long, value_enum, default_value_t = Format::Text, help_heading = "Output")]
    format: Format,

    #[command(flatten)]
    recording: RecordOptions,

    #[command(flatten)]
    output: OutputOptions,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let judgement = Judgement::gather(&args.judgement, &args.selection, args.baseline.as_deref(), ui)?;
    let (assessment, accepted) = (assess(&judgement.question()), judgement.acceptances());
    let mut report = Report::new(&assessment, args.fail_on.into(), &accepted, judgement.origin());
    if let Some(unknown) = args.max_age.and_then(|most| too_old(&judgement, most)) {
        report.add_unknown(unknown);
    }
    // Before anything is handed out: a reader that goes away must not cost the record.
    let snapshot = &judgement.organization.snapshot;
    let make = |run: &_| draft(run, snapshot, Some(&report));
    let recorded = args.recording.record("verify", &report.origin.organization, judgement.recorded_in(), make, ui);
    match args.format {
        Format::Text => args.output.styled(ui, &text::render(&report, args.all))?,
        Format::Json => args.output.json(ui, &json::render(&report, false))?,
    }
    recorded?;
    Ok(report.decision.into())
}

fn too_old(judgement: &Judgement, most: SignedDuration) -> Option<Unknown> {
    let age = judgement.at.duration_since(judgement.organization.snapshot.taken);
    (age > most).then(|| Unknown {
        what: "the present state".to_owned(),
        reason: format!("the organization was read {} hours ago, longer than --max-age allows", age.as_hours()),
        permission: None,
    })
}
