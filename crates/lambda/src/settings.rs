//! What the function is told by its environment variables: read once, each checked, so that no handler meets a value that
//! cannot be. An empty value counts as none, since templates hand over empty parameters.

use optout_core::check::Severity;
use optout_core::source::shown;

/// The settings of the function.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// `OPTOUT_BUCKET`: the S3 bucket for evidence, state and checkpoints.
    pub bucket: Option<String>,
    /// `OPTOUT_PREFIX`: what every key in the bucket begins with; empty, or ends with `/`.
    pub prefix: String,
    /// `OPTOUT_TOPIC_ARN`: the SNS topic that is told of changes.
    pub topic_arn: Option<String>,
    /// `OPTOUT_EVENT_BUS`: name or ARN of the EventBridge bus that gets events.
    pub event_bus: Option<String>,
    /// `OPTOUT_SECURITY_HUB`: whether findings go to Security Hub (`on`); off unless told.
    pub security_hub: bool,
    /// `OPTOUT_METRIC_NAMESPACE`: the namespace of the metrics in CloudWatch; `OptOut` unless told.
    pub metric_namespace: String,
    /// `OPTOUT_INTENT_KEY`: the key of an `optout.toml` in the bucket.
    pub intent_key: Option<String>,
    /// `OPTOUT_MEMBER_ROLE`: the name of the role in each member account that may answer AWS Config there.
    pub member_role: Option<String>,
    /// `OPTOUT_FAIL_ON`: the severity from which a finding counts; `high` unless told.
    pub fail_on: Severity,
}

/// A variable with a value that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the environment variable {variable} is `{value}`, which is not {expected}")]
pub struct SettingError {
    /// The variable.
    pub variable: &'static str,
    /// The value, cut.
    pub value: String,
    /// What was expected.
    pub expected: &'static str,
}

/// How a variable is looked up.
pub type Lookup<'a> = &'a dyn Fn(&str) -> Option<String>;

impl Default for Settings {
    fn default() -> Self {
        Self {
            bucket: None,
            prefix: String::new(),
            topic_arn: None,
            event_bus: None,
            security_hub: false,
            metric_namespace: "OptOut".to_owned(),
            intent_key: None,
            member_role: None,
            fail_on: Severity::High,
        }
    }
}

impl Settings {
    /// Reads them by `lookup`, which gives the value of a variable.
    ///
    /// # Errors
    /// The first variable whose value cannot be.
    pub fn read(lookup: Lookup<'_>) -> Result<Self, SettingError> {
        let get = |variable, expected, is_valid| checked(lookup, variable, expected, is_valid);
        let default = Self::default();
        let bucket = get("OPTOUT_BUCKET", "the name of an S3 bucket", is_bucket)?;
        let prefix = get("OPTOUT_PREFIX", "a prefix of keys (letters, digits, `/` and `!-_.*'()`)", is_key)?;
        let intent_key = get("OPTOUT_INTENT_KEY", "a key (letters, digits, `/` and `!-_.*'()`)", is_key)?;
        let needs_bucket = [("OPTOUT_PREFIX", &prefix), ("OPTOUT_INTENT_KEY", &intent_key)];
        if let (None, Some((variable, Some(value)))) = (&bucket, needs_bucket.into_iter().find(|it| it.1.is_some())) {
            let expected = "of use without OPTOUT_BUCKET";
            return Err(SettingError { variable, value: short(value), expected });
        }
        let namespace = "a namespace of metrics (up to 255 letters, digits and `.-_/#:`, not `AWS/…`)";
        Ok(Self {
            bucket,
            prefix: prefix.map(ended).unwrap_or_default(),
            topic_arn: get("OPTOUT_TOPIC_ARN", "the ARN of an SNS topic", is_topic)?,
            event_bus: get("OPTOUT_EVENT_BUS", "the name or ARN of an event bus", is_bus)?,
            security_hub: get("OPTOUT_SECURITY_HUB", "`on` or `off`", is_switch)?.as_deref() == Some("on"),
            metric_namespace: get("OPTOUT_METRIC_NAMESPACE", namespace, is_namespace)?
                .unwrap_or(default.metric_namespace),
            intent_key,
            member_role: get("OPTOUT_MEMBER_ROLE", "the name of a role, without path", is_role)?,
            fail_on: severity(lookup)?,
        })
    }
}

fn value_of(lookup: Lookup<'_>, variable: &str) -> Option<String> {
    lookup(variable).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty())
}

fn checked(
    lookup: Lookup<'_>,
    variable: &'static str,
    expected: &'static str,
    is_valid: fn(&str) -> bool,
) -> Result<Option<String>, SettingError> {
    let Some(value) = value_of(lookup, variable) else { return Ok(None) };
    if is_valid(&value) { Ok(Some(value)) } else { Err(SettingError { variable, value: short(&value), expected }) }
}

fn severity(lookup: Lookup<'_>) -> Result<Severity, SettingError> {
    let variable = "OPTOUT_FAIL_ON";
    let Some(value) = value_of(lookup, variable) else { return Ok(Settings::default().fail_on) };
    let expected = "one of `info`, `low`, `medium`, `high`, `critical`";
    let found = Severity::WORDS.iter().find(|(word, _)| *word == value).map(|(_, severity)| *severity);
    found.ok_or_else(|| SettingError { variable, value: short(&value), expected })
}

fn short(value: &str) -> String {
    shown(&value.chars().take(120).collect::<String>()).to_string()
}

fn ended(prefix: String) -> String {
    if prefix.ends_with('/') { prefix } else { prefix + "/" }
}

/// Believed and not read: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html>.
fn is_bucket(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-' || byte == b'.';
    let ends = |byte: Option<u8>| byte.is_some_and(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit());
    (3..=63).contains(&text.len())
        && text.bytes().all(allowed)
        && ends(text.bytes().next())
        && ends(text.bytes().last())
}

/// The characters that AWS calls safe: <https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html>, read
/// 2026-11-24. A key has at most 1,024 bytes; ours add to the prefix.
fn is_key(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!-_.*'()/".contains(&byte);
    text.len() <= 512 && text.bytes().all(allowed) && !text.starts_with('/') && !text.contains("//")
}

/// The resource of an ARN of a service.
fn resource_of<'t>(text: &'t str, service: &str) -> Option<&'t str> {
    let mut parts = text.splitn(6, ':');
    let (arn, partition, found, region) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    let (account, resource) = (parts.next()?, parts.next()?);
    let is_account = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
    let is_ours = arn == "arn" && partition.starts_with("aws") && found == service && !region.is_empty();
    (is_ours && is_account).then_some(resource)
}

fn is_topic(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.".contains(&byte);
    let is_name = |name: &str| (1..=256).contains(&name.len()) && name.bytes().all(allowed);
    resource_of(text, "sns").is_some_and(is_name)
}

/// Source: botocore 1.44.5, events model, read 2026-11-24: the pattern of `EventBusName` of `PutEventsRequestEntry`, and the length
/// of a bus's name. Only buses of partners have a `/` in their names, to which nobody else sends.
fn is_bus(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_".contains(&byte);
    let is_name = |name: &str| (1..=256).contains(&name.len()) && name.bytes().all(allowed);
    match text.starts_with("arn:") {
        true => resource_of(text, "events").and_then(|it| it.strip_prefix("event-bus/")).is_some_and(is_name),
        false => is_name(text),
    }
}

fn is_switch(text: &str) -> bool {
    text == "on" || text == "off"
}

/// Source: botocore 1.44.5, cloudwatch model, `Namespace`, read 2026-11-24 (length, no `:` first, not AWS's). The characters are
/// fewer than the ASCII that it allows: those of older descriptions.
fn is_namespace(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/#:".contains(&byte);
    text.len() <= 255 && text.bytes().all(allowed) && !text.starts_with("AWS/") && !text.starts_with(':')
}

/// Source: botocore 1.44.5, iam model, `RoleName`, read 2026-11-24.
fn is_role(text: &str) -> bool {
    let allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"_+=,.@-".contains(&byte);
    text.len() <= 64 && text.bytes().all(allowed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(set: &[(&str, &str)]) -> Result<Settings, SettingError> {
        let set: Vec<(String, String)> = set.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
        let lookup = move |name: &str| set.iter().find(|(it, _)| it == name).map(|(_, value)| value.clone());
        Settings::read(&lookup)
    }

    #[test]
    fn without_variables_nothing_is_published_and_the_line_is_high() {
        let settings = read(&[]).unwrap();
        assert_eq!(settings, Settings::default());
        assert_eq!((settings.metric_namespace.as_str(), settings.fail_on), ("OptOut", Severity::High));
        assert_eq!(read(&[("OPTOUT_BUCKET", ""), ("OPTOUT_TOPIC_ARN", "  ")]), Ok(Settings::default()));
    }

    #[test]
    fn every_variable_arrives() {
        let settings = read(&[
            ("OPTOUT_BUCKET", "evidence-111111111111"),
            ("OPTOUT_PREFIX", "optout"),
            ("OPTOUT_TOPIC_ARN", "arn:aws:sns:us-east-1:111111111111:optout"),
            ("OPTOUT_EVENT_BUS", "arn:aws:events:us-east-1:111111111111:event-bus/optout"),
            ("OPTOUT_SECURITY_HUB", "on"),
            ("OPTOUT_METRIC_NAMESPACE", "Privacy/OptOut"),
            ("OPTOUT_INTENT_KEY", "intent/optout.toml"),
            ("OPTOUT_MEMBER_ROLE", "optout-config-answers"),
            ("OPTOUT_FAIL_ON", "medium"),
        ]);
        let expected = Settings {
            bucket: Some("evidence-111111111111".into()),
            prefix: "optout/".into(),
            topic_arn: Some("arn:aws:sns:us-east-1:111111111111:optout".into()),
            event_bus: Some("arn:aws:events:us-east-1:111111111111:event-bus/optout".into()),
            security_hub: true,
            metric_namespace: "Privacy/OptOut".into(),
            intent_key: Some("intent/optout.toml".into()),
            member_role: Some("optout-config-answers".into()),
            fail_on: Severity::Medium,
        };
        assert_eq!(settings, Ok(expected));
    }

    #[test]
    fn a_wrong_value_is_named_with_its_variable() {
        let long = "x".repeat(65);
        let cases = [
            ("OPTOUT_BUCKET", "Upper"),
            ("OPTOUT_BUCKET", "s3://bucket"),
            ("OPTOUT_TOPIC_ARN", "optout"),
            ("OPTOUT_TOPIC_ARN", "arn:aws:sqs:us-east-1:111111111111:optout"),
            ("OPTOUT_TOPIC_ARN", "arn:aws:sns:us-east-1:1:optout"),
            ("OPTOUT_EVENT_BUS", "arn:aws:events:us-east-1:111111111111:rule/x"),
            ("OPTOUT_EVENT_BUS", "a bus"),
            ("OPTOUT_SECURITY_HUB", "yes"),
            ("OPTOUT_METRIC_NAMESPACE", "AWS/OptOut"),
            ("OPTOUT_MEMBER_ROLE", "path/role"),
            ("OPTOUT_MEMBER_ROLE", &long),
            ("OPTOUT_FAIL_ON", "HIGH"),
        ];
        for (variable, value) in cases {
            let error = read(&[(variable, value)]).unwrap_err();
            assert_eq!((error.variable, error.value.as_str()), (variable, value));
        }
        let message = read(&[("OPTOUT_SECURITY_HUB", "yes\u{7}")]).unwrap_err().to_string();
        assert!(message.starts_with("the environment variable OPTOUT_SECURITY_HUB is `yes"), "{message}");
        assert!(!message.contains('\u{7}'), "{message}");
    }

    #[test]
    fn what_lies_in_the_bucket_needs_the_bucket() {
        for variable in ["OPTOUT_PREFIX", "OPTOUT_INTENT_KEY"] {
            assert_eq!(read(&[(variable, "x")]).unwrap_err().variable, variable);
            assert_eq!(read(&[("OPTOUT_BUCKET", "abc"), (variable, "/x")]).unwrap_err().variable, variable);
        }
    }
}
