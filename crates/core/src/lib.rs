//! Everything of `optout` that can be computed: text and values in, values out.
//!
//! The folders follow the data: a [`source`] text becomes a [`policy`] document or an organization
//! ([`org`]); the catalogue names the AI services, the [`intent`] says what shall hold.
//!
//! Nothing here touches network, disk, clock or a runtime; whoever calls passes the time in.

pub mod catalogue;
pub mod check;
pub mod intent;
pub mod org;
pub mod plan;
pub mod policy;
pub mod source;
