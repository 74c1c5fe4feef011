//! How many requests may still be sent: each one is billed, those that are repeated too.

use std::sync::atomic::{AtomicU64, Ordering};

use aws_sdk_organizations::error::SdkError;

/// The requests of one reading.
#[derive(Debug)]
pub(super) struct Budget {
    most: u64,
    sent: AtomicU64,
}

/// No request is left.
#[derive(Debug, thiserror::Error)]
#[error(
    "the requests that --max-requests allows are used up; a larger number reads further, and each request is billed"
)]
struct UsedUp;

impl Budget {
    pub(super) const fn new(most: u64) -> Self {
        Self { most, sent: AtomicU64::new(0) }
    }

    /// How many were sent.
    pub(super) fn sent(&self) -> u64 {
        self.sent.load(Ordering::Relaxed).min(self.most)
    }

    /// How many may be sent altogether.
    pub(super) const fn most(&self) -> u64 {
        self.most
    }

    /// Takes one request, or fails before anything is sent.
    pub(super) fn take<E, R>(&self) -> Result<(), SdkError<E, R>> {
        match self.sent.fetch_add(1, Ordering::Relaxed) < self.most {
            true => Ok(()),
            false => Err(SdkError::construction_failure(UsedUp)),
        }
    }
}
