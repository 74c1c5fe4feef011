//! One organization of many, as a Step Functions Distributed Map hands it over: whose role to take on for reading, and below
//! what prefix to keep what belongs to it.
//!
//! The state machine of `optout generate fleet` sends `{"optout": "scheduled", "organization": {"name", "file_name", "role_arn",
//! "external_id", "region"}}`. Reading is done by that role; publishing and remembering by the function's own.

use optout_aws::session::SessionOptions;
use optout_core::source::shown;
use serde_json::Value;

use crate::settings::Settings;

/// The field of a payload that names an organization.
pub const FIELD: &str = "organization";
/// Below what the prefixes of organizations are.
const BELOW: &str = "fleet/";
/// The name of the role session, as CloudTrail of that organization shows it.
const SESSION_NAME: &str = "optout-fleet";

/// One organization of a fleet.
#[derive(Clone, PartialEq, Eq)]
pub struct Member {
    /// What it is called; other people's text.
    pub name: String,
    /// What is named after it: lower-case letters, digits and hyphens.
    pub file_name: String,
    /// The role that reads it.
    pub role_arn: String,
    /// The external id that the role asks for. Not shown by `Debug`.
    pub external_id: Option<String>,
    /// A Region of its partition.
    pub region: Option<String>,
}

impl std::fmt::Debug for Member {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Member").field("name", &self.name).field("role_arn", &self.role_arn).finish_non_exhaustive()
    }
}

/// An organization in a payload that is none.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the organization of the event has no valid `{field}`{found}; generate the list with `optout generate fleet`")]
pub struct NoMember {
    /// The field.
    pub field: &'static str,
    found: String,
}

/// The organization that `payload` names; `None` where it names none, and the function's own is meant.
///
/// # Errors
/// Where a field is missing or is not as it must be.
pub fn member_of(payload: &Value) -> Result<Option<Member>, NoMember> {
    let Some(entry) = payload.get(FIELD) else { return Ok(None) };
    let wrong = |field, found: Option<&str>| {
        let found = found.map(|it| format!(" but `{}`", shown(&it.chars().take(80).collect::<String>())));
        NoMember { field, found: found.unwrap_or_default() }
    };
    let text = |field: &'static str| entry.get(field).and_then(Value::as_str).filter(|it| !it.is_empty());
    let required = |field: &'static str, is_valid: fn(&str) -> bool| match text(field) {
        Some(value) if is_valid(value) => Ok(value.to_owned()),
        found => Err(wrong(field, found)),
    };
    let optional = |field: &'static str| match entry.get(field) {
        None | Some(Value::Null) => Ok(None),
        Some(Value::String(value)) if !value.is_empty() => Ok(Some(value.clone())),
        // Not repeated: an external id is nobody else's business.
        Some(_) => Err(wrong(field, None)),
    };
    Ok(Some(Member {
        name: required("name", |_| true)?,
        file_name: required("file_name", is_file_name)?,
        role_arn: required("role_arn", is_role)?,
        external_id: optional("external_id")?,
        region: optional("region")?,
    }))
}

fn is_file_name(text: &str) -> bool {
    text.len() <= 64 && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-')
}

fn is_role(text: &str) -> bool {
    text.starts_with("arn:aws") && text.contains(":iam::") && text.contains(":role/")
}

impl Member {
    /// How this organization is read: as `own` reaches AWS, by its role.
    #[must_use]
    pub fn session_options(&self, own: &SessionOptions) -> SessionOptions {
        SessionOptions {
            role_arn: Some(self.role_arn.clone()),
            external_id: self.external_id.clone(),
            role_session_name: Some(SESSION_NAME.to_owned()),
            region: self.region.clone().or_else(|| own.region.clone()),
            ..own.clone()
        }
    }

    /// The settings with a prefix of its own, so that nothing that is kept belongs to two organizations. The intent of the
    /// function's own organization is not one of this organization.
    #[must_use]
    pub fn settings(&self, own: &Settings) -> Settings {
        let prefix = format!("{}{BELOW}{}/", own.prefix, self.file_name);
        Settings { prefix, intent_key: None, ..own.clone() }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn payload() -> Value {
        json!({"optout": "scheduled", "organization": {
            "name": "Acme", "file_name": "acme-0a1b2c3d", "role_arn": "arn:aws:iam::111111111111:role/optout-fleet-reader",
            "external_id": "example-1", "region": null,
        }})
    }

    #[test]
    fn an_organization_is_read_by_its_role_and_kept_apart() {
        let member = member_of(&payload()).unwrap().unwrap();
        let own = SessionOptions { region: Some("eu-central-1".into()), ..SessionOptions::default() };
        let options = member.session_options(&own);
        assert_eq!(options.role_arn.as_deref(), Some("arn:aws:iam::111111111111:role/optout-fleet-reader"));
        assert_eq!(
            (options.external_id.as_deref(), options.region.as_deref()),
            (Some("example-1"), Some("eu-central-1"))
        );
        let own =
            Settings { prefix: "optout/".into(), intent_key: Some("optout/optout.toml".into()), ..Settings::default() };
        let settings = member.settings(&own);
        assert_eq!((settings.prefix.as_str(), settings.intent_key), ("optout/fleet/acme-0a1b2c3d/", None));
        assert!(!format!("{member:?}").contains("example-1"));
    }

    #[test]
    fn without_an_organization_the_own_one_is_meant() {
        assert_eq!(member_of(&json!({"optout": "scheduled"})), Ok(None));
    }

    #[test]
    fn what_is_wrong_is_named_and_an_external_id_never_repeated() {
        let cases = [
            ("name", json!(null)),
            ("file_name", json!("../x")),
            ("file_name", json!("a/b")),
            ("role_arn", json!("role")),
            ("external_id", json!(["secret-1"])),
            ("region", json!("")),
        ];
        for (field, value) in cases {
            let mut payload = payload();
            payload["organization"][field] = value;
            let error = member_of(&payload).unwrap_err();
            assert_eq!(error.field, field);
            assert!(!error.to_string().contains("secret-1"), "{error}");
        }
        assert!(member_of(&json!({"organization": "acme"})).is_err());
    }
}
