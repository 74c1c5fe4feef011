//! The calls the simulator has seen: how many of each operation, and the last ones in full.

use std::collections::{BTreeMap, VecDeque};

use jiff::Timestamp;
use optout_core::org::AccountId;
use serde::Serialize;

/// How many calls are kept in full; all are counted.
const KEPT: usize = 100_000;

/// One call.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Call {
    /// The operation, as the caller named it.
    pub operation: String,
    /// The calling account; `None` where the request did not say who calls.
    pub caller: Option<AccountId>,
    /// When, in simulated time.
    pub at: Timestamp,
    /// The request id in the answer.
    pub request_id: String,
    /// The HTTP status of the answer; `None` where there was none.
    pub status: Option<u16>,
    /// The error code of the answer, where it was an error.
    pub error: Option<String>,
}

/// All calls.
#[derive(Debug, Default)]
pub(crate) struct CallLog {
    last: VecDeque<Call>,
    counts: BTreeMap<String, u64>,
}

impl CallLog {
    pub(crate) fn add(&mut self, call: Call) {
        let count = self.counts.entry(call.operation.clone()).or_default();
        *count = count.saturating_add(1);
        if self.last.len() >= KEPT {
            self.last.pop_front();
        }
        self.last.push_back(call);
    }

    pub(crate) fn last(&self) -> Vec<Call> {
        self.last.iter().cloned().collect()
    }

    pub(crate) fn counts(&self) -> BTreeMap<String, u64> {
        self.counts.clone()
    }
}
