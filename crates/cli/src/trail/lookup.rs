//! CloudTrail's event history, read live, with a way to stop.

use std::path::Path;

use jiff::Timestamp;
use optout_aws::cancel::Cancel;
use optout_aws::session::Session;
use optout_aws::trail::{LookedUp, LookupOptions, Missing, look_up};
use optout_core::trail::{Collector, Window, head};

use crate::error::Error;
use crate::file;
use crate::ui::Ui;

/// What the event history is called among the sources.
const NAME: &str = "LookupEvents";

/// What was read of the event history.
#[derive(Debug)]
pub(crate) struct Lookup {
    found: LookedUp,
}

impl Lookup {
    /// Reads it. The first Ctrl-C ends the reading with what there is; a second one ends the program.
    pub(crate) async fn read(session: &Session, window: Window, now: Timestamp, ui: &Ui) -> Result<Self, Error> {
        let (progress, cancel) = (ui.progress(), Cancel::new());
        let tell = |state: &_| progress.tell(state);
        let options = LookupOptions { since: window.since, until: window.until, now };
        let mut reading = std::pin::pin!(look_up(session, options, &tell, &cancel));
        tokio::select! {
            found = &mut reading => return Self::of(found),
            _ = tokio::signal::ctrl_c() => cancel.cancel(),
        }
        tokio::select! {
            found = &mut reading => Self::of(found),
            _ = tokio::signal::ctrl_c() => Err(Error::failed("stopped", "nothing was written")),
        }
    }

    /// Where nothing at all could be read, that is why.
    fn of(found: LookedUp) -> Result<Self, Error> {
        match &found.missing {
            Some(missing) if found.coverage.is_none() && found.events == 0 => Err(Error::failed(
                format!("CloudTrail's event history cannot be read: {}", missing.failure),
                "it needs the permission cloudtrail:LookupEvents in the management account; `--from` reads exported files",
            )),
            Some(_) | None => Ok(Self { found }),
        }
    }

    /// Tells what was not read, and how to go on from there.
    pub(crate) fn tell_of_missing(&self, ui: &mut Ui) {
        let Some(Missing { from, until, failure }) = &self.found.missing else { return };
        ui.warn(&format!(
            "not every event from {from} to {until} was read: {failure}\n  help: keep these with --save FILE, read the rest \
             with --until {until} --save OTHER, and give both with --from"
        ));
    }

    /// Whether some time is missing.
    pub(crate) const fn is_partial(&self) -> bool {
        self.found.missing.is_some()
    }

    /// Hands the records over.
    pub(crate) fn collect_into(&self, collector: &mut Collector) {
        if let Some(coverage) = &self.found.coverage {
            collector.cover(coverage.clone());
        }
        let mut stream = collector.stream(NAME);
        for record in &self.found.records {
            stream.feed(record.as_bytes());
            stream.feed(b"\n");
        }
        stream.finish();
    }
}

/// Saves the records, one a line, with whose they are and from when until when at the top.
pub(crate) fn save(lookup: &Lookup, path: &Path) -> Result<(), Error> {
    let mut text = lookup.found.coverage.as_ref().map(head).unwrap_or_default();
    for record in &lookup.found.records {
        // Line feeds can only be white space: in a text of JSON they are escaped.
        text.push_str(&record.replace(['\n', '\r'], " "));
        text.push('\n');
    }
    file::write(path, text.as_bytes())
}
