//! `optout_core::lint` over whole repositories: each rule with a case that triggers it, a near miss, a variant by another hand.
#![expect(
    clippy::unwrap_used,
    reason = "what is not as expected ends a test; clippy spares functions marked as tests, not those that tests call"
)]

mod cases;
mod fixes;
mod guide;
mod own_files;
mod properties;
mod repository;
mod suppression;

use std::collections::BTreeSet;

use optout_core::catalogue::Catalogue;
use optout_core::lint::{Checked, Input, lint_repository};
use optout_core::source::Source;

/// Files of a repository.
pub(crate) fn inputs(files: &[(&str, &str)]) -> Vec<Input> {
    files.iter().map(|(name, text)| Input { source: Source::new(*name, *text), named: false }).collect()
}

pub(crate) fn linted(files: &[(&str, &str)]) -> Vec<Checked> {
    lint_repository(&inputs(files), Catalogue::embedded())
}

/// The rules that a repository breaks.
pub(crate) fn rules(files: &[(&str, &str)]) -> BTreeSet<&'static str> {
    linted(files).iter().flat_map(|checked| &checked.findings).map(|finding| finding.rule).collect()
}
