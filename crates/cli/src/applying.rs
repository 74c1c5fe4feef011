//! The part of changing AWS that every change shares: run the steps, say what happens, wait until AWS confirms it.

use optout_aws::apply::{ApplyError, Remaining, Settled, Settling, execute, settle};
use optout_aws::cancel::Cancel;
use optout_aws::session::Session;
use optout_core::catalogue::Catalogue;
use optout_core::check::writers;
use optout_core::org::{Part, Snapshot};
use optout_core::plan::PlannedStep;
use optout_core::plan::journal::{Event, Outcome};
use optout_core::report::{Styled, Tone};
use optout_core::source::shown;

use crate::error::Error;
use crate::exit::Exit;
use crate::file::Journal;
use crate::options::planning_read;
use crate::organization::judged_order;
use crate::ui::Ui;

/// How many differences are named.
const NAMED: usize = 5;

/// A change that was decided on.
pub(crate) struct Change<'a> {
    pub(crate) session: &'a Session,
    pub(crate) catalogue: &'a Catalogue,
    /// The organization it was planned for.
    pub(crate) before: &'a Snapshot,
    pub(crate) steps: &'a [PlannedStep],
    /// What an organization still needs.
    pub(crate) remaining: &'a (dyn Fn(&Snapshot) -> Result<Remaining, ApplyError> + Sync),
}

impl Change<'_> {
    /// Runs the steps and waits. The first Ctrl-C ends it after the call under way; what was done stays done.
    pub(crate) async fn carry_out(&self, mut journal: Option<&mut Journal>, ui: &mut Ui) -> Result<Settled, Error> {
        let cancel = Cancel::new();
        let sign = cancel.clone();
        let listener = tokio::spawn(async move {
            if tokio::signal::ctrl_c().await.is_ok() {
                sign.cancel();
            }
        });
        let mut record = |event: &Event| {
            journal.as_mut().map_or(Ok(()), |journal| journal.add(event))?;
            tell(event, ui);
            Ok(())
        };
        let changed = async {
            execute(self.session, self.before, self.steps, &mut record, &|_| {}, &cancel).await?;
            let mut read = planning_read();
            read.order_could_matter = judged_order();
            let services: Vec<&str> = self.catalogue.services().iter().map(|service| service.key.as_str()).collect();
            let settling = Settling { read: &read, services: &services, remaining: self.remaining };
            settle(self.session, &settling, &mut record, &|_| {}, &cancel).await
        };
        let settled = changed.await;
        listener.abort();
        Ok(settled?)
    }
}

/// Says on standard error what happens.
fn tell(event: &Event, ui: &mut Ui) {
    match event {
        Event::StepStarted { number, of, step } => ui.note(&format!("step {number} of {of}: {}", step.operation())),
        Event::StepDone { outcome: Outcome::AlreadySo, .. } => ui.note("  it was so already"),
        Event::StepDone { outcome: Outcome::Changed { created: Some(id) }, .. } => ui.note(&format!("  created {id}")),
        Event::StepDone { .. } | Event::StepFailed { .. } | Event::Settled { .. } => {}
        Event::Waiting { steps: 0, differences } => {
            ui.note(&format!("waiting for AWS: {differences} settings are still on their way"));
        }
        Event::Waiting { steps, .. } => ui.note(&format!("reading again: {steps} steps still seem to be needed")),
    }
}

/// What came of it, and what to make of that: AWS's own answers decide.
pub(crate) fn conclude(settled: &Settled, ui: &mut Ui) -> Result<Exit, Error> {
    let mut out = Styled::default();
    let unasked = settled.snapshot.unread.iter().find(|it| it.part == Part::EffectivePolicy);
    let exit = if settled.remaining.steps > 0 {
        out.push(Tone::Bad, "NOT FINISHED")
            .plain(format!("  {} steps are still needed; plan again", settled.remaining.steps))
            .line();
        Exit::Fails
    } else if !settled.differences.is_empty() {
        out.push(Tone::Doubtful, "NOT CONFIRMED");
        out.plain("  everything is done, but AWS still answers otherwise; `optout verify` asks again").line();
        for it in settled.differences.iter().take(NAMED) {
            let line =
                format!("  {} {}: {} expected, {} answered", it.account, shown(&it.service), it.expected, it.answered);
            out.plain(line).line();
        }
        Exit::Fails
    } else if let Some(unread) = unasked {
        out.push(Tone::Doubtful, "DONE, NOT CONFIRMED")
            .plain(format!("  AWS's own answers could not be read: {}", shown(&unread.detail)))
            .line();
        Exit::Undetermined
    } else {
        let answers = settled.snapshot.answers.len();
        out.push(Tone::Good, "DONE").plain(format!("  AWS's own answers confirm it ({answers} asked)")).line();
        Exit::Holds
    };
    ui.styled(&out)?;
    for obstacle in &settled.remaining.obstacles {
        ui.warn(&format!("still in the way: {}\n  help: {}", obstacle.message, obstacle.help));
    }
    Ok(exit.and(Exit::fails_if(!settled.remaining.obstacles.is_empty())))
}

/// Who is about to change which organization, and whether that principal may.
pub(crate) fn introduce(snapshot: &Snapshot, ui: &mut Ui) {
    let who = snapshot.caller.as_ref().map_or_else(
        || "an account that AWS does not name".to_owned(),
        |caller| format!("account {} ({})", caller.account, caller.principal),
    );
    let Some(organization) = snapshot.organization() else {
        return ui.note(&format!("as {who}, which is in no organization"));
    };
    let caller = snapshot.caller.as_ref().map(|caller| caller.account);
    if caller == Some(organization.management_account) {
        return ui
            .note(&format!("as {who}, the management account of {}; IAM decides what it may do", organization.id));
    }
    ui.note(&format!("as {who}, a member of {}", organization.id));
    let account = caller.map(|account| account.to_string()).unwrap_or_default();
    match writers(snapshot) {
        Some(writers) => match writers.iter().find(|writer| writer.principal.contains(&account)) {
            Some(writer) => ui.note(&format!("the resource policy lets it {}", writer.actions.join(", "))),
            None => ui.warn("the organization's resource policy gives this account no right to change these policies: AWS will refuse"),
        },
        None => ui.warn("whether this account may change these policies is not known: the resource policy could not be read"),
    }
}
