//! What shall hold in one organization, and who decided it: `optout.toml` and the baseline of accepted findings.
//!
//! Text becomes an [`Intent`] in one place ([`Intent::parse`]); the names of units and accounts in it become ids in a
//! second step against a snapshot ([`Intent::resolve`]), after which nobody checks again.

pub mod baseline;
mod init;
mod known;
mod model;
mod policy;
mod read;
mod resolve;
#[cfg(test)]
mod schema;

pub use init::init;
pub use known::Known;
pub use model::{Attestation, Choice, ControlOff, Exception, Guard, Intent, Lock, PolicyWish, TargetName};
pub use resolve::{ResolveError, Resolved, ResolvedIntent};

/// The key that stands for every service not named, and for services to come.
pub const DEFAULT_SERVICE: &str = "default";
/// Tags with this prefix are written by this program; an intent cannot set them.
pub const RESERVED_TAG_PREFIX: &str = "optout:";
