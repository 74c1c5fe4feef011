//! Where a run publishes.

/// Where to publish; what is left out is not asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Destinations {
    /// Findings to Security Hub, in the session's account and Region.
    pub security_hub: bool,
    /// Events to the event bus of this name or ARN (EventBridge).
    pub event_bus: Option<String>,
    /// Messages for people to the topic of this ARN (SNS).
    pub topic: Option<String>,
    /// The record of the run to a bucket (S3).
    pub bucket: Option<Bucket>,
    /// Metrics in this namespace (CloudWatch, embedded metric format).
    pub metric_namespace: Option<String>,
}

impl Destinations {
    /// Whether nothing is asked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

/// A bucket for evidence. An object is never overwritten.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bucket {
    /// Its name.
    pub name: String,
    /// What keys begin with, without a slash at the end; may be empty.
    pub prefix: String,
    /// How long an object must stay (S3 Object Lock); the bucket's own default where not given.
    pub retention: Option<Retention>,
    /// The KMS key to encrypt with; the bucket's own encryption where not given.
    pub kms_key: Option<String>,
}

/// How long an object must stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Who may shorten it.
    pub mode: RetentionMode,
    /// For how many days from the moment of publication.
    pub days: u32,
}

/// Who may delete an object before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetentionMode {
    /// Principals with a special permission.
    Governance,
    /// Nobody, not even the root user.
    Compliance,
}
