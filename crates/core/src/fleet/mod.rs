//! Many organizations at once: the file that names them, and what was found of all of them as one answer.
//!
//! Text becomes a [`Fleet`] in one place ([`Fleet::parse`]); whoever reads the organizations puts what came of each into a
//! [`FleetReport`], in which one that failed hides no other. How it looks is `report`'s business.

mod answer;
mod model;
mod name;
mod read;
#[cfg(test)]
mod schema;
mod write;

pub use answer::{Came, Entry, FleetOrigin, FleetReport, Outcome, Trouble, same_organization};
pub use model::{Access, Fleet, Member, Reach};
pub use name::file_name;
pub use write::saved;
