//! The wait until a change has arrived: the organization read again, nothing left to do, AWS's own answers as predicted.
//!
//! Only content is compared, never a timestamp. The whole organization is read as rarely as possible; while only answers
//! are behind, only those accounts are asked again.

use std::collections::BTreeMap;

use std::time::Duration;

use optout_core::org::{EvidenceMode, Snapshot};
use optout_core::plan::{Difference, Obstacle, differences};
use tokio::time::Instant;

use super::{ApplyError, Record, event};
use crate::cancel::Cancel;
use crate::effective;
use crate::progress::{OnProgress, Watch};
use crate::read::{ReadOptions, Selection, read};
use crate::request::Requests;
use crate::session::Session;
use optout_core::plan::journal::Event;

/// How long changes may take to show, of AWS's clock, counted from the first reading after them. Observed: mostly a few
/// seconds, half a minute at the longest.
const LONGEST: Duration = Duration::from_secs(30);
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// What to wait for.
pub struct Settling<'a> {
    /// How to read; tags must be among it.
    pub read: &'a ReadOptions,
    /// The services to compare, without `default`.
    pub services: &'a [&'a str],
    /// What a plan made again would say.
    pub remaining: &'a (dyn Fn(&Snapshot) -> Result<Remaining, ApplyError> + Sync),
}

/// What is left to do.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Remaining {
    /// How many steps are still needed.
    pub steps: usize,
    /// What is in the way whatever is done; not worth waiting for.
    pub obstacles: Vec<Obstacle>,
}

impl std::fmt::Debug for Settling<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Settling").field("read", &self.read).finish_non_exhaustive()
    }
}

/// The organization after the wait.
#[derive(Debug, Clone, PartialEq)]
pub struct Settled {
    /// The organization, AWS's answers included.
    pub snapshot: Snapshot,
    /// What is left to do.
    pub remaining: Remaining,
    /// Where AWS still answers something else.
    pub differences: Vec<Difference>,
}

impl Settled {
    /// Whether nothing is left to do, nothing is in the way, and every answer of AWS is as predicted.
    #[must_use]
    pub fn is_confirmed(&self) -> bool {
        self.has_arrived() && self.remaining.obstacles.is_empty()
    }

    fn has_arrived(&self) -> bool {
        self.remaining.steps == 0 && self.differences.is_empty()
    }
}

/// Reads the organization until everything has arrived, at most about half a minute after the first reading.
///
/// # Errors
/// Where it cannot be read, or what happens cannot be recorded.
pub async fn settle(
    session: &Session,
    settling: &Settling<'_>,
    record: Record<'_>,
    progress: OnProgress<'_>,
    cancel: &Cancel,
) -> Result<Settled, ApplyError> {
    let scale = session.time_scale();
    let mut settled = whole(session, settling, progress, cancel).await?;
    let (end, mut pause) = (Instant::now() + LONGEST.div_f64(scale), FIRST_PAUSE.div_f64(scale));
    while !settled.has_arrived() && !cancel.is_cancelled() && Instant::now() < end {
        let (steps, differences) = (settled.remaining.steps, settled.differences.len());
        event::tell(record, &Event::Waiting { steps, differences })?;
        tokio::select! {
            () = cancel.cancelled() => break,
            () = tokio::time::sleep(pause) => {}
        }
        pause = (pause * 2).min(LONGEST_PAUSE.div_f64(scale));
        settled = match steps {
            0 => ask_again(session, settling, settled, progress, cancel).await,
            _ => whole(session, settling, progress, cancel).await?,
        };
    }
    event::tell(record, &Event::Settled { confirmed: settled.is_confirmed() })?;
    Ok(settled)
}

async fn whole(
    session: &Session,
    settling: &Settling<'_>,
    progress: OnProgress<'_>,
    cancel: &Cancel,
) -> Result<Settled, ApplyError> {
    let snapshot = Box::pin(read(session, settling.read, progress, cancel)).await?;
    let remaining = (settling.remaining)(&snapshot)?;
    let differences = differences(&snapshot, settling.services);
    Ok(Settled { snapshot, remaining, differences })
}

/// Asks the accounts again whose answers are behind.
async fn ask_again(
    session: &Session,
    settling: &Settling<'_>,
    mut settled: Settled,
    progress: OnProgress<'_>,
    cancel: &Cancel,
) -> Settled {
    let requests = Requests::new(session, Watch::new(progress), cancel);
    let accounts = settled.differences.iter().map(|it| it.account).collect();
    let only = Selection { accounts, ..Selection::default() };
    let options = ReadOptions { evidence: EvidenceMode::All, only, ..settling.read.clone() };
    let own = settled.snapshot.caller.as_ref().map(|caller| caller.account);
    let answers = Box::pin(effective::ask(&requests, &settled.snapshot, own, &options, &BTreeMap::new())).await;
    settled.snapshot.answers.extend(answers.answers);
    settled.differences = differences(&settled.snapshot, settling.services);
    settled
}
