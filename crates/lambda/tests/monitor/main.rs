//! The monitor against the simulator, a strict bucket, and a CloudTrail of a few lines, over HTTP on loopback.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as expected ends a test; clippy spares functions marked as tests, not those that tests call"
)]

mod bucket;
mod calls;
mod channels;
mod envelopes;
mod events;
mod front;
#[path = "../../../../tests/naive/mod.rs"]
mod naive;
mod organization;
mod publishing;
mod scheduled;
mod together;
mod wiring;
mod world;
