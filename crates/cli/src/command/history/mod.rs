//! `optout history`: what the recorded runs say together.

mod export;
mod verify;

use clap::Subcommand;
use jiff::SignedDuration;
use optout_core::evidence::Rows;
use optout_core::evidence::history::{Asked, history, render};
use optout_core::org::{AccountId, OrganizationId};

use crate::command::pretty;
use crate::error::Error;
use crate::exit::Exit;
use crate::options::{AnswerOptions, Moment, StoreOptions, duration};
use crate::store::Store;
use crate::ui::Ui;

/// Tell from the recorded runs since when the opt-out holds, on whose answer, and when it did not
///
/// Runs are recorded with `--record`. Nothing is said of the time between two of them. With --gaps the exit code is 2
/// when the opt-out did not hold in a record or nobody looked for too long, 3 when a record could not tell.
#[derive(Debug, clap::Args)]
#[command(
    args_conflicts_with_subcommands = true,
    after_help = "Examples:
  optout history
  optout history --account 210000000001 --service lex
  optout history --gaps --longer-than 36h
  optout history verify --head 12:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    command: Option<History>,

    #[command(flatten)]
    asked: AskedOptions,

    #[command(flatten)]
    store: StoreOptions,

    #[command(flatten)]
    answer: AnswerOptions,
}

/// What is asked.
#[derive(Debug, clap::Args)]
struct AskedOptions {
    /// Only records of this organization
    #[arg(long, value_name = "ID")]
    organization_id: Option<OrganizationId>,

    /// This account in place of the whole organization
    #[arg(long, value_name = "ID")]
    account: Option<AccountId>,

    /// This service in place of the verdict over all: its key, or `default`
    #[arg(long, value_name = "KEY")]
    service: Option<String>,

    /// Only what is missing: when it did not hold, and when nobody looked
    #[arg(long)]
    gaps: bool,

    /// After how long without a record it is a gap, like 36h or 7d
    #[arg(long, value_name = "DURATION", value_parser = duration, default_value = "2d")]
    longer_than: SignedDuration,

    /// Look at gaps up to this date in place of now, like 2026-11-24 (UTC)
    #[arg(long, value_name = "DATE")]
    at: Option<Moment>,
}

#[derive(Debug, Subcommand)]
enum History {
    Verify(verify::Args),
    Export(export::Args),
}

pub(crate) fn run(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    match &args.command {
        Some(History::Verify(verify)) => verify::run(verify, &args.store, ui),
        Some(History::Export(export)) => export::run(export, &args.store, ui),
        None => show(args, ui),
    }
}

fn show(args: &Args, ui: &mut Ui) -> Result<Exit, Error> {
    let store = Store::readable(args.store.path())?;
    let records = store.records()?;
    let lookup = |hash: &_| store.part(hash);
    let options = &args.asked;
    let asked = Asked {
        organization: options.organization_id.clone(),
        account: options.account,
        service: options.service.clone(),
        longer_than: options.longer_than,
        now: Moment::or_now(options.at),
    };
    let history = history(&records, &Rows::new(&lookup), &asked).map_err(damaged)?;
    if history.organizations.iter().all(|it| it.periods.iter().all(|it| it.verdict == "absent")) {
        let message = "no record says anything of what was asked for";
        return Err(Error::failed(message, "record runs with `optout verify --record`, or check the ids and keys"));
    }
    args.answer.hand_out(|| render(&history, options.gaps), || pretty(&history), ui)?;
    Ok(if options.gaps { history.decision().into() } else { Exit::Holds })
}

/// What is shown as evidence was checked.
#[expect(clippy::needless_pass_by_value, reason = "a function for `map_err`")]
pub(crate) fn damaged(error: optout_core::evidence::EvidenceError) -> Error {
    Error::failed(error.to_string(), "`optout history verify --head HEAD` says what was changed, and where")
}
