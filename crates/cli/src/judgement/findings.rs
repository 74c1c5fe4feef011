//! What is judged, which findings are accepted, and which ones fail: the same for everyone who hands out findings.

use clap::Args;
use optout_core::check::Assessment;
use optout_core::report::Report;

use super::{Acceptances, Judgement, JudgementOptions, Shared};
use crate::error::Error;
use crate::options::{Line, SelectionOptions};
use crate::ui::Ui;

/// What findings are made of, and which of them count.
#[derive(Debug, Clone, Args)]
pub(crate) struct FindingOptions {
    #[command(flatten)]
    pub(crate) judgement: JudgementOptions,

    #[command(flatten)]
    selection: SelectionOptions,

    /// Accept the findings in this file, each with its reason and end date
    #[arg(long, value_name = "FILE", help_heading = "Judgement")]
    baseline: Option<String>,

    /// Fail when a control of this severity or a higher one does not hold
    #[arg(long, value_enum, value_name = "SEVERITY", default_value_t = Line::High, help_heading = "Judgement")]
    fail_on: Line,
}

impl FindingOptions {
    /// Gathers what verdicts need.
    pub(crate) fn gather(&self, ui: &mut Ui) -> Result<Judgement, Error> {
        Judgement::gather(&self.judgement, &self.selection, self.baseline.as_deref(), ui)
    }

    /// What is the same for every organization of a fleet.
    pub(crate) fn shared(&self) -> Result<Shared, Error> {
        self.judgement.shared(&self.selection, self.baseline.as_deref(), None)
    }

    /// The report on what was found.
    pub(crate) fn report<'a>(
        &self,
        judgement: &'a Judgement,
        assessment: &'a Assessment<'a>,
        accepted: &'a Acceptances<'a>,
    ) -> Report<'a> {
        Report::new(assessment, self.fail_on.into(), accepted, judgement.origin())
            .with_intent(judgement.resolved_intent())
    }
}
