//! What an auditor can check alone: AWS's own answers as they came.

pub mod bundle;
mod exchange;

pub use exchange::{Exchange, anonymous};
