//! What `verify` and `report` have in common: an organization is read and judged, and the report handed out.

use clap::Args;
use jiff::SignedDuration;
use optout_core::check::{Assessment, assess};
use optout_core::evidence::draft;
use optout_core::fleet::FleetReport;
use optout_core::report::{Format, Report, Unknown};
use optout_core::usage::Review;

use crate::command::usage::saved;
use crate::error::Error;
use crate::exit::Exit;
use crate::fleet::{Assessed, Judged, Organizations, Wanted, entries, judge};
use crate::judgement::{Acceptances, FindingOptions, Judgement};
use crate::options::{FleetOptions, ReachOptions, RecordOptions, ReportOptions, duration};
use crate::ui::Ui;

/// What is read, how it is judged, and where the report goes.
#[derive(Debug, Clone, Args)]
pub(crate) struct VerdictOptions {
    #[command(flatten)]
    findings: FindingOptions,

    /// A saved organization that is older than this, like 36h or 7d, decides nothing
    #[arg(long, value_name = "DURATION", value_parser = duration, help_heading = "Judgement")]
    max_age: Option<SignedDuration>,

    /// Show which affected services were used, from what `optout usage --save` wrote: documents get a section
    #[arg(long, value_name = "FILE", help_heading = "Judgement")]
    usage: Option<String>,

    #[command(flatten)]
    reach: ReachOptions,

    #[command(flatten)]
    reports: ReportOptions,

    #[command(flatten)]
    fleet: FleetOptions,
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
        if let Some(path) = &self.fleet.fleet {
            return self.run_fleet(path, default, all, recording, ui);
        }
        self.reports.check(default)?;
        let reach = self.reach.read()?;
        let usage = self.usage.as_deref().map(saved).transpose()?;
        let judgement = self.findings.gather(ui)?;
        let (assessment, accepted) = (assess(&judgement.question()), judgement.acceptances());
        let report = self
            .report(&judgement, &assessment, &accepted)
            .with_reach(&reach.workstations, &reach.websites)
            .with_usage(usage.map(|(usage, origin)| Review::new(&assessment, usage, origin)));
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

impl VerdictOptions {
    fn report<'a>(
        &self,
        judgement: &'a Judgement,
        assessment: &'a Assessment<'a>,
        accepted: &'a Acceptances<'a>,
    ) -> Report<'a> {
        let mut report = self.findings.report(judgement, assessment, accepted);
        if let Some(unknown) = self.max_age.and_then(|most| too_old(judgement, most)) {
            report.add_unknown(unknown);
        }
        report
    }

    /// The same for every organization of a fleet.
    fn run_fleet(
        &self,
        path: &str,
        default: Format,
        all: bool,
        recording: Option<&RecordOptions>,
        ui: &mut Ui,
    ) -> Result<Exit, Error> {
        if !self.reach.is_empty() || self.usage.is_some() {
            let what = "--workstation, --website and --usage are about one organization";
            return Err(Error::usage(what, "leave them out, or report on that organization alone"));
        }
        let shared = self.findings.shared()?;
        self.reports.check_over_all(default)?;
        let organizations = Organizations::load(path)?;
        let (read, session) = self.findings.judgement.reading();
        let wanted = Wanted { at_once: self.fleet.at_once.into(), read, session, recorded: false };
        let judged = judge(&organizations, &shared, wanted, ui)?;
        let assessed: Vec<_> = judged.iter().map(Judged::assessed).collect();
        let mut recorded = Ok(());
        let entries = entries(&judged, &assessed, |one, it| {
            let report = self.report(it.judgement, &it.assessment, &it.accepted);
            if let Some(Err(error)) = recording.map(|recording| record(recording, &one.file_name, it, &report, ui)) {
                tell_or_keep(&mut recorded, error, ui);
            }
            Ok(report)
        });
        let report = FleetReport::new(entries, organizations.origin(shared.at));
        self.reports.write_over_all(&report, default, all, ui)?;
        recorded?;
        Ok(report.outcome().into())
    }
}

/// Records one organization of a fleet in its own store.
fn record(
    recording: &RecordOptions,
    file_name: &str,
    it: &Assessed<'_>,
    report: &Report<'_>,
    ui: &mut Ui,
) -> Result<(), Error> {
    let make = |run: &_| draft(run, &it.judgement.organization.snapshot, Some(report));
    let source = &report.origin.organization;
    recording.of_member(file_name)?.record("verify", source, it.judgement.recorded_in(), make, ui)
}

/// The first error ends the program later; those after it are told now.
fn tell_or_keep(first: &mut Result<(), Error>, error: Error, ui: &mut Ui) {
    match first {
        Ok(()) => *first = Err(error),
        Err(_) => ui.error(&error),
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
