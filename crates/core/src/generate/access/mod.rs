//! Policies that say who may do what: for identities in the management account, for a delegated administrator, and a guard for
//! member accounts. Least privilege: the condition `organizations:PolicyType` wherever AWS supports it, else ARNs of
//! this policy type.
//!
//! Source: <https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsorganizations.html>, read
//! 2026-11-24: which actions know the condition key, which name a resource. A test checks each statement against it.

mod arn;
mod delegation;
pub mod function;
mod guard;
mod identity;

use serde_json::{Value, json};

pub use delegation::generate as delegation_policy;
pub use guard::{RoleName, generate as scp};
pub use identity::{Purpose, generate as iam_policy};

use super::POLICY_TYPE;

/// A statement; `with` are its other elements.
fn statement(sid: &str, effect: &str, actions: &[&str], resource: Value, with: Value) -> Value {
    let actions: Vec<String> = actions.iter().map(|action| format!("organizations:{action}")).collect();
    let mut statement = json!({ "Sid": sid, "Effect": effect, "Action": actions });
    if let (Some(statement), Value::Object(with)) = (statement.as_object_mut(), with) {
        statement.insert("Resource".to_owned(), resource);
        statement.extend(with);
    }
    statement
}

/// The condition that the request is about policies of this type.
fn of_type() -> Value {
    json!({ "Condition": { "StringEquals": { "organizations:PolicyType": POLICY_TYPE } } })
}

fn document(statements: Vec<Value>) -> Value {
    let entries = [("Version".to_owned(), json!("2012-10-17")), ("Statement".to_owned(), Value::Array(statements))];
    Value::Object(entries.into_iter().collect())
}
