//! A service control policy: nobody in a member account changes AI opt-out policies, but for one role.

use std::str::FromStr;

use serde_json::{Value, json};

use super::super::{Design, GenerateError, GeneratedFile, Output, json};
use super::arn::Arns;
use super::{document, of_type, statement};

/// The name of an IAM role, with its path if it has one; `*` may stand in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RoleName(String);

/// A text that is no role name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not the name of a role (letters, digits and +=,.@_-, after a path like team/ if it has one)")]
pub struct RoleNameError(String);

impl FromStr for RoleName {
    type Err = RoleNameError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let allowed = |character: char| character.is_ascii_alphanumeric() || "+=,.@_-/*".contains(character);
        // `*` alone would be every role.
        let names = text.chars().any(|character| character.is_ascii_alphanumeric());
        let is_name = names && text.len() <= 512 && text.chars().all(allowed) && !text.starts_with('/');
        if is_name { Ok(Self(text.to_owned())) } else { Err(RoleNameError(text.chars().take(80).collect())) }
    }
}

/// The guard, as a service control policy and as the statement for roles of the management account, which no service control
/// policy binds.
///
/// # Errors
/// None today; the signature is that of every target.
pub fn generate(design: &Design, break_glass: &RoleName) -> Result<Output, GenerateError> {
    let document = json::pretty(&document(denials(design, break_glass)));
    let files = vec![
        GeneratedFile::new("scp.json", document.clone()),
        GeneratedFile::new("management-account-guard.json", document),
    ];
    let notes = [
        "`scp.json` binds member accounts, delegated administrators among them; never the management account",
        "there `management-account-guard.json` binds the roles and users it is attached to as one more policy; not as a \
         permissions boundary, which would have to allow everything else",
        "whoever may change service control policies or that role can undo it",
    ];
    Ok(Output::new(files, notes.map(str::to_owned).into()))
}

fn denials(design: &Design, RoleName(role): &RoleName) -> Vec<Value> {
    let partition = design.partition.as_str();
    let but = json!({ "aws:PrincipalArn": [format!("arn:{partition}:iam::*:role/{role}")] });
    let actions = ["AttachPolicy", "CreatePolicy", "DeletePolicy", "DetachPolicy", "DisablePolicyType", "UpdatePolicy"];
    let mut condition = of_type();
    if let Some(Value::Object(condition)) = condition.get_mut("Condition") {
        condition.insert("ArnNotLike".to_owned(), but.clone());
    }
    let tags = json!({ "Condition": { "ArnNotLike": but } });
    vec![
        statement("DenyChangingAiOptOutPolicies", "Deny", &actions, json!("*"), condition),
        statement(
            "DenyTaggingAiOptOutPolicies",
            "Deny",
            &["TagResource", "UntagResource"],
            json!(Arns::of(design).policies()),
            tags,
        ),
    ]
}

#[cfg(test)]
mod tests {
    use super::RoleName;

    #[test]
    fn a_role_name_names_roles() {
        for name in ["BreakGlass", "team/a+b=c,d.e@f_g-1", "aws-reserved/sso.amazonaws.com/*AWSReservedSSO_Admin_*"] {
            assert!(name.parse::<RoleName>().is_ok(), "{name}");
        }
        for name in ["", "*", "/x", "a b", "a\"", "${x}", "a?", "a\n"] {
            assert!(name.parse::<RoleName>().is_err(), "{name}");
        }
    }
}
