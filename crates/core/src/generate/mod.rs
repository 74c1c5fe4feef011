//! Files that bring about an opt-out with other people's tools: one module a target.
//!
//! Everything is made from values of a [`Design`]: no text of an intent or of an organization is ever pasted into a file,
//! each goes through the writer of the file's language. Equal designs give equal bytes. Nothing here creates, owns or
//! deletes an organization.

pub mod access;
pub mod cdk;
pub mod cloudformation;
pub mod dashboard;
mod declared;
mod design;
mod error;
mod hcl;
mod json;
mod label;
pub mod landing;
mod markdown;
pub mod monitor;
mod output;
pub mod pipeline;
pub mod policy;
mod provenance;
pub mod runbook;
pub mod script;
pub mod terraform;
#[cfg(test)]
mod tests;
mod yaml;

pub use declared::Declared;
pub use design::{Design, Labelled};
pub use error::GenerateError;
pub use output::{GeneratedFile, Output};
pub use provenance::Provenance;

/// The policy type, as AWS writes it.
pub(crate) const POLICY_TYPE: &str = "AISERVICES_OPT_OUT_POLICY";
