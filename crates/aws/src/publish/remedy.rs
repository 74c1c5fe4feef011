//! What to do where a destination fails.

use super::Destination;
use crate::request::{Failure, FailureKind};

/// What to do about a failure.
pub(super) fn of(destination: Destination, failure: &Failure) -> String {
    let permission = failure.operation.permission();
    match failure.kind {
        FailureKind::Denied => {
            format!("allow `{permission}`{}, and see whether the resource's own policy does so too", also(destination))
        }
        FailureKind::Refused => "renew the credentials".to_owned(),
        FailureKind::NotImplemented => {
            format!("the endpoint does not know `{permission}`: see whether the Region has it")
        }
        FailureKind::Throttled | FailureKind::Failed | FailureKind::Malformed => {
            "nothing: what did not arrive is sent again by the next run".to_owned()
        }
        FailureKind::Unreachable => "see whether the endpoint of the service can be reached from here".to_owned(),
        FailureKind::Stopped => "run it again".to_owned(),
        FailureKind::Answered => answered(destination, failure.code.as_deref()),
    }
}

fn also(destination: Destination) -> &'static str {
    match destination {
        Destination::Bucket => {
            ", `s3:PutObjectRetention` where a retention is given, and `kms:GenerateDataKey` for a key"
        }
        Destination::Topic => ", and `kms:GenerateDataKey` and `kms:Decrypt` where the topic is encrypted",
        Destination::SecurityHub | Destination::EventBus | Destination::Metrics => "",
    }
}

/// By the code of an answer that names one.
pub(super) fn answered(destination: Destination, code: Option<&str>) -> String {
    let text = match (destination, code) {
        (Destination::SecurityHub, Some("InvalidAccessException" | "InvalidAccess")) => {
            "enable Security Hub in this account and Region (`aws securityhub enable-security-hub`)"
        }
        (Destination::SecurityHub, _) => "see what Security Hub says of the finding; the others were imported",
        (Destination::EventBus, Some("ResourceNotFoundException")) => "name an event bus that exists in this Region",
        (Destination::EventBus, _) => "see what EventBridge says of the event",
        (Destination::Topic, Some("NotFound" | "NotFoundException")) => "name a topic that exists",
        (Destination::Topic, _) => "see whether the ARN is that of a topic in this Region",
        (Destination::Bucket, Some("NoSuchBucket")) => "name a bucket that exists",
        (
            Destination::Bucket,
            Some("PermanentRedirect" | "AuthorizationHeaderMalformed" | "IllegalLocationConstraintException"),
        ) => "run it in the bucket's own Region",
        (Destination::Bucket, Some("InvalidRequest")) => {
            "create the bucket with Object Lock, or leave the retention out: the bucket may have no Object Lock"
        }
        (Destination::Bucket, _) => "see what S3 says of the bucket",
        (Destination::Metrics, _) => "see why standard output cannot be written",
    };
    text.to_owned()
}
