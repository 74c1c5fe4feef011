//! Policy documents judged before they are sent: would AWS accept them, and do they do what people expect of them?
//!
//! [`lint`] gives a [`Checked`] document with findings: what admission refuses first, then [`rules`] about documents that
//! AWS would accept and that leave a hole. [`json`] is the machine form. Infrastructure code has its own readers; what
//! they find inside goes through the same function.

mod document;
mod form;
mod locks;
pub mod rules;
mod values;

pub use document::{Checked, Finding, Lines, MOST_BYTES, lint, refused, too_large};
pub use form::{FORMAT, json};
