//! Handlers, given the events that AWS documents, against the simulator and a server that writes down what they send.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as expected ends a test; clippy spares functions marked as tests, not those that tests call"
)]

mod bench;
#[path = "../../../../tests/cloud/mod.rs"]
#[expect(dead_code, reason = "it is made for the tests of the monitor too")]
mod cloud;
mod dispatch;
#[path = "../../../../tests/naive/mod.rs"]
mod naive;
mod resource;
mod rule;
