//! What came of publishing.

use std::collections::BTreeSet;
use std::fmt;

use optout_core::publish::{Changes, Standing};

use crate::request::Failure;

/// What came of publishing, by destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Findings to Security Hub.
    pub security_hub: Delivery,
    /// Events to EventBridge.
    pub event_bus: Delivery,
    /// The message to SNS.
    pub topic: Delivery,
    /// The record to S3.
    pub bucket: Delivery,
    /// Metrics to CloudWatch.
    pub metrics: Delivery,
    /// What stands for the next run: save it. Changes that did not arrive are marked, and are announced again then.
    pub standing: Standing,
}

/// Where something is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Destination {
    /// Security Hub.
    SecurityHub,
    /// EventBridge.
    EventBus,
    /// SNS.
    Topic,
    /// S3.
    Bucket,
    /// CloudWatch.
    Metrics,
}

/// What came of one destination.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Delivery {
    /// It was not asked for.
    NotAsked,
    /// There was nothing to send.
    Nothing,
    /// All of it arrived.
    Done {
        /// How many findings, events or objects.
        sent: usize,
    },
    /// The same record is there already: an earlier run put it there.
    Already,
    /// Some or all did not arrive.
    Lost {
        /// How many arrived.
        sent: usize,
        /// What did not; never empty.
        lost: Vec<Lost>,
        /// What to do.
        remedy: String,
    },
}

/// Something that did not arrive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The id of the finding, or the word for what it is.
    pub subject: String,
    /// AWS's code, where there was one.
    pub code: Option<String>,
    /// Why.
    pub message: String,
}

impl Destination {
    /// Its name, as AWS calls it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::SecurityHub => "Security Hub",
            Self::EventBus => "EventBridge",
            Self::Topic => "SNS",
            Self::Bucket => "S3",
            Self::Metrics => "CloudWatch",
        }
    }
}

impl fmt::Display for Destination {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Lost {
    pub(super) fn of(subject: &str, failure: &Failure) -> Self {
        Self { subject: subject.to_owned(), code: failure.code.clone(), message: failure.to_string() }
    }
}

impl Delivery {
    /// `Lost` where something was, else `Done`.
    pub(super) fn lost(sent: usize, lost: Vec<Lost>, remedy: String) -> Self {
        if lost.is_empty() { Self::Done { sent } } else { Self::Lost { sent, lost, remedy } }
    }

    /// Whether nothing that was asked for is missing.
    #[must_use]
    pub const fn is_whole(&self) -> bool {
        match self {
            Self::NotAsked | Self::Nothing | Self::Done { .. } | Self::Already => true,
            Self::Lost { .. } => false,
        }
    }

    fn subjects(&self) -> impl Iterator<Item = &str> {
        let lost = match self {
            Self::Lost { lost, .. } => lost.as_slice(),
            Self::NotAsked | Self::Nothing | Self::Done { .. } | Self::Already => &[],
        };
        lost.iter().map(|lost| lost.subject.as_str())
    }
}

impl Published {
    pub(super) fn of(
        changes: &Changes,
        security_hub: Delivery,
        event_bus: Delivery,
        topic: Delivery,
        bucket: Delivery,
        metrics: Delivery,
    ) -> Self {
        let mut unsent: BTreeSet<String> =
            security_hub.subjects().chain(event_bus.subjects()).map(str::to_owned).collect();
        if !topic.is_whole() {
            unsent.extend(changes.changes.iter().map(|change| change.finding.id.clone()));
        }
        Self { standing: changes.stand(&unsent), security_hub, event_bus, topic, bucket, metrics }
    }

    /// What came of a publication of metrics alone, which needs no session.
    #[must_use]
    pub fn metrics_only(changes: &Changes) -> Self {
        let not = || Delivery::NotAsked;
        Self::of(changes, not(), not(), not(), not(), Delivery::Done { sent: 1 })
    }

    /// Every destination with what came of it.
    #[must_use]
    pub const fn deliveries(&self) -> [(Destination, &Delivery); 5] {
        [
            (Destination::SecurityHub, &self.security_hub),
            (Destination::EventBus, &self.event_bus),
            (Destination::Topic, &self.topic),
            (Destination::Bucket, &self.bucket),
            (Destination::Metrics, &self.metrics),
        ]
    }

    /// Whether all that was asked for arrived.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.deliveries().iter().all(|(_, delivery)| delivery.is_whole())
    }
}
