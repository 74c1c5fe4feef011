//! The metrics that the monitor publishes about the opt-out and itself, in the embedded metric format.

use serde_json::Value;

use super::widget::search;

/// The monitor's namespace.
const NAMESPACE: &str = "OptOut";
/// The one dimension of its metrics.
const DIMENSION: &str = "OrganizationId";
/// It reads once a day or more often: the newest value of an hour is shown.
const PERIOD: u64 = 3_600;

/// A graph: title and names.
const GRAPHS: [(&str, &[&str]); 3] = [
    (
        "Accounts by verdict",
        &[
            "AccountsOptedIn",
            "AccountsNotOptedOut",
            "AccountsUnknown",
            "AccountsOptedOutToday",
            "AccountsOptedOut",
            "AccountsExcepted",
        ],
    ),
    ("What could not be determined", &["Unknowns"]),
    ("Age of the last full reading (seconds)", &["LastFullReadAge"]),
];

/// The graphs with their metrics.
pub(super) fn graphs() -> impl Iterator<Item = (&'static str, Vec<Value>)> {
    let metric = |(at, name): (usize, &&str)| search(NAMESPACE, &[DIMENSION.to_owned()], name, "Maximum", PERIOD, at);
    GRAPHS.iter().map(move |(title, names)| (*title, names.iter().enumerate().map(metric).collect()))
}

/// The period of the graphs, in seconds.
pub(super) const fn period() -> u64 {
    PERIOD
}
