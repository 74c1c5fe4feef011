//! Simulated time: the runtime's clock, run faster where tests want to see minutes pass in seconds.
//!
//! Everything that waits or ages asks here, so a paused runtime clock pauses the simulator as well.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use tokio::time::Instant;

/// A point of simulated time: how long after the simulator's start.
pub(crate) type Moment = Duration;

/// The simulator's clock.
#[derive(Debug, Clone)]
pub(crate) struct Clock {
    started: Instant,
    epoch: Timestamp,
    scale: f64,
}

impl Clock {
    /// A clock that shows `epoch` now and runs `scale` times as fast as the runtime's.
    pub(crate) fn new(epoch: Timestamp, scale: f64) -> Self {
        Self { started: Instant::now(), epoch, scale }
    }

    /// The simulated time since the start.
    pub(crate) fn moment(&self) -> Moment {
        self.started.elapsed().mul_f64(self.scale)
    }

    /// The date of a moment.
    pub(crate) fn date(&self, moment: Moment) -> Timestamp {
        date_after(self.epoch, moment)
    }

    /// How long a simulated duration takes on the runtime's clock.
    pub(crate) fn real(&self, simulated: Duration) -> Duration {
        simulated.div_f64(self.scale)
    }
}

/// `epoch` plus `moment`; the last date there is where that is beyond it.
pub(crate) fn date_after(epoch: Timestamp, moment: Moment) -> Timestamp {
    let passed = SignedDuration::try_from(moment).unwrap_or(SignedDuration::MAX);
    epoch.checked_add(passed).unwrap_or(Timestamp::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_scaled_clock_runs_faster_than_the_runtime() {
        let clock = Clock::new(Timestamp::UNIX_EPOCH, 60.0);
        tokio::time::advance(Duration::from_secs(2)).await;
        assert_eq!(clock.moment(), Duration::from_secs(120));
        assert_eq!(clock.date(clock.moment()).as_second(), 120);
        assert_eq!(clock.real(Duration::from_secs(60)), Duration::from_secs(1));
    }
}
