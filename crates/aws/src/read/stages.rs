//! The stages of a reading: each is taken over where an earlier part of the reading finished it, else read now.

use std::sync::Arc;

use jiff::Timestamp;
use optout_core::org::{Delegate, Part as Name};

use super::governance::Invalid;
use super::part::Part;
use super::{Reading, Stage};
use crate::request::Requests;

/// Takes over what was read earlier, reads the rest.
pub(super) struct Stages<'r, 's> {
    pub(super) requests: &'r Requests<'s>,
    pub(super) earlier: Option<&'r Reading>,
}

/// What came of a stage.
pub(super) struct Staged<T> {
    pub(super) value: T,
    pub(super) began: Timestamp,
    pub(super) finished: bool,
}

impl Stages<'_, '_> {
    pub(super) async fn run<T>(
        &self,
        stage: Stage,
        kept: impl Fn(&Reading) -> T,
        read: impl Future<Output = T>,
    ) -> Staged<T> {
        let began = self.began(stage);
        match Reading::finished(self.earlier, stage) {
            Some(earlier) => Staged { value: kept(earlier), began, finished: true },
            None => {
                let value = read.await;
                Staged { value, began, finished: !self.requests.is_cancelled() }
            }
        }
    }

    /// When the stage began: what was read of it then is still there.
    pub(super) fn began(&self, stage: Stage) -> Timestamp {
        let earlier = self.earlier.and_then(|earlier| earlier.began.get(&stage).copied());
        earlier.unwrap_or_else(Timestamp::now)
    }
}

impl<T> Staged<T> {
    pub(super) fn note(self, reading: &mut Reading, stage: Stage) -> T {
        reading.began.insert(stage, self.began);
        if self.finished {
            reading.finished.insert(stage);
        }
        self.value
    }
}

pub(super) fn invalid_of(earlier: &Reading) -> Part<Invalid> {
    Part { value: earlier.snapshot.invalid.clone(), unread: earlier.unread(&[Name::InvalidPolicies]) }
}

pub(super) fn delegates_of(earlier: &Reading) -> Part<Vec<Delegate>> {
    Part { value: earlier.snapshot.delegates.clone(), unread: earlier.unread(&[Name::Delegates]) }
}

pub(super) fn resource_policy_of(earlier: &Reading) -> Part<Option<Arc<str>>> {
    Part { value: earlier.snapshot.resource_policy.clone(), unread: earlier.unread(&[Name::ResourcePolicy]) }
}
