//! `optout demo`: everything at work, without an AWS account.

use std::borrow::Cow;

use optout_aws::apply::{ApplyError, Remaining};
use optout_aws::session::{Keys, Session, SessionOptions};
use optout_core::catalogue::Catalogue;
use optout_core::check::{AccountResult, Assessment, Question, Severity, assess};
use optout_core::intent::{Intent, ResolvedIntent};
use optout_core::org::{self, Snapshot};
use optout_core::plan::{self, AcceptedLoss, Options as Allowed};
use optout_core::report::explain::{self, explain};
use optout_core::report::{NothingAccepted, Origin, Report, Styled, Tone, text};
use optout_core::source::Source;
use optout_simulator::{Options, Running, Simulator};

use crate::applying::{Change, conclude};
use crate::error::Error;
use crate::exit::Exit;
use crate::options::{known, planning_read};
use crate::organization::{judged_order, runtime, stoppable};
use crate::simulation::{ACME, rules};
use crate::ui::Ui;

/// Show a verdict, a plan, and the verdict after it was applied, for an example organization, without an AWS account
///
/// Serves the example from this process, reads it over HTTP as AWS would be read, judges what it reads, and changes it
/// as AWS would be changed. Nothing outside this process is touched.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout demo")]
pub(crate) struct Args {}

/// The policies of the example that the demonstration takes over.
const ADOPTED: [&str; 2] = ["p-acmeoptout1", "p-acmetrans01"];

const INTENT: &str = "organization = \"o-acmeexample\"\n";

pub(crate) fn run(_: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let example = org::read(&Source::new("the example organization", ACME))?;
    runtime()?.block_on(async {
        let rules = rules(Cow::Borrowed(Catalogue::embedded()));
        let running = Simulator::start(&example, rules, Options::default()).await?;
        let shown = show(&running, &example, ui).await;
        running.shutdown().await;
        shown
    })?;
    ui.note("`optout sandbox` serves the same organization to any AWS tool; `optout verify` asks your own");
    Ok(Exit::Holds)
}

async fn show(running: &Running, example: &Snapshot, ui: &mut Ui) -> Result<(), Error> {
    let session = Session::open(&options(running, example)).await?;
    let before = read(&session, ui).await?;
    verdict(&before, true, ui)?;
    title(ui, "\n$ optout plan")?;
    let allowed = allowed();
    let intent = intent(&before)?;
    let plan = plan::plan(&intent, &before, Catalogue::embedded(), before.taken, &allowed)?;
    ui.styled(&optout_core::report::plan::render(&plan, &before, Catalogue::embedded()))?;
    title(ui, "\n$ optout apply --yes")?;
    let remaining = |snapshot: &Snapshot| -> Result<Remaining, ApplyError> {
        let again = allowed.for_another_plan(snapshot);
        let plan = plan::plan(&intent, snapshot, Catalogue::embedded(), before.taken, &again)?;
        Ok(Remaining { steps: plan.steps.len(), obstacles: plan.obstacles })
    };
    let catalogue = Catalogue::embedded();
    let change = Change { session: &session, catalogue, before: &before, steps: &plan.steps, remaining: &remaining };
    let settled = change.carry_out(None, ui).await?;
    conclude(&settled, ui)?;
    title(ui, "")?;
    verdict(&settled.snapshot, false, ui)
}

fn allowed() -> Allowed {
    let adopt = ADOPTED.iter().filter_map(|id| id.parse().ok()).collect();
    Allowed { adopt, accept_data_loss: AcceptedLoss::All, ..Allowed::default() }
}

fn intent(snapshot: &Snapshot) -> Result<ResolvedIntent, Error> {
    let source = Source::new("optout.toml of the demonstration", INTENT);
    Ok(Intent::parse(&source, &known(Catalogue::embedded()))?.resolve(snapshot)?)
}

fn verdict(snapshot: &Snapshot, explained: bool, ui: &mut Ui) -> Result<(), Error> {
    title(ui, "$ optout verify")?;
    let question = Question::plain(snapshot, Catalogue::embedded());
    let assessment = assess(&question);
    let origin = Origin {
        organization: "the example organization, served from this process".to_owned(),
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        ..Origin::default()
    };
    let report = Report::new(&assessment, Severity::High, &NothingAccepted, origin);
    ui.styled(&text::render(&report, false))?;
    if explained { explained_worst(&assessment, ui) } else { Ok(()) }
}

fn explained_worst(assessment: &Assessment<'_>, ui: &mut Ui) -> Result<(), Error> {
    let Some(account) = worth_explaining(&assessment.accounts) else { return Ok(()) };
    title(ui, &format!("\n$ optout explain {}", account.id))?;
    match explain(assessment, account.id, None) {
        Some(explanation) => ui.styled(&explain::text(&explanation)),
        None => Ok(()),
    }
}

fn title(ui: &mut Ui, text: &str) -> Result<(), Error> {
    let mut styled = Styled::default();
    styled.push(Tone::Faint, text).line();
    ui.styled(&styled)
}

/// The first of the counted accounts with the worst verdict.
fn worth_explaining(accounts: &[AccountResult]) -> Option<&AccountResult> {
    let counted = || accounts.iter().filter(|account| account.counted);
    let worst = counted().map(|account| account.verdict).max()?;
    counted().find(|account| account.verdict == worst)
}

async fn read(session: &Session, ui: &mut Ui) -> Result<Snapshot, Error> {
    let mut what = planning_read();
    what.order_could_matter = judged_order();
    stoppable(session, &what, ui).await
}

fn options(running: &Running, example: &Snapshot) -> SessionOptions {
    let management = example.organization().map(|organization| organization.management_account.to_string());
    let keys = Keys { access_key_id: management.unwrap_or_default(), secret_access_key: "sandbox".to_owned() };
    SessionOptions {
        endpoint_url: Some(running.url.clone()),
        region: Some("us-east-1".to_owned()),
        keys: Some(keys),
        // Nothing here is limited: pacing at AWS's rates would only make people wait.
        time_scale: 1_000.0,
        ..SessionOptions::default()
    }
}
