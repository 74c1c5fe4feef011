//! Who changed what: events of AWS CloudTrail that touch the opt-out, in order, with what they did to verdicts.
//!
//! Bytes become records ([`Splitter`]), records become [`Event`]s ([`Collector`]), and with a snapshot of the organization
//! each event gets the verdicts before and after it ([`Timeline`]). Attachment times found on the way settle what hangs on
//! the order of attachment ([`settle_order`]). What the events do not tell stays unknown.

mod actor;
mod change;
mod collect;
mod coverage;
mod event;
mod frame;
mod json;
mod order;
mod record;
mod replay;
mod state;
mod text;
mod timeline;
mod types;
mod verdicts;
mod words;

pub use change::{HARMLESS, NAMES};
pub use collect::{Collector, MOST_EVENTS, Seen, Span, Stream, Trail, TrailProblem, Window};
pub use coverage::{Coverage, SETTLING, head};
pub use event::{Actor, Change, Event, IdentityCenter, Origin, Topic, Written};
pub use frame::{Broken, Frame, LARGEST_RECORD, Place, Splitter};
pub use json::{FORMAT, json};
pub use order::{OrderFound, complete_since, settle_order};
pub use text::text;
pub use timeline::{Effect, Entry, Timeline, Trust, Turn, Wanted};
pub use types::{KnownType, Types};
pub use verdicts::{VerdictChange, verdict_changes};
pub use words::{told, who};

use crate::org::Snapshot;

/// Everything that a report of a trail says.
#[derive(Debug)]
pub struct TrailReport<'a> {
    /// The events as they were gathered.
    pub trail: &'a Trail,
    /// The events with what they did.
    pub timeline: &'a Timeline,
    /// The snapshot that verdicts were computed from.
    pub snapshot: Option<&'a Snapshot>,
    /// Where that came from, in words.
    pub organization: Option<&'a str>,
    /// Where the events came from, in words.
    pub source: &'a str,
    /// The time asked for.
    pub window: Window,
    /// The version of the program.
    pub tool_version: &'a str,
}
