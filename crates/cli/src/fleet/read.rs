//! Organizations read side by side, not more at once than was asked for.

use std::sync::Arc;

use optout_aws::cancel::Cancel;
use optout_aws::read::{ReadOptions, read};
use optout_aws::session::{Session, SessionOptions};
use optout_core::evidence::Exchange;
use optout_core::fleet::Trouble;
use optout_core::org::Snapshot;
use tokio::task::{JoinSet, LocalSet};

use super::trouble;
use crate::error::Error;
use crate::organization::{Organization, judged_order, runtime};
use crate::ui::{SideBySide, Ui};

/// How one organization is read.
#[derive(Debug)]
pub(crate) enum Job {
    /// From the file at this path.
    Saved(String),
    /// From AWS.
    Live {
        /// How AWS is reached.
        session: Box<SessionOptions>,
        /// The same in words.
        origin: String,
    },
}

impl Job {
    /// Where it is read from, in words.
    pub(crate) fn origin(&self) -> &str {
        match self {
            Self::Saved(path) => path,
            Self::Live { origin, .. } => origin,
        }
    }
}

/// What was read of one organization.
#[derive(Debug)]
pub(crate) struct Read {
    pub(crate) organization: Organization,
    /// What AWS answered, where that was to be kept.
    pub(crate) exchanges: Vec<Exchange>,
}

/// Reads everything, `at_once` at a time, and hands out what came of each as it comes, with its place among the jobs.
///
/// The first Ctrl-C ends what is being read with what there is, and begins nothing more; a second one ends the program.
pub(crate) fn read_all(
    jobs: Vec<Job>,
    at_once: usize,
    what: ReadOptions,
    ui: &mut Ui,
    mut done: impl FnMut(usize, Result<Read, Trouble>, &mut Ui),
) -> Result<(), Error> {
    let what = Arc::new(ReadOptions { order_could_matter: judged_order(), ..what });
    let (all, progress, cancel) = (jobs.len(), Arc::new(ui.side_by_side(jobs.len())), Cancel::new());
    let mut left: Vec<bool> = vec![true; all];
    let mut finished = 0;
    // What reads is not `Send`; it waits for AWS nearly all of the time, so that one thread is enough.
    LocalSet::new().block_on(&runtime()?, async {
        let mut waiting = jobs.into_iter().enumerate();
        let mut running = JoinSet::new();
        let mut signal = Box::pin(tokio::signal::ctrl_c());
        loop {
            while running.len() < at_once && !cancel.is_cancelled() {
                let Some((at, job)) = waiting.next() else { break };
                let (what, progress, cancel) = (what.clone(), progress.clone(), cancel.clone());
                running.spawn_local(async move { (at, one(at, job, &what, &progress, &cancel).await) });
            }
            tokio::select! {
                joined = running.join_next() => match joined {
                    None => break,
                    Some(Ok((at, came))) => {
                        progress.finished(at);
                        finished += usize::from(!cancel.is_cancelled());
                        left.get_mut(at).into_iter().for_each(|left| *left = false);
                        done(at, came, ui);
                    }
                    Some(Err(_)) => {}
                },
                _ = &mut signal => {
                    if cancel.is_cancelled() {
                        return Err(Error::failed("stopped", "nothing more was written"));
                    }
                    cancel.cancel();
                    signal.set(tokio::signal::ctrl_c());
                }
            }
        }
        Ok(())
    })?;
    if cancel.is_cancelled() {
        ui.warn(&format!("stopped: {finished} of {all} organizations were read to the end"));
    }
    for (at, _) in left.iter().enumerate().filter(|(_, left)| **left) {
        done(at, Err(not_read(cancel.is_cancelled())), ui);
    }
    Ok(())
}

/// Why nothing came of an organization.
fn not_read(stopped: bool) -> Trouble {
    let why = if stopped { "it was not read: the program was stopped before" } else { "its reading broke off" };
    Trouble { message: why.to_owned(), help: "run again".to_owned() }
}

async fn one(at: usize, job: Job, what: &ReadOptions, progress: &SideBySide, cancel: &Cancel) -> Result<Read, Trouble> {
    let came = match job {
        Job::Saved(path) => saved(path).await,
        Job::Live { session, origin } => {
            tokio::select! {
                biased;
                came = live(at, &session, origin, what, progress, cancel) => came,
                () = stopped_before(cancel) => Err(Error::failed("it was not read: the program was stopped", "run again")),
            }
        }
    };
    came.map_err(|error| trouble(&error))
}

/// Some time after the sign to stop: a reading ends with what it has then; what waits for credentials has nothing.
async fn stopped_before(cancel: &Cancel) {
    cancel.cancelled().await;
    tokio::time::sleep(std::time::Duration::from_secs(5)).await;
}

async fn saved(path: String) -> Result<Read, Error> {
    let read = tokio::task::spawn_blocking(move || Organization::saved(&path)).await;
    let organization = read.map_err(|_| Error::failed("its reading broke off", ""))??;
    Ok(Read { organization, exchanges: Vec::new() })
}

async fn live(
    at: usize,
    options: &SessionOptions,
    origin: String,
    what: &ReadOptions,
    progress: &SideBySide,
    cancel: &Cancel,
) -> Result<Read, Error> {
    let session = Session::open(options).await?;
    let tell = |state: &_| progress.tell(at, state);
    let snapshot = read(&session, what, &tell, cancel).await?;
    if cancel.is_cancelled() && is_empty(&snapshot) {
        return Err(Error::failed("nothing of it was read before the program was stopped", "run again"));
    }
    let exchanges = options.recorder.as_ref().map(optout_aws::session::Recorder::exchanges).unwrap_or_default();
    Ok(Read { organization: Organization { snapshot, origin }, exchanges })
}

const fn is_empty(snapshot: &Snapshot) -> bool {
    snapshot.membership.is_none() && snapshot.accounts.is_none()
}
