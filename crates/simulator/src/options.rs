//! What can be switched on a simulator: all of it is off or as AWS has it by default.

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;

use crate::buckets::Rate;
use crate::faults::Fault;
use crate::page::Pages;
use crate::propagation::Propagation;
use crate::state::Change;

/// The switches of a simulator.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0: any free one.
    pub port: u16,
    /// The date the simulator starts at.
    pub starts: Timestamp,
    /// How many simulated seconds pass in one second of the runtime's clock; 1 unless it is a positive number.
    pub time_scale: f64,
    /// How long every call takes, in simulated time.
    pub latency: Duration,
    /// Whether the documented rate limits hold.
    pub throttling: Throttling,
    /// How lists are cut into pages.
    pub pages: Pages,
    /// How long changes take to show in effective policies.
    pub propagation: Propagation,
    /// How long a policy type stays `PENDING_ENABLE` after it was switched on, in simulated time; nothing can be attached
    /// meanwhile. AWS documents the status and calls the operation asynchronous, but was only seen to be done at once.
    pub enabling: Duration,
    /// Which fields accounts and units have.
    pub fields: Fields,
    /// What a role asks of whoever assumes it, by role ARN. A role that is absent trusts everybody.
    pub trusts: BTreeMap<String, Trust>,
    /// What somebody else did to the organization of the snapshot before the start: for example accounts whose
    /// effective policy became invalid.
    pub changes: Vec<Change>,
    /// What goes wrong from the start.
    pub faults: Vec<Fault>,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            port: 0,
            starts: Timestamp::now(),
            time_scale: 1.0,
            latency: Duration::ZERO,
            throttling: Throttling::Off,
            pages: Pages::default(),
            propagation: Propagation::default(),
            enabling: Duration::ZERO,
            fields: Fields::default(),
            trusts: BTreeMap::new(),
            changes: Vec::new(),
            faults: Vec::new(),
        }
    }
}

/// Whether rate limits hold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Throttling {
    /// No limits.
    Off,
    /// The documented ones. `undocumented` is the rate for each operation whose rate AWS does not document
    /// (DescribeEffectivePolicy among them); `None`: those have no limit.
    Documented {
        /// The rate for operations without a documented one.
        undocumented: Option<Rate>,
    },
}

/// Which fields accounts and units have in answers. AWS announced that it would retire `Status` on 2026-09-09 and has
/// sent `State` since 2025-09-09, `Paths` and `Path` since 2026-03-30 (botocore 1.44.5; document history of the user
/// guide).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fields {
    /// Accounts have `State`.
    pub state: bool,
    /// Accounts have `Status`.
    pub status: bool,
    /// Accounts have `Paths`, units have `Path`.
    pub paths: bool,
}

impl Default for Fields {
    fn default() -> Self {
        Self { state: true, status: true, paths: true }
    }
}

/// What a role asks of whoever assumes it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Trust {
    /// The external id that must be given.
    pub external_id: Option<String>,
    /// The device's serial number and the code that must be given with it.
    pub mfa: Option<(String, String)>,
}
