//! Events to EventBridge: ten a call. An event that is refused costs no other one.

use std::time::Duration;

use aws_sdk_eventbridge::Client;
use aws_sdk_eventbridge::config::Builder;
use aws_sdk_eventbridge::config::retry::RetryConfig;
use aws_sdk_eventbridge::primitives::DateTime;
use aws_sdk_eventbridge::types::PutEventsRequestEntry;
use jiff::Timestamp;
use optout_core::publish::{Changes, Event, Publication, SOURCE, events};

use super::batches::batches;
use super::{Delivery, Destination, Lost, remedy};
use crate::pace::Operation;
use crate::request::{Failure, FailureKind, Requests};

/// Entries of one call, and their bytes together: botocore 1.44.5, events model (at most 10; less than 1 MB), read
/// 2026-11-24. Older descriptions say 256 KB, which ours are always below.
const BATCH: usize = 10;
const BYTES: usize = 256_000;
/// How often an entry that failed alone is sent again, and the pause before the first time.
const ROUNDS: u32 = 4;
const PAUSE: Duration = Duration::from_millis(200);
/// Codes of entries that may pass: <https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEventsResultEntry.html>,
/// read 2026-11-24.
const MAY_PASS: &[&str] = &["InternalFailure", "InternalException", "ThrottlingException"];

/// Sends the events of a publication.
pub(super) async fn send(
    requests: &Requests<'_>,
    bus: Option<&str>,
    publication: &Publication,
    changes: &Changes,
) -> Delivery {
    let Some(bus) = bus else { return Delivery::NotAsked };
    send_all(requests, bus, events(publication, changes), publication.at).await
}

/// Sends these events.
pub(super) async fn send_all(requests: &Requests<'_>, bus: &str, events: Vec<Event>, at: Timestamp) -> Delivery {
    if events.is_empty() {
        return Delivery::Nothing;
    }
    let config = Builder::from(requests.session().config()).retry_config(RetryConfig::disabled()).build();
    let at = DateTime::from_secs(at.as_second());
    let mut sender =
        Sender { requests, client: Client::from_conf(config), bus, at, sent: 0, lost: Vec::new(), failure: None };
    for batch in batches(events, BATCH, BYTES, size) {
        sender.batch(batch).await;
    }
    sender.delivery()
}

/// The size that counts: <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-putevent-size.html>, read 2026-11-24.
fn size(event: &Event) -> usize {
    const TIME: usize = 14;
    let resources: usize = event.resources.iter().map(String::len).sum();
    TIME + SOURCE.len() + event.detail_type.len() + event.detail.len() + resources
}

fn subject(event: &Event) -> &str {
    event.finding.as_deref().unwrap_or(event.detail_type)
}

struct Sender<'a> {
    requests: &'a Requests<'a>,
    client: Client,
    bus: &'a str,
    at: DateTime,
    sent: usize,
    lost: Vec<Lost>,
    failure: Option<Failure>,
}

impl Sender<'_> {
    /// Sends a batch, and those of its entries again that failed in a way that may pass.
    async fn batch(&mut self, mut batch: Vec<Event>) {
        for round in 0..=ROUNDS {
            if let Some(failure) = self.failure.clone().filter(is_hopeless) {
                return self.lose(&batch, &failure);
            }
            match self.put(&batch).await {
                Ok(results) => batch = self.note(batch, results, round == ROUNDS),
                Err(failure) => {
                    self.lose(&batch, &failure);
                    self.failure = Some(failure);
                    return;
                }
            }
            if batch.is_empty() {
                return;
            }
            let pause = PAUSE.saturating_mul(1 << round).div_f64(self.requests.session().time_scale());
            tokio::time::sleep(pause).await;
        }
    }

    async fn put(&self, batch: &[Event]) -> Result<Vec<Option<Lost>>, Failure> {
        let entries: Vec<_> = batch.iter().map(|event| self.entry(event)).collect();
        let send = || self.client.put_events().set_entries(Some(entries.clone())).send();
        let answer = self.requests.write(Operation::PutEvents, send).await?;
        let mut results = answer.entries.unwrap_or_default().into_iter();
        // The answer has as many entries as the request, in the same order; one that is missing did not arrive.
        let result = |event: &Event| match results.next() {
            Some(entry) if entry.error_code.is_none() && entry.event_id.is_some() => None,
            Some(entry) => Some(lost(event, entry.error_code, entry.error_message)),
            None => Some(lost(event, None, None)),
        };
        Ok(batch.iter().map(result).collect())
    }

    fn entry(&self, event: &Event) -> PutEventsRequestEntry {
        PutEventsRequestEntry::builder()
            .event_bus_name(self.bus)
            .source(SOURCE)
            .detail_type(event.detail_type)
            .detail(&event.detail)
            .set_resources(Some(event.resources.clone()))
            .time(self.at)
            .build()
    }

    /// Counts what arrived, keeps what is lost for good, and gives back what is to be sent again.
    fn note(&mut self, batch: Vec<Event>, results: Vec<Option<Lost>>, last: bool) -> Vec<Event> {
        let mut again = Vec::new();
        for (event, result) in batch.into_iter().zip(results) {
            match result {
                None => self.sent += 1,
                Some(lost) if last || !may_pass(&lost) => self.lost.push(lost),
                Some(_) => again.push(event),
            }
        }
        again
    }

    fn lose(&mut self, batch: &[Event], failure: &Failure) {
        self.lost.extend(batch.iter().map(|event| Lost::of(subject(event), failure)));
    }

    fn delivery(self) -> Delivery {
        let first = self.lost.first().and_then(|lost| lost.code.as_deref());
        let remedy = match &self.failure {
            Some(failure) => remedy::of(Destination::EventBus, failure),
            None => remedy::answered(Destination::EventBus, first),
        };
        Delivery::lost(self.sent, self.lost, remedy)
    }
}

fn lost(event: &Event, code: Option<String>, message: Option<String>) -> Lost {
    let message = message.unwrap_or_else(|| "EventBridge did not say what came of it".to_owned());
    Lost { subject: subject(event).to_owned(), code, message }
}

fn may_pass(lost: &Lost) -> bool {
    lost.code.as_deref().is_none_or(|code| MAY_PASS.contains(&code))
}

/// Whether a failure will meet every other call too.
fn is_hopeless(failure: &Failure) -> bool {
    match failure.kind {
        FailureKind::Answered => failure.code.as_deref() == Some("ResourceNotFoundException"),
        FailureKind::Denied
        | FailureKind::Refused
        | FailureKind::NotImplemented
        | FailureKind::Throttled
        | FailureKind::Unreachable
        | FailureKind::Failed
        | FailureKind::Malformed
        | FailureKind::Stopped => true,
    }
}
