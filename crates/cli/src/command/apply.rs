//! `optout apply`: make the intent true, run a reviewed plan, or go back.

use std::path::PathBuf;

use jiff::Timestamp;
use optout_aws::apply::{ApplyError, Remaining};
use optout_aws::session::Session;
use optout_core::catalogue::Catalogue;
use optout_core::intent::Intent;
use optout_core::org::Snapshot;
use optout_core::plan::journal::{self, Head};
use optout_core::plan::undo::{self, Undo, read_undo, write_undo};
use optout_core::plan::{DataLoss, ObstacleKind, Plan, PlanFile, PlannedStep, read_plan};
use optout_core::report::plan;
use optout_core::source::Source;
use serde::Deserialize;

use crate::applying::{Change, conclude, introduce};
use crate::error::Error;
use crate::exit::Exit;
use crate::file::{self, Journal};
use crate::options::{AwsOptions, Planning, PlanningOptions, known, planning_read};
use crate::organization::{judged_order, runtime, stoppable};
use crate::ui::Ui;

/// Opt the organization out: plan, show, ask, do it, and wait until AWS itself confirms it
///
/// Running it again does nothing, or finishes what was interrupted. Before the first change it writes an undo, and a
/// journal of each step as it happens. With FILE it runs exactly the steps of a reviewed plan, or goes back to what an
/// undo remembers. Exit code 0 when everything holds, 2 when something is still needed or in the way, 3 when AWS's own
/// answers could not be read.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout apply
  optout apply --profile management --yes
  optout apply plan.json --yes
  optout apply optout-20261124T101500.000Z.undo.json
  optout apply --accept-data-loss transcribe --adopt p-ab12cd34")]
pub(crate) struct Args {
    /// A plan of `optout plan --out`, or an undo that an earlier apply wrote
    #[arg(value_name = "FILE", conflicts_with_all = ["intent", "adopt", "prune", "create_organization", "accept_data_loss", "at"])]
    file: Option<String>,

    #[command(flatten)]
    aws: AwsOptions,

    #[command(flatten)]
    planning: PlanningOptions,

    /// Go ahead without being asked
    #[arg(long, short)]
    yes: bool,

    /// With an undo: disable the policy type too if it was not enabled, and only if nothing else is attached
    #[arg(long, requires = "file")]
    disable_type: bool,

    /// Where to write the undo; a new file in this folder unless given
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    undo: Option<PathBuf>,

    /// Where to write the journal; a new file in this folder unless given
    #[arg(long, value_name = "FILE", help_heading = "Output")]
    journal: Option<PathBuf>,
}

/// What is to be done.
enum Task {
    /// The intent is to be made true.
    Intent(Box<Planning>),
    /// A plan was reviewed.
    Reviewed(Box<PlanFile>),
    /// What was is to be again.
    Back(Box<Undo>),
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let task = task(args)?;
    let catalogue = args.planning.catalogue()?;
    runtime()?.block_on(apply(args, &task, &catalogue, ui))
}

fn task(args: &Args) -> Result<Task, Error> {
    let Some(path) = &args.file else { return Ok(Task::Intent(Box::new(args.planning.load()?))) };
    let source = file::source(path, file::LARGEST_TEXT)?;
    Ok(match is_undo(&source) {
        true => Task::Back(Box::new(read_undo(&source)?)),
        false => Task::Reviewed(Box::new(read_plan(&source)?)),
    })
}

fn is_undo(source: &Source) -> bool {
    #[derive(Deserialize)]
    struct Peek {
        format: String,
    }
    serde_json::from_str::<Peek>(&source.text).is_ok_and(|peek| peek.format == undo::FORMAT)
}

async fn apply(args: &Args, task: &Task, catalogue: &Catalogue, ui: &mut Ui) -> Result<Exit, Error> {
    let session = Session::open(&args.aws.session()).await?;
    let mut read = planning_read();
    read.order_could_matter = judged_order();
    let before = stoppable(&session, &read, ui).await?;
    let decided = decide(args, task, catalogue, &before, ui)?;
    if decided.steps.is_empty() || decided.is_impossible {
        return Ok(Exit::fails_if(decided.is_blocked));
    }
    introduce(&before, ui);
    refuse_losses(&decided.losses)?;
    if !args.yes && !ui.confirm(&format!("run these {} steps?", decided.steps.len()))? {
        ui.note("nothing was changed");
        return Ok(Exit::Fails);
    }
    let mut journal = prepare(args, &before, &decided, ui)?;
    let remaining = |snapshot: &Snapshot| remaining(args, task, catalogue, snapshot);
    let change = Change { session: &session, catalogue, before: &before, steps: &decided.steps, remaining: &remaining };
    let settled = change.carry_out(Some(&mut journal), ui).await?;
    tell_of_creation(&before, &settled.snapshot, ui);
    conclude(&settled, ui)
}

/// An intent for a new organization must name it from now on.
fn tell_of_creation(before: &Snapshot, after: &Snapshot, ui: &mut Ui) {
    if let (None, Some(organization)) = (before.organization(), after.organization()) {
        let id = &organization.id;
        ui.note(&format!("write `organization = \"{id}\"` into the intent, in place of \"new\""));
    }
}

/// What was planned.
struct Decided {
    steps: Vec<PlannedStep>,
    losses: Vec<DataLoss>,
    /// Whether the intent will not hold even so.
    is_blocked: bool,
    /// Whether AWS would refuse a step.
    is_impossible: bool,
}

/// Plans, and shows the plan.
fn decide(args: &Args, task: &Task, catalogue: &Catalogue, before: &Snapshot, ui: &mut Ui) -> Result<Decided, Error> {
    let plan = match task {
        Task::Back(undo) => {
            let undone = undo.steps(before, args.disable_type)?;
            ui.styled(&plan::undone(&undone, before))?;
            let (steps, losses) = (undone.steps, Vec::new());
            return Ok(Decided { steps, losses, is_blocked: false, is_impossible: false });
        }
        Task::Intent(planning) => planning.plan(before, ui)?,
        Task::Reviewed(reviewed) => reviewed.check(&known(catalogue), before, catalogue, Timestamp::now())?,
    };
    ui.styled(&plan::render(&plan, before, catalogue))?;
    Ok(decided(plan))
}

fn decided(plan: Plan) -> Decided {
    let is_impossible = plan.obstacles.iter().any(|obstacle| match obstacle.kind {
        ObstacleKind::NoOrganization
        | ObstacleKind::ConsolidatedBilling
        | ObstacleKind::NoPolicyType
        | ObstacleKind::NameTaken
        | ObstacleKind::TargetFull
        | ObstacleKind::OrganizationFull
        | ObstacleKind::StepRefused => true,
        ObstacleKind::OtherPolicyDecides
        | ObstacleKind::OtherPolicyLocks
        | ObstacleKind::OrderUnknown
        | ObstacleKind::SettingDiffers
        | ObstacleKind::HoleRemains
        | ObstacleKind::InvalidEffectivePolicy => false,
    });
    Decided { is_blocked: !plan.obstacles.is_empty(), is_impossible, steps: plan.steps, losses: plan.losses }
}

fn refuse_losses(losses: &[DataLoss]) -> Result<(), Error> {
    let services: Vec<&str> = losses.iter().filter(|loss| !loss.accepted).map(|loss| loss.service.as_str()).collect();
    if services.is_empty() {
        return Ok(());
    }
    let message = format!("opting out of {} loses data for good, and nobody has accepted that", services.join(", "));
    let flag = services.join(",");
    let help = format!(
        "save the data first (`optout impact` says how), then pass --accept-data-loss {flag}, when planning if the plan is a file"
    );
    Err(Error::failed(message, help))
}

/// Writes the undo and begins the journal: both are on the disk before anything changes.
fn prepare(args: &Args, before: &Snapshot, decided: &Decided, ui: &mut Ui) -> Result<Journal, Error> {
    let now = Timestamp::now();
    let stamp = now.strftime("%Y%m%dT%H%M%S%.3fZ");
    let named = |given: &Option<PathBuf>, kind: &str| {
        given.clone().unwrap_or_else(|| PathBuf::from(format!("optout-{stamp}.{kind}")))
    };
    let (undo_path, journal_path) = (named(&args.undo, "undo.json"), named(&args.journal, "journal.jsonl"));
    let undo = Undo::of(&decided.steps, &decided.losses, before, now, env!("CARGO_PKG_VERSION"));
    file::create(&undo_path, write_undo(&undo).as_bytes())?;
    let mut journal = Journal::begin(&journal_path)?;
    let head = Head {
        format: journal::FORMAT,
        started: now,
        tool_version: env!("CARGO_PKG_VERSION"),
        organization: before.organization().map(|it| it.id.to_string()),
        account: before.caller.as_ref().map(|caller| caller.account.to_string()),
        undo: &undo_path.to_string_lossy(),
    };
    journal.add(&head).map_err(|error| Error::write(&journal_path.to_string_lossy(), &error))?;
    ui.note(&format!("`optout apply {}` goes back; {} has each step", undo_path.display(), journal_path.display()));
    Ok(journal)
}

/// What an organization still needs.
fn remaining(args: &Args, task: &Task, catalogue: &Catalogue, snapshot: &Snapshot) -> Result<Remaining, ApplyError> {
    // What cannot be planned any more is not finished, and what is wrong was found out before the first step.
    let unfinished = Remaining { steps: 1, obstacles: Vec::new() };
    let (intent, options, at) = match task {
        Task::Back(undo) => {
            let undone = undo.steps(snapshot, args.disable_type);
            return Ok(undone.map_or(unfinished, |it| Remaining { steps: it.steps.len(), obstacles: Vec::new() }));
        }
        Task::Intent(planning) => (planning.intent.clone(), &planning.options, planning.at),
        Task::Reviewed(reviewed) => {
            let Ok(intent) = Intent::parse(&reviewed.intent, &known(catalogue)) else { return Ok(unfinished) };
            (intent, &reviewed.options, Timestamp::now())
        }
    };
    let Ok(intent) = intent.for_organization(snapshot).resolve(snapshot) else { return Ok(unfinished) };
    let plan = optout_core::plan::plan(&intent, snapshot, catalogue, at, &options.for_another_plan(snapshot))?;
    Ok(Remaining { steps: plan.steps.len(), obstacles: plan.obstacles })
}
