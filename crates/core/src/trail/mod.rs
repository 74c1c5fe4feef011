//! Who changed what: events of AWS CloudTrail that touch the opt-out, in order, with what they did to verdicts.
//!
//! Bytes become records ([`Splitter`]), records become [`Event`]s ([`Collector`]), and with a snapshot of the organization
//! each event gets the verdicts before and after it. Attachment times found on the way settle what hangs on the order of
//! attachment. What the events do not tell stays unknown.

mod actor;
mod change;
mod collect;
mod coverage;
mod event;
mod frame;
mod record;

pub use change::NAMES;
pub use collect::{Collector, MOST_EVENTS, Seen, Span, Stream, Trail, TrailProblem, Window};
pub use coverage::{Coverage, SETTLING, head};
pub use event::{Actor, Change, Event, IdentityCenter, Origin, Topic, Written};
pub use frame::{Broken, Frame, LARGEST_RECORD, Place, Splitter};
