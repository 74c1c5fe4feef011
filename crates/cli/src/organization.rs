//! Gets an organization: from a file, or from AWS with a way to stop.

use optout_aws::cancel::Cancel;
use optout_aws::read::{OrderCouldMatter, ReadOptions, read};
use optout_aws::session::{Recorder, Session, SessionOptions};
use optout_core::org::{self, Policy, Snapshot};
use optout_core::policy::{Dialect, Document, could_depend_on_order};
use tokio::runtime::{Builder, Runtime};

use crate::error::Error;
use crate::file;
use crate::options::OrganizationOptions;
use crate::ui::Ui;

/// An organization and where it came from.
#[derive(Debug)]
pub(crate) struct Organization {
    pub(crate) snapshot: Snapshot,
    /// The source in words.
    pub(crate) origin: String,
}

impl Organization {
    /// The saved one, or AWS's as `read` says.
    pub(crate) fn get(options: &OrganizationOptions, read: ReadOptions, ui: &mut Ui) -> Result<Self, Error> {
        Self::get_recorded(options, read, None, ui)
    }

    /// The same; `recorder` keeps what AWS answers.
    pub(crate) fn get_recorded(
        options: &OrganizationOptions,
        read: ReadOptions,
        recorder: Option<&Recorder>,
        ui: &mut Ui,
    ) -> Result<Self, Error> {
        match &options.organization {
            Some(path) => Self::saved(path),
            None => {
                let session = SessionOptions { recorder: recorder.cloned(), ..options.aws.session() };
                let snapshot = runtime()?.block_on(live(&session, read, ui))?;
                Ok(Self { snapshot, origin: options.aws.origin() })
            }
        }
    }

    /// The one in a file.
    pub(crate) fn saved(path: &str) -> Result<Self, Error> {
        let snapshot = org::read(&file::source(path, file::LARGEST_SNAPSHOT)?)?;
        Ok(Self { snapshot, origin: file::name(path).to_owned() })
    }
}

/// The runtime; made only by commands that need the network, so that the others start at once.
pub(crate) fn runtime() -> Result<Runtime, Error> {
    let runtime = Builder::new_multi_thread().worker_threads(2).enable_all().build();
    runtime.map_err(|error| Error::failed(format!("cannot start: {error}"), ""))
}

/// Reads AWS. The first Ctrl-C ends the reading with what there is; a second one ends the program.
pub(crate) async fn live(options: &SessionOptions, mut what: ReadOptions, ui: &mut Ui) -> Result<Snapshot, Error> {
    what.order_could_matter = judged_order();
    let session = Session::open(options).await?;
    let snapshot = stoppable(&session, &what, ui).await?;
    let calls = session.calls();
    ui.detail(&format!("{} calls", calls.total()));
    calls.iter().for_each(|(operation, count)| ui.detail(&format!("{count:>7} {operation}")));
    Ok(snapshot)
}

/// As [`live`], with a session that is open already.
pub(crate) async fn stoppable(session: &Session, what: &ReadOptions, ui: &Ui) -> Result<Snapshot, Error> {
    let (progress, cancel) = (ui.progress(), Cancel::new());
    let tell = |state: &_| progress.tell(state);
    let mut reading = std::pin::pin!(read(session, what, &tell, &cancel));
    tokio::select! {
        snapshot = &mut reading => return Ok(snapshot?),
        _ = tokio::signal::ctrl_c() => cancel.cancel(),
    }
    tokio::select! {
        snapshot = &mut reading => Ok(snapshot?),
        _ = tokio::signal::ctrl_c() => Err(Error::failed("stopped", "nothing was written")),
    }
}

/// The engine's judgement on the order of attachment.
pub(crate) fn judged_order() -> OrderCouldMatter {
    OrderCouldMatter::new(order_could_matter)
}

/// A document that cannot be read could mean anything, so its order could matter.
fn order_could_matter(policies: &[&Policy]) -> bool {
    let parse = |policy: &&Policy| Document::parse(Dialect::Plain, policy.content.as_deref()?).ok();
    let documents: Option<Vec<Document>> = policies.iter().map(parse).collect();
    documents.is_none_or(|documents| could_depend_on_order(&documents.iter().collect::<Vec<_>>()))
}
