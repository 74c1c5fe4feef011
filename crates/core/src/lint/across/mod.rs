//! Rules over what was found: within one text, and over the whole repository.

pub(super) mod attached;
pub(super) mod code;
pub(super) mod code_calls;
pub(super) mod code_errors;
pub(super) mod control_policy;
pub(super) mod declared;
pub(super) mod functions;
pub(super) mod other;
pub(super) mod rolled_out;
pub(super) mod shell;
