//! When to try again, after which pause, and when to give up.

use std::hash::{BuildHasher, Hasher, RandomState};
use std::time::Duration;

use tokio::time::Instant;

use super::failure::Retry;
use crate::session::Patience;

/// The first pause after a failure that may pass (of AWS's clock), and the longest of all.
const FIRST_PAUSE: Duration = Duration::from_millis(200);
const LONGEST_PAUSE: Duration = Duration::from_secs(15);
/// How often an answer that is no AWS answer, or none, is asked for again.
const FOREIGN_PAGES: u32 = 1;
const SILENCES: u32 = 1;

/// The tries of one call.
#[derive(Debug)]
pub(super) struct Tries {
    patience: Patience,
    scale: f64,
    interval: Duration,
    began: Instant,
    throttles: u32,
    transients: u32,
    foreign: u32,
    silences: u32,
    writes: bool,
}

impl Tries {
    /// `interval`: how long one token of the operation takes to come back; `scale`: how much faster than AWS's the clock of
    /// the endpoint runs.
    pub(super) fn new(patience: &Patience, scale: f64, interval: Duration) -> Self {
        let (patience, began) = (*patience, Instant::now());
        Self { patience, scale, interval, began, throttles: 0, transients: 0, foreign: 0, silences: 0, writes: false }
    }

    /// The same for a call that writes: not the number of tries ends them but one deadline.
    pub(super) fn of_write(patience: &Patience, scale: f64, interval: Duration) -> Self {
        Self { writes: true, ..Self::new(patience, scale, interval) }
    }

    /// The pause before the next try; `None` to give up.
    pub(super) fn again(&mut self, retry: Retry) -> Option<Duration> {
        match retry {
            Retry::Never => None,
            Retry::Throttled => {
                self.throttles += 1;
                let pause = self.pause(self.interval.max(FIRST_PAUSE.div_f64(self.scale)), self.throttles);
                let most = if self.writes { self.patience.writing } else { self.patience.throttled };
                Some(pause).filter(|pause| self.began.elapsed() + *pause < most)
            }
            Retry::Transient => {
                self.transients += 1;
                let pause = self.pause(FIRST_PAUSE.div_f64(self.scale), self.transients);
                if self.writes {
                    return Some(pause).filter(|pause| self.began.elapsed() + *pause < self.patience.writing);
                }
                Some(pause).filter(|_| self.transients <= self.patience.retries)
            }
            Retry::Silence => {
                self.silences += 1;
                let pause = self.pause(FIRST_PAUSE.div_f64(self.scale), self.silences);
                if self.writes {
                    return Some(pause).filter(|pause| self.began.elapsed() + *pause < self.patience.writing);
                }
                Some(pause).filter(|_| self.silences <= SILENCES)
            }
            Retry::ForeignPage => {
                self.foreign += 1;
                Some(Duration::ZERO).filter(|_| self.foreign <= FOREIGN_PAGES)
            }
        }
    }

    /// Doubles with each try, up to the longest; a random half of it is taken away, so that callers do not march in step.
    fn pause(&self, first: Duration, tries: u32) -> Duration {
        let doubled = first.saturating_mul(1 << (tries - 1).min(10));
        let longest = LONGEST_PAUSE.div_f64(self.scale);
        doubled.min(longest).mul_f64(0.5 + 0.5 * random())
    }
}

/// A number from 0 up to 1: the standard library's hash keys are random, and that is random enough for a pause.
fn random() -> f64 {
    let bits = RandomState::new().build_hasher().finish() >> 32;
    f64::from(u32::try_from(bits).unwrap_or_default()) / (f64::from(u32::MAX) + 1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tries() -> Tries {
        Tries::new(&Patience::default(), 1.0, Duration::from_millis(125))
    }

    #[tokio::test(start_paused = true)]
    async fn transient_failures_are_tried_again_a_bounded_number_of_times() {
        let mut tries = tries();
        let pauses = std::iter::from_fn(|| tries.again(Retry::Transient));
        assert_eq!(pauses.count(), 4);
    }

    #[tokio::test(start_paused = true)]
    async fn pauses_double_and_are_shortened_by_at_most_half() {
        let mut tries = tries();
        for longest in [200, 400, 800, 1600] {
            let pause = tries.again(Retry::Throttled).unwrap().as_millis();
            assert!((longest / 2..=longest).contains(&pause), "{pause} of {longest}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn throttles_are_tried_again_until_patience_ends_and_not_longer() {
        let mut tries = tries();
        let start = Instant::now();
        while let Some(pause) = tries.again(Retry::Throttled) {
            tokio::time::advance(pause).await;
        }
        let waited = start.elapsed().as_secs();
        assert!((160..=180).contains(&waited), "{waited}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_write_is_tried_again_until_its_deadline_whatever_happens() {
        let mut tries = Tries::of_write(&Patience::default(), 1.0, Duration::from_millis(500));
        let start = Instant::now();
        let mut kinds = [Retry::Transient, Retry::Throttled].into_iter().cycle();
        while let Some(pause) = tries.again(kinds.next().unwrap()) {
            tokio::time::advance(pause).await;
        }
        let waited = start.elapsed().as_secs();
        assert!((280..=300).contains(&waited), "{waited}");
    }

    #[tokio::test(start_paused = true)]
    async fn a_foreign_page_is_asked_for_again_once_and_at_once() {
        let mut tries = tries();
        assert_eq!(tries.again(Retry::ForeignPage), Some(Duration::ZERO));
        assert_eq!(tries.again(Retry::ForeignPage), None);
    }

    #[tokio::test(start_paused = true)]
    async fn silence_is_waited_out_twice_only() {
        let mut tries = tries();
        assert!(tries.again(Retry::Silence).is_some());
        assert_eq!(tries.again(Retry::Silence), None);
    }

    #[test]
    fn random_numbers_are_in_range_and_differ() {
        let numbers: Vec<f64> = (0..20).map(|_| random()).collect();
        assert!(numbers.iter().all(|number| (0.0..1.0).contains(number)));
        assert!(numbers.windows(2).any(|pair| pair[0] != pair[1]));
    }
}
