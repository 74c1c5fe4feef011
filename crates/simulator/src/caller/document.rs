//! IAM policy documents as far as the resource policy of an organization and session policies use them.
//!
//! What PutResourcePolicy accepts and how it stores it is recorded (radkawar/stackd at 9dc356f5, 2026-09-13): principals
//! are account ids, `*` or services; an account id is stored as the ARN of its root user; a missing `Version` is stored
//! as 2008-10-17; other principals, `NotAction`, `NotResource` and `NotPrincipal` are invalid JSON to AWS.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::error::{ApiError, invalid_input};

/// A policy document.
#[derive(Debug, Clone, Default)]
pub(crate) struct Document {
    pub(super) statements: Vec<Statement>,
}

/// A statement.
#[derive(Debug, Clone)]
pub(super) struct Statement {
    pub(super) allows: bool,
    pub(super) principals: Principals,
    pub(super) actions: Vec<String>,
    pub(super) resources: Vec<String>,
    pub(super) conditions: Vec<Condition>,
}

/// Whom a statement is about.
#[derive(Debug, Clone)]
pub(super) enum Principals {
    /// The holder of the document: a session policy.
    Holder,
    /// Everybody.
    All,
    /// These accounts.
    Accounts(Vec<String>),
}

/// One condition: all of a statement's must hold.
#[derive(Debug, Clone)]
pub(super) struct Condition {
    pub(super) operator: String,
    pub(super) key: String,
    pub(super) values: Vec<String>,
}

/// What the actions of a resource policy may be: the 33 of the user guide
/// (<https://docs.aws.amazon.com/organizations/latest/userguide/orgs-policy-delegate.html>, read 2026-11-23), and two
/// more that AWS was seen to accept.
const SUPPORTED_ACTIONS: &[&str] = &[
    "AttachPolicy",
    "CreatePolicy",
    "DeletePolicy",
    "DescribeAccount",
    "DescribeCreateAccountStatus",
    "DescribeEffectivePolicy",
    "DescribeHandshake",
    "DescribeOrganization",
    "DescribeOrganizationalUnit",
    "DescribePolicy",
    "DescribeResourcePolicy",
    "DetachPolicy",
    "DisablePolicyType",
    "EnablePolicyType",
    "ListAWSServiceAccessForOrganization",
    "ListAccounts",
    "ListAccountsForParent",
    "ListAccountsWithInvalidEffectivePolicy",
    "ListChildren",
    "ListCreateAccountStatus",
    "ListDelegatedAdministrators",
    "ListDelegatedServicesForAccount",
    "ListEffectivePolicyValidationErrors",
    "ListHandshakesForAccount",
    "ListHandshakesForOrganization",
    "ListOrganizationalUnitsForParent",
    "ListParents",
    "ListPolicies",
    "ListPoliciesForTarget",
    "ListRoots",
    "ListTagsForResource",
    "ListTargetsForPolicy",
    "TagResource",
    "UntagResource",
    "UpdatePolicy",
];

/// Reads a resource policy as PutResourcePolicy does; the text is the one AWS stores.
pub(crate) fn resource_policy(
    text: &str,
    is_member: impl Fn(&str) -> bool,
) -> Result<(Document, Option<String>), ApiError> {
    let mut value: Value = serde_json::from_str(text).map_err(|_| invalid_json())?;
    let changed = rewrite(&mut value)?;
    let document = document(&value, true).ok_or_else(invalid_json)?;
    document.statements.iter().try_for_each(|statement| check_statement(statement, &is_member))?;
    Ok((document, changed.then(|| value.to_string())))
}

/// Reads a session policy; `None` where it is not one.
pub(crate) fn session_policy(text: &str) -> Option<Document> {
    document(&serde_json::from_str(text).ok()?, false)
}

fn invalid_json() -> ApiError {
    invalid_input("INVALID_RESOURCE_POLICY_JSON", "This resource-based policy contains invalid JSON.")
}

fn unsupported(action: &str) -> ApiError {
    let message = format!("{action} is not a supported action for this resource-based policy.");
    invalid_input("UNSUPPORTED_ACTION_IN_RESOURCE_POLICY", &message)
}

fn check_statement(statement: &Statement, is_member: &impl Fn(&str) -> bool) -> Result<(), ApiError> {
    if let Principals::Accounts(accounts) = &statement.principals {
        accounts.iter().all(|account| is_member(account)).then_some(()).ok_or_else(invalid_json)?;
    }
    statement.actions.iter().try_for_each(|action| if is_supported(action) { Ok(()) } else { Err(unsupported(action)) })
}

/// `organizations:Describe*` was seen accepted and `organizations:*` refused; of what lies between them there is no
/// record: here a wildcard is accepted after `Describe` or `List`.
fn is_supported(action: &str) -> bool {
    let Some((service, name)) = action.split_once(':') else { return false };
    let known = SUPPORTED_ACTIONS.iter().any(|supported| supported.eq_ignore_ascii_case(name));
    let reads = ["describe", "list"].iter().any(|verb| name.to_ascii_lowercase().starts_with(verb));
    service.eq_ignore_ascii_case("organizations") && (known || (reads && name.contains(['*', '?'])))
}

/// Writes accounts as ARNs and the default version, as AWS stores them. Whether anything changed.
fn rewrite(value: &mut Value) -> Result<bool, ApiError> {
    let fields = value.as_object_mut().ok_or_else(invalid_json)?;
    let mut changed = false;
    if !fields.contains_key("Version") {
        fields.insert("Version".to_owned(), json!("2008-10-17"));
        changed = true;
    }
    let statements = match fields.get_mut("Statement") {
        Some(Value::Array(statements)) => statements.as_mut_slice(),
        Some(one @ Value::Object(_)) => std::slice::from_mut(one),
        _ => return Err(invalid_json()),
    };
    for statement in statements {
        let principals = statement.pointer_mut("/Principal/AWS");
        changed |= principals.is_some_and(rewrite_principals);
    }
    Ok(changed)
}

fn rewrite_principals(principals: &mut Value) -> bool {
    match principals {
        Value::String(text) if is_account(text) => {
            *text = format!("arn:aws:iam::{text}:root");
            true
        }
        Value::Array(items) => items.iter_mut().fold(false, |changed, item| rewrite_principals(item) | changed),
        _ => false,
    }
}

fn is_account(text: &str) -> bool {
    text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn document(value: &Value, with_principals: bool) -> Option<Document> {
    let statements = match value.get("Statement")? {
        Value::Array(statements) => statements.as_slice(),
        one => std::slice::from_ref(one),
    };
    let statements = statements.iter().map(|it| statement(it.as_object()?, with_principals));
    Some(Document { statements: statements.collect::<Option<_>>()? })
}

fn statement(fields: &Map<String, Value>, with_principals: bool) -> Option<Statement> {
    const FIELDS: &[&str] = &["Sid", "Effect", "Principal", "Action", "Resource", "Condition"];
    if fields.keys().any(|name| !FIELDS.contains(&name.as_str())) {
        return None;
    }
    let allows = match fields.get("Effect")?.as_str()? {
        "Allow" => true,
        "Deny" => false,
        _ => return None,
    };
    Some(Statement {
        allows,
        principals: principals(fields.get("Principal"), with_principals)?,
        actions: texts(fields.get("Action")?)?,
        resources: texts(fields.get("Resource")?)?,
        conditions: conditions(fields.get("Condition"))?,
    })
}

fn principals(value: Option<&Value>, wanted: bool) -> Option<Principals> {
    match (value, wanted) {
        (None, false) => Some(Principals::Holder),
        (Some(Value::String(all)), true) if all == "*" => Some(Principals::All),
        (Some(Value::Object(kinds)), true) => kinds_of_principals(kinds),
        _ => None,
    }
}

fn kinds_of_principals(kinds: &Map<String, Value>) -> Option<Principals> {
    if kinds.keys().any(|kind| kind != "AWS" && kind != "Service") {
        return None;
    }
    let names = kinds.get("AWS").map_or(Some(Vec::new()), texts)?;
    if names.iter().any(|name| name == "*") {
        return Some(Principals::All);
    }
    let account = |name: &String| Some(name.split_once("::")?.1.strip_suffix(":root")?.to_owned());
    names.iter().map(account).collect::<Option<_>>().map(Principals::Accounts)
}

fn conditions(value: Option<&Value>) -> Option<Vec<Condition>> {
    let Some(value) = value else { return Some(Vec::new()) };
    let operators: BTreeMap<&String, &Value> = value.as_object()?.iter().collect();
    let mut conditions = Vec::new();
    for (operator, keys) in operators {
        for (key, values) in keys.as_object()? {
            conditions.push(Condition { operator: operator.clone(), key: key.clone(), values: texts(values)? });
        }
    }
    Some(conditions)
}

/// One text or a list of texts.
fn texts(value: &Value) -> Option<Vec<String>> {
    match value {
        Value::String(text) => Some(vec![text.clone()]),
        Value::Array(items) => items.iter().map(|item| item.as_str().map(str::to_owned)).collect(),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(principal: &str, action: &str) -> Result<(Document, Option<String>), ApiError> {
        let text = format!(
            r#"{{"Statement":[{{"Effect":"Allow","Principal":{principal},"Action":"{action}","Resource":"*"}}]}}"#
        );
        resource_policy(&text, |account| account == "222222222222")
    }

    #[test]
    fn accounts_are_stored_as_arns_and_the_version_is_added() {
        let (_, stored) = put(r#"{"AWS":"222222222222"}"#, "organizations:ListAccounts").unwrap();
        let stored = stored.unwrap();
        assert!(stored.contains("\"arn:aws:iam::222222222222:root\""), "{stored}");
        assert!(stored.contains("\"Version\":\"2008-10-17\""), "{stored}");
    }

    #[test]
    fn foreign_accounts_and_roles_are_invalid_json_to_aws() {
        for principal in [r#"{"AWS":"999999999999"}"#, r#"{"AWS":"arn:aws:iam::222222222222:role/x"}"#, r#"{"X":"y"}"#]
        {
            let error = put(principal, "organizations:ListAccounts").unwrap_err();
            assert_eq!(error.reason.as_deref(), Some("INVALID_RESOURCE_POLICY_JSON"), "{principal}");
        }
        assert!(put("\"*\"", "organizations:ListAccounts").is_ok());
    }

    #[test]
    fn unsupported_actions_are_named() {
        for action in ["organizations:*", "organizations:CreateAccount", "s3:GetObject", "*"] {
            let error = put("\"*\"", action).unwrap_err();
            assert_eq!(error.message, format!("{action} is not a supported action for this resource-based policy."));
        }
        assert!(put("\"*\"", "organizations:Describe*").is_ok());
    }

    #[test]
    fn not_action_is_refused() {
        let text = r#"{"Statement":{"Effect":"Allow","Principal":"*","NotAction":"x","Resource":"*"}}"#;
        assert!(resource_policy(text, |_| true).is_err());
        assert!(session_policy("[]").is_none());
    }
}
