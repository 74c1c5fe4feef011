//! The record of a run to S3: one object a run, named by time and content, locked, never overwritten.

use aws_sdk_s3::Client;
use aws_sdk_s3::config::Builder;
use aws_sdk_s3::config::retry::RetryConfig;
use aws_sdk_s3::primitives::{ByteStream, DateTime};
use aws_sdk_s3::types::{ChecksumAlgorithm, ObjectLockMode, ServerSideEncryption};
use jiff::{SignedDuration, Timestamp};
use optout_core::evidence::Hash;
use optout_core::publish::{Evidence, Publication};

use super::{Bucket, Delivery, Destination, Lost, Retention, RetentionMode, remedy};
use crate::pace::Operation;
use crate::request::{Failure, Requests};
use crate::session::Session;

/// What S3 answers where the key is taken: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>,
/// read 2026-11-24. The key has the hash of the content, so that it is taken by the same content.
const TAKEN: &str = "PreconditionFailed";

/// Keeps the record of a publication.
pub(super) async fn keep(requests: &Requests<'_>, bucket: Option<&Bucket>, publication: &Publication) -> Delivery {
    let Some(bucket) = bucket else { return Delivery::NotAsked };
    let Some(evidence) = &publication.evidence else { return Delivery::Nothing };
    match put(requests, bucket, evidence, publication.at).await {
        Ok(()) => Delivery::Done { sent: 1 },
        Err(failure) if failure.is(TAKEN) => Delivery::Already,
        Err(failure) => {
            Delivery::lost(0, vec![Lost::of("evidence", &failure)], remedy::of(Destination::Bucket, &failure))
        }
    }
}

async fn put(requests: &Requests<'_>, bucket: &Bucket, evidence: &Evidence, at: Timestamp) -> Result<(), Failure> {
    let client = client(requests.session());
    let (key, checksum) = (evidence.key(&bucket.prefix), base64(&evidence.sha256));
    let until = bucket.retention.map(|retention| until(retention, at));
    let send = || {
        client
            .put_object()
            .bucket(&bucket.name)
            .key(&key)
            .if_none_match("*")
            .content_type("application/x-ndjson")
            .checksum_algorithm(ChecksumAlgorithm::Sha256)
            .checksum_sha256(&checksum)
            .set_object_lock_mode(bucket.retention.map(|retention| mode(retention.mode)))
            .set_object_lock_retain_until_date(until)
            .set_server_side_encryption(bucket.kms_key.as_ref().map(|_| ServerSideEncryption::AwsKms))
            .set_ssekms_key_id(bucket.kms_key.clone())
            .body(ByteStream::from(evidence.text.clone().into_bytes()))
            .send()
    };
    requests.write(Operation::PutObject, send).await.map(drop)
}

fn client(session: &Session) -> Client {
    // An endpoint of one's own rarely has a name for each bucket.
    let config = Builder::from(session.config())
        .retry_config(RetryConfig::disabled())
        .force_path_style(session.endpoint().is_some())
        .build();
    Client::from_conf(config)
}

fn until(retention: Retention, at: Timestamp) -> DateTime {
    let days = SignedDuration::from_hours(i64::from(retention.days).saturating_mul(24));
    DateTime::from_secs(at.saturating_add(days).unwrap_or(Timestamp::MAX).as_second())
}

fn mode(mode: RetentionMode) -> ObjectLockMode {
    match mode {
        RetentionMode::Governance => ObjectLockMode::Governance,
        RetentionMode::Compliance => ObjectLockMode::Compliance,
    }
}

/// As S3 writes checksums.
fn base64(hash: &Hash) -> String {
    aws_smithy_types::base64::encode(hash.bytes())
}
