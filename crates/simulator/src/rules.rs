//! The rules AWS applies to documents, handed in: the simulator has no policy language of its own.

use std::sync::Arc;

use optout_core::org::PolicyType;
use serde_json::Value;

/// The rules AWS applies to documents, handed in so that tests can hand in another implementation.
#[derive(Debug, Clone, Copy)]
pub struct Rules {
    /// Whether CreatePolicy and UpdatePolicy would accept a document of a type. The simulator asks for AI services
    /// opt-out policies only and has rules of its own for the others.
    pub admit: fn(&PolicyType, &str) -> bool,
    /// The effective document of a type: `levels` are the root, the units downwards and the account, each with the
    /// texts of the documents attached there in order of attachment.
    pub resolve: fn(&PolicyType, &[Vec<Arc<str>>]) -> Value,
}
