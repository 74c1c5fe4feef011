//! What watches the opt-out and the use of services: the monitor's own state, and a saved review of usage, each with its age.

use jiff::{SignedDuration, Timestamp};

use super::evaluate::Seen;
use crate::check::Assessment;
use crate::org::OrganizationId;
use crate::source::shown;
use crate::usage::{Coverage, Usage};

/// A review of usage is one of a quarter: what is older than the longest one was not followed by the next.
const QUARTER_DAYS: i64 = 92;
/// The longest that the alarm of the monitor's stack may wait for a full reading (`OldestReadHours`).
const LONGEST_HOURS: i64 = 168;

/// What `optout usage --save` wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SavedUsage {
    /// What was read.
    pub usage: Usage,
    /// The file it is from.
    pub origin: String,
}

/// What the monitor's state in S3 says of the monitor.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MonitorState {
    /// The file it is from.
    pub origin: String,
    /// The organization that it watches, where it has read one.
    pub organization: Option<OrganizationId>,
    /// When its last full reading began; `None` where it has finished none.
    pub read: Option<Timestamp>,
    /// When an event last made it read something again.
    pub updated: Option<Timestamp>,
    /// How many findings it raised by itself that stand.
    pub raised: usize,
    /// Whether an invocation ended before it had published what it found.
    pub owes: bool,
}

/// How old something is in hours on the day of the audit; `None` where it is of a time that is still to come.
fn hours(at: Timestamp, today: Timestamp) -> Option<i64> {
    let age = today.duration_since(at);
    (age >= SignedDuration::from_hours(-24)).then(|| age.as_hours().max(0))
}

/// Whether the monitor's last full reading is recent enough.
pub(super) fn monitor(state: Option<&MonitorState>, assessment: &Assessment<'_>) -> Seen {
    let Some(state) = state else {
        return Seen::unknown("no state of a monitor was given: `--monitor FILE` takes the `state.gz` of its bucket");
    };
    let origin = shown(&state.origin);
    let audited = assessment.snapshot.organization().map(|it| &it.id);
    let seen = match (state.read, &state.organization) {
        (None, _) => Seen::fails(format!("by `{origin}` the monitor has finished no full reading yet")),
        (Some(_), id) if id.as_ref() != audited => {
            Seen::unknown(format!("`{origin}` is the state of a monitor of another organization"))
        }
        (Some(read), _) => match hours(read, assessment.at) {
            None => Seen::unknown(format!("the last full reading in `{origin}` is of {read}, later than the audit")),
            Some(age) if age > LONGEST_HOURS => Seen::fails(format!(
                "the monitor's last full reading is of {read}, {age} hours before the audit, more than {LONGEST_HOURS}"
            )),
            Some(age) => {
                Seen::holds(format!("the monitor's last full reading is of {read}, {age} hours before the audit"))
            }
        },
    };
    seen.with(details(state))
}

fn details(state: &MonitorState) -> Vec<String> {
    let updated = state.updated.map(|at| format!("an event last made it read again on {at}"));
    let raised =
        (state.raised > 0).then(|| format!("findings that it raised by itself and that stand: {}", state.raised));
    let owes = state.owes.then(|| "what it found last is yet to be published".to_owned());
    updated.into_iter().chain(raised).chain(owes).collect()
}

/// Whether usage was reviewed within a quarter.
pub(super) fn usage(saved: Option<&SavedUsage>, assessment: &Assessment<'_>) -> Seen {
    let Some(SavedUsage { usage, origin }) = saved else {
        return Seen::unknown("no reading of usage was given: `--usage FILE` takes what `optout usage --save` wrote");
    };
    let (origin, taken) = (shown(origin), usage.taken);
    let seen = match (hours(taken, assessment.at), &usage.whole) {
        (None, _) => Seen::unknown(format!("`{origin}` was read on {taken}, later than the audit")),
        (Some(_), _) if !is_of(usage, assessment) => {
            Seen::unknown(format!("`{origin}` names no account of this organization"))
        }
        (Some(age), _) if age > QUARTER_DAYS * 24 => {
            let days = age / 24;
            Seen::fails(format!(
                "usage was last read on {taken}, {days} days before the audit, more than {QUARTER_DAYS}"
            ))
        }
        (Some(_), None) => Seen::unknown(format!("no usage could be read on {taken}")),
        (Some(_), Some(whole)) if !whole.complete => {
            Seen::unknown(format!("usage was read on {taken}, and not to its end: read it again with more requests"))
        }
        (Some(_), Some(whole)) => {
            let period = whole.period;
            Seen::holds(format!("usage from {} to {} was read on {taken}", period.from, period.to))
        }
    };
    let speaks = format!("it speaks of {}, by {}", usage.coverage.words(), usage.source.as_str());
    let missing = usage.missing.iter().map(|it| format!("missing: {}: {}", shown(&it.what), shown(&it.reason)));
    seen.with(std::iter::once(speaks).chain(missing).collect())
}

/// Whether it is of this organization: of its caller, or else of any account that it names.
fn is_of(usage: &Usage, assessment: &Assessment<'_>) -> bool {
    let named = match &usage.coverage {
        Coverage::Organization => Vec::new(),
        Coverage::Accounts(accounts) => accounts.clone(),
    };
    let all: Vec<_> = usage.caller.into_iter().chain(named).collect();
    assessment.accounts.iter().any(|account| all.contains(&account.id))
}
