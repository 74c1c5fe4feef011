//! What a run publishes: findings, what changed since the run before, and the forms in which other systems take it.
//!
//! - A report becomes [`PublishedFinding`]s ([`findings`]); with what stood before ([`Standing`]) and what this run could judge
//!   ([`Judged`]) they become [`Changes`]: what appeared, changed, healed, and what goes on standing.
//! - A [`Publication`] has all that is said at one moment. [`asff`] (Security Hub), [`events`] (EventBridge), [`notice()`] (SNS),
//!   [`metrics_line`] (CloudWatch) and [`Evidence`] (S3) are its forms.
//! - After sending, [`Changes::stand`] says what stands for the next run; what could not be sent is announced again.
//!
//! Nothing here sends anything.

mod changes;
mod event;
mod evidence;
mod finding;
mod forms;
mod judged;
mod metrics;
mod notice;
mod publication;
mod recorded;
mod standing;
#[cfg(test)]
mod tests;

pub use crate::report::{AsffFinding, AsffResource, Publisher};
pub use changes::{Change, ChangeKind, Changes};
pub use event::{
    DETAIL_TYPE_FINDING, DETAIL_TYPE_FULL_READ, DETAIL_TYPE_SUMMARY, Event, SOURCE, events, full_read_event,
};
pub use evidence::Evidence;
pub use finding::{PublishedFinding, Run, Status, Subject};
pub use forms::asff;
pub use judged::Judged;
pub use metrics::{AGE, DIMENSION, NAMESPACE, UNKNOWNS, finding_metric, is_namespace, metrics_line, verdict_metric};
pub use notice::{Notice, notice};
pub use publication::{Cause, Extent, Publication, Summary, Worst, findings};
pub use standing::{InvalidStandingError, Standing};
