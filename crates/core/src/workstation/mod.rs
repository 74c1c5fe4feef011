//! Developers' machines: which AWS tools are there, what they share, and the smallest change that stops it.
//!
//! [`Clients`] is the catalogue of tools. [`candidates`] says which paths to look at on a [`Machine`], [`gather`] looks
//! at them through the caller's eyes; from the [`Facts`] [`check`] answers for each tool. [`repairs`] says what to change, and
//! [`fix`] turns a file's bytes into the changed ones with a diff. [`inventory`] tells other programs, [`fleet`] writes files for
//! many machines, and [`document()`] the page that says all this to people. Nothing here touches a disk.

mod check;
mod clients;
mod convert;
mod decode;
mod discover;
mod document;
mod edit;
pub mod fleet;
mod format;
pub mod inventory;
mod machine;
mod place;
mod raw;
mod report;
mod terms;
mod verdict;

pub use check::check;
pub use clients::{
    Citation, Clients, FleetRule, Location, Marker, Product, ScopeRule, Setting, Tier, Variable, VariableRule, key_text,
};
pub use decode::MAX_BYTES;
pub use discover::{Candidate, Purpose, Reach, candidates, gather};
pub use document::document;
pub use edit::{Edit, Refusal, Repair, fix, repairs};
pub use machine::{Content, Facts, Machine, ReadProblem};
pub use place::{Fit, Pattern};
pub use report::{Finding, ProductReport, Report};
pub use terms::{Belongs, FleetTarget, Format, Kind, Os, PerOs, Role, Scalar, Scope};
pub use verdict::{Reason, Severity, Verdict};
