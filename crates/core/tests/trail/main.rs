//! Who changed what: records, what they did to verdicts, and the order of attachment they settle.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics fails, which is what it is for"
)]

mod events;
mod laws;
mod order;
#[path = "../check/organization.rs"]
#[expect(dead_code, reason = "it is made for the tests of verdicts too")]
mod organization;
mod records;
mod timeline;
