//! The evidence bundle: one archive that an auditor can check without this program, and without trusting who made it.
//!
//! [`Bundle`] gathers files, each with a line about what it is; [`Bundle::seal`] adds the manifest, the page for auditors and
//! the list of SHA-256 sums, over which a signature goes. [`pack`] makes the archive, [`unpack`] reads one, [`check`] finds
//! what does not fit. The form, for auditors: `docs/evidence.md`.

mod archive;
mod check;
mod manifest;
mod readme;
mod sums;

use std::collections::BTreeMap;

pub use archive::{UnpackError, pack, unpack};
pub use check::{CHECK_FORMAT, Check, Checked, Outcome, check, same_findings};
pub use manifest::{Listed, Manifest};
pub use sums::{SumsError, read_sums, sums};

/// The newest form of a bundle.
pub const FORMAT: &str = "optout.bundle/1";
/// The namespace of signatures over the sums, as `ssh-keygen -Y` wants it.
pub const NAMESPACE: &str = "optout-evidence";

/// The names of the files that a bundle always has, and of those that others rest on.
pub mod file {
    /// For auditors.
    pub const README: &str = "README.md";
    /// What is in the bundle and where it comes from.
    pub const MANIFEST: &str = "manifest.json";
    /// The SHA-256 sum of every other file but the signature.
    pub const SUMS: &str = "SHA256SUMS";
    /// An SSH signature over the sums.
    pub const SIGNATURE: &str = "SHA256SUMS.sig";
    /// AWS's answers, one call a line.
    pub const ANSWERS: &str = "answers.jsonl";
    /// The organization as it was read.
    pub const SNAPSHOT: &str = "snapshot.json";
    /// The report for machines.
    pub const REPORT: &str = "report.json";
    /// The intent judged by.
    pub const INTENT: &str = "optout.toml";
    /// The chain of records.
    pub const CHAIN: &str = "chain.jsonl";
}

/// The files of a bundle by name; names have no folders.
pub type Files = BTreeMap<String, Vec<u8>>;

/// A bundle that is being put together.
#[derive(Debug, Default)]
pub struct Bundle {
    files: Files,
    listed: Vec<Listed>,
}

impl Bundle {
    /// A bundle without files.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a file; `about` says in a line what it is.
    pub fn add(&mut self, name: &str, about: &str, content: impl Into<Vec<u8>>) {
        self.files.insert(name.to_owned(), content.into());
        self.listed.push(Listed { name: name.to_owned(), about: about.to_owned() });
    }

    /// Adds the manifest, the page for auditors and the sums, in this order: each covers what is before it.
    #[must_use]
    pub fn seal(self, mut manifest: Manifest) -> Files {
        let mut files = self.files;
        manifest.files = self.listed;
        files.insert(file::README.to_owned(), readme::readme(&manifest).into_bytes());
        files.insert(file::MANIFEST.to_owned(), manifest.write().into_bytes());
        let sums = sums(&files);
        files.insert(file::SUMS.to_owned(), sums.into_bytes());
        files
    }
}
