//! Which accounts use which of the affected services: what bills or metrics say, against the verdicts.
//!
//! [`Usage`] is what was read, with what is missing, and has a file form (`optout.usage/1`); [`Exposure`] is usage and
//! verdicts side by side; [`Comparison`] looks at the days before and after an opt-out. By which names AWS bills the services
//! ([`BillingNames`]) and which metrics they publish ([`MetricCatalogue`]) is dated data. Nothing here knows how anything was read.

mod amount;
mod billing;
mod compare;
mod csv;
mod exposure;
mod file;
mod json;
mod markdown;
mod metrics;
mod model;
mod observed;
mod review;
mod since;
mod text;
pub(crate) mod words;

pub use amount::{Amount, InvalidAmountError};
pub use billing::{BillingName, BillingNames, Price, Proof};
pub use compare::{Comparison, Course, Open, Pair, Weeks};
pub use exposure::{AccountExposure, Entry, Exposure, Standing, Stranger, Unplaced};
pub use file::{FORMAT, read, write};
pub use json::FORMAT as EXPOSURE_FORMAT;
pub use metrics::{Metric, MetricCatalogue, Publisher, Silence, Silent, Statistic};
pub use model::{Coverage, Granularity, Missing, Period, Requests, Row, Series, Usage, UsageSource};
pub use observed::{Observed, State};
pub use review::Review;
pub use since::{NoDayError, OptOutDay, by_events, by_records};
