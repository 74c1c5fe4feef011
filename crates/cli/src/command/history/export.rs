//! `optout history export`: the chain as lines of JSON, for whoever wants to check it with other tools.

use serde::Serialize;

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

#[derive(Serialize)]
struct Line<'l> {
    #[serde(skip_serializing_if = "Option::is_none")]
    record: Option<i64>,
    sha256: &'l str,
    text: &'l str,
}

pub(super) fn run(args: &Args, store: &StoreOptions, ui: &mut Ui) -> Result<Exit, Error> {
    let mut lines = String::new();
    Store::readable(store.path())?.each(&mut |record, sha256, text| {
        // INVARIANT: two texts and a number are always JSON.
        lines.push_str(&serde_json::to_string(&Line { record, sha256, text }).unwrap_or_default());
        lines.push('\n');
    })?;
    args.output.json(ui, &lines)?;
    Ok(Exit::Holds)
}
