//! What CreatePolicy and UpdatePolicy accept: first JSON, then the size, then the rules of the type.
//!
//! The rules for AI services opt-out policies are handed in; those for tag policies are here; documents of the other
//! types are accepted when they are JSON objects with something in them and no key twice.

mod json;
mod tag;
mod tag_resources;

use optout_core::org::PolicyType;

use crate::error::{ApiError, constraint, malformed_policy};
use crate::limits;
use crate::rules::Rules;

/// Fails as AWS does for a document it does not accept.
pub(crate) fn check(rules: Rules, policy_type: &PolicyType, content: &str) -> Result<(), ApiError> {
    let document = json::parse(content).ok_or_else(malformed_policy)?;
    if content.chars().count() > limits::of(policy_type).characters {
        let message = "The document is longer than documents of its type may be.";
        return Err(constraint("POLICY_CONTENT_LIMIT_EXCEEDED", message));
    }
    let accepted = match policy_type {
        PolicyType::AiOptOut => (rules.admit)(policy_type, content),
        PolicyType::Tag => tag::admits(&document),
        _ => document.fields().is_some_and(|fields| !fields.is_empty()),
    };
    if accepted { Ok(()) } else { Err(malformed_policy()) }
}
