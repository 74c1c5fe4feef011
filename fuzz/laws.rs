//! The laws of the workspace's own tests, for the fuzz targets beside: each runs the one of its name.

#[path = "../crates/core/tests/fuzz/laws/mod.rs"]
mod laws;

/// Runs the law of a target.
///
/// # Panics
/// Where the law is broken, which is what a fuzzer looks for.
pub fn holds(target: &str, bytes: &[u8]) {
    let (_, law) = laws::LAWS.iter().find(|(name, _)| *name == target).expect("each target has its law");
    law(bytes);
}
