//! `optout history verify`: whether the records are those that were recorded.

use optout_core::evidence::Anchor;
use optout_core::evidence::history::checked::{file, text};

use crate::command::pretty;
use crate::error::Error;
use crate::exit::Exit;
use crate::options::{AnswerOptions, StoreOptions};
use crate::store::Store;
use crate::ui::Ui;

/// Find every change, removal or reordering of what was recorded, relative to a chain head that was kept elsewhere
///
/// Exit code 2 when something is not as it was recorded, with the record and the part in which it is. Without --head the
/// exit code is 3 at best: who can write the file can cut off its end or write all of it anew.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout history verify --head 12:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad
  optout history verify --store evidence.db --format json")]
pub(crate) struct Args {
    /// A chain head as it was printed when recording; several narrow down where something was changed
    #[arg(long = "head", value_name = "HEAD")]
    heads: Vec<Anchor>,

    #[command(flatten)]
    answer: AnswerOptions,
}

pub(super) fn run(args: &Args, store: &StoreOptions, ui: &mut Ui) -> Result<Exit, Error> {
    let checked = Store::to_check(store.path())?.check(&args.heads)?;
    args.answer.hand_out(|| text(&checked), || pretty(&file(&checked)), ui)?;
    Ok(checked.decision().into())
}
