//! Plans applied to the simulator over HTTP, whose effective policies a second, naive resolver computes.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as expected ends a test; clippy spares functions marked as tests, not those that tests call"
)]

mod bench;
mod faults;
mod kills;
#[path = "../../../../tests/naive/mod.rs"]
mod naive;
mod organizations;
mod random;
mod steps;
mod storm;
mod two;
mod undo;
mod waiting;
