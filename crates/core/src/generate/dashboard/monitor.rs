//! The metrics that the monitor publishes about the opt-out and itself, in the embedded metric format.

use serde_json::Value;

use super::widget::search;
use crate::check::AccountVerdict;
use crate::publish::{AGE, DIMENSION, NAMESPACE, UNKNOWNS, verdict_metric};

/// It reads once a day or more often: the newest value of an hour is shown.
const PERIOD: u64 = 3_600;

/// The verdicts, the worst first, as a stack is read.
const VERDICTS: [AccountVerdict; 6] = [
    AccountVerdict::OptedIn,
    AccountVerdict::NotOptedOut,
    AccountVerdict::Unknown,
    AccountVerdict::OptedOutToday,
    AccountVerdict::OptedOut,
    AccountVerdict::Excepted,
];

/// The graphs with their metrics.
pub(super) fn graphs() -> impl Iterator<Item = (&'static str, Vec<Value>)> {
    let metric =
        |(at, name): (usize, &'static str)| search(NAMESPACE, &[DIMENSION.to_owned()], name, "Maximum", PERIOD, at);
    let graphs = [
        ("Accounts by verdict", VERDICTS.map(verdict_metric).to_vec()),
        ("What could not be determined", vec![UNKNOWNS]),
        ("Age of the last full reading (seconds)", vec![AGE]),
    ];
    graphs.into_iter().map(move |(title, names)| (title, names.into_iter().enumerate().map(metric).collect()))
}

/// The period of the graphs, in seconds.
pub(super) const fn period() -> u64 {
    PERIOD
}
