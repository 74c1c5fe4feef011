//! Sessions from every kind of credentials, against fakes on loopback.
//!
//! What the SDK reads from the environment can only be set for a whole process, so each test starts this test binary again
//! with an environment of its own; `child` then opens a session, reads, and prints what came of it.

mod child;
mod credentials;
mod endpoints;
mod fake;
mod refusals;
