//! Everything of `optout` that can be computed: text and values in, values out.
//!
//! The folders follow the data: a [`source`] text becomes a [`policy`] document or an organization ([`org`]); the
//! [`catalogue`] names the AI services, the [`intent`] says what shall hold; [`check`] finds verdicts, [`report`] shows
//! them, an [`audit`] answers checklists from them, and [`evidence`] keeps what was found; a [`plan`] says which calls make
//! the intent true. What the policy does not reach has rooms of its own: the [`workstation`] and the [`website`].
//!
//! Nothing here touches network, disk, clock or a runtime; whoever calls passes the time in.

pub mod advise;
pub mod audit;
pub mod catalogue;
pub mod check;
pub mod doctor;
pub mod evidence;
pub mod fleet;
pub mod generate;
pub mod intent;
pub mod lint;
pub mod org;
pub mod plan;
pub mod policy;
#[cfg(test)]
mod published;
pub mod report;
pub mod source;
pub mod trail;
pub mod website;
mod words;
pub mod workstation;
