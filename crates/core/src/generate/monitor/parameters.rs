//! What whoever deploys the monitor decides: parameters, and the conditions they decide.

use serde_json::json;

use super::super::Design;
use super::template::{Template, reference};

/// An organization's id.
pub(super) const ORGANIZATION: &str = "^o-[a-z0-9]{10,32}$";
/// An account's id.
pub(super) const ACCOUNT: &str = "^[0-9]{12}$";
/// The ARN of an event bus that is not the default one, and so nobody else's.
pub(super) const BUS: &str = "^arn:aws:events:[a-z0-9-]+:[0-9]{12}:event-bus/[A-Za-z0-9._-]{1,256}$";
/// The ARN of a role.
pub(super) const ROLE: &str = "^arn:aws:iam::[0-9]{12}:role/[A-Za-z0-9+=,.@_/-]{1,512}$";
/// The name of a role.
pub(super) const ROLE_NAME: &str = "^[A-Za-z0-9+=,.@_-]{1,64}$";
/// The ARN of a topic, or nothing.
pub(super) const TOPIC_OR_NONE: &str = "^$|^arn:aws:sns:[a-z0-9-]+:[0-9]{12}:[A-Za-z0-9_-]{1,256}$";
/// How many days CloudWatch Logs can keep log lines.
///
/// Source: botocore 1.44.5, logs model, `Days`, read 2026-11-24; the most usual of them.
const LOG_DAYS: [u32; 10] = [365, 30, 60, 90, 180, 400, 545, 731, 1827, 3653];

/// All parameters and conditions.
pub(super) fn add(template: &mut Template, design: &Design) {
    code(template);
    organization(template, design);
    schedule(template);
    keeping(template);
    publishing(template);
    conditions(template);
}

fn code(template: &mut Template) {
    let bucket = "The bucket with the function's zip file, in this Region";
    template.text("CodeBucket", bucket, "^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$", None);
    template.text("CodeKey", "The key of the zip file", "^.{1,1024}$", Some("optout/optout-lambda.zip"));
    let version =
        "The version of the zip file, where the bucket keeps versions; without it an update needs another key";
    template.text("CodeVersion", version, "^.{0,1024}$", Some(""));
    template.choice("Architecture", "What the zip file was built for", &["x86_64", "arm64"]);
    // 10,000 accounts were measured to need 532 MB: docs/performance.md.
    template.number("MemorySize", "The function's memory in MB", (128, 10_240), 1_024);
}

/// The organization's own ids, from the saved organization where there is one.
pub(super) fn organization(template: &mut Template, design: &Design) {
    let id = design.organization.as_ref().map(|id| id.as_str().to_owned());
    let found = "The organization's id, as `aws organizations describe-organization` shows it";
    template.text("OrganizationId", found, ORGANIZATION, id.as_deref());
    let account = design.management_account.map(|id| id.to_string());
    let found = "The organization's management account, wherever this stack is";
    template.text("ManagementAccountId", found, ACCOUNT, account.as_deref());
}

fn schedule(template: &mut Template) {
    let pattern = "^(rate\\([0-9]+ (hour|hours|day|days)\\)|cron\\(.+\\))$";
    let often = "How often the whole organization is read, as EventBridge Scheduler writes it, in UTC";
    template.text("Schedule", often, pattern, Some("rate(1 day)"));
    let oldest = "After how many hours without a full read an alarm is raised; more than the schedule takes";
    template.number("OldestReadHours", oldest, (2, 168), 26);
    let severity = "From which severity on a finding fails the verdict, as `optout verify --fail-on`";
    template.choice("FailOn", severity, &["high", "critical", "medium", "low", "info"]);
    let intent = "The key of the intent in the evidence bucket, like optout/optout.toml; empty for none";
    template.text("IntentKey", intent, "^$|^optout/[A-Za-z0-9!_.*'()/-]{1,500}$", Some(""));
}

fn keeping(template: &mut Template) {
    let key = "A customer managed key for bucket, topic and logs, whose policy lets CloudWatch alarms and logs use it; empty to make one";
    template.text("KeyArn", key, "^$|^arn:aws:kms:[a-z0-9-]+:[0-9]{12}:key/[a-f0-9-]{36}$", Some(""));
    let lock = "Object Lock of evidence: GOVERNANCE can be lifted by who may, COMPLIANCE by nobody until it ends";
    template.choice("LockMode", lock, &["GOVERNANCE", "COMPLIANCE", "NONE"]);
    template.number("LockDays", "How many days evidence is locked", (1, 36_500), 365);
    let days = "After how many days evidence expires; more than it is locked";
    template.number("EvidenceDays", days, (2, 36_500), 2_555);
    let logs = json!({
        "Type": "Number",
        "Description": "How many days log lines are kept",
        "AllowedValues": LOG_DAYS,
        "Default": 365,
    });
    template.parameter("LogDays", logs);
}

fn publishing(template: &mut Template) {
    let email = "An address that gets notices, after it confirmed; empty for none";
    template.text("Email", email, "^$|^[^\\s@]{1,64}@[^\\s@]{1,255}$", Some(""));
    template.choice("SecurityHub", "Whether findings go to Security Hub, which must be on here", &["no", "yes"]);
    let writers = json!({
        "Type": "CommaDelimitedList",
        "Description": "The other accounts that may change these policies and forward what is done there; empty for none",
        "Default": "",
    });
    template.parameter("WriterAccounts", writers);
    let rule = "An AWS Config rule, which needs a recorder here: for this account, or one in every account of the organization";
    template.choice("ConfigRule", rule, &["none", "account", "organization"]);
    let often = ["TwentyFour_Hours", "One_Hour", "Three_Hours", "Six_Hours", "Twelve_Hours"];
    template.choice("ConfigFrequency", "How often AWS Config asks", &often);
    let member = "The name of the role that answers AWS Config in every account (member.yaml)";
    template.text("MemberRoleName", member, ROLE_NAME, Some("optout-config-member"));
    let changes = "Whether the function may be a custom resource of stacks: enable the policy type, make, change and attach policies";
    template.choice("CustomResource", changes, &["no", "yes"]);
}

fn conditions(template: &mut Template) {
    template.given("HasCodeVersion", "CodeVersion");
    template.given("HasEmail", "Email");
    template.equals("MakesKey", "KeyArn", "");
    template.condition("Locks", json!({ "Fn::Not": [{ "Fn::Equals": [reference("LockMode"), "NONE"] }] }));
    template.equals("FindsInSecurityHub", "SecurityHub", "yes");
    template.equals("HasAccountRule", "ConfigRule", "account");
    template.equals("HasOrganizationRule", "ConfigRule", "organization");
    template.condition("AnswersConfig", json!({ "Fn::Not": [{ "Fn::Equals": [reference("ConfigRule"), "none"] }] }));
    template.equals("ChangesPolicies", "CustomResource", "yes");
    template.condition("IsInUsEast1", json!({ "Fn::Equals": [reference("AWS::Region"), "us-east-1"] }));
    let joined = json!({ "Fn::Join": ["", reference("WriterAccounts")] });
    template.condition("HasWriters", json!({ "Fn::Not": [{ "Fn::Equals": [joined, ""] }] }));
}
