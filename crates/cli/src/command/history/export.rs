//! `optout history export`: the chain as lines of JSON, for whoever wants to check it with other tools.

use crate::error::Error;
use crate::exit::Exit;
use crate::options::{OutputOptions, StoreOptions};
use crate::store::Store;
use crate::ui::Ui;

/// Hand out every part and record as lines of JSON, to be checked with `sha256sum` and `jq` alone
///
/// Parts come first, then the records in order. The SHA-256 of each `text` is its `sha256`; each record's text names the
/// `sha256` of the record before it.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  optout history export --output chain.jsonl
  optout history export --store evidence.db | jq -r 'select(.record) | .sha256'")]
pub(crate) struct Args {
    #[command(flatten)]
    output: OutputOptions,
}

pub(super) fn run(args: &Args, store: &StoreOptions, ui: &mut Ui) -> Result<Exit, Error> {
    let lines = Store::readable(store.path())?.lines()?;
    args.output.json(ui, &lines)?;
    Ok(Exit::Holds)
}
