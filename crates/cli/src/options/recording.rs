//! Where runs are recorded, and where records are read from.

use std::path::{Path, PathBuf};

use clap::Args;
use jiff::Timestamp;
use optout_core::evidence::{Anchor, Draft, Run};

use crate::error::Error;
use crate::store::{DEFAULT_STORE, Store};
use crate::ui::Ui;

/// Whether this run is recorded.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Evidence")]
pub(crate) struct RecordOptions {
    /// Record this run in a store of evidence, `optout-evidence.db` in this folder unless another file is named
    #[arg(long, value_name = "STORE", num_args = 0..=1, default_missing_value = DEFAULT_STORE)]
    record: Option<PathBuf>,

    /// Do not record this run, whatever the intent says
    #[arg(long, conflicts_with = "record")]
    no_record: bool,
}

impl RecordOptions {
    /// The store to record in, where that is wanted: named here, or the `otherwise` one.
    pub(crate) fn store(&self, otherwise: Option<PathBuf>) -> Option<PathBuf> {
        self.record.clone().or(otherwise).filter(|_| !self.no_record)
    }

    /// Records what `make` makes, where that is wanted: here, or in the `otherwise` store. Tells the new chain head.
    pub(crate) fn record(
        &self,
        command: &'static str,
        source: &str,
        otherwise: Option<PathBuf>,
        make: impl FnOnce(&Run) -> Draft,
        ui: &mut Ui,
    ) -> Result<(), Error> {
        let Some(path) = self.store(otherwise) else { return Ok(()) };
        let run = Run {
            recorded: Timestamp::now(),
            command,
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            source: source.to_owned(),
        };
        let draft = make(&run);
        let sealed = Store::writable(&path)?.record(&draft)?;
        let head = Anchor { number: Some(sealed.number), hash: sealed.hash };
        ui.note(&format!("recorded in `{}`; keep the chain head elsewhere: {head}", path.display()));
        Ok(())
    }
}

/// Which store is read.
#[derive(Debug, Clone, Args)]
#[command(next_help_heading = "Evidence")]
pub(crate) struct StoreOptions {
    /// The store of evidence to read
    #[arg(long, value_name = "STORE", default_value = DEFAULT_STORE, global = true)]
    store: PathBuf,
}

impl StoreOptions {
    /// Where it is.
    pub(crate) fn path(&self) -> &Path {
        &self.store
    }
}
