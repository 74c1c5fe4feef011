//! Laws of the policy language and of what is computed from it, for documents and organizations that nobody thought of.
//!
//! A few hundred cases each by default; `PROPTEST_CASES` sets how many.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that panics fails, which is what it is for"
)]

mod admission;
mod documents;
mod engine;
mod grammar;
mod json;
mod lock;
mod order;
#[path = "../check/organization.rs"]
#[expect(dead_code, reason = "the tests of the controls use all of it")]
mod organization;
mod organizations;
#[path = "../fuzz/laws/resolvers.rs"]
mod resolvers;
mod second;

use proptest::test_runner::Config;

/// `default` cases, or as many as `PROPTEST_CASES` says.
fn cases(default: u32) -> Config {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|text| text.parse().ok()).unwrap_or(default);
    Config { failure_persistence: None, ..Config::with_cases(cases) }
}
