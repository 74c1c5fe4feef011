//! The operations of AWS Organizations, one module a concern. Each operation reads its input, asks whether the caller
//! may, and changes or shows the state; it never waits and never fails half done.

pub(crate) mod accounts;
pub(crate) mod delegation;
pub(crate) mod effective;
mod effective_text;
pub(crate) mod invalid;
pub(crate) mod organization;
pub(crate) mod policies;
pub(crate) mod resource_policy;
pub(crate) mod tags;
pub(crate) mod targets;
pub(crate) mod types;
pub(crate) mod units;
