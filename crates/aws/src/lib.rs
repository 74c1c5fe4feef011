//! The only code that calls AWS.
//!
//! A [`session`] holds credentials, endpoints and the identity behind them; every call goes through [`pace`], which
//! keeps each operation within its documented token bucket, and [`request`], which retries what is worth it and says
//! what an answer means; [`read`] turns an organization into a snapshot, AWS's own answers included; [`apply`] is the only
//! writer; [`trail`] reads who changed what. [`progress`] and
//! [`cancel`] are how a caller watches and stops it.

pub mod apply;
pub mod cancel;
mod effective;
pub mod evaluations;
pub mod pace;
pub mod presigned;
pub mod progress;
pub mod read;
pub mod request;
pub mod session;
pub mod trail;
