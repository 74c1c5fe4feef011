//! Readers: texts of many languages become [`value::Value`]s, tokens or commands, each with its place in the text.
//!
//! A reader is total: what it cannot understand is open (not known), or a problem with its place. None of them evaluates
//! anything that could differ between two runs of the program it reads.

pub(super) mod code;
pub(super) mod code_names;
pub(super) mod code_value;
pub(super) mod hcl;
pub(super) mod hcl_scope;
pub(super) mod json;
pub(super) mod shell;
pub(super) mod value;
pub(super) mod yaml;
