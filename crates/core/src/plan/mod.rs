//! From an intent and an organization to the calls that make the one true of the other, and what they would change.
//!
//! - [`plan`]: intent + snapshot → a [`Plan`]: ordered [`Step`]s of one API call each, what stands in the way, and the
//!   settings and locks before and after. Planning cannot write.
//! - [`apply_to`]: a step on a model of the organization; the same code makes the predictions.
//! - [`simulate`]: what-ifs, before and after, without an intent.
//! - [`undo`]: what was there before a plan, and the steps back to it.
//! - [`journal`]: what happens while a plan is applied.
//! - [`wanted()`]: the policies an intent needs, for those who create them with other tools.
//! - [`differences`]: whether AWS's own answers are the predicted ones.
//!
//! Which documents an intent needs is in `desired`: the rules of inheritance, read backwards. In which order the steps come
//! is in `sequence`; `moments` tries others where that order would leave an account less protected between two calls.

mod confirm;
mod desired;
mod difference;
mod document;
mod file;
pub mod journal;
mod loss;
mod matching;
mod model;
mod moments;
mod obstacle;
mod obstruction;
mod options;
mod order;
mod planner;
mod read;
mod sequence;
pub mod simulate;
mod step;
#[cfg(test)]
mod tests;
pub mod undo;
mod wanted;

pub use confirm::{Difference, differences};
pub use difference::{Change, LockChange, SettingChange, changes};
pub use file::{FORMAT, PlanFile, StaleError, read_plan, write_plan};
pub use loss::DataLoss;
pub(crate) use model::model_of;
pub use model::{ModelError, apply_to};
pub use obstacle::{Obstacle, ObstacleKind};
pub use options::{AcceptedLoss, Options};
pub use planner::{Hole, Plan, plan};
pub use read::PlanError;
pub use step::{Place, PlannedStep, PolicyRef, Step};
pub use wanted::{Wanted, wanted};

/// The tag by which a policy is known to be managed by this program.
pub const MANAGED_TAG: (&str, &str) = ("optout:managed", "true");
/// The most policies of this type at one target, and in one organization.
///
/// Source: <https://docs.aws.amazon.com/organizations/latest/userguide/orgs_reference_limits.html>, read 2026-11-23.
pub const ATTACHMENT_LIMIT: usize = 5;
/// See [`ATTACHMENT_LIMIT`].
pub const POLICY_LIMIT: usize = 1_000;
