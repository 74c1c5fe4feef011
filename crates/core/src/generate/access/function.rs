//! What the monitor's function may do, by what it does: the one list from which its role in the generated stack, the policy
//! of `iam-policy --for lambda` and the tests that compare calls with grants are made.
//!
//! Sources, read 2026-11-24: the service authorization reference
//! (<https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html>) in
//! the copy that parliament 1.6.4 brings, for which actions there are and which name what resource; botocore 1.44.5, s3 model,
//! `GetObject` (an object that is not there is answered with 404 only to who may list the bucket, else with 403; what an object
//! encrypted with KMS needs); <https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html> (what a publisher to an encrypted
//! topic needs). A write on a condition needs `s3:GetObject` too:
//! <https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html>, as public notes quote it.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::super::Design;
use super::arn::Arns;
use super::identity::{Deletes, Enables, STRAYS, changed_reads, read_tags, reads, writes};

/// What is to be known of the policy of `iam-policy --for lambda`.
pub(super) const NOTE: &str = "names are those that a stack called `optout-monitor` gives; \
     `optout generate monitor` makes the role with the real ones";

/// A part of what the function does.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// It runs: log lines, and invocations that failed for good in the queue.
    Runtime,
    /// A full read of the organization.
    Read,
    /// What an event says has changed: the account or unit itself, and what is attached to a target.
    Changed,
    /// Whether a trail of CloudTrail delivers the events at all.
    Trail,
    /// Checkpoints, the intent and evidence in the bucket.
    Evidence,
    /// Findings in Security Hub.
    SecurityHub,
    /// Events on the monitor's bus.
    Events,
    /// Notices to the topic.
    Notices,
    /// Answers to AWS Config of the function's own account.
    ConfigRule,
    /// Answers to AWS Config as an account of the organization, by a role there.
    MemberRule,
    /// The custom resource, beside [`Part::Read`]: the policy type on, policies made, changed, attached, detached, deleted.
    CustomResource,
    /// Other organizations, each by a role there.
    Fleet,
}

impl Part {
    /// Every part, in the order of the policy.
    pub const ALL: [Self; 12] = [
        Self::Runtime,
        Self::Read,
        Self::Changed,
        Self::Trail,
        Self::Evidence,
        Self::SecurityHub,
        Self::Events,
        Self::Notices,
        Self::ConfigRule,
        Self::MemberRule,
        Self::CustomResource,
        Self::Fleet,
    ];

    /// The parts that read, watch and publish.
    pub const MONITOR: [Self; 8] = [
        Self::Runtime,
        Self::Read,
        Self::Changed,
        Self::Trail,
        Self::Evidence,
        Self::SecurityHub,
        Self::Events,
        Self::Notices,
    ];

    /// The IAM actions that the function's role has for it, like `organizations:ListAccounts`.
    #[must_use]
    pub fn actions(self) -> BTreeSet<String> {
        let statements = self.statements(&Places::unnamed());
        let actions = statements.iter().filter_map(|it| it.get("Action").and_then(Value::as_array)).flatten();
        actions.filter_map(Value::as_str).map(str::to_owned).collect()
    }

    /// The statements of an IAM policy that grant it at these places.
    pub(in crate::generate) fn statements(self, places: &Places) -> Vec<Value> {
        match self {
            Self::Runtime => runtime(places),
            Self::Read => reads(&places.organization, &STRAYS, false),
            Self::Changed => changed_reads(&places.organization),
            Self::Trail => trail(places),
            Self::Evidence => evidence(places),
            Self::SecurityHub => findings(places),
            Self::Events => vec![allow("PutEvents", &["events:PutEvents"], json!(places.bus))],
            Self::Notices => vec![allow("Notify", &["sns:Publish"], json!(places.topic))],
            Self::ConfigRule => vec![allow("AnswerConfig", &["config:PutEvaluations"], json!("*"))],
            Self::MemberRule => vec![allow("BecomeMember", &["sts:AssumeRole"], json!(places.member_role))],
            Self::CustomResource => own_changes(places),
            Self::Fleet => vec![allow("BecomeReader", &["sts:AssumeRole"], json!(places.fleet_roles))],
        }
    }
}

/// The ARNs of what the function touches, whole or with what CloudFormation replaces.
pub(in crate::generate) struct Places {
    /// The organization's own things.
    pub(super) organization: Arns,
    /// The log group's streams.
    pub(in crate::generate) logs: String,
    /// The dead-letter queue.
    pub(in crate::generate) queue: String,
    /// The bucket, and below it the objects of the function.
    pub(in crate::generate) bucket: String,
    /// Objects in it.
    pub(in crate::generate) objects: String,
    /// The key that encrypts bucket and topic.
    pub(in crate::generate) key: String,
    /// The event bus.
    pub(in crate::generate) bus: String,
    /// The topic.
    pub(in crate::generate) topic: String,
    /// Security Hub's own product for the account's findings.
    pub(in crate::generate) product: String,
    /// Every trail.
    pub(in crate::generate) trails: String,
    /// The role in every account that answers AWS Config.
    pub(in crate::generate) member_role: String,
    /// Roles in other organizations.
    pub(in crate::generate) fleet_roles: String,
}

impl Places {
    /// Where a stack called `optout-monitor` puts them, in an account and Region that are not known.
    pub(super) fn of(design: &Design) -> Self {
        let mut places = Self::at(design.partition.as_str(), "*", "*");
        places.organization = Arns::of(design);
        places
    }

    fn unnamed() -> Self {
        Self::at("aws", "*", "*")
    }

    fn at(partition: &str, region: &str, account: &str) -> Self {
        let arn = |service: &str, rest: &str| format!("arn:{partition}:{service}:{region}:{account}:{rest}");
        Self {
            organization: Arns::written(partition, account, "o-*"),
            logs: arn("logs", "log-group:optout-monitor-*:*"),
            queue: arn("sqs", "optout-monitor-*"),
            bucket: format!("arn:{partition}:s3:::optout-monitor-*"),
            objects: format!("arn:{partition}:s3:::optout-monitor-*/optout/*"),
            key: arn("kms", "key/*"),
            bus: arn("events", "event-bus/optout-monitor"),
            topic: arn("sns", "optout-monitor-*"),
            product: arn("securityhub", "product/*/default"),
            trails: arn("cloudtrail", "trail/*"),
            member_role: format!("arn:{partition}:iam::*:role/optout-config-member"),
            fleet_roles: format!("arn:{partition}:iam::*:role/optout-fleet-reader"),
        }
    }

    /// The organization's things by texts that CloudFormation replaces.
    pub(in crate::generate) fn written(mut self, account: &str, organization: &str) -> Self {
        self.organization = Arns::written("${AWS::Partition}", account, organization);
        self
    }

    /// All of them in the account, Region and partition of a stack.
    pub(in crate::generate) fn of_a_stack() -> Self {
        Self::at("${AWS::Partition}", "${AWS::Region}", "${AWS::AccountId}")
    }
}

/// The statements for these parts, for a policy file.
pub(super) fn policy(design: &Design, parts: &[Part]) -> Vec<Value> {
    let places = Places::of(design);
    let mut statements: Vec<Value> = parts.iter().flat_map(|part| part.statements(&places)).collect();
    // Two parts may bring the same: reading and changing both list policies.
    let mut seen = BTreeSet::new();
    statements.retain(|it| seen.insert(it.to_string()));
    statements
}

fn allow(sid: &str, actions: &[&str], resource: Value) -> Value {
    let entries = [("Sid", sid.into()), ("Effect", "Allow".into()), ("Action", json!(actions)), ("Resource", resource)];
    entries.into_iter().collect()
}

fn runtime(places: &Places) -> Vec<Value> {
    vec![
        allow("WriteLogs", &["logs:CreateLogStream", "logs:PutLogEvents"], json!(places.logs)),
        allow("KeepFailures", &["sqs:SendMessage"], json!(places.queue)),
    ]
}

/// Trails of an organization may belong to another account.
fn trail(places: &Places) -> Vec<Value> {
    let one = ["cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"];
    vec![
        allow("FindTrails", &["cloudtrail:DescribeTrails"], json!("*")),
        allow("ReadTrails", &one, json!(places.trails)),
    ]
}

fn evidence(places: &Places) -> Vec<Value> {
    let objects = ["s3:GetObject", "s3:PutObject"];
    vec![
        allow("KeepEvidence", &objects, json!(places.objects)),
        // Without it a checkpoint that is not there looks like one that may not be read.
        allow("SeeWhatIsMissing", &["s3:ListBucket"], json!(places.bucket)),
        allow("UseTheKey", &["kms:Decrypt", "kms:GenerateDataKey"], json!(places.key)),
    ]
}

fn findings(places: &Places) -> Vec<Value> {
    // What stood before is in the state: they are never read back.
    vec![allow("ImportFindings", &["securityhub:BatchImportFindings"], json!(places.product))]
}

/// Beside what reading needs: whose a policy is, its tags say.
fn own_changes(places: &Places) -> Vec<Value> {
    let mut statements = writes(&places.organization, Deletes::Yes, Enables::On);
    statements.push(read_tags(&places.organization));
    statements
}
