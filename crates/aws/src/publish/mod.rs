//! Telling others what a run found: Security Hub, EventBridge, SNS, S3, CloudWatch.
//!
//! [`publish`] tries every destination that was asked for, side by side; one that fails hides no other, and says what did
//! not arrive and what to do. What arrived nowhere or not everywhere stands in [`Published::standing`] as not sent, and is
//! announced again by the next run, so that nothing is lost. All forms are made by `optout_core::publish`.
//!
//! ```ignore
//! let publication = Publication::of(&report, before, now);
//! let published = publish(&session, &destinations, &publication, &|line| std::io::stdout().write_all(line.as_bytes())).await;
//! save(published.standing.write());
//! ```

mod batches;
mod destinations;
mod events;
mod evidence;
mod form;
mod notice;
mod published;
mod remedy;
mod security_hub;
mod stood;

use jiff::Timestamp;
use optout_core::publish::{Changes, Event, Publication, Publisher, metrics_line};

pub use destinations::{Bucket, Destinations, Retention, RetentionMode};
pub use published::{Delivery, Destination, Lost, Published};
pub use stood::stood;

use crate::cancel::Cancel;
use crate::progress::Watch;
use crate::read::organization;
use crate::request::{Failure, Requests};
use crate::session::Session;

/// Takes a line of metrics, with its end; on Lambda it writes to standard output.
pub type MetricSink<'a> = &'a (dyn Fn(&str) -> std::io::Result<()> + Sync);

/// Sends a publication to every destination that was asked for.
///
/// Whatever fails is in the answer, never an error of the whole. Each call waits at most as long as the session's
/// patience with writing says; after a failure that would meet every other call too (no permission, no connection), that
/// destination is given up, and all that it was not told is among what it lost.
pub async fn publish(
    session: &Session,
    destinations: &Destinations,
    publication: &Publication,
    sink: MetricSink<'_>,
) -> Published {
    let changes = publication.changes();
    let cancel = Cancel::new();
    let requests = Requests::new(session, Watch::new(&|_| {}), &cancel);
    // Boxed: the futures of the SDK are large, and four of them live side by side.
    let (security_hub, event_bus, topic, bucket) = tokio::join!(
        Box::pin(to_security_hub(&requests, destinations, publication, &changes)),
        Box::pin(events::send(&requests, destinations.event_bus.as_deref(), publication, &changes)),
        Box::pin(notice::send(&requests, destinations.topic.as_deref(), publication, &changes)),
        Box::pin(evidence::keep(&requests, destinations.bucket.as_ref(), publication)),
    );
    let metrics = measure(destinations.metric_namespace.as_deref(), publication, sink);
    Published::of(&changes, security_hub, event_bus, topic, bucket, metrics)
}

/// Sends one event that is no publication to the bus of this name or ARN, and says what came of it.
pub async fn send_event(session: &Session, bus: &str, event: Event, at: Timestamp) -> Delivery {
    let cancel = Cancel::new();
    let requests = Requests::new(session, Watch::new(&|_| {}), &cancel);
    Box::pin(events::send_all(&requests, bus, vec![event], at)).await
}

/// Who imports findings with this session: the calling account, as its own default product in the session's Region.
///
/// # Errors
/// Where AWS did not say who calls.
pub async fn publisher(session: &Session) -> Result<Publisher, Failure> {
    let cancel = Cancel::new();
    caller(&Requests::new(session, Watch::new(&|_| {}), &cancel)).await
}

async fn caller(requests: &Requests<'_>) -> Result<Publisher, Failure> {
    let identity = organization::identity(requests).await?;
    Ok(Publisher::of_default_product(&identity.partition, requests.session().region(), identity.account))
}

async fn to_security_hub(
    requests: &Requests<'_>,
    destinations: &Destinations,
    publication: &Publication,
    changes: &Changes,
) -> Delivery {
    if !destinations.security_hub {
        return Delivery::NotAsked;
    }
    let findings = publication.imported(changes);
    if findings.is_empty() {
        return Delivery::Nothing;
    }
    match caller(requests).await {
        Ok(publisher) => security_hub::import(requests, &findings, &publisher).await,
        Err(failure) => {
            let lost = findings.iter().map(|finding| Lost::of(&finding.id, &failure)).collect();
            Delivery::lost(0, lost, remedy::of(Destination::SecurityHub, &failure))
        }
    }
}

fn measure(namespace: Option<&str>, publication: &Publication, sink: MetricSink<'_>) -> Delivery {
    let Some(namespace) = namespace else { return Delivery::NotAsked };
    match sink(&metrics_line(publication, namespace)) {
        Ok(()) => Delivery::Done { sent: 1 },
        Err(error) => {
            let lost = Lost { subject: "metrics".to_owned(), code: None, message: error.to_string() };
            Delivery::lost(0, vec![lost], "see why standard output cannot be written".to_owned())
        }
    }
}
