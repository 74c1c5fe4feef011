//! Reading CloudTrail's event history of AWS Organizations by LookupEvents: the newest events first, a slice of time at a
//! time, two requests a second.
//!
//! The history of an account holds its own management events of one Region and 90 days. What was read stays when the
//! reading is stopped or fails, and the time that is missing is told, so that another reading can go on from there.

mod delivery;
mod slices;

use jiff::{SignedDuration, Timestamp};
use optout_core::trail::{Coverage, NAMES};

pub use delivery::{Delivery, Reach, delivery};

use aws_sdk_cloudtrail::primitives::DateTime;
use aws_sdk_cloudtrail::types::{Event, LookupAttribute, LookupAttributeKey};

use crate::cancel::Cancel;
use crate::pace::Operation;
use crate::progress::{OnProgress, Watch};
use crate::read::organization;
use crate::request::{Failure, Purpose, Requests};
use crate::session::Session;
use slices::slices;

/// How far back the event history goes.
///
/// Source: botocore 1.44.5, cloudtrail model, `LookupEvents`, read 2026-11-24.
pub const HISTORY: SignedDuration = SignedDuration::from_hours(90 * 24);

/// The service whose events are asked for. Asking by the name of each event would be more requests in most organizations,
/// and would bring those of other services that have operations of the same names.
const SOURCE: &str = "organizations.amazonaws.com";

/// The largest page that AWS gives.
const PAGE: i32 = 50;

/// The time to ask for; both ends are included.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LookupOptions {
    /// From when on; the whole history where not given, or earlier than that.
    pub since: Option<Timestamp>,
    /// Until when; now where not given.
    pub until: Option<Timestamp>,
    /// The present time.
    pub now: Timestamp,
}

/// What was read of an event history.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LookedUp {
    /// The records of events that may touch the opt-out, as CloudTrail has them, the newest first.
    pub records: Vec<String>,
    /// How many events of AWS Organizations there were.
    pub events: usize,
    /// What was read to the end; `None` where not even the newest slice was.
    pub coverage: Option<Coverage>,
    /// The time that is missing, with the reason.
    pub missing: Option<Missing>,
}

/// A time of which not every event was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Missing {
    /// From when on.
    pub from: Timestamp,
    /// Until when.
    pub until: Timestamp,
    /// Why.
    pub failure: Failure,
}

/// Reads the event history of the session's account, newest events first.
///
/// `progress` is told of every call. Once `cancel` is given, what was read so far is returned.
pub async fn look_up(session: &Session, options: LookupOptions, progress: OnProgress<'_>, cancel: &Cancel) -> LookedUp {
    let requests = Requests::new(session, Watch::new(progress), cancel);
    let account = organization::identity(&requests).await.ok().map(|identity| identity.account);
    let (from, until) = window(options);
    let slices = slices(from, until);
    requests.expect(Operation::LookupEvents, slices.len());
    let mut found = LookedUp { records: Vec::new(), events: 0, coverage: None, missing: None };
    for (start, end) in slices {
        let listing = slice(&requests, start, end).await;
        found.events += listing.items.len();
        found.records.extend(listing.items.into_iter().flatten());
        if let Some(failure) = listing.failure {
            found.missing = Some(Missing { from, until: end, failure });
            break;
        }
        let region = session.home().to_owned();
        found.coverage = Some(Coverage { account, region, from: start, until, asked: options.now });
    }
    found
}

/// The time that is asked for, in whole seconds. AWS has no older events than [`HISTORY`], so none is asked for.
fn window(options: LookupOptions) -> (Timestamp, Timestamp) {
    let whole = |time: Timestamp| Timestamp::from_second(time.as_second()).unwrap_or(time);
    let until = options.until.map_or(options.now, |until| until.min(options.now));
    let oldest = options.now.saturating_sub(HISTORY).unwrap_or(Timestamp::MIN);
    let from = options.since.map_or(oldest, |since| since.max(oldest));
    (whole(from), whole(until))
}

/// Every page of a slice: the record of each event that is looked at, nothing for the others.
async fn slice(requests: &Requests<'_>, start: Timestamp, end: Timestamp) -> crate::request::Listing<Option<String>> {
    let client = requests.session().cloudtrail();
    let attribute = LookupAttribute::builder()
        .attribute_key(LookupAttributeKey::EventSource)
        .attribute_value(SOURCE)
        .build()
        // INVARIANT: both members that AWS requires are set above.
        .ok();
    let send = |token: Option<String>| {
        client
            .lookup_events()
            .set_lookup_attributes(attribute.clone().map(|attribute| vec![attribute]))
            .start_time(DateTime::from_secs(start.as_second()))
            .end_time(DateTime::from_secs(end.as_second()))
            .max_results(PAGE)
            .set_next_token(token)
            .send()
    };
    requests
        .pages(Operation::LookupEvents, Purpose::Main, send, |page| {
            let items = page.events.unwrap_or_default().into_iter().map(record).collect();
            (items, page.next_token)
        })
        .await
}

/// The record of an event that is looked at. One without a record is told as it is, so that it becomes a problem.
fn record(event: Event) -> Option<String> {
    let looked_at = event.event_name.as_deref().is_none_or(|name| NAMES.contains(&name));
    let Event { cloud_trail_event, event_id, .. } = event;
    let without = || format!("event {} without a record", event_id.unwrap_or_default());
    looked_at.then(|| cloud_trail_event.unwrap_or_else(without))
}
