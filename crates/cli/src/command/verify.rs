//! `optout verify`: may AWS use the content of these accounts?

use jiff::SignedDuration;
use optout_core::check::assess;
use optout_core::report::{Report, Unknown, html, json, text};

use crate::error::Error;
use crate::exit::Exit;
use crate::judgement::{Judgement, JudgementOptions};
use crate::options::{Line, OutputOptions, SelectionOptions, duration};
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
    #[arg(long, value_enum, default_value_t = Form::Text, help_heading = "Output")]
    format: Form,

    #[command(flatten)]
    output: OutputOptions,
}

/// The form of the report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Form {
    /// For people
    Text,
    /// For machines: versioned, with a schema in docs/schemas
    Json,
    /// For people who do not use a terminal: one file that needs nothing else
    Html,
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let judgement = Judgement::gather(&args.judgement, &args.selection, args.baseline.as_deref(), ui)?;
    let (assessment, accepted) = (assess(&judgement.question()), judgement.acceptances());
    let report = Report::new(&assessment, args.fail_on.into(), &accepted, judgement.origin());
    let mut report = report.with_intent(judgement.intent());
    if let Some(unknown) = args.max_age.and_then(|most| too_old(&judgement, most)) {
        report.add_unknown(unknown);
    }
    match args.format {
        Form::Text => args.output.styled(ui, &text::render(&report, args.all))?,
        Form::Json => args.output.json(ui, &json::render(&report, false))?,
        Form::Html => args.output.text(ui, &html::render(&report))?,
    }
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
