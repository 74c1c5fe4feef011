//! Where the monitor keeps and tells things: the key, the bucket, the topic, the queue of what failed, the log group. All
//! encrypted, none reachable without TLS.
//!
//! Sources, read 2026-11-24: <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html> (services publish to an encrypted
//! topic by a customer managed key whose policy lets their principal `kms:GenerateDataKey*` and `kms:Decrypt`);
//! `grantCloudWatchAlarmsTopicAccess` of <https://aws.github.io/modern-data-architecture-accelerator/>, a project of AWS (conditions on
//! `aws:SourceAccount` work for alarms, and for EventBridge the page before excludes them);
//! <https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/encrypt-log-data-kms.html> (the statement for log groups, in an older
//! edition, which has no condition: the one on the encryption context is that of public templates);
//! <https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html> (the queue's policy); botocore 1.44.5, s3 model,
//! `ContentMD5` of `PutObject` (what is written where a retention applies needs a checksum), and sqs model,
//! `MessageRetentionPeriod`. Not read: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-lock.html>.

use serde_json::{Value, json};

use super::template::{Template, arn, document, either, object, only, reference, substituted};

/// Everything that keeps or tells.
pub(super) fn add(template: &mut Template) {
    key(template);
    bucket(template);
    topic(template);
    queue(template);
    let logs = json!({ "RetentionInDays": reference("LogDays"), "KmsKeyId": key_arn() });
    template.resource_with("LogGroup", "AWS::Logs::LogGroup", logs, kept());
}

/// What stays when the stack goes: it is evidence, and the key that reads it.
fn kept() -> Value {
    json!({ "DeletionPolicy": "Retain", "UpdateReplacePolicy": "Retain" })
}

/// The key in use, ours or the one that was given.
pub(super) fn key_arn() -> Value {
    either("MakesKey", arn("Key"), reference("KeyArn"))
}

fn key(template: &mut Template) {
    let properties = json!({
        "Description": "Evidence, notices and logs of the monitor of AI services opt-out policies",
        "EnableKeyRotation": true,
        "KeyPolicy": document(&[
            json!({
                "Sid": "LetIamDecide",
                "Effect": "Allow",
                "Principal": { "AWS": substituted("arn:${AWS::Partition}:iam::${AWS::AccountId}:root") },
                "Action": "kms:*",
                "Resource": "*",
            }),
            json!({
                "Sid": "AlarmsPublish",
                "Effect": "Allow",
                "Principal": { "Service": "cloudwatch.amazonaws.com" },
                "Action": ["kms:Decrypt", "kms:GenerateDataKey*"],
                "Resource": "*",
                "Condition": { "StringEquals": { "aws:SourceAccount": reference("AWS::AccountId") } },
            }),
            json!({
                "Sid": "LogsAreEncrypted",
                "Effect": "Allow",
                "Principal": { "Service": substituted("logs.${AWS::Region}.amazonaws.com") },
                "Action": ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
                "Resource": "*",
                "Condition": { "ArnLike": {
                    "kms:EncryptionContext:aws:logs:arn":
                        substituted("arn:${AWS::Partition}:logs:${AWS::Region}:${AWS::AccountId}:log-group:*"),
                } },
            }),
        ]),
    });
    let mut with = kept();
    if let Some(with) = with.as_object_mut() {
        with.insert("Condition".to_owned(), "MakesKey".into());
    }
    template.resource_with("Key", "AWS::KMS::Key", properties, with);
}

fn bucket(template: &mut Template) {
    let mut properties = private(&key_arn(), lifecycle());
    if let Some(properties) = properties.as_object_mut() {
        properties.insert("ObjectLockConfiguration".to_owned(), only("Locks", lock()));
        properties.insert("ObjectLockEnabled".to_owned(), true.into());
    }
    template.resource_with("Bucket", "AWS::S3::Bucket", properties, kept());
    only_with_tls(template, "Bucket");
}

/// The bucket of a fleet's list and of what Step Functions writes, which nothing locks: each organization's evidence is elsewhere.
pub(super) fn results(template: &mut Template) {
    let expire = json!({
        "Id": "ResultsExpire",
        "Status": "Enabled",
        "Prefix": "optout/fleet/results/",
        "ExpirationInDays": 90,
        "NoncurrentVersionExpiration": { "NoncurrentDays": 7 },
    });
    let rules = json!([expire, nothing_half()]);
    let properties = private(&reference("KeyUsed"), rules);
    template.resource_with("Results", "AWS::S3::Bucket", properties, kept());
    only_with_tls(template, "Results");
}

/// A bucket that nobody else sees, encrypted by this key, with versions.
fn private(key: &Value, lifecycle: Value) -> Value {
    let encryption = json!({
        "BucketKeyEnabled": true,
        "ServerSideEncryptionByDefault": { "SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key },
    });
    object([
        ("BucketEncryption", json!({ "ServerSideEncryptionConfiguration": [encryption] })),
        ("LifecycleConfiguration", object([("Rules", lifecycle)])),
        ("OwnershipControls", json!({ "Rules": [{ "ObjectOwnership": "BucketOwnerEnforced" }] })),
        (
            "PublicAccessBlockConfiguration",
            json!({
                "BlockPublicAcls": true,
                "BlockPublicPolicy": true,
                "IgnorePublicAcls": true,
                "RestrictPublicBuckets": true,
            }),
        ),
        ("VersioningConfiguration", json!({ "Status": "Enabled" })),
    ])
}

fn only_with_tls(template: &mut Template, bucket: &str) {
    let both = [arn(bucket), substituted(&format!("${{{bucket}.Arn}}/*"))];
    let policy = json!({ "Bucket": reference(bucket), "PolicyDocument": document(&[tls("s3:*", json!(both))]) });
    template.resource(&format!("{bucket}Policy"), "AWS::S3::BucketPolicy", policy);
}

fn lifecycle() -> Value {
    json!([
        {
            "Id": "EvidenceExpires",
            "Status": "Enabled",
            "ExpirationInDays": reference("EvidenceDays"),
            "NoncurrentVersionExpiration": { "NoncurrentDays": reference("LockDays") },
        },
        nothing_half(),
    ])
}

/// Uploads that were given up take no room.
fn nothing_half() -> Value {
    json!({ "Id": "NothingHalf", "Status": "Enabled", "AbortIncompleteMultipartUpload": { "DaysAfterInitiation": 7 } })
}

fn lock() -> Value {
    json!({
        "ObjectLockEnabled": "Enabled",
        "Rule": { "DefaultRetention": { "Mode": reference("LockMode"), "Days": reference("LockDays") } },
    })
}

/// Nobody comes in without TLS.
fn tls(actions: &str, resource: Value) -> Value {
    object([
        ("Sid", "OnlyWithTls".into()),
        ("Effect", "Deny".into()),
        ("Principal", "*".into()),
        ("Action", actions.into()),
        ("Resource", resource),
        ("Condition", json!({ "Bool": { "aws:SecureTransport": false } })),
    ])
}

fn topic(template: &mut Template) {
    template.resource("Topic", "AWS::SNS::Topic", json!({ "KmsMasterKeyId": key_arn() }));
    let alarms = json!({
        "Sid": "AlarmsPublish",
        "Effect": "Allow",
        "Principal": { "Service": "cloudwatch.amazonaws.com" },
        "Action": "sns:Publish",
        "Resource": reference("Topic"),
        "Condition": { "StringEquals": { "aws:SourceAccount": reference("AWS::AccountId") } },
    });
    let statements = [alarms, tls("sns:Publish", reference("Topic"))];
    let policy = json!({ "Topics": [reference("Topic")], "PolicyDocument": document(&statements) });
    template.resource("TopicPolicy", "AWS::SNS::TopicPolicy", policy);
    let subscription = json!({ "TopicArn": reference("Topic"), "Protocol": "email", "Endpoint": reference("Email") });
    template.resource_where("HasEmail", "Subscription", "AWS::SNS::Subscription", subscription);
}

fn queue(template: &mut Template) {
    template.resource_with("Failures", "AWS::SQS::Queue", queue_properties(), transient());
    let policy = queue_policy("Failures", &["ForwardedRule", "FullReadRule", "HereRule"]);
    template.resource("FailuresPolicy", "AWS::SQS::QueuePolicy", policy);
}

/// A queue of what failed: encrypted by SQS itself, which every service may use; fourteen days are the most SQS keeps.
pub(super) fn queue_properties() -> Value {
    json!({ "SqsManagedSseEnabled": true, "MessageRetentionPeriod": 1_209_600 })
}

/// What goes with the stack: it holds nothing that evidence does not.
pub(super) fn transient() -> Value {
    json!({ "DeletionPolicy": "Delete", "UpdateReplacePolicy": "Delete" })
}

/// The policy of a queue that rules of this account give to what they could not deliver.
///
/// Rules are named by a pattern with the stack's name: those of a condition may not be there.
pub(super) fn queue_policy(queue: &str, rules: &[&str]) -> Value {
    let arns: Vec<Value> = rules
        .iter()
        .map(|rule| {
            let rule = format!("${{AWS::Region}}:${{AWS::AccountId}}:rule/*${{AWS::StackName}}-{rule}-*");
            substituted(&format!("arn:${{AWS::Partition}}:events:{rule}"))
        })
        .collect();
    let rules = json!({
        "Sid": "RulesKeepFailures",
        "Effect": "Allow",
        "Principal": { "Service": "events.amazonaws.com" },
        "Action": "sqs:SendMessage",
        "Resource": arn(queue),
        "Condition": { "ArnLike": { "aws:SourceArn": arns } },
    });
    let statements = [rules, tls("sqs:*", arn(queue))];
    json!({ "Queues": [reference(queue)], "PolicyDocument": document(&statements) })
}
