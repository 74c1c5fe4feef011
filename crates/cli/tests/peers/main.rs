//! Programs by other people drive this project's, are driven by them, or judge what they write.
//!
//! Most peers have a Python environment of their own, at versions written down in `tests/peers/requirements`, or a folder of
//! npm packages, at those of its `package-lock.json`. Where one cannot
//! be had, its tests say `skipped: needs ...`; where `CI` is `true`, they fail.
#![expect(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "what is not as expected ends a test; clippy spares functions marked as tests, not those that tests call"
)]

mod clients;
#[path = "../../../../tests/cloud/mod.rs"]
#[expect(dead_code, reason = "it is made for the tests of the function too")]
mod cloud;
mod editors;
mod environment;
#[path = "../../../aws/tests/trail/fake.rs"]
#[expect(dead_code, reason = "it is made for the tests of the readers too")]
mod fake;
mod function;
mod generated;
mod html;
mod lint;
#[path = "../../../../tests/loopback/mod.rs"]
#[expect(dead_code, reason = "CloudTrail and Cost Explorer are always asked at the same path")]
mod loopback;
mod moto;
#[path = "../../../../tests/naive/mod.rs"]
mod naive;
mod node;
mod program;
mod publish;
mod reports;
mod requests;
mod session;
mod settings;
mod simulator;
mod state;
mod trail;
mod usage;
mod usage_moto;
