//! The checklists of an audit, item by item: met, not met, attested, or why that cannot be said.
//!
//! - [`Checklists`]: `data/checklists/*.toml`, what is asked, what each item supports, and where the guide was wrong.
//! - [`Observations`]: what was seen beside the organization, such as reports of workstations; all optional.
//! - [`audit()`]: a report, an intent's attestations and these become an [`Audit`], a plain value.
//! - [`text`], [`json`]: the audit for people and for machines.
//!
//! An item *supports* a requirement of a framework: it is evidence towards it. Nothing here says that anybody complies.

pub mod checklist;
mod evaluate;
pub mod json;
mod observe;
mod region;
mod result;
pub mod text;
mod watch;
mod words;

pub use checklist::{Attest, AttestMode, Checklists, Citation, Correction, Item, Reference};
pub use evaluate::{Question, audit};
pub use observe::{Observations, OptedOutSince, ServicesInUse};
pub use result::{Attested, Audit, Evidence, EvidenceKind, ItemResult, Organization, Unused};
pub use watch::{MonitorState, SavedUsage};
pub use words::{Answer, Observation, Profile, Status};
