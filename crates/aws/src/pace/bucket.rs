//! One token bucket, on a clock that is passed in.

use std::time::Duration;

use tokio::time::Instant;

use super::Limit;

/// Where AWS documents nothing: how fast to start, and the most to climb to.
const UNDOCUMENTED: Limit = Limit { rate: 10.0, burst: 10.0 };
const UNDOCUMENTED_CEILING: f64 = 50.0;
/// A bucket is never paced below this share of its fastest rate.
const SLOWEST: f64 = 1.0 / 64.0;
/// The pace is halved once for all calls that were under way together (seconds of AWS's clock).
const ONE_CUT_EACH: f64 = 0.5;
/// The share of the fastest rate that comes back with each second without a throttle.
const CLIMB: f64 = 0.05;

/// The pace of one operation.
#[derive(Debug)]
pub(super) struct Bucket {
    fastest: f64,
    rate: f64,
    burst: f64,
    tokens: f64,
    filled: Instant,
    last_cut: Option<Instant>,
    cut_interval: f64,
    adaptive: bool,
    throttled_in_a_row: u32,
}

impl Bucket {
    /// A full bucket; `scale` is how many times faster than AWS the endpoint's clock runs.
    pub(super) fn new(limit: Option<Limit>, scale: f64, now: Instant) -> Self {
        let adaptive = limit.is_none();
        let limit = limit.unwrap_or(UNDOCUMENTED);
        let fastest = if adaptive { UNDOCUMENTED_CEILING } else { limit.rate };
        // One token of a documented burst stays unused: answers that overtake each other must not find the bucket empty.
        let burst = if adaptive { limit.burst } else { (limit.burst - 1.0).max(1.0) };
        Self {
            fastest: fastest * scale,
            rate: limit.rate * scale,
            burst,
            tokens: burst,
            filled: now,
            last_cut: None,
            cut_interval: ONE_CUT_EACH / scale,
            adaptive,
            throttled_in_a_row: 0,
        }
    }

    /// Takes a token, and says how long to wait until it is there. Whoever comes later waits longer.
    pub(super) fn take(&mut self, now: Instant) -> Duration {
        self.fill(now);
        self.tokens -= 1.0;
        Duration::from_secs_f64((-self.tokens / self.rate).max(0.0))
    }

    /// A call was answered: the pace climbs back.
    pub(super) fn answered(&mut self) {
        self.throttled_in_a_row = 0;
        // As many answers come in a second as the rate says, so that each brings its share of a second's climb.
        self.rate = (self.rate + self.fastest * CLIMB / self.rate.max(1.0)).min(self.fastest);
    }

    /// A call was throttled: the bucket is empty, and if that is not a single overtaking, the pace is halved.
    pub(super) fn throttled(&mut self, now: Instant) {
        self.fill(now);
        self.tokens = self.tokens.min(0.0);
        self.throttled_in_a_row += 1;
        let recent = |cut: Instant| now.duration_since(cut).as_secs_f64() < self.cut_interval;
        if (self.adaptive || self.throttled_in_a_row > 1) && !self.last_cut.is_some_and(recent) {
            self.rate = (self.rate / 2.0).max(self.fastest * SLOWEST);
            self.last_cut = Some(now);
        }
    }

    /// How long one token takes to come back at the fastest pace.
    pub(super) fn interval(&self) -> Duration {
        Duration::from_secs_f64(1.0 / self.fastest)
    }

    /// Calls a second at the present pace.
    pub(super) fn rate(&self) -> f64 {
        self.rate
    }

    fn fill(&mut self, now: Instant) {
        let passed = now.duration_since(self.filled).as_secs_f64();
        self.tokens = (self.tokens + passed * self.rate).min(self.burst);
        self.filled = now;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMIT: Option<Limit> = Some(Limit { rate: 8.0, burst: 12.0 });

    fn seconds(number: f64) -> Duration {
        Duration::from_secs_f64(number)
    }

    #[tokio::test(start_paused = true)]
    async fn the_burst_is_free_and_then_the_rate_holds() {
        let start = Instant::now();
        let mut bucket = Bucket::new(LIMIT, 1.0, start);
        let waits: Vec<Duration> = (0..13).map(|_| bucket.take(start)).collect();
        assert!(waits[..11].iter().all(Duration::is_zero), "{waits:?}");
        assert_eq!(waits[11..], [seconds(0.125), seconds(0.25)]);
    }

    #[tokio::test(start_paused = true)]
    async fn tokens_come_back_but_never_more_than_the_burst() {
        let start = Instant::now();
        let mut bucket = Bucket::new(LIMIT, 1.0, start);
        let later = start + seconds(3600.0);
        let free = (0..20).filter(|_| bucket.take(later).is_zero()).count();
        assert_eq!(free, 11);
    }

    #[tokio::test(start_paused = true)]
    async fn a_scaled_clock_multiplies_the_rate_and_not_the_burst() {
        let start = Instant::now();
        let mut bucket = Bucket::new(LIMIT, 10.0, start);
        let free = (0..11).all(|_| bucket.take(start).is_zero());
        assert!(free);
        assert_eq!(bucket.take(start).as_micros(), 12_500);
    }

    #[tokio::test(start_paused = true)]
    async fn one_throttle_empties_a_documented_bucket_two_halve_its_pace() {
        let start = Instant::now();
        let mut bucket = Bucket::new(LIMIT, 1.0, start);
        bucket.throttled(start);
        assert_eq!((bucket.rate(), bucket.take(start)), (8.0, seconds(0.125)));
        bucket.throttled(start);
        assert!((bucket.rate() - 4.0).abs() < 1e-9);
    }

    #[tokio::test(start_paused = true)]
    async fn calls_that_were_under_way_together_halve_the_pace_once() {
        let start = Instant::now();
        let mut bucket = Bucket::new(None, 1.0, start);
        for _ in 0..16 {
            bucket.throttled(start + seconds(0.1));
        }
        assert!((bucket.rate() - 5.0).abs() < 1e-9, "{}", bucket.rate());
        bucket.throttled(start + seconds(0.7));
        assert!((bucket.rate() - 2.5).abs() < 1e-9, "{}", bucket.rate());
    }

    #[tokio::test(start_paused = true)]
    async fn the_pace_climbs_back_to_the_fastest_and_stays_there() {
        let start = Instant::now();
        let mut bucket = Bucket::new(LIMIT, 1.0, start);
        bucket.throttled(start);
        bucket.throttled(start);
        for _ in 0..200 {
            bucket.answered();
        }
        assert!((bucket.rate() - 8.0).abs() < 1e-9);
    }

    #[tokio::test(start_paused = true)]
    async fn an_undocumented_pace_starts_at_ten_and_climbs() {
        let mut bucket = Bucket::new(None, 1.0, Instant::now());
        for _ in 0..10 {
            bucket.answered();
        }
        assert!(bucket.rate() > 11.5 && bucket.rate() < 13.0, "{}", bucket.rate());
    }

    #[tokio::test(start_paused = true)]
    async fn throttles_never_stop_a_bucket_for_good() {
        let start = Instant::now();
        let mut bucket = Bucket::new(None, 1.0, start);
        for second in 0..1000 {
            bucket.throttled(start + Duration::from_secs(second));
        }
        assert!(bucket.rate() >= 50.0 / 64.0);
    }
}
