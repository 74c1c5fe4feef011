//! Developers' machines: which AWS tools are there, what they share, and the smallest change that stops it.
//!
//! [`Clients`] is the catalogue of tools. [`candidates`] says which paths to look at on a [`Machine`]; whoever calls
//! looks and passes the [`Facts`] to [`check`], which answers for each tool. [`repairs`] says what to change, and
//! [`fix`] turns a file's bytes into the changed ones with a diff. [`fleet`] writes files for many machines,
//! and [`document()`] the page that says all this to people. Nothing here touches a disk.

mod check;
mod clients;
mod decode;
mod discover;
mod document;
mod edit;
pub mod fleet;
mod format;
mod machine;
mod place;
mod raw;
mod verdict;

pub use check::{Finding, ProductReport, Report, check};
pub use clients::{
    Belongs, Citation, Clients, FleetRule, FleetTarget, Format, Kind, Location, Marker, Os, PerOs, Product, Role,
    Scalar, Scope, ScopeRule, Setting, Tier, Variable, VariableRule, key_text,
};
pub use decode::MAX_BYTES;
pub use discover::{Candidate, Purpose, candidates};
pub use document::document;
pub use edit::{Edit, Refusal, Repair, fix, repairs};
pub use machine::{Facts, Machine, ReadProblem};
pub use place::{Fit, Pattern};
pub use verdict::{Reason, Severity, Verdict};
