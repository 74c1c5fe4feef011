//! The pace of each operation: its documented token bucket, or one that adapts where AWS documents none.
//!
//! Operations have buckets of their own at AWS, so they run side by side here. The buckets belong to the session, since
//! AWS counts per calling account.

mod bucket;
mod operation;

use std::collections::BTreeMap;
use std::sync::Mutex;
use std::time::Duration;

use tokio::time::Instant;

use bucket::Bucket;
pub use operation::{Limit, Operation};

/// The buckets of all operations.
#[derive(Debug)]
pub struct Pacer {
    scale: f64,
    buckets: Mutex<BTreeMap<Operation, Bucket>>,
}

impl Pacer {
    /// Full buckets, for an endpoint whose clock runs `scale` times as fast as AWS's (1 for AWS itself).
    #[must_use]
    pub fn new(scale: f64) -> Self {
        let scale = if scale.is_finite() && scale > 0.0 { scale } else { 1.0 };
        Self { scale, buckets: Mutex::new(BTreeMap::new()) }
    }

    /// Waits until `operation` may be called.
    pub async fn admit(&self, operation: Operation) {
        let wait = self.with(operation, |bucket, now| bucket.take(now));
        if !wait.is_zero() {
            tokio::time::sleep(wait).await;
        }
    }

    /// Notes that a call was answered, in whatever way but by throttling.
    pub fn answered(&self, operation: Operation) {
        self.with(operation, |bucket, _| bucket.answered());
    }

    /// Notes that a call was throttled.
    pub fn throttled(&self, operation: Operation) {
        self.with(operation, Bucket::throttled);
    }

    /// How long one token of `operation` takes to come back at its fastest.
    #[must_use]
    pub fn interval(&self, operation: Operation) -> Duration {
        self.with(operation, |bucket, _| bucket.interval())
    }

    /// Calls a second at the present pace.
    #[must_use]
    pub fn rate(&self, operation: Operation) -> f64 {
        self.with(operation, |bucket, _| bucket.rate())
    }

    fn with<T>(&self, operation: Operation, act: impl FnOnce(&mut Bucket, Instant) -> T) -> T {
        let now = Instant::now();
        // Buckets are plain numbers: one that was left behind by a panic is as good as any.
        let mut buckets = self.buckets.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let bucket = buckets.entry(operation).or_insert_with(|| Bucket::new(operation.limit(), self.scale, now));
        act(bucket, now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn five_hundred_pages_take_what_the_bucket_says() {
        let pacer = Pacer::new(1.0);
        let start = Instant::now();
        for _ in 0..500 {
            pacer.admit(Operation::ListAccounts).await;
        }
        let took = start.elapsed().as_secs_f64();
        assert!((61.0..62.0).contains(&took), "{took}");
    }

    #[tokio::test(start_paused = true)]
    async fn lookups_are_never_more_than_two_a_second() {
        let pacer = Pacer::new(1.0);
        let start = Instant::now();
        let mut sent = Vec::new();
        for _ in 0..20 {
            pacer.admit(Operation::LookupEvents).await;
            sent.push(start.elapsed());
        }
        for three in sent.windows(3) {
            assert!(three[2] - three[0] >= Duration::from_millis(999), "{three:?}");
        }
    }

    #[tokio::test(start_paused = true)]
    async fn operations_do_not_wait_for_each_other() {
        let pacer = Pacer::new(1.0);
        let start = Instant::now();
        let many = |operation, times| {
            let pacer = &pacer;
            async move {
                for _ in 0..times {
                    pacer.admit(operation).await;
                }
            }
        };
        tokio::join!(many(Operation::ListAccounts, 91), many(Operation::DescribePolicy, 21));
        assert_eq!(start.elapsed().as_millis(), 10_000);
    }
}
