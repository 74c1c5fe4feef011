//! What `verify` and `report` have in common: an organization is read and judged, and the report handed out.

use clap::Args;
use jiff::SignedDuration;
use optout_core::check::assess;
use optout_core::evidence::draft;
use optout_core::report::{Format, Report, Unknown};
use optout_core::usage::Review;

use crate::command::usage::saved;
use crate::error::Error;
use crate::exit::Exit;
use crate::judgement::{Judgement, JudgementOptions};
use crate::options::{Line, RecordOptions, ReportOptions, SelectionOptions, duration};
use crate::ui::Ui;

/// What is read, how it is judged, and where the report goes.
#[derive(Debug, Clone, Args)]
pub(crate) struct VerdictOptions {
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

    /// Show which affected services were used, from what `optout usage --save` wrote: documents get a section
    #[arg(long, value_name = "FILE", help_heading = "Judgement")]
    usage: Option<String>,

    #[command(flatten)]
    reports: ReportOptions,
}

impl VerdictOptions {
    /// Judges, writes the reports and says how it ended. Without a format it is `default`; `all` names everybody in it.
    pub(crate) fn run(
        &self,
        default: Format,
        all: bool,
        recording: Option<&RecordOptions>,
        ui: &mut Ui,
    ) -> Result<Exit, Error> {
        self.reports.check(default)?;
        let usage = self.usage.as_deref().map(saved).transpose()?;
        let judgement = Judgement::gather(&self.judgement, &self.selection, self.baseline.as_deref(), ui)?;
        let (assessment, accepted) = (assess(&judgement.question()), judgement.acceptances());
        let mut report = Report::new(&assessment, self.fail_on.into(), &accepted, judgement.origin())
            .with_intent(judgement.resolved_intent())
            .with_usage(usage.map(|(usage, origin)| Review::new(&assessment, usage, origin)));
        if let Some(unknown) = self.max_age.and_then(|most| too_old(&judgement, most)) {
            report.add_unknown(unknown);
        }
        // Before anything is handed out: a reader that goes away must not cost the record.
        let recorded = recording.map_or(Ok(()), |recording| {
            let make = |run: &_| draft(run, &judgement.organization.snapshot, Some(&report));
            recording.record("verify", &report.origin.organization, judgement.recorded_in(), make, ui)
        });
        self.reports.write(&report, default, all, ui)?;
        recorded?;
        Ok(report.decision.into())
    }
}

fn too_old(judgement: &Judgement, most: SignedDuration) -> Option<Unknown> {
    let age = judgement.at.duration_since(judgement.organization.snapshot.taken);
    (age > most).then(|| Unknown {
        what: "the present state".to_owned(),
        reason: format!("the organization was read {} hours ago, longer than --max-age allows", age.as_hours()),
        permission: None,
    })
}
