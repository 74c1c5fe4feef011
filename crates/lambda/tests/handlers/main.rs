//! Handlers, given the events that AWS documents, against the simulator and a server that writes down what they send.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "what is not as expected ends a test; clippy spares functions marked as tests, not those that tests call"
)]

mod bench;
mod dispatch;
#[path = "../../../../tests/naive/mod.rs"]
mod naive;
mod recorder;
mod resource;
mod rule;
